import type { ReplayControls } from './effects.ts';
import type { CommandId } from './keymap.ts';
import type { PromptKeys } from './prompt-keys.ts';
import type { SessionStore } from './session.ts';

/** What keys do to the recording under the screen; nothing in a live session. */
export const runReplay = (
  command: CommandId,
  {
    replay,
    prompts,
    session,
  }: {
    readonly replay: ReplayControls | null;
    readonly prompts: Pick<PromptKeys, 'begin'>;
    readonly session: Pick<SessionStore, 'dispatch'>;
  },
): void => {
  if (replay === null) return;
  const say = (text: string | null): void => {
    if (text !== null) session.dispatch({ kind: 'notice', notice: { tone: 'info', text } });
  };
  const run: Partial<Record<CommandId, () => void>> = {
    'replay.toggle': () => replay.toggle(),
    'replay.forward': () => replay.step(1),
    'replay.backward': () => replay.step(-1),
    'replay.next': () => say(replay.moment(1)),
    'replay.previous': () => say(replay.moment(-1)),
    'replay.nextMark': () => say(replay.moment(1, 'mark')),
    'replay.previousMark': () => say(replay.moment(-1, 'mark')),
    'replay.faster': () => replay.faster(1),
    'replay.slower': () => replay.faster(-1),
    'replay.start': () => replay.ends('start'),
    'replay.end': () => replay.ends('end'),
    'replay.seek': () => prompts.begin('seek'),
  };
  run[command]?.();
};
