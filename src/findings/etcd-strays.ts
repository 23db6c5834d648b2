import type { EtcdMemberInfo } from '../kernel/etcd-fact.ts';
import type { EtcdClusterState, EtcdMemberState } from '../probes/etcd.ts';

/** Only the list of members has a name for an address that a person gave, unless a pod has. */
const isFromList = ({ foundBy, name, pod }: EtcdMemberInfo): boolean =>
  foundBy === 'member list' || (foundBy === 'setting' && name !== '' && pod === null);

/** An address that a person gave, of which nothing else is known: it has never answered, and nobody lists it. */
const isOnlyNamed = ({ info, answeredAt, metricsAt }: EtcdMemberState): boolean =>
  info.foundBy === 'setting' &&
  info.pod === null &&
  info.id === '' &&
  answeredAt === null &&
  metricsAt === null;

/**
 * Keys of addresses that are no members, once the members have told who they are: a typing error, a member that was
 * removed, a second address of one. None are called so when there are as many of them as members: then it may be the
 * list that is wrong, as that of a member which lost its data and began anew alone.
 */
export const etcdStrays = ({ members }: EtcdClusterState): ReadonlySet<string> => {
  const all = [...members.values()];
  const strays = all.filter(isOnlyNamed);
  const listed = all.filter(({ info }) => info.id !== '').length;
  if (strays.length >= listed || !all.some(({ info }) => isFromList(info))) return new Set();
  return new Set(strays.map(({ info }) => info.key));
};
