import type { Failure } from '../kernel/failure.ts';
import type { Freshness } from '../kernel/freshness.ts';
import { type Slice, sliceOf, type World } from '../kernel/world.ts';
import { alerts } from '../probes/alerts.ts';
import { type EtcdClusterState, etcd } from '../probes/etcd.ts';
import { prometheus } from '../probes/prometheus.ts';
import { type DoctorLine, fine, warn } from './doctor-line.ts';

const told = (check: string, { message, hint }: Failure, fallback: string): DoctorLine =>
  warn(check, message, hint ?? fallback);

const failureOf = (freshness: Freshness | undefined): Failure | null =>
  freshness?.kind === 'failing' ? freshness.failure : null;

const configure = (key: string, flag: string): string =>
  `name it with ${flag} or under "${key}" in the configuration`;

const memberLines = (cluster: EtcdClusterState): readonly DoctorLine[] =>
  [...cluster.members.values()].map(({ info, status, down }) => {
    const check = `etcd ${cluster.name}/${info.key}`;
    if (down !== null) return told(check, down.failure, 'look at the member');
    return status === null
      ? warn(check, 'has not answered yet', 'try again; a member answers within 2 s')
      : fine(check, `answers, version ${status.version}`);
  });

const etcdLines = (world: World): readonly DoctorLine[] => {
  const { state, scopes } = sliceOf(world, etcd);
  const search = failureOf(scopes.get(''));
  const clusters = [...state.values()].flatMap((cluster) => [
    ...cluster.problems.map((p) => told(`etcd ${cluster.name}`, p, 'correct it')),
    ...memberLines(cluster),
  ]);
  if (clusters.length > 0) return clusters;
  if (search !== null) return [told('etcd', search, configure('etcd', '--etcd-endpoints'))];
  // Where somebody else runs the control plane there is nothing to be seen, and nothing to be done.
  return [
    fine('etcd', `no member found; ${configure('etcd', '--etcd-endpoints')} if there is one`),
  ];
};

const sourceLines = <State>(
  what: string,
  { state, scopes }: Slice<ReadonlyMap<string, State>>,
  whereOf: (source: State) => string,
  way: string,
): readonly DoctorLine[] => {
  const lines = [...scopes].flatMap(([scope, freshness]): readonly DoctorLine[] => {
    if (scope === '') return [];
    const failing = failureOf(freshness);
    const check = `${what} ${scope}`;
    if (failing !== null) return [told(check, failing, way)];
    const source = state.get(scope);
    return source === undefined || freshness.kind === 'never'
      ? [warn(check, 'has not answered yet', 'try again, or look at it')]
      : [fine(check, whereOf(source))];
  });
  if (lines.length > 0) return lines;
  const search = failureOf(scopes.get(''));
  return [search === null ? warn(what, 'none found', way) : told(what, search, way)];
};

/** What is asked besides the API server, and what stands in the way. Pure; from what was heard in a few seconds. */
export const doctorSourceLines = (world: World): readonly DoctorLine[] => [
  ...etcdLines(world),
  ...sourceLines(
    'alertmanager',
    sliceOf(world, alerts),
    ({ info, alerts: all }) =>
      `${info?.where ?? ''}${info?.version ? `, version ${info.version}` : ''}, ${all.size} alerts`,
    configure('alertmanagers', '--alertmanager'),
  ),
  ...sourceLines(
    'prometheus',
    sliceOf(world, prometheus),
    ({ info }) =>
      `${info?.where ?? ''}${info?.version ? `, version ${info.version}` : ''}, ${info?.rules ?? 0} alerting rules`,
    configure('prometheus', '--prometheus'),
  ),
];
