import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { saveLines } from '../../src/cli/save-lines.ts';

const directory = mkdtempSync(join(tmpdir(), 'midwatch-save-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const never = new AbortController().signal;

describe('saving lines', () => {
  it('given a new path, then all lines are there, for their owner alone', async () => {
    const path = join(directory, 'a.log');
    const lines = Array.from({ length: 5001 }, (_, i) => `line ${i}`);
    expect(await saveLines(path, lines, never)).toEqual({ ok: true, value: { path, lines: 5001 } });
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('given a file that is there, then it is left as it is', async () => {
    const path = join(directory, 'b.log');
    writeFileSync(path, 'mine');
    const saved = await saveLines(path, ['x'], never);
    expect(saved.ok ? '' : saved.failure.message).toContain('left as it is');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('given it is broken off, then nothing half-written is left', async () => {
    const path = join(directory, 'c.log');
    const stop = new AbortController();
    function* lines() {
      for (let i = 0; i < 10_000; i += 1) {
        if (i === 3000) stop.abort();
        yield `line ${i}`;
      }
    }
    expect((await saveLines(path, lines(), stop.signal)).ok).toBe(false);
    expect(() => statSync(path)).toThrow();
  });

  it('given a folder that is not there, then that is said', async () => {
    const saved = await saveLines(join(directory, 'no', 'd.log'), ['x'], never);
    expect(saved.ok ? '' : saved.failure.message).toBe('there is no such folder');
  });
});
