import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readAnchors } from '../../../src/adapters/audit/audit-anchor.ts';
import { openAudit, sealEvery } from '../../../src/adapters/audit/audit-file.ts';
import { verifyAudit } from '../../../src/adapters/audit/audit-verify.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import type { Failure } from '../../../src/kernel/failure.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';
import { chainOf, fileOf, progress, temporary } from './audit-facts.ts';

const { directory, remove } = temporary('audit');
const ends: AbortController[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});
afterAll(remove);

let n = 0;
const newPath = (): string => {
  n += 1;
  return join(directory, `state-${n}`, 'audit.jsonl');
};
const anchorsOf = (path: string): string => `${path}.anchors`;

const opened = (path: string, clock: FakeClock | typeof systemClock = new FakeClock()) => {
  const troubles: Failure[] = [];
  const unsealed = (why: Failure) => troubles.push(why);
  return { ...openAudit({ path, anchors: anchorsOf(path), clock, unsealed }), troubles };
};

const verified = async (path: string) => {
  const anchors = await readAnchors(anchorsOf(path));
  if (!anchors.ok) throw new Error(anchors.failure.message);
  return verifyAudit(fs.readFileSync(path), anchors.value, path);
};

const watching = (audit: ReturnType<typeof opened>) => {
  const end = new AbortController();
  ends.push(end);
  const said: Signal<ActFact>[] = [];
  void audit.port.watch((signals) => said.push(...signals), end.signal);
  return () => said.flatMap((s) => (s.kind === 'observed' ? s.data : []));
};

