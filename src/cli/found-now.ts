import { z } from 'zod';
import type { ToldAct } from '../kernel/act-fact.ts';
import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import { parsed, type ReadPath } from './gather-argo.ts';
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

/** What is there now of an object that an act was about, in words; '' where it is none, or cannot be read. */
export const foundNow =
  (read: ReadPath, world: () => World) =>
  async ({ subject }: ToldAct<'asked'>, signal: AbortSignal): Promise<string> => {
    if (subject.kind !== 'object' || subject.name === '') return '';
    const { resource, namespace, name, uid } = subject;
    const path = objectPath(world(), { resource, namespace, name });
    if (path === null) return '';
    const what = `${resource} ${namespace === '' ? '' : `${namespace}/`}${name}`;
    const answer = await read(path, signal);
    if (!answer.ok) return answer.failure.kind === 'absent' ? plainText(`${what} is gone`) : '';
    const seen = parsed(objectSchema, answer.value);
    if (seen === null) return '';
    const other = uid !== null && seen.metadata.uid !== uid ? ', another one of this name' : '';
    return plainText(`${what} now: ${stateText(resource, seen)}${other}`);
  };
