import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { seconds } from '../kernel/units.ts';
import type { SessionStore } from '../views/session.ts';
import type { Reconciled } from './reconcile.ts';

type Look = (signal: AbortSignal) => Promise<Result<readonly Reconciled[]>>;

/** How often is looked again where nobody has answered. */
const every = seconds(30);

/** Why nobody knows how it ended. */
export const endText = ({ end }: Reconciled): string =>
  end.kind === 'open' ? 'midwatch ended before it did' : 'never answered';

/** What is there now, or that it cannot be seen yet. */
export const foundText = ({ found }: Reconciled): string =>
  found.kind === 'told' ? found.text : `nobody answers for it now (${found.why})`;

/** What only reads has changed nothing: it is written down, and worth no word on the screen. */
export const isWorthTelling = ({ asked }: Reconciled): boolean =>
  asked.effect !== 'read' || asked.action === 'etcd-snapshot';

/** For the last line of the screen; '' where there is nothing to tell. */
const leftText = (left: readonly Reconciled[]): string => {
  const [first] = left;
  if (first === undefined) return '';
  return left.length === 1
    ? `${first.asked.title}: ${endText(first)}; ${foundText(first)}; :acts tells`
    : `${left.length} acts were started and nobody knew how they ended; :acts tells what is there now`;
};

const tell = (left: readonly Reconciled[], session: Pick<SessionStore, 'dispatch'>): void => {
  const text = plainText(leftText(left.filter(isWorthTelling)));
  if (text !== '') session.dispatch({ kind: 'notice', notice: { tone: 'warn', text } });
};

const isLater = ({ found }: Reconciled): boolean => found.kind === 'later';

const looked = async (look: Look, signal: AbortSignal): Promise<readonly Reconciled[]> => {
  const left = await look(signal).catch(() => null);
  return left?.ok === true ? left.value : [];
};

/**
 * Says once what was started and whose end nobody knows. Where the audit cannot be read, acting says so. Resolves with
 * whether some of it could not be looked at yet.
 */
export const tellLeft = async (
  look: Look,
  session: Pick<SessionStore, 'dispatch'>,
  signal: AbortSignal,
): Promise<boolean> => {
  const left = await looked(look, signal);
  if (signal.aborted) return false;
  tell(left, session);
  return left.some(isLater);
};

/** Looks again until all of it is told. */
export const tellLater = async (
  look: Look,
  session: Pick<SessionStore, 'dispatch'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    await clock.sleep(every, signal);
    if (signal.aborted) return;
    const left = await looked(look, signal);
    if (signal.aborted) return;
    // That it waits has been said: only what has come of it is news.
    tell(
      left.filter((one) => !isLater(one)),
      session,
    );
    if (!left.some(isLater)) return;
  }
};
