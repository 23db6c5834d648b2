import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openAcknowledgements } from '../../src/adapters/acknowledgements.ts';
import type { Acknowledgement } from '../../src/kernel/acknowledgement.ts';
import type { Signal } from '../../src/kernel/fact.ts';
import { seconds } from '../../src/kernel/units.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

let directory: string;
let n = 0;
const ends: AbortController[] = [];
beforeAll(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'midwatch-acknowledgements-'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const newPath = (): string => {
  n += 1;
  return join(directory, `state-${n}`, 'acknowledgements', 'prod.jsonl');
};
const ack = (fingerprint: string, more: Partial<Acknowledgement> = {}): Acknowledgement => ({
  fingerprint,
  name: 'KubePodCrashLooping',
  at: 1000,
  by: 'ana',
  note: '',
  withdrawn: false,
  ...more,
});

/** Watches until the end of the test; what it has said, and the fingerprints among it. */
const watching = (path: string) => {
  const clock = new FakeClock();
  const opened = openAcknowledgements({ path, clock });
  const end = new AbortController();
  ends.push(end);
  const said: Signal<Acknowledgement>[] = [];
  const watched = opened.port.watch((signals) => said.push(...signals), end.signal);
  const read = () => said.flatMap((s) => (s.kind === 'observed' ? s.data.fingerprint : []));
  const idle = () => until('it waits for the next look', () => clock.sleeping === 1);
  const poll = async () => {
    await idle();
    await clock.advance(seconds(2));
    await idle();
  };
  return { ...opened, clock, end, said, watched, read, idle, poll };
};

describe('a file of acknowledgements', () => {
  it('given no file, when watched, then it is known that there is none, and nothing is made', async () => {
    const path = newPath();
    const { said, idle } = watching(path);
    await idle();
    expect(said).toEqual([{ kind: 'synced', scope: '' }]);
    expect(fs.existsSync(join(path, '..'))).toBe(false);
  });

  it('given one that is put, when it is safe, then it is seen at once, and only its owner may read it', async () => {
    const path = newPath();
    const { put, said, read, idle } = watching(path);
    await idle();
    expect(await put(ack('a', { note: 'rolling back' }))).toEqual({ ok: true, value: undefined });
    await until('it is seen', () => read().length > 0);
    expect(said.at(-1)).toEqual({
      kind: 'observed',
      scope: '',
      data: ack('a', { note: 'rolling back' }),
    });
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('given several programs, when each puts something, then all see all of it, in one order', async () => {
    const path = newPath();
    const [one, two] = [watching(path), watching(path)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).put(ack(`f${i}`))),
    );
    await one.poll();
    await two.poll();
    expect([...one.read()].sort()).toEqual(Array.from({ length: 20 }, (_, i) => `f${i}`).sort());
    expect(two.read()).toEqual(one.read());
  });

  it('given what was there before, when watched, then it comes before synced, so that it is no news', async () => {
    const path = newPath();
    await openAcknowledgements({ path, clock: new FakeClock() }).put(ack('a'));
    const { said, poll } = watching(path);
    await poll();
    expect(said.map(({ kind }) => kind)).toEqual(['observed', 'synced']);
  });

  it('given torn and foreign lines, when read, then they are passed over and stay', async () => {
    const path = newPath();
    const { put, read, poll } = watching(path);
    await put(ack('a'));
    const foreign = '{"fingerprint":"x"}\nnot JSON\n[]\nnull\n\n{"fingerprint":"torn","na';
    fs.appendFileSync(path, foreign);
    await poll();
    await put(ack('b'));
    await poll();
    expect(read()).toEqual(['a', 'b']);
    expect(fs.readFileSync(path, 'utf8')).toContain(foreign);
  });

  it('given a line that is written in two parts, when the second is there, then it is read once and whole', async () => {
    const path = newPath();
    const { put, read, poll } = watching(path);
    await put(ack('a'));
    const line = `${JSON.stringify(ack('größer'))}\n`;
    const cut = Buffer.from(line).indexOf(0xc3) + 1;
    fs.appendFileSync(path, Buffer.from(line).subarray(0, cut));
    await poll();
    expect(read()).toEqual(['a']);
    fs.appendFileSync(path, Buffer.from(line).subarray(cut));
    await poll();
    await poll();
    expect(read()).toEqual(['a', 'größer']);
  });

  it('given another file under the name, or a shorter one, when looked at, then it is read from its beginning', async () => {
    const path = newPath();
    const { put, read, poll } = watching(path);
    await put(ack('a'));
    await put(ack('b'));
    await poll();
    fs.writeFileSync(`${path}.new`, `${JSON.stringify(ack('c'))}\n`);
    fs.renameSync(`${path}.new`, path);
    await poll();
    expect(read()).toEqual(['a', 'b', 'c']);
    fs.truncateSync(path, 0);
    await poll();
    fs.appendFileSync(path, `${JSON.stringify(ack('d'))}\n`);
    await poll();
    expect(read()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('given more than a megabyte, when read, then the end of it counts, and nothing is lost from the file', async () => {
    const path = newPath();
    fs.mkdirSync(join(path, '..'), { recursive: true });
    const lines = Array.from({ length: 20_000 }, (_, i) => `${JSON.stringify(ack(`f${i}`))}\n`);
    fs.writeFileSync(path, lines.join(''));
    const { put, read, poll } = watching(path);
    await poll();
    const bytes = Buffer.byteLength(lines.join(''));
    expect(bytes).toBeGreaterThan(1024 * 1024);
    const kept = read().length;
    expect(read().at(-1)).toBe('f19999');
    expect(kept).toBeLessThan(20_000);
    expect(kept).toBeGreaterThan(5000);
    await put(ack('new'));
    await poll();
    expect(read().slice(kept)).toEqual(['new']);
    expect(fs.statSync(path).size).toBeGreaterThan(bytes);
  });

  it('given hostile and endless texts, when put, then they are printable, bounded and without secrets', async () => {
    const path = newPath();
    const { put, said, read, idle } = watching(path);
    await idle();
    const note = `\u001b[31mred\u202e\nBearer abcdefgh12345678 ${'x'.repeat(9000)}`;
    await put(ack('a', { note, by: 'b'.repeat(500), name: 'n\u0007'.repeat(2000) }));
    await until('it is seen', () => read().length > 0);
    const [first] = said.flatMap((s) => (s.kind === 'observed' ? [s.data] : []));
    expect(first?.note).toMatch(/^red Bearer \[redacted\] x+…$/);
    expect(first?.note).toHaveLength(2000);
    expect(first?.by).toHaveLength(200);
    expect(first?.name).toHaveLength(1000);
    expect(fs.readFileSync(path, 'utf8')).not.toContain('abcdefgh12345678');
  });

  it('given a hostile line of another program, when read, then it is cleaned all the same', async () => {
    const path = newPath();
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.writeFileSync(path, `${JSON.stringify(ack('a', { note: '\u001b]0;owned\u0007hi' }))}\n`);
    const { said, idle } = watching(path);
    await idle();
    expect(said[0]).toMatchObject({ data: { note: 'hi' } });
  });
});

describe('a disk that does not do what it should', () => {
  it('given a directory in the place of the file, when used, then both sides say so, once', async () => {
    const path = newPath();
    fs.mkdirSync(path, { recursive: true });
    const { put, said, poll, idle } = watching(path);
    await poll();
    await poll();
    expect(said).toMatchObject([
      { kind: 'failed', scope: '', failure: { op: 'read acknowledgements', on: path } },
    ]);
    expect(await put(ack('a'))).toMatchObject({ ok: false, failure: { op: 'acknowledge' } });
    // It looks again after every attempt; that look must not meet the file half made.
    await idle();
    fs.rmdirSync(path);
    await put(ack('a'));
    await poll();
    expect(said.map(({ kind }) => kind)).toEqual(['failed', 'observed', 'synced']);
  });

  it.runIf(fs.existsSync('/dev/full'))(
    'given no space left, when put, then it fails in words, and nothing is said of recordings',
    async () => {
      const { put } = openAcknowledgements({ path: '/dev/full', clock: new FakeClock() });
      const done = await put(ack('a'));
      expect(done).toMatchObject({
        ok: false,
        failure: { kind: 'broken', message: 'no space left on the disk' },
      });
      expect(JSON.stringify(done)).not.toContain('recording');
    },
  );

  it('given the end, when it comes during a wait or before, then the watch ends', async () => {
    const { end, watched, idle, clock } = watching(newPath());
    await idle();
    end.abort();
    await watched;
    expect(clock.sleeping).toBe(0);
    const { port } = openAcknowledgements({ path: newPath(), clock });
    await port.watch(() => expect.unreachable(), AbortSignal.abort());
  });
});

const child = fileURLToPath(new URL('../support/acknowledging-child.ts', import.meta.url));

/** Lets a program acknowledge until it has said `times` times that one is safe, then kills it. Returns the last. */
const acknowledgeAndKill = async (path: string, by: string, times: number): Promise<number> => {
  const running = spawn(process.execPath, [child, path, by], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(running, 'exit');
  let last = 0;
  for await (const line of createInterface({ input: running.stdout })) {
    last = Number(line);
    if (last === times) running.kill('SIGKILL');
  }
  const [, by9] = await gone;
  expect(by9).toBe('SIGKILL');
  return last;
};

describe('programs that are killed', () => {
  it('given SIGKILL while two write at the same time, then all that was safe is there, and more can be put', async () => {
    const path = newPath();
    const safe = await Promise.all(
      [7, 19].map((times) => acknowledgeAndKill(path, `p${times}`, times)),
    );
    fs.appendFileSync(path, '{"fingerprint":"half of a li');
    safe.push(await acknowledgeAndKill(path, 'p3', 3));
    const { put, read, poll } = watching(path);
    await put(ack('after'));
    await poll();
    const found = new Set(read());
    for (const [i, by] of ['p7', 'p19', 'p3'].entries()) {
      for (let at = 1; at <= (safe[i] ?? 0); at += 1) expect(found).toContain(`${by}-${at}`);
    }
    expect(found).toContain('after');
  }, 60_000);
});
