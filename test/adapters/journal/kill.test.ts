import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecording } from '../../../src/adapters/journal/file-recording.ts';
import { verifyRecording } from '../../../src/adapters/journal/verify.ts';
import { toys } from '../../support/recording-bytes.ts';

const child = fileURLToPath(new URL('../../support/recording-child.ts', import.meta.url));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midwatch-kill-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the recorder until it has acknowledged something `times` times, then kills it. Returns what it said last. */
const recordAndKill = async (path: string, times: number): Promise<number> => {
  const running = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(running, 'exit');
  let acknowledged = 0;
  let seen = 0;
  for await (const line of createInterface({ input: running.stdout })) {
    const [kind, rev] = line.split(' ');
    expect(kind).toBe('recording');
    acknowledged = Number(rev);
    seen += 1;
    if (seen === times) running.kill('SIGKILL');
  }
  await gone;
  return acknowledged;
};

describe('a recorder that is killed', () => {
  it('given SIGKILL at many moments, then nothing acknowledged is lost and the next one can record', async () => {
    const path = join(directory, 'killed.mwr');
    const bases: number[] = [];
    // The same file each time: the lock of the one before is stale, and its half of a rewrite may lie about.
    for (const times of [2, 5, 11, 23, 40, 61]) {
      const acknowledged = await recordAndKill(path, times);
      const opened = openRecording(path, toys);
      if (!opened.ok) throw new Error(opened.failure.message);
      const found = verifyRecording(opened.value);
      expect(found.last).toBeGreaterThanOrEqual(acknowledged);
      expect(found).toMatchObject({ state: 'open', unreadable: 0, wrongSnapshots: [] });
      bases.push(found.base);
    }
    expect(bases.at(-1)).toBeGreaterThan(0);
  }, 60_000);
});
