import type { Walk } from './desk.ts';

/** The same with the words of a person in it, where its intent has a place for them. */
export const worded = (walk: Walk, text: string): Walk => {
  const { intent } = walk;
  switch (intent.kind) {
    case 'note':
      return { ...walk, intent: { ...intent, text } };
    case 'skip':
    case 'abandon':
      return { ...walk, intent: { ...intent, reason: text } };
    case 'finish':
      return { ...walk, intent: { ...intent, note: text } };
    case 'value':
      return { ...walk, intent: { ...intent, value: text } };
    default:
      return walk;
  }
};
