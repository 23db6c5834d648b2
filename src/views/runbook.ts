import { walkingKeys } from './keymap.ts';
import { type Desk, onDesk } from './runbook/desk.ts';
import type { View } from './view.ts';

/** One runbook, walked. Arguments: `alert`, `runbook` and `run`, any of them. */
export const runbookView = (desk: Desk): View => ({
  id: 'runbook',
  title: 'one runbook',
  aliases: [],
  keys: walkingKeys,
  content: (input) => onDesk(desk(), 'runbook', (shelf) => shelf.paint.runbook(shelf, input)),
});
