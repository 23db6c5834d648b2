import { homedir } from 'node:os';
import { join } from 'node:path';

/** Directory that holds go.mod files, stages and the sources of this harness. */
export const harnessDir = import.meta.dirname;

const xdg = (variable: string, fallback: readonly string[]): string =>
  process.env[variable] || join(homedir(), ...fallback);

/** Built binaries live outside the checkout: they total 660 MB and outlive any one clone. */
export const cacheRoot = (): string =>
  join(xdg('XDG_CACHE_HOME', ['.cache']), 'midwatch', 'cluster');

/** Every run, of a person or of a test, has its directory here, so that the next one can tidy up. */
export const stateRoot = (): string =>
  join(xdg('XDG_STATE_HOME', ['.local', 'state']), 'midwatch-cluster');
