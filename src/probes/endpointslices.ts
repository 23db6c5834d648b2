import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { flag, int, metadata, msg, msgs, type Read, str, strs } from '../kernel/shape.ts';
import { type Part, part } from './change-parts.ts';
import { meta, metaSchema, ownerOf, ownerSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  endpoints: msgs(2, {
    addresses: strs(1),
    conditions: msg(2, { ready: flag(1), terminating: flag(3) }),
    targetRef: msg(4, { kind: str(1), name: str(3) }),
    nodeName: str(6),
  }),
  ports: msgs(3, { name: str(1), protocol: str(2), port: int(3) }),
  addressType: str(4),
} as const;

/** Endpoints kept of one slice: what the control plane puts in one by default. */
export const endpointsKept = 100;

export const endpointSliceSchema = metaSchema.extend({
  owner: ownerSchema.nullable(),
  /** Name of its service; '' for a slice that belongs to none. */
  service: z.string(),
  addressType: z.string(),
  ready: countSchema,
  notReady: countSchema,
  /** At most `endpointsKept`; the counts are of all. */
  endpoints: z.array(
    z.object({
      address: z.string(),
      ready: z.boolean(),
      terminating: z.boolean(),
      /** Name of the pod behind it, mostly. */
      target: z.string(),
      node: z.string(),
    }),
  ),
  ports: z.array(z.object({ name: z.string(), protocol: z.string(), port: countSchema })),
});
export type EndpointSlice = Parsed<typeof endpointSliceSchema>;

type ReadEndpoint = NonNullable<Read<typeof fields>['endpoints']>[number];

/** Unsaid means ready. */
const isReady = (e: ReadEndpoint): boolean => e.conditions?.ready ?? true;

const slim = ({
  metadata: m,
  endpoints = [],
  ports = [],
  addressType = '',
}: Read<typeof fields>): EndpointSlice => {
  const base = meta(m);
  const ready = endpoints.filter(isReady).length;
  return {
    ...base,
    owner: ownerOf(m),
    service: base.labels['kubernetes.io/service-name'] ?? '',
    addressType,
    ready,
    notReady: endpoints.length - ready,
    endpoints: endpoints.slice(0, endpointsKept).map((e) => ({
      address: e.addresses?.[0] ?? '',
      ready: isReady(e),
      terminating: e.conditions?.terminating ?? false,
      target: e.targetRef?.name ?? '',
      node: e.nodeName ?? '',
    })),
    ports: ports.map((p) => ({
      name: p.name ?? '',
      protocol: p.protocol ?? '',
      port: p.port ?? 0,
    })),
  };
};

/** The edges between some and none; a large service has several slices and each speaks for itself. */
const change = (
  before: EndpointSlice | undefined,
  after: EndpointSlice | undefined,
): Part | null => {
  if (before === undefined || after === undefined || after.service === '') return null;
  if (before.ready > 0 && after.ready === 0) {
    return part('bad', `${after.service}: ready endpoints ${before.ready} → 0`);
  }
  return before.ready === 0 && after.ready > 0
    ? part('good', `${after.service}: ready endpoints 0 → ${after.ready}`)
    : null;
};

export const endpointSliceKind: ObjectKind<EndpointSlice, typeof fields> = {
  ref: {
    group: 'discovery.k8s.io',
    version: 'v1',
    resource: 'endpointslices',
    kind: 'EndpointSlice',
    namespaced: true,
  },
  fields,
  slim,
  schema: endpointSliceSchema,
  change,
};

export const endpointslices = objectProbe<EndpointSlice>(endpointSliceKind);
