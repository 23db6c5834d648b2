import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram, incident } from './built.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

/** Time for anything on the screen to happen. Long: the machine may be busy with everything else. */
export const patience = 30_000;

let home: string | null = null;

/** No configuration, no kubeconfig, and the compiled code kept between the runs of one test file. */
export const ownHome = (): Readonly<Record<string, string>> => {
  home ??= mkdtempSync(join(tmpdir(), 'midwatch-home-'));
  return { HOME: home, XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '', KUBECONFIG: '' };
};

/** The program in a terminal of its own, not waited for. */
export const startMidwatch = async (
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<Terminal> =>
  new Terminal(process.execPath, [await builtProgram(), ...args], {
    ...options,
    env: { ...ownHome(), ...options.env },
  });

/** Waits for a whole frame of a paused replay, with all of its moments: they are found in the background. */
export const settled = async (terminal: Terminal): Promise<void> => {
  await terminal.until(/REPLAY[\s\S]*[┬◆+#][┬◆─+#-]*[┤|][\s\S]*help$/, patience);
  await terminal.quiet(250);
};

/** The recorded incident, paused where it begins to go wrong, with its moments on the scrubber. */
export const pausedReplay = async (
  options: TerminalOptions = {},
  args: readonly string[] = [],
): Promise<Terminal> => {
  const terminal = await startMidwatch(
    ['replay', incident, '--pause', '--at', 'r262', ...args],
    options,
  );
  await terminal.until(/r262/, patience);
  await settled(terminal);
  return terminal;
};

/** Sends keys and waits for what they bring on the screen. */
export const press = async (
  terminal: Terminal,
  keys: string,
  shows: string | RegExp | ((text: string) => boolean),
): Promise<string> => {
  terminal.send(keys);
  return await terminal.until(shows, patience);
};

export const esc = '\u001b';
export const enter = '\r';
export const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 31);
