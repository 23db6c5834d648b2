import { logContent } from './logs/log-content.ts';
import { logKeys } from './logs/log-keys.ts';
import type { View } from './view.ts';

/** What containers have said: within what the policy has, followed as long as it has it, and told what is missing. */
export const logs: View = {
  id: 'logs',
  title: 'what containers have said',
  aliases: [],
  filterHint: 'regex, !not, -f fuzzy; over all lines that are here',
  keys: logKeys,
  content: logContent,
};
