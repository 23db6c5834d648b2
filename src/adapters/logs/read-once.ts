import { type Failure, failure } from '../../kernel/failure.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import { clockText, isPast, notStarted } from './log-asked.ts';
import { type LogReader, tellEarlier, tellTruncated } from './log-reader.ts';
import type { Part, PartEnd } from './log-stream.ts';
import type { PodRoster } from './pod-roster.ts';
import type { ContainerSight } from './pod-sight.ts';

/** Times that a broken connection is dialled anew before a log that is not followed is given up. */
const triesMost = 4;
const retryAfter: Milliseconds = seconds(1);
/** A node says a little after it has removed the instance before the last that there is a newer one. */
const removedTriesMost = 8;
const removedRetryAfter: Milliseconds = seconds(2);
export interface ReadOutcome {
  /** Why it could not be read; null when it was, as far as it is there. */
  readonly failure: Failure | null;
}

const read: ReadOutcome = { failure: null };

/** What is there of a container's log, and no more. */
export const readOnce = async (
  reader: LogReader,
  sight: ContainerSight,
  roster: Pick<PodRoster, 'now'>,
  signal: AbortSignal,
): Promise<ReadOutcome> => {
  const { stream, bounds } = reader;
  const { lane, place } = stream;
  const give = (why: Failure): ReadOutcome => {
    lane.note('unreadable', why.message);
    return { failure: why };
  };
  const on = `logs of ${place.namespace}/${place.pod}`;
  const run = bounds.previous ? sight.before : sight.run;
  if (run === null) {
    const words = bounds.previous
      ? 'it has not been restarted: there is no instance before this one'
      : notStarted(sight);
    return give(failure('absent', 'read', words, { on }));
  }
  if (!bounds.previous && isPast(run, reader.start)) return read;
  tellEarlier(reader, sight, run);
  const part = () => reader.part(run, { follow: false, elsewhere: 'tell' });
  const end = bounds.previous
    ? await readPrevious(reader, part, roster, signal)
    : await readPatiently(reader, part, signal);
  switch (end.kind) {
    case 'truncated':
      tellTruncated(reader);
      return read;
    case 'ended':
      tellComplete(reader);
      return read;
    case 'broken':
    case 'refused':
    case 'unreadable':
      return give(end.failure);
    default:
      return read;
  }
};

const readPatiently = async (
  { stream, deps }: LogReader,
  part: () => Part,
  signal: AbortSignal,
): Promise<PartEnd> => {
  let end: PartEnd = { kind: 'aborted' };
  for (let tries = 0; tries < triesMost && !signal.aborted; tries += 1) {
    end = await stream.read(part(), signal);
    if (end.kind !== 'broken') break;
    await deps.clock.sleep(retryAfter, signal);
  }
  return end;
};

/**
 * The instance before. From when one ends until its node says that it waits to be started again, which may take as long
 * as it waits, the node calls the one before it the previous one, and has removed it: then what is looked for is the
 * one that has just ended.
 */
const readPrevious = async (
  reader: LogReader,
  part: () => Part,
  roster: Pick<PodRoster, 'now'>,
  signal: AbortSignal,
): Promise<PartEnd> => {
  const { stream, deps } = reader;
  let end = await readPatiently(reader, part, signal);
  for (let tries = 1; tries < removedTriesMost && end.kind === 'unreadable'; tries += 1) {
    const pod = await roster.now(stream.place.pod, signal);
    const run =
      (pod.ok ? pod.value?.containers : [])?.find((c) => c.name === stream.place.container)?.run ??
      null;
    if (run !== null && run.finishedAt !== null) {
      const at = clockText(run.finishedAt);
      stream.lane.note(
        'rotated',
        `its node has removed the instance before; this is the one that ended at ${at}`,
      );
      return await readPatiently(reader, () => reader.endedPart(run), signal);
    }
    await deps.clock.sleep(removedRetryAfter, signal);
    if (signal.aborted) break;
    end = await readPatiently(reader, part, signal);
  }
  return end;
};

const tellComplete = ({ bounds: { tail }, stream }: LogReader): void => {
  const { lines, lane } = stream;
  if (tail !== null && lines >= tail) {
    lane.note('truncated', `the newest ${tail} lines, which is the limit; older ones are left out`);
  }
  lane.note('complete', `${lines} line${lines === 1 ? '' : 's'}`);
};
