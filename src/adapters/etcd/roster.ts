import type { EtcdMemberInfo } from '../../kernel/etcd-fact.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { askable, hostPort, isLoopback, leadsHere } from './address.ts';
import type { FoundMember } from './etcd-pod.ts';
import type { ListedMember } from './gateway-answer.ts';

/** A member, and where it is asked. */
export interface RosterMember {
  readonly info: EtcdMemberInfo;
  /** Null when there is no address to ask: it was never started, or is only known to its own machine. */
  readonly url: string | null;
  /** Where metrics may be had, best first. */
  readonly scrape: readonly string[];
}

export interface Roster {
  readonly members: readonly RosterMember[];
  readonly problems: readonly Failure[];
}

export interface RosterSources {
  readonly previous: readonly RosterMember[];
  /** By people and pods. */
  readonly found: readonly FoundMember[];
  /** By the members; null while none has told. */
  readonly listed: readonly ListedMember[] | null;
  /** Ids that members of the cluster itself answered with, by key. */
  readonly ids: ReadonlyMap<string, string>;
}

const op = 'look for members of etcd';
const places = (urls: readonly string[]): ReadonlySet<string> => new Set(urls.map(hostPort));
const meet = (a: readonly string[], b: readonly string[]): boolean =>
  !places(a).isDisjointFrom(places(b));
const once = (all: readonly string[]): readonly string[] => [...new Set(all)];

/** The member of the list that a found one is: by its id, else by its addresses, else by its name. */
const entryOf = (
  { key, name, url, clientUrls, peerUrls }: FoundMember,
  listed: readonly ListedMember[],
  ids: ReadonlyMap<string, string>,
): ListedMember | undefined =>
  listed.find(({ id }) => id === ids.get(key)) ??
  listed.find((entry) => meet(entry.clientUrls, [url, ...clientUrls])) ??
  listed.find((entry) => meet(entry.peerUrls, peerUrls)) ??
  listed.find((entry) => name !== '' && entry.name === name);

const foundInfo = (
  { url: _, ...found }: FoundMember,
  id: string,
  entry: ListedMember | undefined,
): EtcdMemberInfo => ({
  ...found,
  id: entry?.id ?? id,
  name: found.name || (entry?.name ?? ''),
  clientUrls: once([...found.clientUrls, ...(entry?.clientUrls ?? [])]),
  peerUrls: once([...found.peerUrls, ...(entry?.peerUrls ?? [])]),
  learner: entry?.learner ?? false,
});

const scrapeOf = (metricsUrls: readonly string[], url: string | null): readonly string[] =>
  url === null ? [] : once([...askable(metricsUrls, url, leadsHere(url)), url]);

/**
 * A key that stays: the name where it is known from the first moment, else the address. It is kept when more becomes
 * known, since everything that was seen of a member hangs on it.
 */
const keyOf = (entry: ListedMember, taken: ReadonlySet<string>): string => {
  const wanted = [
    entry.name,
    ...entry.clientUrls.map(hostPort),
    ...entry.peerUrls.map(hostPort),
    entry.id,
  ].filter((key) => key !== '');
  return wanted.find((key) => !taken.has(key)) ?? `${entry.id}-${taken.size}`;
};

/** Where a member of the list can be asked: an address of its own machine leads elsewhere from any other one. */
const urlOf = ({ clientUrls }: ListedMember, here: boolean): string | null =>
  clientUrls.find((url) => !isLoopback(url)) ?? (here ? (clientUrls[0] ?? null) : null);

/** Which members there are, from everybody who says so. */
export const rosterOf = ({ previous, found, listed, ids }: RosterSources): Roster => {
  const members: RosterMember[] = [];
  const problems: Failure[] = [];
  const seen = new Map<string, string>();
  const entries = new Set<ListedMember>();
  for (const one of found) {
    const id = ids.get(one.key) ?? '';
    const first = seen.get(id);
    if (id !== '' && first !== undefined) {
      problems.push(
        failure('misconfigured', op, `${hostPort(one.url)} is the same member as ${first}`, {
          on: one.url,
          hint: 'name each member once, by its own address and not by that of a load balancer',
        }),
      );
      continue;
    }
    seen.set(id, hostPort(one.url));
    const entry = listed === null ? undefined : entryOf(one, listed, ids);
    const known = entry === undefined || entries.has(entry) ? undefined : entry;
    if (known !== undefined) entries.add(known);
    if (listed !== null && entry === undefined) {
      problems.push(
        failure('absent', op, `${one.key} is not in the member list of its cluster`, {
          on: one.url,
        }),
      );
    }
    members.push({
      info: foundInfo(one, id, known),
      url: one.url,
      scrape: scrapeOf(one.metricsUrls, one.url),
    });
  }
  const before = previous.filter(({ info }) => info.foundBy === 'member list');
  if (listed === null) {
    const keys = new Set(members.map(({ info }) => info.key));
    return { members: [...members, ...before.filter(({ info }) => !keys.has(info.key))], problems };
  }
  const here = found.some(({ url }) => isLoopback(url));
  const taken = new Set(members.map(({ info }) => info.key));
  for (const entry of listed) {
    if (entries.has(entry)) continue;
    const was = before.find(({ info }) => info.id === entry.id && !taken.has(info.key));
    const key = was?.info.key ?? keyOf(entry, taken);
    taken.add(key);
    const url = urlOf(entry, here);
    members.push({
      info: {
        key,
        name: entry.name,
        id: entry.id,
        clientUrls: entry.clientUrls,
        peerUrls: entry.peerUrls,
        metricsUrls: [],
        learner: entry.learner,
        foundBy: 'member list',
        pod: null,
        dataDir: '',
      },
      url,
      scrape: scrapeOf([], url),
    });
  }
  return { members, problems };
};

/** What is said of a member that has an address which leads nowhere from here. */
export const unreachableFrom = ({ info }: RosterMember): Failure =>
  failure('misconfigured', op, `${info.key} tells only an address of its own machine`, {
    on: info.clientUrls[0] ?? info.key,
    hint: 'start it with --advertise-client-urls that others can reach, or name it under `etcd:` in the configuration',
  });
