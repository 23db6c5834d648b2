import type { EndpointSlice } from '../probes/endpointslices.ts';
import type { Pod } from '../probes/pods.ts';
import type { Service } from '../probes/services.ts';
import type { Census, Group } from './census.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding } from './finding.ts';
import { titleOf, topKey } from './owner.ts';
import { weigh } from './rank.ts';

export interface JudgedServices {
  readonly findings: readonly Finding[];
  /** Services without a ready endpoint, by `namespace/name`, and the key of the finding about the pods behind them. */
  readonly dead: ReadonlyMap<string, string>;
}

/**
 * Services that have pods and not one that is ready. When the owner of those pods is down as a whole, that is said
 * once, with the service among its proofs; a service that selects only what is broken of an owner gets a line of
 * its own under it. Services without any pod are left alone: scaled to zero, or meant to be so.
 */
export const serviceProblems = (
  facts: Facts,
  { groups }: Census,
  found: readonly Finding[],
): JudgedServices => {
  const dead = new Map<string, string>();
  if (groups.size === 0) return { findings: found, dead };
  const ready = readyEndpoints(facts.endpointslices.values());
  const byNamespace = Map.groupBy(groups.values(), (g) => g.top.namespace);
  const byKey = new Map(found.map((f) => [f.key, f]));
  const added: Finding[] = [];
  for (const service of facts.services.values()) {
    const near = byNamespace.get(service.namespace);
    if (near === undefined || !selects(service)) continue;
    // No slice at all says nothing: they may not be readable, or not be made yet.
    if (ready.get(`${service.namespace}/${service.name}`) !== 0) continue;
    const behind = near.filter((g) => g.troubled.some((t) => t.counted && matches(service, t.pod)));
    const causes = behind.flatMap((g) => byKey.get(topKey(g.top)) ?? []);
    const cause = causes[0];
    if (cause === undefined) continue;
    dead.set(`${service.namespace}/${service.name}`, cause.key);
    const proof = proofOf('endpointslices', `service ${service.name} has no ready endpoint`, 0);
    if (causes.every((f) => f.ready === null || f.ready.have === 0)) {
      byKey.set(cause.key, { ...cause, proof: [...cause.proof, proof] });
    } else added.push(empty(service, behind, cause));
  }
  return { findings: [...byKey.values(), ...added], dead };
};

const readyEndpoints = (slices: Iterable<EndpointSlice>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const slice of slices) {
    const key = `${slice.namespace}/${slice.service}`;
    counts.set(key, (counts.get(key) ?? 0) + slice.ready);
  }
  return counts;
};

const selects = (service: Service): boolean =>
  service.type !== 'ExternalName' &&
  service.deleting === null &&
  Object.keys(service.selector).length > 0;

const matches = (service: Service, pod: Pod): boolean =>
  Object.entries(service.selector).every(([key, value]) => pod.labels[key] === value);

const empty = (service: Service, behind: readonly Group[], cause: Finding): Finding => {
  const pods = behind.flatMap((g) =>
    g.troubled.filter((t) => t.counted && matches(service, t.pod)),
  );
  const since = earliest(pods.map((t) => t.trouble.since));
  return {
    key: `service/${service.namespace}/${service.name}`,
    subsystem: 'pods',
    tone: 'bad',
    title: `service ${titleOf(service)}`,
    reason: 'no ready endpoint',
    detail: '',
    ready: { have: 0, want: pods.length },
    weight: weigh(pods.length, pods.length, service.namespace),
    since,
    object: { resource: 'services', namespace: service.namespace, name: service.name },
    proof: [
      proofOf('endpointslices', 'no endpoint of it is ready', 0),
      ...pods
        .slice(0, 3)
        .map((t) => proofOf('pods', `${t.pod.name}: ${t.trouble.reason}`, t.trouble.since)),
    ],
    under: cause.key,
  };
};
