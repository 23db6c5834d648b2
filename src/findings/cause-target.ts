import type { Service } from '../probes/services.ts';
import type { Place, Saying } from './cause-mention.ts';
import { etcdAlarms } from './etcd-alarms.ts';
import { etcdLoss } from './etcd-loss.ts';
import { endpointOf, isLoopback } from './etcd-places.ts';
import type { JudgedEtcd } from './etcd-reports.ts';
import { type EtcdSight, leaderSeen } from './etcd-sight.ts';
import type { Facts } from './facts.ts';

/** What a message may name, and which finding that leads to. */
interface Target {
  readonly cause: string;
  /** `a client URL of etcd-1` */
  readonly what: string;
  /** Nodes on which localhost means it; null for an address that means the same everywhere. */
  readonly nodes: ReadonlySet<string> | null;
}

/** A place that was named, and what it proves. */
export interface Named {
  readonly cause: string;
  readonly place: Place;
  readonly what: string;
}

export interface Targets {
  find(saying: Saying): Named | null;
}

/** Nobody gets what they ask for, whichever member they ask. */
const isStopped = ({ seen }: JudgedEtcd): boolean =>
  seen.quorum.kind === 'lost' || seen.quorum.kind === 'leaderless' || etcdAlarms(seen).length > 0;

/** A member that does not serve, in a cluster that does. */
const isHurt = (s: EtcdSight, { seen }: JudgedEtcd): boolean =>
  s.hearing.kind === 'down' ||
  leaderSeen(s) === null ||
  (s.hearing.kind === 'metrics' && s.state.metrics?.hasLeader === false) ||
  etcdLoss(s, seen) !== null;

export const placeText = ({ host, port }: Place): string =>
  port === '' ? host : `${host}:${port}`;

/** Services by every way to write them: the name as it is looked up from a namespace, and the cluster address. */
const serviceOf = (host: string, from: string): readonly string[] => {
  const [a = '', b = '', c, d] = host.split('.', 5);
  if (b === '') return [`${from}/${a}`];
  // Behind a headless service each pod has a name of its own in front of it.
  if (c === undefined) return [`${b}/${a}`, `${from}/${b}`];
  if (c === 'svc') return [`${b}/${a}`];
  return d === undefined || d === 'svc' ? [`${c}/${b}`] : [];
};

const takes = (service: Service | undefined, port: string): boolean =>
  service !== undefined &&
  (port === '' ||
    // Without an address of its own, the ports are those of its pods.
    service.clusterIp === 'None' ||
    service.ports.length === 0 ||
    service.ports.some((p) => String(p.port) === port));

/**
 * What messages may name that is broken: the client URLs of members that do not serve, the services that lead to
 * them, and services without any ready endpoint whose pods are in trouble. `dead`: those, with the key of the finding
 * about the pods behind them.
 */
export const targetsOf = (
  judged: readonly JudgedEtcd[],
  dead: ReadonlyMap<string, string>,
  causes: ReadonlySet<string>,
  facts: Facts,
): Targets => {
  const urls = new Map<string, Target>();
  const services = new Map<string, Target>();
  for (const [key, cause] of dead) {
    services.set(key, { cause, what: `service ${key}, which has no ready endpoint`, nodes: null });
  }
  for (const j of judged) {
    const cause = j.report.finding;
    if (!causes.has(cause)) continue;
    const stopped = isStopped(j);
    for (const s of j.seen.sights) {
      if (stopped || isHurt(s, j)) addUrls(urls, s, cause);
    }
    for (const s of j.services) {
      const what = `service ${s.namespace}/${s.name}, which leads to its members`;
      if (stopped || s.ready === 0)
        services.set(`${s.namespace}/${s.name}`, { cause, what, nodes: null });
    }
  }
  const addresses = new Map<string, string>();
  for (const key of services.keys()) {
    const ip = facts.services.get(key)?.clusterIp ?? '';
    if (ip !== '' && ip !== 'None') addresses.set(ip, key);
  }
  const named = (place: Place, { pod }: Saying): Target | undefined => {
    const url = urls.get(placeText(place));
    if (url !== undefined) {
      if (url.nodes === null || (pod.hostNetwork && url.nodes.has(pod.node))) return url;
    }
    const address = addresses.get(place.host);
    const keys = address === undefined ? serviceOf(place.host, pod.namespace) : [address];
    for (const key of keys) {
      const target = services.get(key);
      if (target !== undefined && takes(facts.services.get(key), place.port)) return target;
    }
    return undefined;
  };
  const none: Targets = { find: () => null };
  if (urls.size === 0 && services.size === 0) return none;
  return {
    find: (saying) => {
      for (const place of saying.places) {
        const target = named(place, saying);
        if (target !== undefined) return { cause: target.cause, place, what: target.what };
      }
      return null;
    },
  };
};

const addUrls = (urls: Map<string, Target>, s: EtcdSight, cause: string): void => {
  for (const url of s.state.info.clientUrls) {
    const place = endpointOf(url);
    if (place === null) continue;
    const key = placeText(place);
    const local = isLoopback(place.host);
    const node = s.pod?.node ?? s.state.info.pod?.node ?? '';
    const nodes = local ? new Set([...(urls.get(key)?.nodes ?? []), node]) : null;
    urls.set(key, { cause, what: `a client URL of ${s.name}`, nodes });
    // The static pod of an API server asks the member beside it.
    if (!local && node !== '') addBeside(urls, place.port, node, cause, s.name);
  }
};

const addBeside = (
  urls: Map<string, Target>,
  port: string,
  node: string,
  cause: string,
  name: string,
): void => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const key = `${host}:${port}`;
    const had = urls.get(key);
    if (had !== undefined && had.cause !== cause) continue;
    const nodes = new Set([...(had?.nodes ?? []), node]);
    urls.set(key, { cause, what: had?.what ?? `the client port of ${name} on its node`, nodes });
  }
};
