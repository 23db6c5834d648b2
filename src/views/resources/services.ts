import { sliceOf, type World } from '../../kernel/world.ts';
import { type EndpointSlice, endpointslices } from '../../probes/endpointslices.ts';
import { type Service, services } from '../../probes/services.ts';
import { selectorOf } from '../parts/label-selector.ts';
import type { Column } from '../parts/table.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  namespaceColumn,
  podsOf,
} from './resource-table.ts';

export interface Endpoints {
  readonly ready: number;
  readonly notReady: number;
}

const sums = new WeakMap<object, ReadonlyMap<string, Endpoints>>();

/** Endpoints per service, over all its slices; summed once per state of the slices. */
const endpointsPerService = (world: World): ReadonlyMap<string, Endpoints> => {
  const { state } = sliceOf(world, endpointslices);
  const known = sums.get(state);
  if (known !== undefined) return known;
  const found = new Map<string, Endpoints>();
  for (const slice of state.values()) {
    if (slice.service === '') continue;
    const key = `${slice.namespace}/${slice.service}`;
    const { ready, notReady } = found.get(key) ?? { ready: 0, notReady: 0 };
    found.set(key, { ready: ready + slice.ready, notReady: notReady + slice.notReady });
  }
  sums.set(state, found);
  return found;
};

/** Null when no slice of the service is known. */
export const endpointsOf = (
  world: World,
  service: Pick<Service, 'namespace' | 'name'>,
): Endpoints | null =>
  endpointsPerService(world).get(`${service.namespace}/${service.name}`) ?? null;

/** `3`, `2 of 3 ready`, `none ready of 3`; '' where none are to be expected. */
export const endpointsText = (found: Endpoints | null, selects: boolean): string => {
  if (found === null || found.ready + found.notReady === 0) return selects ? 'none' : '';
  const all = found.ready + found.notReady;
  return found.notReady === 0 ? String(all) : `${found.ready} of ${all}`;
};

export const portsText = (s: Service): string =>
  s.ports
    .map((p) => `${p.port}${p.nodePort === 0 ? '' : `:${p.nodePort}`}/${p.protocol}`)
    .join(',');

const hasSelector = (s: Service): boolean => Object.keys(s.selector).length > 0;

const columns: readonly Column<Service>[] = [
  namespaceColumn,
  nameColumn,
  { id: 'status', title: 'TYPE', min: 9, max: 12, rank: 1, value: (s) => s.type },
  { id: 'ip', title: 'CLUSTER-IP', min: 10, max: 39, rank: 3, value: (s) => s.clusterIp },
  {
    id: 'external',
    title: 'EXTERNAL',
    min: 8,
    max: 40,
    rank: 5,
    value: (s) => s.external.join(','),
  },
  { id: 'ports', title: 'PORTS', min: 6, max: 40, rank: 4, value: portsText },
  {
    id: 'selector',
    title: 'SELECTOR',
    min: 10,
    max: 60,
    rank: 30,
    wide: true,
    value: (s) => selectorOf(s.selector),
  },
  {
    id: 'ready',
    title: 'ENDPOINTS',
    align: 'right',
    min: 9,
    max: 9,
    rank: 2,
    volatile: true,
    from: (world) => sliceOf(world, endpointslices).state,
    sort: (s, { world }) => (hasSelector(s) ? (endpointsOf(world, s)?.ready ?? 0) : Infinity),
    value: (s, { world }) => endpointsText(endpointsOf(world, s), hasSelector(s)),
    tone: (s, { world }) => {
      if (!hasSelector(s)) return 'plain';
      const found = endpointsOf(world, s);
      if (found === null || found.ready === 0) return 'bad';
      return found.notReady > 0 ? 'warn' : 'plain';
    },
  },
  ageColumn,
  labelsColumn,
];

export const serviceTable: KindTable<Service> = {
  ...fromProbe(services, 'svc'),
  singular: 'service',
  columns,
  tone: (s) => (s.deleting === null ? 'info' : 'progress'),
  open: podsOf('services'),
};

export const endpointSliceTable: KindTable<EndpointSlice> = {
  ...fromProbe(endpointslices, 'eps'),
  singular: 'endpointslice',
  columns: [
    namespaceColumn,
    nameColumn,
    { id: 'service', title: 'SERVICE', min: 7, max: 63, rank: 1, value: (e) => e.service },
    { id: 'type', title: 'TYPE', min: 4, max: 6, rank: 5, value: (e) => e.addressType },
    {
      id: 'ports',
      title: 'PORTS',
      min: 5,
      max: 30,
      rank: 4,
      value: (e) => e.ports.map((p) => `${p.port}/${p.protocol}`).join(','),
    },
    {
      id: 'ready',
      title: 'READY',
      align: 'right',
      min: 5,
      max: 11,
      rank: 0,
      sort: (e) => (e.ready + e.notReady === 0 ? 1 : e.ready / (e.ready + e.notReady)),
      value: (e) => `${e.ready}/${e.ready + e.notReady}`,
    },
    {
      id: 'addresses',
      title: 'ADDRESSES',
      min: 12,
      max: 80,
      rank: 3,
      flex: true,
      value: (e) => e.endpoints.map((p) => p.address).join(','),
    },
    ageColumn,
    labelsColumn,
  ],
  tone: (e) =>
    e.ready + e.notReady === 0
      ? 'muted'
      : e.notReady === 0
        ? 'good'
        : e.ready === 0
          ? 'bad'
          : 'warn',
};
