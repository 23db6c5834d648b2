import type { Labels } from '../kernel/alert-fact.ts';
import type { EtcdMemberInfo } from '../kernel/etcd-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import type { EtcdState } from '../probes/etcd.ts';
import { endpointOf } from './etcd-places.ts';

export interface EtcdLink {
  readonly cluster: string;
  /** Key of the member; null when it is about the cluster, or one cannot tell of which member. */
  readonly member: string | null;
}

export interface EtcdIndex {
  /** `host:port`, `pod namespace/name`, `id 123`, `name etcd-1`, `host 10.0.0.1`; null where it is several members. */
  readonly members: ReadonlyMap<string, EtcdLink | null>;
  readonly clusters: readonly string[];
}

interface Known {
  readonly name: string;
  readonly member: string;
  readonly info: EtcdMemberInfo;
  readonly id: string;
}

const knownOf = (state: EtcdState): readonly Known[] =>
  [...state].flatMap(([name, { members }]) =>
    [...members].map(([member, { info, status }]) => ({
      name,
      member,
      info,
      id: status?.memberId ?? '',
    })),
  );

const makeIndex = (all: readonly Known[], clusters: readonly string[]): EtcdIndex => {
  const members = new Map<string, EtcdLink | null>();
  for (const { name: cluster, member, info, id } of all) {
    const put = (key: string) => {
      const other = members.get(key);
      const same = other?.cluster === cluster && other.member === member;
      members.set(key, other === undefined || same ? { cluster, member } : null);
    };
    for (const url of [...info.clientUrls, ...info.peerUrls, ...info.metricsUrls]) {
      const end = endpointOf(url);
      if (end === null) continue;
      put(`${end.host}:${end.port}`);
      put(`host ${end.host}`);
    }
    if (info.pod !== null) put(`pod ${info.pod.namespace}/${info.pod.name}`);
    if (info.name !== '') put(`name ${info.name}`);
    for (const known of [info.id, id]) if (known !== '') put(`id ${known}`);
  }
  return { members, clusters };
};

const indexes = new WeakMap<EtcdState, EtcdIndex>();
/** By the first member: its state is another every few seconds, what it is called and where it is seldom changes. */
const latest = new WeakMap<EtcdMemberInfo, { all: readonly Known[]; index: EtcdIndex }>();

const same = (a: Known, b: Known | undefined): boolean =>
  a.name === b?.name && a.member === b.member && a.info === b.info && a.id === b.id;

const noMembers: EtcdIndex = { members: new Map(), clusters: [] };

/** How members can be found; the same object as long as they are called and reached as before. */
export const etcdMembers = (state: EtcdState): EtcdIndex => {
  const had = indexes.get(state);
  if (had !== undefined) return had;
  const all = knownOf(state);
  const first = all[0]?.info;
  if (first === undefined) return noMembers;
  const last = latest.get(first);
  const keep = last?.all.length === all.length && last.all.every((k, i) => same(k, all[i]));
  const index = keep ? last.index : makeIndex(all, [...state.keys()].sort());
  if (!keep) latest.set(first, { all, index });
  indexes.set(state, index);
  return index;
};

/** etcd's metrics write ids in hexadecimal, its answers in decimal. */
const decimalId = (text: string): string =>
  /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`).toString() : '';

const memberLabels = ['member', 'etcd_member', 'name', 'instance', 'pod', 'node'];
const idLabels = ['To', 'to', 'peer_id', 'remote_peer_id', 'member_id', 'server_id'];
const clusterLabels = ['etcd_cluster', 'cluster', 'job', 'service', 'namespace'];

/** By its name or by the scrape: such an alert may be about etcd where its other labels do not say. */
export const isEtcdAlert = (labels: Labels): boolean =>
  /etcd/i.test(labelOf(labels, 'alertname').slice(0, 200)) ||
  /(^|[-_/])etcd([-_/]|$)/i.test(labelOf(labels, 'job').slice(0, 200));

/** The etcd cluster, and if it can be told the member, that an alert is about. */
export const etcdLinkOf = (labels: Labels, state: EtcdState): EtcdLink | null => {
  if (state.size === 0) return null;
  const { members, clusters } = etcdMembers(state);
  const instance = labelOf(labels, 'instance').toLowerCase();
  const pod = labelOf(labels, 'pod');
  const exact =
    members.get(instance) ??
    (pod === '' ? null : members.get(`pod ${labelOf(labels, 'namespace')}/${pod}`));
  if (exact != null) return exact;
  if (!isEtcdAlert(labels)) return null;
  const candidates = [
    `host ${instance.replace(/:\d{1,5}$/, '')}`,
    ...memberLabels.map((name) => `name ${labelOf(labels, name)}`),
    ...idLabels.map((name) => `id ${decimalId(labelOf(labels, name))}`),
  ];
  for (const key of candidates) {
    const found = members.get(key);
    if (found != null) return found;
  }
  const named = clusterLabels.flatMap((name) => {
    const value = labelOf(labels, name).slice(0, 200);
    const words = value.split(/[-_/.]/);
    return clusters.filter((c) => c === value || words.includes(c));
  })[0];
  // An instance that is none of its members speaks of another cluster, one that is not known here.
  const only = clusters.length === 1 && instance === '' ? clusters[0] : undefined;
  const cluster = named ?? only;
  return cluster === undefined ? null : { cluster, member: null };
};
