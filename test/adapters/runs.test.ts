import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRuns, runbookHash } from '../../src/adapters/runs.ts';
import type { Signal } from '../../src/kernel/fact.ts';
import { type Evidence, evidenceKept, type RunFact } from '../../src/kernel/run-fact.ts';
import { seconds } from '../../src/kernel/units.ts';
import { evidence, foldAll, Walk } from '../runbooks/machine/a-book.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

let directory: string;
let n = 0;
const ends: AbortController[] = [];
beforeAll(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'midwatch-runs-'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const newPath = (): string => {
  n += 1;
  return join(directory, `state-${n}`, 'runs', 'prod.jsonl');
};
const textsOf = (path: string): string => join(path, '..', 'texts');

const watching = (path: string) => {
  const clock = new FakeClock();
  const opened = openRuns({ path, texts: textsOf(path), clock });
  const end = new AbortController();
  ends.push(end);
  const said: Signal<RunFact>[] = [];
  void opened.port.watch((signals) => said.push(...signals), end.signal);
  const read = (): readonly RunFact[] => said.flatMap((s) => (s.kind === 'observed' ? s.data : []));
  const idle = () => until('it waits for the next look', () => clock.sleeping === 1);
  const poll = async () => {
    await idle();
    await clock.advance(seconds(2));
    await idle();
  };
  return { ...opened, said, read, idle, poll };
};

const walked = (id: string): Walk => {
  const walk = new Walk(id).toQuorum();
  walk.do({ kind: 'attach', visit: 2, evidence: evidence({ data: { a: [1, null] } }) });
  walk.do({ kind: 'note', text: 'Größe “x”' });
  walk.do({ kind: 'choose', branch: 1 });
  return walk;
};

describe('a file of runs', () => {
  it('given several runs of several programs, when read anew, then every run is the one that was walked', async () => {
    const path = newPath();
    const [one, two] = [watching(path), watching(path)];
    const walks = ['r1', 'r2', 'r3'].map(walked);
    await Promise.all(
      walks.flatMap((walk, i) => {
        const { put } = i % 2 === 0 ? one : two;
        return walk.facts.map((fact) => put([fact]));
      }),
    );
    const later = watching(path);
    await later.poll();
    const { state } = foldAll(later.read());
    expect([...state.keys()].sort()).toEqual(['r1', 'r2', 'r3']);
    for (const walk of walks) expect(state.get(walk.id)).toEqual(walk.run);
    await one.poll();
    await two.poll();
    expect(foldAll(one.read()).state).toEqual(state);
    expect(foldAll(two.read()).state).toEqual(state);
  });

  it('given facts that belong together, when put, then nothing of others comes between them', async () => {
    const path = newPath();
    const [one, two] = [watching(path), watching(path)];
    const pair = (run: string, at: number): readonly RunFact[] =>
      ['first', 'second'].map((text) => ({ kind: 'note', run, at, by: 'ana', text }));
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).put(pair(`r${i % 2}`, i))),
    );
    await one.poll();
    const all = one.read().flatMap((f) => (f.kind === 'note' ? [f] : []));
    expect(all).toHaveLength(40);
    for (let i = 0; i < 40; i += 2) {
      expect(all[i]).toMatchObject({ text: 'first' });
      expect(all[i + 1]).toMatchObject({ text: 'second', at: all[i]?.at, run: all[i]?.run });
    }
  });

  it('given torn and foreign lines, when read, then they are passed over', async () => {
    const path = newPath();
    const { put, read, poll } = watching(path);
    const walk = walked('r1');
    await put(walk.facts.slice(0, 2));
    fs.appendFileSync(path, '{"kind":"done","run":"r1"}\nnull\n{"kind":"note","run":"r1","te');
    await put(walk.facts.slice(2));
    await poll();
    expect(foldAll(read()).state.get('r1')).toEqual(walk.run);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  });

  it('given too much, control characters and secrets, when put, then it is bounded, clean, and says so', async () => {
    const path = newPath();
    const { put, read, poll } = watching(path);
    const put1 = (evidence1: Evidence) =>
      put([
        { kind: 'output', run: 'r1', at: 1, by: 'b'.repeat(500), visit: 1, evidence: evidence1 },
      ]);
    await put1(
      evidence({
        lines: ['\u001b[31mred', 'Bearer abcdefgh12345678', ...Array(6000).fill('x'.repeat(100))],
        asked: `token=abc ${'y'.repeat(5000)}`,
        data: { password: 'hunter2', big: 'z'.repeat(100_000) },
        values: Array(300).fill(1),
      }),
    );
    await put1(evidence({ data: { password: 'hunter2', note: 'fine' } }));
    await poll();
    const [first, second] = read().flatMap((f) => (f.kind === 'output' ? [f] : []));
    expect(first?.by).toHaveLength(200);
    expect(first?.evidence).toMatchObject({ truncated: true, data: null });
    expect(first?.evidence.lines.slice(0, 2)).toEqual(['red', 'Bearer [redacted]']);
    const bytes = Buffer.byteLength(first?.evidence.lines.join('\n') ?? '');
    expect(bytes).toBeLessThanOrEqual(evidenceKept);
    expect(bytes).toBeGreaterThan(evidenceKept - 200);
    expect(first?.evidence.values).toHaveLength(100);
    expect(first?.evidence.asked).toMatch(/^token=\[redacted\] y+…$/);
    expect(second?.evidence).toMatchObject({
      truncated: false,
      data: { password: '[redacted]', note: 'fine' },
    });
    const file = fs.readFileSync(path, 'utf8');
    for (const secret of ['hunter2', 'abcdefgh12345678', '\\u001b'])
      expect(file).not.toContain(secret);
  });
});

