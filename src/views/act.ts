import { actContent } from './act/act-content.ts';
import { actKeys } from './keymap.ts';
import type { View } from './view.ts';

/** The action that this person is about: what it would send, what speaks for and against it, and what came of it. */
export const act: View = {
  id: 'act',
  title: 'the action that is under way',
  aliases: ['act', 'action'],
  keys: actKeys,
  content: actContent,
};
