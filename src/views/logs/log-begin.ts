import { failureText } from '../../kernel/failure.ts';
import type { World } from '../../kernel/world.ts';
import type { Effects } from '../effects.ts';
import type { SessionStore } from '../session.ts';
import { typedIntent } from './log-intent.ts';

/** Of a context that says nothing else. */
const usualNamespace = 'default';

/** `:logs deploy/gateway since=15m`. False where the word asks for something else. */
export const beginTyped = (
  word: string,
  rest: string,
  {
    session,
    effects,
  }: {
    readonly session: Pick<SessionStore, 'get' | 'dispatch'>;
    readonly effects: Pick<Effects, 'act'>;
    readonly world: () => World;
  },
): boolean => {
  if (word !== 'logs' && word !== 'log') return false;
  const intent = typedIntent(rest, session.get().namespace || usualNamespace);
  const refused = intent.ok
    ? effects.act.begin(intent.value)
    : `${failureText(intent.failure)}; ${intent.failure.hint ?? ''}`;
  if (refused !== null) {
    session.dispatch({ kind: 'notice', notice: { tone: 'warn', text: refused } });
  }
  return true;
};
