import { z } from 'zod';
import { type Gathered, known, unknown } from '../actions/guard.ts';
import type { ActSubject } from '../kernel/act.ts';
import { failureText } from '../kernel/failure.ts';
import type { World } from '../kernel/world.ts';
import type { ReadPath } from './gather-argo.ts';
import { objectPath } from './resource-path.ts';

const objectSchema = z.object({ metadata: z.object({ uid: z.string().min(1).max(200) }) });

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
  try {
    const object = objectSchema.safeParse(JSON.parse(answer.value));
    return object.success ? known(object.data.metadata.uid) : unknown('it has no uid');
  } catch {
    return unknown('the answer is not JSON');
  }
};
