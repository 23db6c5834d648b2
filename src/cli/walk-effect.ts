import { failureText, type Result } from '../kernel/failure.ts';
import type { Walk } from '../views/runbook/desk.ts';
import type { SessionStore } from '../views/session.ts';
import type { RunbookDesk } from './runbook-desk.ts';
import type { OpenShelf } from './runbook-shelf.ts';
import type { OpenBook, TaskOutcome, Walker } from './walker.ts';

export interface WalkEffectDeps {
  readonly walker: () => Promise<Walker>;
  readonly desk: Pick<RunbookDesk, 'open'>;
  readonly session: Pick<SessionStore, 'dispatch'>;
}

/** What came of a task, as far as the screen does not show it by itself; '' when it does. */
const toldOf = (task: string, outcome: TaskOutcome): string => {
  switch (outcome.kind) {
    case 'planned':
      return `${task} is only shown: ${outcome.why}`;
    case 'open':
      return `${task} needs a value: ${[...outcome.missing, ...outcome.refused.map((r) => r.name)].join(', ')}`;
    case 'byHand':
      return `${task} is done by hand: tick it off`;
    default:
      return '';
  }
};

/** What the screen asks of a run, done one after the other: a key that follows meets what the one before has made. */
export const walkEffect = (
  { walker, desk, session }: WalkEffectDeps,
  signal: AbortSignal,
): ((walk: Walk) => string | null) => {
  const say = (tone: 'warn' | 'info', text: string): void => {
    if (!signal.aborted) session.dispatch({ kind: 'notice', notice: { tone, text } });
  };
  const complain = (result: Result<unknown>): void => {
    if (result.ok) return;
    const { hint } = result.failure;
    say('warn', `${failureText(result.failure)}${hint === undefined ? '' : `; ${hint}`}`);
  };
  const bookOf = (shelf: OpenShelf, { book }: Walk): OpenBook | null => {
    const text = shelf.textOf(book);
    return text === null ? null : { ...book, text };
  };
  const carryOut = async (walks: Walker, run: string, book: OpenBook, task: string) => {
    say('info', `${task} is being asked`);
    const outcome = await walks.carryOut(run, book, task, signal);
    complain(outcome);
    if (!outcome.ok) return;
    const told = toldOf(task, outcome.value);
    if (told !== '') say('warn', told);
    else if (!signal.aborted) session.dispatch({ kind: 'notice', notice: null });
  };
  const perform = async (walk: Walk): Promise<void> => {
    const [shelf, walks] = await Promise.all([desk.open(), walker()]);
    const book = shelf === null ? null : bookOf(shelf, walk);
    if (book === null) return say('warn', 'the text of this runbook is not here any more');
    const { intent, run, alert } = walk;
    if (intent.kind === 'start') return complain(await walks.begin(book, alert));
    if (run === null) return say('info', 'a run begins with enter on its first step');
    if (intent.kind === 'confirm') {
      if (intent.reason.trim() === '') return say('warn', 'an abandoned run needs a reason');
      return session.dispatch({ kind: 'args', args: { abandon: intent.reason } });
    }
    // Others may be done while a task is waited for.
    if (intent.kind === 'run') return void carryOut(walks, run, book, intent.task);
    complain(await walks.act(run, book, intent));
  };
  let last: Promise<void> = Promise.resolve();
  return (walk) => {
    last = last
      .then(() => perform(walk))
      .catch((cause: unknown) =>
        say('warn', `that failed: ${cause instanceof Error ? cause.message : String(cause)}`),
      );
    return null;
  };
};
