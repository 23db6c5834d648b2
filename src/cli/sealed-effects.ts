import type { Effects } from '../views/controller.ts';

/** In replay nothing reaches outside: what would be fetched is not in the recording, and the views say so. */
export const sealedEffects = (
  terminal: Pick<Effects, 'quit' | 'suspend' | 'redraw' | 'copy' | 'setTheme'> &
    Partial<Pick<Effects, 'walk'>>,
): Effects => ({
  walk: () => 'runbooks are not walked in this session',
  ...terminal,
  load: () => undefined,
  focus: () => undefined,
  acknowledge: () => 'this is a recording: nothing can be acknowledged',
  switchContext: () => 'this is a recording: there is no other cluster to go to',
});
