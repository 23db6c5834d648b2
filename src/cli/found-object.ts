import { z } from 'zod';
import { asRecord, asText, type Json } from '../actions/read-json.ts';
import type { ToldAct } from '../kernel/act-fact.ts';
import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import { asAsked } from './as-asked.ts';
import { cannotBeKnown, type Found, notFound } from './found.ts';
import type { ReadPath } from './gather-argo.ts';
import { requestSaid, type SaidRequest } from './request-said.ts';
import { objectPath } from './resource-path.ts';

const count = z.number().optional();
/** As much of an object as can be said in one sentence. */
const objectSchema = z.object({
  metadata: z.object({ uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({ replicas: count, unschedulable: z.boolean().optional() }).optional(),
  status: z.object({ readyReplicas: count, phase: z.string().max(100).optional() }).optional(),
});
type Seen = z.infer<typeof objectSchema>;

const stateText = (resource: string, { metadata, spec, status }: Seen): string => {
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (resource === 'nodes') return spec?.unschedulable === true ? 'cordoned' : 'not cordoned';
  if (spec?.replicas !== undefined) {
    return `${spec.replicas} replicas wanted, ${status?.readyReplicas ?? 0} ready`;
  }
  return status?.phase === undefined ? 'it is there' : `it is there, ${status.phase}`;
};

/** Requests that were to leave something: a dry run does not. */
const lasting = ({ requests }: ToldAct<'asked'>): readonly SaidRequest[] =>
  requests.flatMap((text) => {
    const said = requestSaid(text);
    return said === null || /[?&]dryRun=/.test(said.path) ? [] : [said];
  });

const comparedText = (object: unknown, requests: readonly SaidRequest[]): string => {
  const all = requests.flatMap((request) => asAsked(object, request) ?? []);
  if (all.length === 0) return '';
  return all.every((same) => same) ? ', as it was asked for' : ', not as it was asked for';
};

/** An object that was to be made: where it would be. */
const madeAt = (request: SaidRequest): { readonly path: string; readonly name: string } | null => {
  if (request.kind !== 'kubernetes' || request.method !== 'POST') return null;
  const name = asText(asRecord(asRecord(request.body).metadata).name);
  const path = request.path.split('?')[0] ?? request.path;
  return name === '' ? null : { path: `${path}/${encodeURIComponent(name)}`, name };
};

const parsed = (text: string): Json | null => {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return null;
  }
};

interface Target {
  readonly what: string;
  readonly resource: string;
  readonly path: string;
  readonly uid: string | null;
}

const targetOf = (
  { subject }: ToldAct<'asked'>,
  requests: readonly SaidRequest[],
  world: World,
): Target | null => {
  const [made] = requests.flatMap((request) => madeAt(request) ?? []);
  if (made !== undefined) {
    const [, namespace = '', resource = ''] =
      /\/namespaces\/([^/]+)\/([^/]+)\//.exec(made.path) ?? [];
    return { what: `${resource} ${namespace}/${made.name}`, resource, path: made.path, uid: null };
  }
  if (subject.kind !== 'object' || subject.name === '') return null;
  const { resource, namespace, name, uid } = subject;
  const path = objectPath(world, { resource, namespace, name });
  if (path === null) return null;
  return {
    what: `${resource} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    resource,
    path,
    uid,
  };
};

/** What is there now of an object that an act was about. */
export const foundObject =
  (read: ReadPath, world: () => World) =>
  async (asked: ToldAct<'asked'>, signal: AbortSignal): Promise<Found> => {
    const requests = lasting(asked);
    const target = targetOf(asked, requests, world());
    if (target === null) return cannotBeKnown('it does not say of which object it was');
    const { what, resource, path, uid } = target;
    const deletes = requests.some((r) => r.kind === 'kubernetes' && r.method === 'DELETE');
    const answer = await read(path, signal);
    if (!answer.ok) {
      if (answer.failure.kind !== 'absent') return notFound(answer.failure);
      const asItWas = deletes ? ', as it was asked for' : '';
      return { kind: 'told', text: plainText(`${what} is gone${asItWas}`) };
    }
    const object = parsed(answer.value);
    const seen = objectSchema.safeParse(object);
    if (!seen.success) return cannotBeKnown(`${what} cannot be read`);
    const isOther = uid !== null && seen.data.metadata.uid !== uid;
    const other = isOther ? ', another one of this name' : '';
    const compared = isOther ? '' : comparedText(object, requests);
    return {
      kind: 'told',
      text: plainText(`${what} now: ${stateText(resource, seen.data)}${other}${compared}`),
    };
  };
