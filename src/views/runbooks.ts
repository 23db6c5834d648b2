import { type Desk, onDesk } from './runbook/desk.ts';
import type { View } from './view.ts';

/** Every runbook that there is, and the runs that go on. */
export const runbooksView = (desk: Desk): View => ({
  id: 'runbooks',
  title: 'runbooks',
  aliases: ['rb'],
  keys: [],
  content: (input) => onDesk(desk(), 'runbooks', (shelf) => shelf.paint.list(shelf, input)),
});
