import type { EndpointSlice } from '../probes/endpointslices.ts';
import type { Objects } from '../probes/object-probe.ts';
import type { Pod } from '../probes/pods.ts';
import type { Service } from '../probes/services.ts';
import type { EtcdCase } from './etcd-case.ts';
import { endpointOf } from './etcd-places.ts';

/** A service that leads to the members of a cluster. */
export interface EtcdService {
  readonly namespace: string;
  readonly name: string;
  /** Endpoints of it that are ready, and all of them. */
  readonly ready: number;
  readonly all: number;
}

type Slices = ReadonlyMap<string, readonly EndpointSlice[]>;
const indexes = new WeakMap<Objects<EndpointSlice>, Slices>();

/** Slices by the service that they are of; made once for each state of them. */
export const slicesByService = (slices: Objects<EndpointSlice>): Slices => {
  const had = indexes.get(slices);
  if (had !== undefined) return had;
  const index = new Map<string, EndpointSlice[]>();
  for (const slice of slices.values()) {
    if (slice.service === '') continue;
    const key = `${slice.namespace}/${slice.service}`;
    const list = index.get(key);
    if (list === undefined) index.set(key, [slice]);
    else list.push(slice);
  }
  indexes.set(slices, index);
  return index;
};

/** Who the members are, as endpoints see them. */
interface Members {
  readonly pods: readonly Pod[];
  readonly hosts: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
}

const membersOf = ({ sights }: EtcdCase): Members => {
  const places = sights.flatMap((s) => s.state.info.clientUrls.flatMap((u) => endpointOf(u) ?? []));
  return {
    pods: sights.flatMap((s) => s.pod ?? []),
    hosts: new Set(places.map((p) => p.host)),
    ports: new Set(places.map((p) => p.port)),
  };
};

/** On a host network an address is that of everything on the node; the port tells etcd from the rest. */
const hasPort = (slice: EndpointSlice, { ports }: Members): boolean =>
  slice.ports.length === 0 || slice.ports.some((p) => ports.has(String(p.port)));

const leadsTo = (slice: EndpointSlice, members: Members): boolean =>
  hasPort(slice, members) &&
  slice.endpoints.some(
    (e) =>
      (e.address !== '' && members.hosts.has(e.address)) ||
      (e.target !== '' &&
        members.pods.some((p) => p.namespace === slice.namespace && p.name === e.target)),
  );

/** A named target port cannot be looked up here; it is taken for the right one. */
const selects = (service: Service, members: Members): boolean => {
  const selector = Object.entries(service.selector);
  if (selector.length === 0 || service.deleting !== null) return false;
  const fits = service.ports.some((p) => {
    const target = p.target === '' || p.target === '0' ? String(p.port) : p.target;
    return !/^\d+$/.test(target) || members.ports.has(target);
  });
  return (
    fits &&
    members.pods.some(
      (p) => p.namespace === service.namespace && selector.every(([key, v]) => p.labels[key] === v),
    )
  );
};

/**
 * Services whose endpoints are members, by their addresses or pods, or that select the pods of members. One without
 * any slice is left out: they may not be readable.
 */
export const etcdServices = (c: EtcdCase): readonly EtcdService[] => {
  const members = membersOf(c);
  const slices = slicesByService(c.facts.endpointslices);
  const found: EtcdService[] = [];
  for (const service of c.facts.services.values()) {
    const own = slices.get(`${service.namespace}/${service.name}`);
    if (own === undefined) continue;
    if (!own.some((slice) => leadsTo(slice, members)) && !selects(service, members)) continue;
    const ready = own.reduce((n, s) => n + s.ready, 0);
    const all = own.reduce((n, s) => n + s.ready + s.notReady, 0);
    found.push({ namespace: service.namespace, name: service.name, ready, all });
  }
  return found.sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
};
