import { noActs } from '../views/act/effects.ts';
import type { Effects } from '../views/effects.ts';
import { noLogs } from '../views/logs/effects.ts';

/** In replay nothing reaches outside: what would be fetched is not in the recording, and the views say so. */
export const sealedEffects = (
  terminal: Pick<Effects, 'quit' | 'suspend' | 'redraw' | 'copy' | 'setTheme'> &
    Partial<Pick<Effects, 'walk' | 'act' | 'logs'>>,
): Effects => ({
  walk: () => 'runbooks are not walked in this session',
  act: noActs('this is a recording: nothing can be done'),
  logs: noLogs('this is a recording: there are no logs in it'),
  ...terminal,
  load: () => undefined,
  focus: () => undefined,
  acknowledge: () => 'this is a recording: nothing can be acknowledged',
  switchContext: () => 'this is a recording: there is no other cluster to go to',
});
