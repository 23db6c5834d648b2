import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** Directory of what midwatch keeps between runs. */
export const statePath = (env: Io['env']): string =>
  join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'midwatch');
