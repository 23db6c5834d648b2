import type { Asked, Audience, Pipeline } from '../actions/pipeline.ts';
import type { ActResult, Intent } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { epochMs, type Milliseconds, milliseconds, seconds } from '../kernel/units.ts';
import type { Given } from '../views/act/questions.ts';
import { boundsOf, type LogEvent, type LogReading } from '../views/logs/flow.ts';
import { LogBuffer } from '../views/logs/log-buffer.ts';
import { atEnd } from '../views/logs/log-content.ts';
import { windowText } from '../views/logs/log-head.ts';
import { LogLens } from '../views/logs/log-lens.ts';
import type { SessionStore } from '../views/session.ts';

/** New lines are painted this often; they are taken in as they come. */
const repaint: Milliseconds = milliseconds(125);
/** While nothing comes, the time that is left moves. */
const beat: Milliseconds = seconds(1);

interface Deps {
  readonly pipeline: Pick<Pipeline, 'carryOut'>;
  readonly clock: Clock;
  readonly session: Pick<SessionStore, 'dispatch'>;
  readonly tell: (event: LogEvent) => void;
}

interface Wish {
  readonly asked: Asked;
  readonly given: Given;
  /** What is shown as asked for. */
  readonly intent: Intent;
  /** Lines that are there already, where it only goes on. */
  readonly onto: LogReading | null;
}

/** Tells the session that lines came, not more often than anybody sees. */
const toucher = ({ clock, tell }: Deps, signal: AbortSignal): (() => void) => {
  let isDue = false;
  const touch = (): void => {
    isDue = false;
    if (!signal.aborted) tell({ kind: 'touched', at: clock.now() });
  };
  void (async () => {
    while (!signal.aborted) {
      await clock.sleep(beat, signal);
      touch();
    }
  })();
  return () => {
    if (isDue) return;
    isDue = true;
    void clock.sleep(repaint, signal).then(touch);
  };
};

/** Carries out what was agreed to; its lines go into a buffer beside the session. Ends when the signal aborts. */
export const readInto = async (
  deps: Deps,
  { asked, given, intent, onto }: Wish,
  signal: AbortSignal,
): Promise<void> => {
  const { pipeline, clock, session, tell } = deps;
  const { act, plan } = asked;
  const buffer = onto?.buffer ?? new LogBuffer();
  const lens = onto?.lens ?? new LogLens(buffer);
  const lease = boundsOf(asked)?.lease ?? null;
  const at = clock.now();
  const until = lease === null ? null : epochMs(at + lease);
  const window = onto?.window ?? windowText({ intent, asked });
  tell({
    kind: 'reading',
    at,
    reading: { intent, asked, window, buffer, lens, until, result: null, endedAt: null },
  });
  if (onto === null) {
    const isHead = intent.args.sinceTime !== undefined;
    const cursor = isHead ? { key: '', index: 0 } : atEnd;
    session.dispatch({ kind: 'cursor', cursor, top: cursor.index });
  }
  const ended = new AbortController();
  const touch = toucher(deps, AbortSignal.any([signal, ended.signal]));
  const audience: Audience = {
    terminal: null,
    progress: () => undefined,
    logs: (items) => {
      if (signal.aborted) return;
      lens.added(buffer.add(items).from);
      touch();
    },
  };
  const { name, reason } = given;
  const result = await pipeline
    .carryOut(asked, { digest: plan.digest, name, reason }, audience, signal)
    .catch(
      (cause: unknown): ActResult => ({
        kind: 'unknown',
        why: `it broke off: ${cause instanceof Error ? cause.message : String(cause)}`,
        bytes: 0,
      }),
    );
  ended.abort();
  tell({ kind: 'ended', act, result, at: clock.now() });
};
