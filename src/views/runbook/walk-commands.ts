import type { Effects } from '../effects.ts';
import type { CommandId } from '../keymap.ts';
import type { SessionStore } from '../session.ts';
import type { Act } from '../view.ts';

/** What the keys of a runbook do in a list, where there is no step to walk. */
const inLists: Partial<Record<CommandId, CommandId>> = {
  'runbook.enter': 'open',
  'runbook.up': 'cursor.up',
  'runbook.down': 'cursor.down',
  'runbook.pageUp': 'cursor.pageUp',
  'runbook.pageDown': 'cursor.pageDown',
};

/** Does what a key of a runbook comes to. Returns the command that is meant instead where the view has no use for it. */
export const runWalk = (
  act: Act | null,
  command: CommandId,
  {
    session,
    effects,
  }: {
    readonly session: Pick<SessionStore, 'dispatch'>;
    readonly effects: Pick<Effects, 'walk' | 'act'>;
  },
): CommandId | null => {
  if (act === null) return inLists[command] ?? null;
  const say = (tone: 'info' | 'warn', text: string) =>
    session.dispatch({ kind: 'notice', notice: { tone, text } });
  if (act.kind === 'ask') session.dispatch({ kind: 'prompt', prompt: act.prompt });
  else if (act.kind === 'say') say('info', act.text);
  else if (act.kind === 'look') session.dispatch({ kind: 'args', args: act.args });
  else if (act.kind === 'begin') {
    const refused = effects.act.begin(act.intent);
    if (refused !== null) say('warn', refused);
  } else {
    const refused = effects.walk(act.walk);
    if (refused !== null) say('warn', refused);
    else if (act.args !== undefined) session.dispatch({ kind: 'args', args: act.args });
  }
  return null;
};
