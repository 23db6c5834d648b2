import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logQl } from '../../../src/actions/loki-query.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { directHttp } from '../../../src/adapters/http/direct.ts';
import { readLoki } from '../../../src/adapters/logs/loki.ts';
import { lokiGuard } from '../../../src/adapters/logs/loki-guard.ts';
import type { LogItem } from '../../../src/kernel/effect-ports.ts';
import { noTls, type SourceTarget } from '../../../src/kernel/source-target.ts';
import { epochMs } from '../../../src/kernel/units.ts';
import { type Loki, lokiObstacle, startLoki } from '../../cluster/monitoring/loki.ts';
import { skipReason } from '../../cluster/skip-reason.ts';

const reason = skipReason('a Loki', lokiObstacle);
const count = 2500;
const began = Math.floor(Date.now() / 1000) * 1000 - 600_000;
const nanos = (n: number): bigint => BigInt(began) * 1_000_000n + BigInt(n);

const suite = reason === undefined ? describe : describe.skip;

const askLoki = async (loki: Loki, query: string, lines: number, tenant?: string) => {
  const target: SourceTarget = {
    name: 'loki',
    way: { kind: 'direct', url: loki.url },
    auth: { kind: 'none' },
    tls: noTls,
    ...(tenant === undefined ? {} : { tenant }),
  };
  const items: LogItem[] = [];
  const read = readLoki({
    targets: [target],
    open: () =>
      directHttp({
        way: { kind: 'direct', url: loki.url },
        auth: target.auth,
        tls: noTls,
        clock: systemClock,
        version: 'test',
        guard: lokiGuard,
      }),
    clock: systemClock,
  });
  const request = {
    kind: 'loki',
    source: '',
    query,
    from: epochMs(began - 1000),
    to: epochMs(began + 60_000),
    lines,
  } as const;
  const result = await read(request, (i) => items.push(...i), new AbortController().signal);
  return { result, items, lines: items.flatMap((i) => (i.kind === 'line' ? [i] : [])) };
};

const all = logQl({ namespace: 'shop', pods: { kind: 'named', names: [] }, containers: null });

suite(`logs of a real Loki${reason === undefined ? '' : `; skipped: ${reason}`}`, () => {
  let loki: Loki;
  beforeAll(async () => {
    loki = await startLoki();
    const stream = { namespace: 'shop', container: 'app' };
    await loki.push([
      {
        stream: { ...stream, pod: 'cart-1' },
        // Ten lines share each nanosecond, so that pages end among them.
        values: Array.from({ length: count }, (_, i) => [nanos(Math.floor(i / 10)), `line ${i}`]),
      },
      {
        stream: { ...stream, pod: 'cart-2' },
        values: [
          [nanos(7), 'the other one'],
          [nanos(8), '\u001b[2Jowned'],
        ],
      },
    ]);
  }, 300_000);
  afterAll(() => loki?.stop());

  const ask = (query: string, lines: number) => askLoki(loki, query, lines);

  it('given more lines than an answer may have, when all are asked for, then every one comes once and in order', async () => {
    const { result, lines } = await ask(all, 10_000);
    expect(result.ok).toBe(true);
    const cart = lines.filter((l) => l.source === 'shop/cart-1/app').map((l) => l.text);
    expect(cart.length).toBe(count);
    expect(new Set(cart).size).toBe(count);
    const stamps = lines.map((l) => l.stamp);
    expect(stamps).toEqual([...stamps].sort());
    expect(lines.find((l) => l.text === 'the other one')?.source).toBe('shop/cart-2/app');
  });

  it('given a limit, when more is there, then the newest lines come and that is said', async () => {
    const { lines, items } = await ask(all, 40);
    expect(lines.length).toBe(40);
    expect(lines.every((l) => Number(l.text.split(' ')[1]) >= count - 50)).toBe(true);
    expect(items.some((i) => i.kind === 'note' && i.note === 'truncated')).toBe(true);
  });

  it('given a pattern, when it goes along, then the Loki filters', async () => {
    const target = {
      namespace: 'shop',
      pods: { kind: 'named', names: ['cart-1'] },
      containers: ['app'],
    } as const;
    const { lines } = await ask(logQl(target, 'line 24\\d\\d$'), 1000);
    expect(lines.length).toBe(100);
  });

  it('given a query that is wrong, when it is asked, then its words are told', async () => {
    const { result } = await ask('{namespace=', 10);
    expect(result.ok ? '' : result.failure.message).toMatch(/parse error/);
  });
});

suite('logs of a real Loki of several tenants', () => {
  let loki: Loki;
  beforeAll(async () => {
    loki = await startLoki({ tenants: true });
    const stream = { namespace: 'shop', container: 'app', pod: 'cart-1' };
    await loki.push([{ stream, values: [[nanos(1), 'of the shop']] }], 'shop');
    await loki.push([{ stream, values: [[nanos(2), 'of the bank']] }], 'bank');
  }, 300_000);
  afterAll(() => loki?.stop());

  it('given a tenant, when its logs are asked for, then they come, and no others', async () => {
    for (const tenant of ['shop', 'bank']) {
      const { result, lines, items } = await askLoki(loki, all, 10, tenant);
      expect(result.ok).toBe(true);
      expect(lines.map((l) => l.text)).toEqual([`of the ${tenant}`]);
      expect(items.at(-1)).toMatchObject({ text: `loki: 1 line of tenant ${tenant}` });
    }
  });

  it('given no tenant, when it is asked, then the key is named that says whose logs are meant', async () => {
    const { result } = await askLoki(loki, all, 10);
    expect(result).toMatchObject({
      ok: false,
      failure: {
        kind: 'misconfigured',
        message: 'it keeps the logs of several tenants, and asks whose are meant',
        hint: 'set tenant of loki under loki in the configuration',
      },
    });
  });

  it('given a tenant that has no logs, when it is asked, then the key is doubted', async () => {
    const { result, items } = await askLoki(loki, all, 10, 'shpo');
    expect(result.ok).toBe(true);
    expect(items.map((i) => (i.kind === 'note' ? [i.note, i.text] : i))).toEqual([
      [
        'complete',
        'loki: 0 lines of tenant shpo; is that the tenant under loki in the configuration?',
      ],
    ]);
  });

  it('given tenants that it does not take, when it is asked, then its words come with the key', async () => {
    for (const tenant of ['a/b', '..', 'x'.repeat(200)]) {
      const { result } = await askLoki(loki, all, 10, tenant);
      expect(result.ok ? '' : result.failure.message).toMatch(/tenant|org id/i);
      expect(result.ok ? '' : result.failure.hint).toBe(
        `set tenant of loki under loki in the configuration to one that it takes; now it is ${tenant}`,
      );
    }
  });
});