describe('texts that runs follow', () => {
  it('given a text, when kept, then it is found by its hash, also by others, and kept once', async () => {
    const path = newPath();
    const { keepText, textOf } = watching(path);
    const text = '# Runbook\n\nGröße\n';
    const kept = await Promise.all([keepText(text), keepText(text)]);
    expect(kept).toEqual([
      { ok: true, value: runbookHash(text) },
      { ok: true, value: runbookHash(text) },
    ]);
    const other = openRuns({ path, texts: textsOf(path), clock: new FakeClock() });
    expect(await other.textOf(runbookHash(text))).toEqual({ ok: true, value: text });
    expect(await textOf(runbookHash(text))).toEqual({ ok: true, value: text });
    expect(fs.readdirSync(textsOf(path))).toEqual([`${runbookHash(text)}.md`]);
  });

  it('given a text that is gone, was changed, or has no hash for a name, when asked for, then it is absent', async () => {
    const path = newPath();
    const { keepText, textOf } = watching(path);
    const hash = runbookHash('x');
    expect(await textOf(hash)).toMatchObject({ ok: false, failure: { kind: 'absent' } });
    expect(await textOf('../../etc/passwd')).toMatchObject({
      ok: false,
      failure: { kind: 'absent' },
    });
    await keepText('x');
    fs.writeFileSync(join(textsOf(path), `${hash}.md`), 'y');
    expect(await textOf(hash)).toMatchObject({
      ok: false,
      failure: { kind: 'absent', message: 'the kept text is not what it was' },
    });
    expect(await keepText('x')).toEqual({ ok: true, value: hash });
    expect(await textOf(hash)).toEqual({ ok: true, value: 'x' });
  });

  it('given a file where the directory should be, when kept, then it fails in words', async () => {
    const path = newPath();
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.writeFileSync(textsOf(path), '');
    const { keepText } = openRuns({ path, texts: textsOf(path), clock: new FakeClock() });
    expect(await keepText('x')).toMatchObject({ ok: false, failure: { op: 'keep the runbook' } });
  });
});

const child = fileURLToPath(new URL('../support/running-child.ts', import.meta.url));

/** Lets a program walk until `times` moves are safe, then kills it. Returns the number of the last that was. */
const walkAndKill = async (path: string, by: string, times: number): Promise<number> => {
  const running = spawn(process.execPath, [child, path, by], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(running, 'exit');
  let last = 0;
  for await (const line of createInterface({ input: running.stdout })) {
    last = Number(line);
    if (last === times) running.kill('SIGKILL');
  }
  const [, signal] = await gone;
  expect(signal).toBe('SIGKILL');
  return last;
};

describe('programs that are killed', () => {
  it('given SIGKILL while two walk at the same time, then each run stands where it was safe, or one step on', async () => {
    const path = newPath();
    const safe = await Promise.all([7, 19].map((times) => walkAndKill(path, `p${times}`, times)));
    const { put, read, poll } = watching(path);
    await put([{ kind: 'note', run: 'p7', at: 99, by: 'ana', text: 'I take over' }]);
    await poll();
    const { state } = foldAll(read());
    for (const [i, id] of ['p7', 'p19'].entries()) {
      const run = state.get(id);
      const last = safe[i] ?? 0;
      const visits = run?.visits.length ?? 0;
      expect(visits).toBeGreaterThanOrEqual(last + 1);
      expect(visits).toBeLessThanOrEqual(last + 2);
      expect(run?.visits.map(({ step }) => step)).toEqual(
        Array.from({ length: visits }, (_, k) => `s${k + 1}`),
      );
      expect(run?.notes.length).toBeGreaterThanOrEqual(last);
    }
    expect(state.get('p7')?.notes.at(-1)?.text).toBe('I take over');
  }, 60_000);
});

describe('a file that has grown for a long time', () => {
  it('given far more outputs than are read, when read anew, then every run stands where it stood', async () => {
    const path = newPath();
    const { put } = openRuns({ path, texts: textsOf(path), clock: new FakeClock() });
    const walk = walked('r1');
    await put(walk.facts);
    const large = evidence({
      lines: Array.from({ length: 600 }, (_, i) => `${i} ${'x'.repeat(95)}`),
    });
    const out = {
      kind: 'output',
      run: 'r1',
      at: 9000,
      by: 'ana',
      visit: 3,
      evidence: large,
    } as const;
    for (let i = 0; i < 15; i += 1) await put(Array.from({ length: 15 }, () => out));
    await put([{ kind: 'note', run: 'r1', at: 9001, by: 'ana', text: 'still here' }]);
    expect(fs.statSync(path).size).toBeGreaterThan(12 * 1024 * 1024);
    const { read, poll } = watching(path);
    await poll();
    const run = foldAll(read()).state.get('r1');
    expect(run?.visits.map(({ step, chosen }) => [step, chosen?.to])).toEqual(
      walk.run.visits.map(({ step, chosen }) => [step, chosen?.to]),
    );
    expect(run?.notes.map(({ text }) => text)).toEqual(['Größe “x”', 'still here']);
    const kept = run?.visits[2]?.evidence.length ?? 0;
    expect(kept).toBeGreaterThan(50);
    expect(kept).toBeLessThan(100);
    await put([{ kind: 'note', run: 'r1', at: 9002, by: 'ana', text: 'once' }]);
    await poll();
    expect(foldAll(read()).state.get('r1')?.notes).toHaveLength(3);
  });
});
