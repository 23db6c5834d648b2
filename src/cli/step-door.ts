import type { Answer } from '../actions/agreement.ts';
import type { Asked, Pipeline } from '../actions/pipeline.ts';
import { type Brought, brought, broughtFailure, tookSince } from '../adapters/steps/brought.ts';
import type { ActResult, Intent } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LogItem } from '../kernel/effect-ports.ts';
import { failure, type Result } from '../kernel/failure.ts';

/** Lines of a log that are kept as evidence: the newest. */
const linesKept = 2000;

/** What a task came to at the door. */
export type DoorOutcome =
  | { readonly kind: 'brought'; readonly brought: Brought }
  /** A person has to agree first, or to type something; what comes of it is attached when it has ended. */
  | { readonly kind: 'handed' }
  | { readonly kind: 'refused'; readonly lines: readonly string[]; readonly why: string };

/** The door, as steps of a runbook see it. */
export interface StepDoor {
  /** @param attach Called with what it brought, where a person goes on with it and it comes later. */
  ask(
    intent: Intent,
    attach: (what: Brought) => Promise<Result<void>>,
    signal: AbortSignal,
  ): Promise<DoorOutcome>;
}

export interface StepDoorDeps {
  readonly pipeline: Pipeline;
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Hands a wish to the screen, where a person reads it and agrees; tells what came of it. Says why it does not, or null.
   * Null where there is no screen.
   */
  readonly hand:
    | ((
        intent: Intent,
        ended: (result: ActResult, lines: readonly string[]) => void,
      ) => string | null)
    | null;
}

const lineOf = (item: LogItem): string => {
  const pod = item.source.split('/')[1] ?? '';
  if (item.kind === 'line') return `${item.stamp} ${pod} ${item.text}`;
  // That a container is read from now on says its name, and no more.
  return `-- ${item.source} ${item.text === item.source ? item.note : item.text}`;
};

/** Who has said something is there without being announced; what was read comes first to the eye. */
const linesOf = (items: readonly LogItem[]): readonly string[] => {
  const heard = new Set(items.flatMap((i) => (i.kind === 'line' ? [i.source] : [])));
  return items
    .filter((i) => i.kind === 'line' || i.note !== 'joined' || !heard.has(i.source))
    .map(lineOf);
};

/** Evidence of something that was carried out. */
export const resultBrought = (
  asked: string,
  took: number,
  result: ActResult,
  lines: readonly string[],
): Brought => {
  if (result.kind === 'failed') {
    const failed = broughtFailure(asked, took, result.failure);
    return brought({ asked, took, exit: 'failed', lines: [...lines, ...failed.lines] });
  }
  const last = result.kind === 'done' ? result.text : result.why;
  return brought({
    asked,
    took,
    exit: result.kind === 'done' ? 'ok' : 'failed',
    lines: [...lines, ...(last === '' ? [] : [last])],
  });
};

const reasonLines = ({ verdict }: Asked): readonly string[] =>
  verdict.reasons.map(({ guard, judgement }) => `${judgement.kind} ${guard}: ${judgement.why}`);

const agreed = ({ plan }: Asked): Answer => ({ digest: plan.digest, name: '', reason: '' });

/** What only reads and is allowed is done at once; what somebody has to agree to goes to the screen. */
export const stepDoor = ({ pipeline, clock, hand }: StepDoorDeps): StepDoor => ({
  ask: async (intent, attach, signal) => {
    const began = clock.now();
    const handOver = (): DoorOutcome => {
      const why =
        hand === null
          ? 'it has to be agreed to on a screen'
          : hand(intent, (result, lines) => {
              const took = tookSince(began, clock.now());
              void attach(resultBrought(`action ${intent.action}`, took, result, lines));
            });
      return why === null ? { kind: 'handed' } : { kind: 'refused', lines: [], why };
    };
    // What changes something is read by a person before it is even asked for.
    if (intent.action !== 'logs' && intent.action !== 'logs-previous') return handOver();
    const asked = await pipeline.ask(intent, signal);
    if (!asked.ok) {
      const what = broughtFailure(`action ${intent.action}`, 0, asked.failure);
      return { kind: 'brought', brought: what };
    }
    const { plan, verdict } = asked.value;
    if (verdict.outcome === 'deny') {
      const first = verdict.reasons[0]?.judgement;
      const why = first?.kind === 'deny' ? first.why : 'the guards refuse it';
      return { kind: 'refused', lines: reasonLines(asked.value), why };
    }
    if (verdict.outcome === 'ask') {
      await pipeline.decline(asked.value, 'it goes on on the screen');
      return handOver();
    }
    const items: LogItem[] = [];
    const result = await pipeline.carryOut(
      asked.value,
      agreed(asked.value),
      {
        terminal: null,
        progress: () => undefined,
        logs: (more) => {
          for (const item of more) items.push(item);
          if (items.length > 2 * linesKept) items.splice(0, items.length - linesKept);
        },
      },
      signal,
    );
    const took = tookSince(began, clock.now());
    if (signal.aborted) {
      return {
        kind: 'brought',
        brought: broughtFailure(plan.title, took, failure('ended', 'read logs', 'it was left')),
      };
    }
    return {
      kind: 'brought',
      brought: resultBrought(plan.title, took, result, linesOf(items).slice(-linesKept)),
    };
  },
});
