import { type Milliseconds, milliseconds, minutes } from '../../kernel/units.ts';
import { durationOf } from '../../runbooks/steps/duration.ts';
import type { Walk } from './desk.ts';

/** How long one waits when nothing else is said. */
export const usualWait: Milliseconds = minutes(5);

/** `10m until the backlog is gone`: how long, and what for. No time at all when that is none: it is refused then. */
const waitIn = (text: string): { readonly wait: Milliseconds; readonly why: string } => {
  const words = text.trim();
  if (words === '') return { wait: usualWait, why: '' };
  const [first = '', ...why] = words.split(/\s+/);
  return { wait: durationOf(first) ?? milliseconds(0), why: why.join(' ') };
};

/** The same with the words of a person in it, where its intent has a place for them. */
export const worded = (walk: Walk, text: string): Walk => {
  const { intent } = walk;
  switch (intent.kind) {
    case 'note':
      return { ...walk, intent: { ...intent, text } };
    case 'skip':
    case 'confirm':
    case 'abandon':
      return { ...walk, intent: { ...intent, reason: text } };
    case 'finish':
      return { ...walk, intent: { ...intent, note: text } };
    case 'value':
      return { ...walk, intent: { ...intent, value: text } };
    case 'wait':
      return { ...walk, intent: { ...intent, ...waitIn(text) } };
    default:
      return walk;
  }
};
