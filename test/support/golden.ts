import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { patience } from './midwatch.ts';
import type { Terminal } from './terminal.ts';

const frames = join(import.meta.dirname, '../pty/frames');
const update = process.env.UPDATE_FRAMES === '1';

/**
 * Waits until the whole screen is the kept frame. With UPDATE_FRAMES=1 the frame is written anew from what is on the
 * screen once it has settled; the difference is to be read.
 */
export const showsFrame = async (terminal: Terminal, name: string): Promise<void> => {
  const path = join(frames, `${name}.txt`);
  if (update || !existsSync(path)) {
    if (process.env.CI !== undefined) throw new Error(`${path} is missing`);
    await terminal.quiet(1500);
    writeFileSync(path, `${terminal.text()}\n`);
    return;
  }
  const kept = readFileSync(path, 'utf8').replace(/\n$/, '');
  await terminal.until((text) => text === kept, patience / 3).catch(() => undefined);
  expect(terminal.text()).toBe(kept);
};
