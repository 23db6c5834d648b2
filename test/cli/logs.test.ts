import { describe, expect, it } from 'vitest';
import type { Facts, Guard } from '../../src/actions/guard.ts';
import { known } from '../../src/actions/guard.ts';
import { sinceLimit } from '../../src/actions/guards/since-limit.ts';
import { logs } from '../../src/actions/logs.ts';
import { openPipeline } from '../../src/actions/pipeline.ts';
import { usualClass } from '../../src/actions/policy.ts';
import type { LogsFlags } from '../../src/cli/logs-intent.ts';
import { runLogs } from '../../src/cli/logs-run.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import type { EffectPorts, LogItem } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { bytes, epochMs } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { FakeClock } from '../support/fake-clock.ts';

const at = epochMs(Date.UTC(2026, 10, 20, 3));
const stamp = '2026-11-20T03:00:00.000000000Z';

const line = (text: string, source = 'shop/cart-1/app'): LogItem => ({
  kind: 'line',
  source,
  stamp,
  at,
  text,
  cut: false,
});
const note = (kind: Extract<LogItem, { kind: 'note' }>['note'], text: string): LogItem => ({
  kind: 'note',
  source: 'shop/cart-1/app',
  at,
  note: kind,
  text,
});
const joined = (source: string): LogItem => ({
  kind: 'note',
  source,
  at,
  note: 'joined',
  text: '',
});

const asks: Guard = {
  id: 'asks',
  title: '',
  judge: () => ({ kind: 'ask', why: 'be sure', challenge: { kind: 'key' } }),
};

const facts = { policy: usualClass, approval: known(null) } as Facts;

