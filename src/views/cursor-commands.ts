import type { CommandId } from './keymap.ts';
import { moved } from './parts/viewport.ts';
import type { Screen } from './screen.ts';
import type { SessionStore } from './session.ts';

/** Moves the cursor, or the window where nothing can be under it. */
export const moveCursor = (
  command: CommandId,
  session: Pick<SessionStore, 'dispatch'>,
  { content, viewport }: Screen,
): void => {
  const page = Math.max(1, viewport.height - 1);
  const by: Partial<Record<CommandId, number>> = {
    'cursor.up': -1,
    'cursor.down': 1,
    'cursor.pageUp': -page,
    'cursor.pageDown': page,
    'cursor.top': -content.rows.length,
    'cursor.bottom': content.rows.length,
  };
  session.dispatch({ kind: 'cursor', ...moved(content.rows, viewport, by[command] ?? 0) });
};
