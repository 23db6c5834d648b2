import { type Action, isAbout } from '../../actions/catalogue.ts';
import type { ActArgs, ActSubject, Intent } from '../../kernel/act.ts';
import type { World } from '../../kernel/world.ts';
import { objectOf } from '../related.ts';
import type { Target } from '../view.ts';

/** What the thing under the cursor is, as actions name it; with the uid of the object that one looks at. */
export const subjectOf = (world: World, target: Target): ActSubject | null => {
  if (target.subject !== undefined) return target.subject;
  const { object } = target;
  if (object === undefined) return null;
  return { kind: 'object', ...object, uid: objectOf(world, object)?.uid ?? null };
};

/** Alerts are the same wherever one stands. */
const allAlerts: ActSubject = { kind: 'alerts', cluster: '' };

/** A wish about what is under the cursor; null where the action is not about that. */
export const intentOf = (
  action: Pick<Action, 'id' | 'resources'>,
  target: Target | null,
  world: World,
  args: ActArgs = {},
): Intent | null => {
  const wish = { action: action.id, origin: 'screen' } as const;
  const resource = target?.object?.resource;
  const subject = target === null ? null : subjectOf(world, target);
  if (target !== null && subject !== null && resource !== undefined && isAbout(action, resource)) {
    return { ...wish, subject, args: { ...target.args, ...args } };
  }
  return action.resources.includes('alerts') ? { ...wish, subject: allAlerts, args } : null;
};

/** `scale 3`, `annotate incident=INC-1 text …`: the words behind a command, as inputs of the action. */
export const argsOf = (names: readonly string[], rest: string): ActArgs => {
  const args: Record<string, string> = {};
  let left = rest.trim();
  for (;;) {
    const named = /^([a-z][\w-]*)=(\S*)\s*/i.exec(left);
    const name = named?.[1] ?? '';
    if (named === null || !names.includes(name)) break;
    args[name] = named[2] ?? '';
    left = left.slice(named[0].length);
  }
  const open = names.filter((n) => args[n] === undefined);
  for (const [i, name] of open.entries()) {
    if (left === '') break;
    const last = i === open.length - 1;
    const word = last ? left : (/^\S+/.exec(left)?.[0] ?? '');
    args[name] = word;
    left = left.slice(word.length).trim();
  }
  return args;
};
