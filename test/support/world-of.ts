import { type ProbeId, probeId } from '../../src/kernel/fact.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import { keyOf, type Slim } from '../../src/kernel/kind.ts';
import { milliseconds, revision } from '../../src/kernel/units.ts';
import { emptyWorld, type Slice, type World } from '../../src/kernel/world.ts';
import type { ControlPlaneState } from '../../src/probes/control-plane.ts';
import type { LinkState } from '../../src/probes/link.ts';
import { ago, hour, minute, now } from './objects.ts';

/** A connection that answers in 12 ms. */
export const linkState = (over: Partial<LinkState> = {}): LinkState => ({
  state: 'healthy',
  since: ago(hour),
  roundTrip: { smoothed: milliseconds(12), last: milliseconds(11) },
  lastAnswer: ago(5),
  missed: 0,
  why: '',
  redials: 0,
  serverSkew: milliseconds(0),
  ...over,
});

/** A control plane whose readyz has these checks; those that are named in `failing` fail since five minutes. */
export const controlPlaneState = (
  failing: Readonly<Record<string, string>> = {},
): ControlPlaneState => {
  const names = new Set([
    'ping',
    'etcd',
    'etcd-readiness',
    'informer-sync',
    ...Object.keys(failing),
  ]);
  const checks = new Map(
    [...names].map((name) => {
      const reason = failing[name];
      return [
        name,
        { ok: reason === undefined, reason: reason ?? '', since: ago(5 * minute) },
      ] as const;
    }),
  );
  const readyz = { ok: Object.keys(failing).length === 0, checks };
  return { readyz, livez: { ok: true, checks: new Map() }, version: 'v1.36.3', lastAt: ago(5) };
};

/** Objects by resource name, as the probes keep them. */
export type Listed = Readonly<Record<string, readonly Slim[]>>;

export const objectsOf = <S extends Slim>(list: readonly S[]): ReadonlyMap<string, S> =>
  new Map(list.map((o) => [keyOf(o), o]));

/** Everything that `health` looks at, so that a world is fully known unless a test says otherwise. */
const watched = [
  'pods',
  'nodes',
  'events',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'services',
  'endpointslices',
  'persistentvolumeclaims',
  'leases',
];

/** A world with these objects, all heard of three seconds ago unless `freshness` says otherwise. */
export const worldOf = (
  listed: Listed,
  freshness: Readonly<Record<string, Freshness>> = {},
  states: Readonly<Record<string, unknown>> = {},
): World => {
  const fresh: Freshness = { kind: 'fresh', heard: ago(3) };
  const slices = new Map<ProbeId, Slice<unknown>>();
  for (const id of new Set([...watched, ...Object.keys(listed)])) {
    slices.set(probeId(id), {
      state: objectsOf(listed[id] ?? []),
      scopes: new Map([['', freshness[id] ?? fresh]]),
    });
  }
  const own = { link: linkState(), 'control-plane': controlPlaneState(), ...states };
  for (const [id, state] of Object.entries(own)) {
    slices.set(probeId(id), { state, scopes: new Map([['', freshness[id] ?? fresh]]) });
  }
  return { ...emptyWorld, rev: revision(1), at: now, slices };
};