const run = async (
  target: string | undefined,
  flags: LogsFlags,
  items: readonly LogItem[] = [],
  guards: readonly Guard[] = [sinceLimit],
) => {
  let out = '';
  let err = '';
  const audit: ActFact[] = [];
  const sent: EffectRequest[] = [];
  const refuse = async () => failed(failure('broken', 'send', 'this is not sent by a test'));
  const ports: EffectPorts = {
    kubernetes: refuse,
    loki: refuse,
    attach: refuse,
    etcd: refuse,
    etcdSnapshot: refuse,
    alertmanager: refuse,
    logs: async (request, emit) => {
      sent.push(request);
      emit(items);
      return ok(bytes(items.length * 100));
    },
  };
  const pods = ['cart-1', 'cart-2'].map((name) => ({
    metadata: { name },
    spec: { containers: [{ name: 'app' }] },
  }));
  const pipeline = openPipeline({
    actions: [logs],
    guards,
    clock: new FakeClock(),
    audit: async (some) => {
      audit.push(...some);
      return ok(undefined);
    },
    by: 'ana',
    process: '',
    scene: () => ({
      world: emptyWorld,
      now: at,
      context: 'test',
      policy: usualClass,
      person: 'ana',
      nonce: 'abcde',
      digest: (text) => text.slice(0, 64),
    }),
    gather: async () => facts,
    ports,
    reads: {
      kubernetes: async (path) =>
        /\/pods\?/.test(path)
          ? ok(JSON.stringify({ metadata: {}, items: pods }))
          : ok(JSON.stringify({ spec: { selector: { matchLabels: { app: 'cart' } } } })),
      etcdStatus: refuse,
    },
    newId: () => 'act-1',
  });
  const io = {
    env: {},
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const options = { target, flags, io, pipeline, namespace: 'shop' };
  const code = await runLogs(options, new AbortController().signal);
  return { code, out, err, sent, audit: audit.map((f) => f.kind) };
};

describe('midwatch logs', () => {
  it('given a pod, when it is asked for, then its lines are printed as they are, and the audit has it', async () => {
    const told = await run('cart-1', {}, [joined('shop/cart-1/app'), line('one'), line('two')]);
    expect(told).toMatchObject({ code: 0, out: 'one\ntwo\n', err: '' });
    expect(told.audit).toEqual(['asked', 'judged', 'confirmed', 'judged', 'started', 'ended']);
  });

  it('given several logs, when they are printed, then each line says whose it is', async () => {
    const items = [
      joined('shop/cart-1/app'),
      joined('shop/cart-2/app'),
      line('one'),
      line('two', 'shop/cart-2/app'),
    ];
    const told = await run('cart', { timestamps: true }, items);
    expect(told.out).toBe(`cart-1 app ${stamp} one\ncart-2 app ${stamp} two\n`);
  });

  it('given a line that would take over the terminal, when it is printed, then it cannot', async () => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil\rx';
    for (const json of [true, false]) {
      const told = await run('cart-1', { json }, [line(hostile), note('gap', hostile)]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there
      expect(told.out + told.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('given patterns, when lines come, then those that fit are printed', async () => {
    const items = [line('GET 200'), line('GET 500'), line('PUT 500')];
    const told = await run('cart-1', { grep: '500$', exclude: '^PUT' }, items);
    expect(told.out).toBe('GET 500\n');
    const none = await run('cart-1', { grep: 'nothing' }, items);
    expect(none.err).toMatch(/none of 3 lines fit/);
    expect((await run('cart-1', { grep: '(' })).code).toBe(64);
  });

  it('given no lines, when that is told, then also where to look', async () => {
    const told = await run('deploy/cart', { since: '5m' });
    expect(told.err).toMatch(/no lines: logs of deployment cart/);
    expect(told.err).toMatch(/--newest=20/);
    expect(told.err).toMatch(/logcli query --since=5m .*pod=~"cart-/);
  });

  it('given something that is missing, when it is told, then on the other side, and the exit code says so', async () => {
    const told = await run('cart-1', {}, [line('one'), note('gap', 'lines may be missing')]);
    expect(told).toMatchObject({ code: 1, out: 'one\n' });
    expect(told.err).toBe('shop/cart-1/app: gap: lines may be missing\n');
  });

  it('given more than the policy has, when it is asked for, then a reason opens it, and without one nothing is sent', async () => {
    const without = await run('cart-1', { since: '40d' }, [line('one')]);
    expect(without).toMatchObject({ code: 2, out: '', sent: [] });
    expect(without.err).toMatch(/the limit is 1d/);
    expect(without.err).toMatch(/--reason/);
    expect(without.audit).toContain('declined');
    const reason = 'incident 4711, looking for the first error';
    const withOne = await run('cart-1', { since: '40d', reason }, [line('one')]);
    expect(withOne).toMatchObject({ code: 0, out: 'one\n' });
  });

  it('given more lines than the policy has, when they are asked for, then no reason helps', async () => {
    const told = await run('cart-1', { tail: '9999999', reason: 'because I want them all' });
    expect(told).toMatchObject({ code: 2, sent: [] });
    expect(told.err).toMatch(/try --tail=20000/);
  });

  it('given a policy that asks, when nothing is said to it, then nothing is sent', async () => {
    expect(await run('cart-1', {}, [], [asks])).toMatchObject({ code: 2, sent: [] });
    expect(await run('cart-1', { yes: true }, [], [asks])).toMatchObject({ code: 0 });
  });

  it('given all namespaces, when they are asked for, then it is refused with the reason', async () => {
    const told = await run('cart', { allNamespaces: true });
    expect(told).toMatchObject({ code: 64, sent: [], audit: [] });
    expect(told.err).toMatch(/name a namespace/);
  });

  it('given a kind that is not known, when it is asked for, then the nearest is named', async () => {
    const told = await run('deplyo/cart', {});
    expect(told.code).toBe(64);
    expect(told.err).toMatch(/did you mean deploy\/cart/);
    expect((await run(undefined, {})).code).toBe(64);
    expect((await run('cart', { selector: 'app=cart' })).code).toBe(64);
  });

  it('given programs that read it, when it is JSON, then one object a line, notes among them', async () => {
    const told = await run('cart-1', { json: true }, [line('one'), note('rotated', 'older')]);
    expect(
      told.out
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l)),
    ).toEqual([
      { kind: 'line', source: 'shop/cart-1/app', time: stamp, text: 'one' },
      {
        kind: 'note',
        source: 'shop/cart-1/app',
        time: '2026-11-20T03:00:00.000Z',
        note: 'rotated',
        text: 'older',
      },
    ]);
  });
});
