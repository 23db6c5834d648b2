import { hostPort } from './address.ts';
import type { EtcdPod, FoundMember, MemberFiles } from './etcd-pod.ts';

/** Pods that belong together. */
export interface PodGroup {
  readonly name: string;
  readonly members: readonly FoundMember[];
  /** Certificates that the members themselves use, each set once. */
  readonly files: readonly MemberFiles[];
}

/** A name and where its members are, to be recognised by. */
export interface KnownCluster {
  readonly name: string;
  readonly members: readonly Pick<FoundMember, 'url' | 'pod'>[];
}

/**
 * Pods whose initial clusters have a member in common: members that joined one after the other were each told only of
 * those before them, so that no two lists need be the same.
 */
const together = (pods: readonly EtcdPod[]): readonly (readonly EtcdPod[])[] => {
  let groups: { pods: readonly EtcdPod[]; peers: ReadonlySet<string> }[] = [];
  for (const pod of pods) {
    const mine = new Set(pod.peers);
    const meets = ({ peers }: { peers: ReadonlySet<string> }): boolean =>
      mine.size === 0 ? peers.size === 0 : !mine.isDisjointFrom(peers);
    const joined = groups.filter(meets);
    groups = groups.filter((group) => !meets(group));
    groups.push({
      pods: [...joined.flatMap((group) => group.pods), pod],
      peers: joined.reduce((all, group) => all.union(group.peers), mine),
    });
  }
  return groups.map((group) => group.pods);
};

const placesOf = (members: KnownCluster['members']): ReadonlySet<string> =>
  new Set(
    members.flatMap(({ url, pod }) => [
      hostPort(url),
      ...(pod === null ? [] : [`${pod.namespace}/${pod.name}`]),
    ]),
  );

const freeName = (wanted: string, taken: ReadonlySet<string>): string => {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(name)) return name;
  }
};

/** Keys are unique in a group: of members of one name all but the first go by their address. */
const withKeys = (members: readonly FoundMember[]): readonly FoundMember[] => {
  const taken = new Set<string>();
  return members.map((member) => {
    const at = hostPort(member.url);
    const key = freeName(taken.has(member.key) ? at : member.key, taken);
    taken.add(key);
    return key === member.key ? member : { ...member, key };
  });
};

const nodeOrder = (a: EtcdPod, b: EtcdPod): number =>
  a.member.key < b.member.key ? -1 : a.member.key > b.member.key ? 1 : 0;

const filesOf = (pods: readonly EtcdPod[]): readonly MemberFiles[] => {
  const all = pods.flatMap(({ files }) => files ?? []);
  return [...new Map(all.map((files) => [Object.values(files).join('\n'), files])).values()];
};

/**
 * Clusters among pods. One that is known, by the address or the pod of a member, keeps its name; the others are called
 * what their label or their token says, and `etcd` otherwise.
 */
export const groupsOf = (
  pods: readonly EtcdPod[],
  known: readonly KnownCluster[],
): readonly PodGroup[] => {
  const taken = new Set(known.map(({ name }) => name));
  const used = new Set<string>();
  return together([...pods].sort(nodeOrder)).map((group) => {
    const members = withKeys(group.map(({ member }) => member));
    const places = placesOf(members);
    const same = known.find(
      ({ name, members: theirs }) => !used.has(name) && !places.isDisjointFrom(placesOf(theirs)),
    );
    const told =
      group.map(({ instance }) => instance).find((text) => text !== '') ??
      group.map(({ token }) => token).find((text) => text !== '') ??
      'etcd';
    const name = same?.name ?? freeName(told, taken);
    taken.add(name);
    used.add(name);
    return { name, members, files: filesOf(group) };
  });
};
