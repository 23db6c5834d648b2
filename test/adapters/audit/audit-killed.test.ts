import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../../src/adapters/audit/audit-file.ts';
import { takeAuditLock } from '../../../src/adapters/audit/audit-lock.ts';
import { readRecord } from '../../../src/adapters/audit/audit-record.ts';
import { verifyAudit } from '../../../src/adapters/audit/audit-verify.ts';
import { lifeOf, thisProcess } from '../../../src/adapters/audit/process-identity.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';
import { progress, temporary } from './audit-facts.ts';

const { directory, remove } = temporary('audit-killed');
afterAll(remove);

const child = fileURLToPath(new URL('../../support/auditing-child.ts', import.meta.url));
const never = new AbortController().signal;

/** Lets a program write until `times` puts are safe, then kills it. Returns the number of the last that was. */
const writeAndKill = async (path: string, by: string, times: number): Promise<number> => {
  const running = spawn(process.execPath, [child, path, by], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(running, 'exit');
  let last = 0;
  for await (const line of createInterface({ input: running.stdout })) {
    last = Number(line);
    if (last === times) running.kill('SIGKILL');
  }
  expect((await gone)[1]).toBe('SIGKILL');
  return last;
};

const factsIn = (path: string): readonly ActFact[] =>
  fs
    .readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (readRecord(Buffer.from(line))?.fact as ActFact | undefined) ?? []);

describe('writers of an audit that are killed', () => {
  it('given SIGKILL again and again while several write, then it is one chain, and nothing safe is lost', async () => {
    const path = join(directory, 'audit.jsonl');
    const safe = await Promise.all(
      [3, 11, 20].map(async (times) => {
        const first = await writeAndKill(path, `p${times}`, times);
        return [first, await writeAndKill(path, `q${times}`, times)] as const;
      }),
    );
    const { put } = openAudit({ path, anchors: `${path}.anchors`, clock: systemClock });
    expect(await put([progress(1)])).toEqual({ ok: true, value: undefined });
    const report = verifyAudit(fs.readFileSync(path), [], null);
    expect(report.faults).toEqual([]);
    const facts = factsIn(path);
    for (const [i, times] of [3, 11, 20].entries()) {
      for (const [k, name] of ['p', 'q'].entries()) {
        const own = facts.filter((f) => f.by === `${name}${times}`).map((f) => f.at);
        const last = safe[i]![k]!;
        expect(own.slice(0, 2 * last)).toEqual(
          Array.from({ length: 2 * last }, (_, j) => Math.floor(j / 2) + 1),
        );
        expect(own.length).toBeLessThanOrEqual(2 * last + 2);
      }
    }
  }, 120_000);
});

describe('the lock of an audit', () => {
  const token = (more: object) =>
    JSON.stringify({ ...thisProcess(), nonce: crypto.randomUUID(), ...more });
  const lockWith = (name: string, text: string): string => {
    const path = join(directory, name);
    fs.writeFileSync(`${path}.lock`, text);
    return path;
  };

  it('given a holder that is dead, when several want it, then one after the other has it', async () => {
    // No process has that number: it is beyond what the system gives out.
    const path = lockWith('dead', token({ pid: 2 ** 30 }));
    let holders = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const lock = await takeAuditLock(path, systemClock, never);
        if (!lock.ok) throw new Error(lock.failure.message);
        holders += 1;
        most = Math.max(most, holders);
        await new Promise((resolve) => setImmediate(resolve));
        holders -= 1;
        await lock.value.release();
      }),
    );
    expect(most).toBe(1);
    expect(fs.readdirSync(directory).filter((f) => f.startsWith('dead'))).toEqual([]);
  });

  it('given a number that another process has by now, then its holder is dead all the same', async () => {
    const { pid, host, start } = thisProcess();
    expect(lifeOf({ pid, host, start })).toBe('alive');
    expect(lifeOf({ pid, host: `not-${hostname()}`, start })).toBe('elsewhere');
    if (start === '') return;
    expect(lifeOf({ pid, host, start: `${start}1` })).toBe('dead');
    const path = lockWith('reused', token({ start: `${start}1` }));
    expect(await takeAuditLock(path, systemClock, never)).toMatchObject({ ok: true });
  });

  it('given a lock that a loss of power has left empty, then it is cleared', async () => {
    for (const text of ['', '\0\0', '{"pid":']) {
      const path = lockWith('empty', text);
      const lock = await takeAuditLock(path, systemClock, never);
      expect(lock).toMatchObject({ ok: true });
      if (lock.ok) await lock.value.release();
    }
  });

  it('given one who was killed while clearing, then the next one clears both', async () => {
    const text = token({ pid: 2 ** 30 });
    const path = lockWith('clearing', text);
    const which = createHash('sha256').update(text).digest('hex').slice(0, 16);
    fs.writeFileSync(`${path}.lock.${which}.clear`, token({ pid: 2 ** 30 + 1 }));
    expect(await takeAuditLock(path, systemClock, never)).toMatchObject({ ok: true });
  });

  it.each([
    ['alive', () => token({})],
    ['on another machine', () => token({ host: 'elsewhere', pid: 2 ** 30 })],
  ])(
    'given a holder that is %s, when it keeps it, then one is told who, after a while',
    async (name, text) => {
      const path = lockWith(name, text());
      const clock = new FakeClock();
      const end = new AbortController();
      let done = false;
      const taken = takeAuditLock(path, clock, end.signal).finally(() => {
        done = true;
      });
      await until('it gave up', async () => {
        await clock.advance(seconds(1));
        return done;
      });
      expect(await taken).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
      expect(fs.readFileSync(`${path}.lock`, 'utf8')).not.toBe('');
    },
  );
});
