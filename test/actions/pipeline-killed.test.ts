import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { readAudit } from '../../src/adapters/audit/audit-read.ts';
import { verifyAudit } from '../../src/adapters/audit/audit-verify.ts';
import { processText, thisProcess } from '../../src/adapters/audit/process-identity.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { type ReconcileDeps, reconcile } from '../../src/cli/reconcile.ts';
import type { ActFact, ActFactKind } from '../../src/kernel/act-fact.ts';
import { unended } from '../../src/kernel/unended.ts';
import { temporary } from '../adapters/audit/audit-facts.ts';

const { directory, remove } = temporary('pipeline-killed');
const never = new AbortController().signal;
const child = fileURLToPath(new URL('../support/acting-child.ts', import.meta.url));
/** One file for all of them: the chain goes on after each. */
const path = join(directory, 'audit.jsonl');

/** Acts that the server has met, and what it does with the next. */
const met: string[] = [];
let serve: (answer: ServerResponse) => void = (answer) => void answer.end('{}');
const server = createServer((request, answer) => {
  request.resume().on('end', () => {
    met.push((request.url ?? '').slice(1));
    serve(answer);
  });
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  remove();
});

const start = (moment: string): ChildProcess => {
  const { port } = server.address() as AddressInfo;
  return spawn(process.execPath, [child, path, `http://127.0.0.1:${port}`, moment], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

const factsNow = async (): Promise<readonly ActFact[]> => {
  const read = await readAudit(path, null);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value.facts;
};

const kindsOf = (facts: readonly ActFact[], act: string): readonly ActFactKind[] =>
  facts.filter((f) => f.act === act).map((f) => f.kind);

/** What has to be so however a program ends. Returns the facts of the act that it was about then. */
const expectSound = async (): Promise<readonly ActFactKind[]> => {
  expect(verifyAudit(readFileSync(path), [], null).faults).toEqual([]);
  const facts = await factsNow();
  for (const act of met) {
    const kinds = kindsOf(facts, act);
    expect(kinds, act).toContain('started');
    expect(facts.find((f) => f.act === act)).toMatchObject({
      kind: 'asked',
      requests: [expect.stringContaining(act)],
    });
  }
  return kindsOf(facts, facts.findLast((f) => f.kind === 'asked')?.act ?? '');
};

const deps = (more: Partial<ReconcileDeps> = {}): ReconcileDeps => ({
  path,
  put: openAudit({ path, anchors: `${path}.anchors`, clock: systemClock }).put,
  context: 'test',
  by: 'ben',
  clock: systemClock,
  found: async ({ title }) => ({ kind: 'told', text: `${title}: as it was` }),
  ...more,
});

const toStart = ['asked', 'judged', 'confirmed', 'judged', 'started'];

describe('a program that is killed', () => {
  it.each([
    ['before asked', null],
    ['after asked', ['asked']],
    ['before judged', ['asked']],
    ['after judged', ['asked', 'judged']],
    ['before started', ['asked', 'judged']],
    ['after started', toStart],
    ['before send', toStart],
    ['after send', toStart],
    ['before ended', toStart],
    ['after ended', [...toStart, 'ended']],
  ] as const)(
    'given SIGKILL %s, then what the server met is in the audit, and what has started and not ended is told once',
    async (moment, kinds) => {
      const before = met.length;
      const [, signal] = await once(start(moment), 'exit');
      expect(signal).toBe('SIGKILL');
      const last = await expectSound();
      if (kinds !== null) expect(last).toEqual(kinds);
      expect(met.length - before).toBe(/after send|ended/.test(moment) ? 2 : 1);
      const left = unended(await factsNow());
      const isLeft = kinds === toStart;
      expect(left).toHaveLength(isLeft ? 1 : 0);
      // Two programs that come at the same time, and one that comes later.
      const told = await Promise.all([reconcile(deps(), never), reconcile(deps(), never)]);
      const all = [...told, await reconcile(deps(), never)].flatMap((r) => {
        if (!r.ok) throw new Error(r.failure.message);
        return r.value;
      });
      const text = 'annotate pod shop/cart-0: as it was';
      expect(all).toEqual(left.map((one) => ({ ...one, found: { kind: 'told', text } })));
      expect(unended(await factsNow())).toEqual([]);
      await expectSound();
    },
    60_000,
  );

  it.each([1, 3, 8])(
    'given SIGKILL from outside while the server has not answered act %i, then it is found',
    async (number) => {
      const before = met.length;
      const running = start('none');
      const gone = once(running, 'exit');
      serve = (answer) => {
        if (met.length - before < number) answer.end('{}');
        else running.kill('SIGKILL');
      };
      await gone;
      serve = (answer) => void answer.end('{}');
      expect(await expectSound()).toEqual(toStart);
      expect(unended(await factsNow()).map((u) => u.started.act)).toEqual([met.at(-1)]);
      expect(await reconcile(deps(), never)).toMatchObject({ ok: true, value: [{}] });
    },
    60_000,
  );

  it.each([2, 5, 11])(
    'given SIGKILL from outside just after answer %i, then whatever it was about is sound',
    async (number) => {
      const before = met.length;
      const running = start('none');
      const gone = once(running, 'exit');
      serve = (answer) => {
        answer.end('{}', () => {
          if (met.length - before === number) running.kill('SIGKILL');
        });
      };
      await gone;
      serve = (answer) => void answer.end('{}');
      const kinds = await expectSound();
      expect(['asked', ...toStart.slice(1), 'ended'].join().startsWith(kinds.join())).toBe(true);
      await reconcile(deps(), never);
      expect(unended(await factsNow())).toEqual([]);
    },
    60_000,
  );
});

describe('what is left alone', () => {
  it('given acts of a living process, of another machine, of nobody knows which, or on another cluster, then they are not told', async () => {
    const asked = (await factsNow()).find((f) => f.kind === 'asked');
    if (asked?.kind !== 'asked') throw new Error('nothing was asked');
    const said = { at: asked.at, by: 'ana', digest: asked.digest } as const;
    const left = (act: string, process: string, context = 'test'): readonly ActFact[] => [
      { ...asked, act, context },
      { kind: 'started', act, ...said, process },
    ];
    const me = thisProcess();
    const dead = processText({ ...me, pid: 2 ** 30 });
    await deps().put([
      ...left('mine', processText(me)),
      ...left('elsewhere', processText({ ...me, host: 'not-here' })),
      ...left('nobody', ''),
      ...left('odd', 'x y z'),
      ...left('other', dead, 'prod'),
    ]);
    const found: string[] = [];
    const told = await reconcile(
      deps({ found: async ({ act }) => ({ kind: 'told', text: `${found.push(act)}` }) }),
      never,
    );
    expect(told).toEqual({ ok: true, value: [] });
    expect(found).toEqual([]);
    expect(await reconcile(deps({ context: 'prod' }), never)).toMatchObject({
      value: [{ asked: { act: 'other' } }],
    });
  });

  it('given a reader that fails, then the act is told, and that nothing was found', async () => {
    const dead = processText({ ...thisProcess(), pid: 2 ** 30 });
    const asked = (await factsNow()).find((f) => f.kind === 'asked') as ActFact & { kind: 'asked' };
    const { digest } = asked;
    await deps().put([
      { ...asked, act: 'unread' },
      { kind: 'started', act: 'unread', at: 1, by: 'ana', digest, process: dead },
    ]);
    const broken = deps({
      found: async () => {
        throw new Error('no connection');
      },
    });
    expect(await reconcile(broken, never)).toMatchObject({
      value: [{ found: { text: 'what came of it could not be found out' } }],
    });
  });

  it('given no audit yet, then there is nothing to tell', async () => {
    const none = deps({ path: join(directory, 'none.jsonl') });
    expect(await reconcile(none, never)).toEqual({ ok: true, value: [] });
  });
});
