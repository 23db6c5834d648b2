import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import {
  int,
  intOrString,
  metadata,
  msg,
  msgs,
  type Read,
  str,
  strMap,
  strs,
} from '../kernel/shape.ts';
import { joinParts, type Part, part } from './change-parts.ts';
import { deletingSince, meta, metaSchema, noLabels } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, epochSchema, labelsSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, {
    ports: msgs(1, {
      name: str(1),
      protocol: str(2),
      port: int(3),
      targetPort: intOrString(4),
      nodePort: int(5),
    }),
    selector: strMap(2),
    clusterIP: str(3),
    type: str(4),
    externalIPs: strs(5),
    externalName: str(10),
  }),
  status: msg(3, { loadBalancer: msg(1, { ingress: msgs(1, { ip: str(1), hostname: str(2) }) }) }),
} as const;

export const serviceSchema = metaSchema.extend({
  type: z.string(),
  /** `None` for a headless one. */
  clusterIp: z.string(),
  ports: z.array(
    z.object({
      name: z.string(),
      protocol: z.string(),
      port: countSchema,
      target: z.string(),
      /** 0 when it has none. */
      nodePort: countSchema,
    }),
  ),
  selector: labelsSchema,
  /** Addresses from outside: load balancer, external IPs, or the name it stands for. */
  external: z.array(z.string()),
  deleting: epochSchema.nullable(),
});
export type Service = Parsed<typeof serviceSchema>;

const slim = ({ metadata: m, spec = {}, status = {} }: Read<typeof fields>): Service => ({
  ...meta(m),
  type: spec.type ?? '',
  clusterIp: spec.clusterIP ?? '',
  ports: (spec.ports ?? []).map((p) => ({
    name: p.name ?? '',
    protocol: p.protocol ?? '',
    port: p.port ?? 0,
    target: p.targetPort ?? '',
    nodePort: p.nodePort ?? 0,
  })),
  selector: spec.selector ?? noLabels,
  external: [
    ...(status.loadBalancer?.ingress ?? []).flatMap((i) => i.ip ?? i.hostname ?? []),
    ...(spec.externalIPs ?? []),
    ...(spec.externalName === undefined ? [] : [spec.externalName]),
  ],
  deleting: deletingSince(m),
});

const selectorText = (s: Service): string =>
  Object.entries(s.selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',') || 'none';

const portsText = (s: Service): string =>
  s.ports.map((p) => `${p.port}${p.target === '' ? '' : `:${p.target}`}/${p.protocol}`).join(',') ||
  'none';

const change = (before: Service | undefined, after: Service | undefined): Part | null => {
  if (after === undefined) return part('warn', 'service deleted');
  if (before === undefined) return part('info', 'service created');
  const differ = (what: string, of: (s: Service) => string): Part | null =>
    of(before) === of(after) ? null : part('warn', `${what} ${of(before)} → ${of(after)}`);
  return joinParts([
    differ('selector', selectorText),
    differ('ports', portsText),
    differ('type', (s) => s.type),
    differ('external address', (s) => s.external.join(',') || 'none'),
  ]);
};

export const serviceKind: ObjectKind<Service, typeof fields> = {
  ref: { group: '', version: 'v1', resource: 'services', kind: 'Service', namespaced: true },
  fields,
  slim,
  schema: serviceSchema,
  change,
};

export const services = objectProbe<Service>(serviceKind);
