import { actionNamed } from '../../actions/catalogue.ts';
import { type BeginMeans, beginAction } from '../act/act-commands.ts';
import type { Target } from '../view.ts';

/** Asks to join what runs under the cursor, or says why it cannot be joined. */
export const joinDebug = (target: Target | null, means: BeginMeans): void => {
  const join = target?.join;
  if (target === null || join === undefined) return;
  if (typeof join === 'string') {
    return means.session.dispatch({ kind: 'notice', notice: { tone: 'info', text: join } });
  }
  const action = actionNamed('debug', target.object?.resource);
  if (action !== null) beginAction(action, { ...target, args: join }, '', means);
};
