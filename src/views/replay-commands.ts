import type { ReplayControls } from './controller.ts';
import type { CommandId } from './keymap.ts';
import type { PromptKeys } from './prompt-keys.ts';

/** What keys do to the recording under the screen; nothing in a live session. */
export const runReplay = (
  command: CommandId,
  {
    replay,
    prompts,
  }: { readonly replay: ReplayControls | null; readonly prompts: Pick<PromptKeys, 'begin'> },
): void => {
  if (replay === null) return;
  const run: Partial<Record<CommandId, () => void>> = {
    'replay.toggle': () => replay.toggle(),
    'replay.forward': () => replay.step(1),
    'replay.backward': () => replay.step(-1),
    'replay.next': () => replay.moment(1),
    'replay.previous': () => replay.moment(-1),
    'replay.faster': () => replay.faster(1),
    'replay.slower': () => replay.faster(-1),
    'replay.start': () => replay.ends('start'),
    'replay.end': () => replay.ends('end'),
    'replay.seek': () => prompts.begin('seek'),
  };
  run[command]?.();
};