describe('an audit', () => {
  it('given facts, when put, then they are a chain that only its owner reads, and are heard at once', async () => {
    const path = newPath();
    const audit = opened(path);
    const heard = watching(audit);
    for (let i = 1; i <= 3; i += 1) {
      expect(await audit.put([progress(2 * i - 1), progress(2 * i)])).toEqual({
        ok: true,
        value: undefined,
      });
    }
    const all = [1, 2, 3, 4, 5, 6].map((i) => progress(i));
    await until('all are heard', () => heard().length === 6);
    expect(heard()).toEqual(all);
    expect(await verified(path)).toMatchObject({ records: 6, faults: [], torn: [] });
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.existsSync(`${path}.lock`)).toBe(false);
  });

  it('given a file that others may read, when put, then they may no more', async () => {
    const path = newPath();
    const audit = opened(path);
    await audit.put([progress(1)]);
    fs.chmodSync(path, 0o644);
    await audit.put([progress(2)]);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  });

  it('given too much, control characters and secrets, when put, then it is bounded and clean', async () => {
    const path = newPath();
    const audit = opened(path);
    const text = `\u001b[31mred Bearer abcdefgh12345678 ${'x'.repeat(9000)}`;
    await audit.put([{ ...progress(1), text } as ActFact]);
    const kept = fs.readFileSync(path, 'utf8');
    expect(kept).toContain('red Bearer [redacted]');
    expect(kept).not.toMatch(/abcdefgh|\\u001b/);
    expect(kept.length).toBeLessThan(5000);
    expect(await verified(path)).toMatchObject({ faults: [], unknown: 0 });
  });

  it('given any place at which a writer was killed, when the next one puts, then the chain goes on, and it is told', async () => {
    const lines = chainOf(3);
    const whole = fileOf(lines);
    const second = lines[0]!.length + 1;
    for (let cut = second; cut <= whole.length; cut += 23) {
      const path = newPath();
      fs.mkdirSync(join(path, '..'));
      fs.writeFileSync(path, whole.subarray(0, cut));
      expect(await opened(path).put([progress(8), progress(9)])).toMatchObject({ ok: true });
      const report = await verified(path);
      expect(report.faults).toEqual([]);
      const kept = fs.readFileSync(path);
      expect(kept.subarray(0, cut)).toEqual(whole.subarray(0, cut));
      const before = whole.subarray(0, cut).toString('latin1').split('\n');
      const rest = before.pop() ?? '';
      const wholeRest = lines.some((l) => Buffer.byteLength(l) === rest.length);
      expect(report.torn).toEqual(rest === '' || wholeRest ? [] : [before.length + 1]);
      expect(report.records).toBe(before.length + Number(wholeRest) + 2);
    }
  });

  it('given the very first write torn, when the next one puts, then a chain begins behind it', async () => {
    for (const text of ['{', '{"chain":"00', chainOf(1)[0]!.slice(0, -5), '\0\0\0']) {
      const path = newPath();
      fs.mkdirSync(join(path, '..'));
      fs.writeFileSync(path, text);
      expect(await opened(path).put([progress(1)])).toMatchObject({ ok: true });
      expect(await verified(path)).toMatchObject({ records: 1, faults: [], torn: [1] });
    }
  });

  it('given a file of somebody else, when put, then it fails and the file stays as it is', async () => {
    const path = newPath();
    fs.mkdirSync(join(path, '..'));
    for (const text of ['root:x:0:0\n', '{"kind":"note"}\n', 'x'.repeat(300_000)]) {
      fs.writeFileSync(path, text);
      expect(await opened(path).put([progress(1)])).toMatchObject({
        ok: false,
        failure: { kind: 'misconfigured' },
      });
      expect(fs.readFileSync(path, 'utf8')).toBe(text);
    }
    fs.rmSync(path);
    fs.mkdirSync(path);
    expect(await opened(path).put([progress(1)])).toMatchObject({ ok: false });
    expect(fs.existsSync(`${path}.lock`)).toBe(false);
  });

  it('given a disk that is full, when put, then that is the answer', async () => {
    if (!fs.existsSync('/dev/full')) return;
    const path = newPath();
    fs.mkdirSync(join(path, '..'));
    fs.symlinkSync('/dev/full', path);
    expect(await opened(path).put([progress(1)])).toMatchObject({ ok: false });
  });

  it('given records and time, when enough of either has passed, then the chain is sealed', async () => {
    const path = newPath();
    const clock = new FakeClock();
    const audit = opened(path, clock);
    const seals = async () => {
      const all = await readAnchors(anchorsOf(path));
      return all.ok ? all.value.map((a) => a.seq) : [];
    };
    const many = (k: number) => Array.from({ length: k }, (_, i) => progress(i));
    await audit.put(many(1));
    expect(await seals()).toEqual([1]);
    await audit.put(many(sealEvery.records - 1));
    expect(await seals()).toEqual([1]);
    await audit.put(many(1));
    expect(await seals()).toEqual([1, sealEvery.records + 1]);
    const end = new AbortController();
    const kept = audit.keepSealed(end.signal);
    await audit.put(many(1));
    await clock.advance(sealEvery.time);
    await until('it is sealed', async () => (await seals()).length === 3);
    await audit.put(many(1));
    end.abort();
    await kept;
    expect((await seals()).at(-1)).toBe(sealEvery.records + 3);
    expect((await verified(path)).sealed?.seq).toBe(sealEvery.records + 3);
    expect(fs.statSync(anchorsOf(path)).mode & 0o777).toBe(0o600);
  });

  it('given seals that cannot be written, when put, then the facts are safe and the trouble is told', async () => {
    const path = newPath();
    fs.mkdirSync(join(path, '..'));
    fs.mkdirSync(anchorsOf(path));
    const audit = opened(path);
    expect(await audit.put([progress(1)])).toMatchObject({ ok: true });
    expect(audit.troubles).toHaveLength(1);
  });

  it('given many writers of one program, when all put at once, then it is one chain', async () => {
    const path = newPath();
    const audits = [1, 2, 3].map(() => opened(path, systemClock));
    const puts = Array.from({ length: 60 }, (_, i) =>
      audits[i % 3]!.put([progress(i), progress(i)]),
    );
    expect((await Promise.all(puts)).every((r) => r.ok)).toBe(true);
    expect(await verified(path)).toMatchObject({ records: 120, faults: [], torn: [] });
  });
});
