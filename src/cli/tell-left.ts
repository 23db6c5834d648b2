import type { Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import type { SessionStore } from '../views/session.ts';
import type { Reconciled } from './reconcile.ts';

/** For the last line of the screen; '' where there is nothing to tell. */
const leftText = (left: readonly Reconciled[]): string => {
  const [first] = left;
  if (first === undefined) return '';
  const { asked, text } = first;
  return left.length === 1
    ? `${asked.title}: midwatch ended before it did; ${text}; :acts tells`
    : `${left.length} acts have started and midwatch ended before they did; :acts tells what is there now`;
};

/** Says once what programs have left behind that ended while they acted. Where it cannot be read, acting says so. */
export const tellLeft = async (
  look: () => Promise<Result<readonly Reconciled[]>>,
  session: Pick<SessionStore, 'dispatch'>,
  signal: AbortSignal,
): Promise<void> => {
  const left = await look().catch(() => null);
  const text = left?.ok === true ? plainText(leftText(left.value)) : '';
  if (text === '' || signal.aborted) return;
  session.dispatch({ kind: 'notice', notice: { tone: 'warn', text } });
};
