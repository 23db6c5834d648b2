import type { Fence } from '../markdown/blocks.ts';
import { type Classified, refused } from './classified.ts';
import { classify, execIn } from './classify.ts';
import { type CommandText, commandLines } from './command-lines.ts';
import type { FenceSays } from './fence-attributes.ts';
import type { ParameterBook } from './parameters.ts';
import type { Settings } from './settings.ts';
import type { Draft, TaskPlace } from './task-draft.ts';
import { readCommand } from './words.ts';

export const readOne = (
  command: CommandText,
  settings: Settings,
  book: ParameterBook,
): Classified =>
  classify(readCommand(command.text, book.naming(command.line)), settings, command.text);

const scriptDraft = (fence: Fence, commands: readonly CommandText[]): Draft => {
  const why = 'a script: no shell is run';
  const hint = 'write the commands one by one, and the conditions as branches';
  const said = refused(why, null, { severity: 'warning', rule: 'shell' }, hint);
  const entered = commands.map((c) => execIn(c.text)).find((found) => found.length > 0);
  const remarks = [...(entered ?? []), ...said.remarks];
  return { classified: { ...said, remarks }, source: fence.text, place: fence };
};

/** Commands of a fence. Where nothing says that they are some, only what is known to be one counts. */
export const commandDrafts = (fence: Fence, says: FenceSays, at: TaskPlace): readonly Draft[] => {
  const { commands, script, prompted } = commandLines(fence);
  const session = fence.info.language === '' || fence.info.language === 'console';
  const drafts = commands.map((command) => ({
    classified: readOne(command, says.settings, at.book),
    source: command.text,
    place: { line: command.line, col: command.col },
  }));
  const loose = session && !prompted && says.type === null;
  if (loose && drafts[0]?.classified.known !== true) return [];
  if (script) return [scriptDraft(fence, commands)];
  return loose ? drafts.filter((d) => d.classified.known) : drafts;
};
