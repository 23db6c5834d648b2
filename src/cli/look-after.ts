import { etcdView } from '../actions/etcd-view.ts';
import type { Audit } from '../adapters/audit/audit-file.ts';
import type { EffectLooks } from '../adapters/effects/effect-looks.ts';
import { savedFile } from '../adapters/effects/saved-file.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/failure.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import type { SourceSettings } from '../kernel/source-target.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { alerts } from '../probes/alerts.ts';
import { foundNow } from './found-now.ts';
import { type Reconciled, reconcile } from './reconcile.ts';

export interface LookAfterDeps {
  /** Of the audit. */
  readonly path: string;
  readonly put: Audit['put'];
  readonly context: string;
  readonly by: string;
  readonly clock: Clock;
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly world: () => World;
  readonly looks: EffectLooks;
  readonly sources: Pick<SourceSettings, 'etcd' | 'alertmanagers'>;
}

/** Where members of an etcd cluster are asked, as they are set and as they are watched. */
const endpointsOf = (
  { sources, world, clock }: LookAfterDeps,
  cluster: string,
): readonly string[] => {
  const set = sources.etcd.find(({ name }) => name === cluster)?.endpoints ?? [];
  const scene = { world: world(), now: clock.now() };
  const view = etcdView({ kind: 'etcd', cluster, member: '' }, scene);
  const seen = view.ok ? view.value.members.flatMap(({ endpoint }) => endpoint ?? []) : [];
  return [...set, ...seen];
};

const alertmanagersOf = ({ sources, world }: LookAfterDeps): readonly string[] => {
  const seen = [...sliceOf(world(), alerts).state].flatMap(([name, { info }]) =>
    info?.kind === 'alertmanager' ? [name] : [],
  );
  return [...new Set([...sources.alertmanagers.map(({ name }) => name), ...seen])];
};

/** Looks after acts of one cluster that were started and whose end nobody knows, over the connections of a session. */
export const lookAfter = (
  deps: LookAfterDeps,
  signal: AbortSignal,
): Promise<Result<readonly Reconciled[]>> => {
  const { path, put, context, by, clock, kubernetes, world, looks } = deps;
  const found = foundNow({
    read: (at, until) => kubernetes.get(at, until),
    world,
    looks,
    file: savedFile,
    alertmanagers: () => alertmanagersOf(deps),
    endpoints: (cluster) => endpointsOf(deps, cluster),
    now: () => clock.now(),
  });
  return reconcile({ path, put, context, by, clock, found }, signal);
};
