import { z } from 'zod';
import { type Gathered, known, unknown } from '../actions/guard.ts';
import type { Labels } from '../actions/policy-settings.ts';
import type { ActSubject } from '../kernel/act.ts';
import { failureText } from '../kernel/failure.ts';
import type { World } from '../kernel/world.ts';
import { parsed, type ReadPath } from './gather-argo.ts';
import { objectPath } from './resource-path.ts';

const objectSchema = z.object({ metadata: z.object({ uid: z.string().min(1).max(200) }) });

const labelledSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }),
});

/** Labels of a namespace, for policies that depend on them. */
export const namespaceLabels = async (
  read: ReadPath,
  namespace: string,
  signal: AbortSignal,
): Promise<Gathered<Labels>> => {
  const answer = await read(`/api/v1/namespaces/${encodeURIComponent(namespace)}`, signal);
  if (!answer.ok) return unknown(failureText(answer.failure));
  const object = parsed(labelledSchema, answer.value);
  return object === null
    ? unknown('the namespace could not be understood')
    : known(object.metadata.labels ?? {});
};

/** uid of what stands behind a name now; '' when nothing does, or when it is no object. Of the object nothing else is kept. */
export const uidNow = async (
  read: ReadPath,
  world: World,
  subject: ActSubject,
  signal: AbortSignal,
): Promise<Gathered<string>> => {
  if (subject.kind !== 'object') return known('');
  const path = objectPath(world, subject);
  if (path === null) return unknown(`the server is not known to serve ${subject.resource}`);
  const answer = await read(path, signal);
  if (!answer.ok)
    return answer.failure.kind === 'absent' ? known('') : unknown(failureText(answer.failure));
  const object = parsed(objectSchema, answer.value);
  return object === null ? unknown('it has no uid') : known(object.metadata.uid);
};

/**
 * The subject with the uid of what stands behind its name now, for commands: whoever types a name means that one. As it
 * was where it has one already, or where that cannot be told.
 */
export const pinnedSubject = async (
  read: ReadPath,
  world: World,
  subject: ActSubject,
  signal: AbortSignal,
): Promise<ActSubject> => {
  if (subject.kind !== 'object' || subject.uid !== null || subject.name === '') return subject;
  const uid = await uidNow(read, world, subject, signal);
  return uid.kind === 'known' && uid.value !== '' ? { ...subject, uid: uid.value } : subject;
};
