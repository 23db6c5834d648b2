import { describe, expect, it } from 'vitest';
import { readLogs } from '../../../src/adapters/logs/read-logs.ts';
import type { LogBounds, LogTarget } from '../../../src/kernel/act.ts';
import type { LogItem } from '../../../src/kernel/effect-ports.ts';
import { bytes, epochMs, mib, minutes, seconds } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { HastyClock } from '../../support/hasty-clock.ts';
import { PlayedLogs, type PlayedRun } from '../../support/played-logs.ts';

const now = Date.UTC(2026, 10, 20, 4);
const stamp = (secondsAgo: number): string =>
  new Date(now - secondsAgo * 1000).toISOString().replace('Z', '000000Z');

const bounds: LogBounds = {
  since: { kind: 'age', age: minutes(10) },
  tail: null,
  limitBytes: mib(1),
  previous: false,
  lease: null,
  streams: 5,
};

const named = (...names: string[]): LogTarget => ({
  namespace: 'shop',
  pods: { kind: 'named', names },
  containers: null,
});

const run = (more: Partial<PlayedRun> = {}): PlayedRun => ({
  id: 'run-1',
  startedAt: stamp(3600),
  lines: [],
  ...more,
});

const read = async (
  logs: PlayedLogs,
  more: Partial<LogBounds> = {},
  target: LogTarget = named('cart'),
) => {
  const items: LogItem[] = [];
  const port = readLogs({ client: logs, clock: new HastyClock(now) });
  const request = { kind: 'logs', target, bounds: { ...bounds, ...more } } as const;
  const result = await port(request, (i) => items.push(...i), new AbortController().signal);
  const noted = (note: string) =>
    items.flatMap((i) => (i.kind === 'note' && i.note === note ? [i.text] : []));
  return { result, items, noted, lines: items.flatMap((i) => (i.kind === 'line' ? [i.text] : [])) };
};

const cart = (...runs: PlayedRun[]) =>
  new PlayedLogs([{ name: 'cart', containers: { app: runs } }]);

describe('a log that is read once', () => {
  it('given a log that begins before what is asked for, when the first line is late, then nothing was rotated', async () => {
    const logs = cart(run({ lines: [`${stamp(1800)} early`, `${stamp(60)} late`] }));
    // The server keeps older lines to itself, but tells the time of the oldest.
    const told = await read(logs, { since: { kind: 'time', at: epochMs(now - 600_000) } });
    expect(told.lines).toEqual(['late']);
    expect(told.noted('rotated')).toEqual([]);
  });

  it('given a log whose file begins after what is asked for, when it is read, then older lines may be missing and that is said', async () => {
    const lines = [1800, 300, 60].map((ago) => `${stamp(ago)} ${ago} ago`);
    const logs = cart(run({ lines, rotated: 1 }));
    const told = await read(logs, { since: { kind: 'time', at: epochMs(now - 3_000_000) } });
    expect(told.lines.length).toBe(2);
    expect(told.noted('rotated')).toHaveLength(1);
    const probe = logs.logRequests.at(-1)?.query;
    expect(probe?.get('limitBytes')).toBe('30');
  });

  it('given a container that was restarted since, when it is read, then where the earlier lines are is said', async () => {
    const logs = cart(
      run({ id: 'run-0', finishedAt: stamp(200) }),
      run({ startedAt: stamp(120), lines: [`${stamp(119)} hello`] }),
    );
    const told = await read(logs);
    expect(told.noted('restarted')[0]).toContain('restart 1');
    expect(told.lines).toEqual(['hello']);
  });

  it('given more bytes than the limit, when it is read, then the oldest come, and that newer ones are left out is said', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `${stamp(500 - i)} line ${i}`);
    const told = await read(cart(run({ lines })), { limitBytes: bytes(1000) });
    expect(told.noted('truncated')).toHaveLength(1);
    expect(told.items.findLast((i) => i.kind === 'line')).toMatchObject({ cut: true });
    expect(told.lines.length).toBeLessThan(30);
  });

  it('given a run before, when it is asked for, then as far back from its end as was asked', async () => {
    const before = run({
      id: 'run-0',
      finishedAt: stamp(7200),
      lines: [`${stamp(7201)} last words`],
    });
    const logs = cart(before, run());
    const told = await read(logs, { previous: true });
    expect(told.lines).toEqual(['last words']);
    const { query } = logs.logRequests[0] ?? {};
    expect(query?.get('sinceTime')).toBe(`${stamp(7800).slice(0, 19)}Z`);
    expect(query?.get('previous')).toBe('true');
  });

  it('given a run before that the node has just removed, when it is asked for again, then the one that took its place is read', async () => {
    const lines = [`${stamp(31)} last words`];
    const logs = cart(run({ id: 'run-0', finishedAt: stamp(30), lines }), run());
    logs.refuses = ({ path, n }) =>
      path.endsWith('/log') && n < 4
        ? [200, 'unable to retrieve container logs for containerd://run-0']
        : null;
    const told = await read(logs, { previous: true });
    expect(told.lines).toEqual(['last words']);
    expect(told.noted('unreadable')).toEqual([]);
    expect(told.noted('complete')).toHaveLength(1);
  });

  it('given a run before that is removed and one after it that has just ended, when it is asked for, then the one that has ended is read, and that is said', async () => {
    const lines = [`${stamp(31)} last words`];
    const logs = cart(
      run({ id: 'run-0', finishedAt: stamp(60) }),
      run({ finishedAt: stamp(30), lines }),
    );
    logs.refuses = ({ query }) =>
      query.get('previous') === 'true'
        ? [200, 'unable to retrieve container logs for containerd://run-0']
        : null;
    const told = await read(logs, { previous: true });
    expect(told.lines).toEqual(['last words']);
    expect(told.noted('rotated')[0]).toMatch(/removed the instance before; .* ended at \d\d:\d\d/);
    expect(told.noted('complete')).toEqual(['1 line']);
    expect(logs.logRequests).toHaveLength(2);
  });

  it('given a run before whose log the node never finds, when it is asked for, then its words are told', async () => {
    const logs = cart(run({ id: 'run-0', finishedAt: stamp(30) }), run());
    const words = 'unable to retrieve container logs for containerd://run-0';
    logs.refuses = ({ path }) => (path.endsWith('/log') ? [200, words] : null);
    const told = await read(logs, { previous: true });
    expect(told.noted('unreadable')).toEqual([words]);
    expect(logs.logRequests).toHaveLength(8);
  });

  it('given no run before, when it is asked for, then nothing is sent and the reason is told', async () => {
    const logs = cart(run());
    const told = await read(logs, { previous: true });
    expect(told.result).toMatchObject({ ok: false });
    expect(told.noted('unreadable')[0]).toMatch(/not been restarted/);
    expect(logs.logRequests).toEqual([]);
  });

  it('given a container that has not started, when it is read, then why is told', async () => {
    const told = await read(cart());
    expect(told.noted('unreadable')[0]).toMatch(/ContainerCreating/);
  });

  it('given a container that ended long before, when it is read, then nobody is asked for lines that cannot be there', async () => {
    const logs = cart(run({ finishedAt: stamp(3000) }));
    expect((await read(logs)).result.ok).toBe(true);
    expect(logs.logRequests).toEqual([]);
  });

  it('given a log that may not be read, when it is asked for, then the words of the server are told, and those of others come', async () => {
    const pods = ['cart', 'till'].map((name) => ({
      name,
      containers: { app: [run({ lines: [`${stamp(5)} hello of ${name}`] })] },
    }));
    const logs = new PlayedLogs(pods);
    logs.refuses = ({ path }) =>
      path.endsWith('/till/log') ? [403, 'pods "till" is forbidden: no'] : null;
    const told = await read(logs, {}, named('cart', 'till'));
    expect(told.lines).toEqual(['hello of cart']);
    expect(told.noted('unreadable')).toEqual(['pods "till" is forbidden: no']);
    expect(told.result.ok).toBe(true);
  });

  it('given words of the node instead of lines, when they come, then they are no line', async () => {
    const logs = cart(run({ lines: ['unable to retrieve container logs for containerd://0815'] }));
    const told = await read(logs);
    expect(told.lines).toEqual([]);
    expect(told.noted('unreadable')[0]).toMatch(/unable to retrieve/);
  });

  it('given more containers than may be read at once, when they are read, then which are not is said', async () => {
    const containers = Object.fromEntries(
      ['a', 'b', 'c'].map((n) => [n, [run({ lines: [`${stamp(9)} ${n}`] })]]),
    );
    const told = await read(new PlayedLogs([{ name: 'cart', containers }]), { streams: 2 });
    expect(told.lines.toSorted()).toEqual(['a', 'b']);
    expect(told.noted('unreadable')).toEqual(['not read: 2 logs at once are the limit']);
  });

  it('given no pod of that name, when it is asked for, then that is a failure', async () => {
    const told = await read(cart(run()), {}, named('nobody'));
    expect(told.result).toMatchObject({ ok: false, failure: { kind: 'absent' } });
  });
});

describe('a log that is followed', () => {
  it('given a lease, when it is over, then that is said last and the connection is left', async () => {
    const logs = cart(run({ startedAt: stamp(6), lines: [`${stamp(5)} hello`] }));
    let left = false;
    logs.atEnd = () => new Promise(() => {});
    const clock = new FakeClock(now);
    const items: LogItem[] = [];
    const port = readLogs({
      client: {
        request: async (request, signal) => {
          signal.addEventListener('abort', () => {
            left = true;
          });
          const answer = await logs.request(request, signal);
          if (!answer.ok || !request.path.includes('follow')) return answer;
          const { body } = answer.value;
          const aborted = new Promise<IteratorResult<Uint8Array>>((resolve) =>
            signal.addEventListener('abort', () => resolve({ done: true, value: undefined })),
          );
          const until = async function* (): AsyncGenerator<Uint8Array> {
            const source = body[Symbol.asyncIterator]();
            for (;;) {
              const next = await Promise.race([source.next(), aborted]);
              if (next.done === true) return;
              yield next.value;
            }
          };
          return { ok: true, value: { ...answer.value, body: until() } };
        },
      },
      clock,
    });
    const request = {
      kind: 'logs',
      target: named('cart'),
      bounds: { ...bounds, lease: minutes(2) },
    } as const;
    const reading = port(request, (i) => items.push(...i), new AbortController().signal);
    await clock.advance(seconds(110));
    expect(items.map((i) => (i.kind === 'line' ? i.text : i.note))).toEqual(['joined', 'hello']);
    await clock.advance(seconds(20));
    expect((await reading).ok).toBe(true);
    expect(items.at(-1)).toMatchObject({ kind: 'note', note: 'lease-ended', source: '' });
    expect(left).toBe(true);
  });

  it('given nobody who answers for a while, when somebody does again, then how long it was is said', async () => {
    const one = run({ lines: [`${stamp(5)} hello`] });
    const logs = new PlayedLogs([
      { name: 'cart', containers: { app: [one] }, restartPolicy: 'Never' },
    ]);
    logs.breaks = ({ n }) => (n === 1 ? 10 : null);
    let refusals = 0;
    logs.refuses = ({ n }) => {
      if (logs.logRequests.length !== 1 || n > 0 || refusals > 8) return null;
      refusals += 1;
      return [503, 'the server is starting'];
    };
    logs.atEnd = async () => {
      one.finishedAt = stamp(0);
    };
    const told = await read(logs, { lease: minutes(5) });
    expect(told.lines).toEqual(['hello']);
    expect(told.noted('resumed')[0]).toMatch(/^after .+s without an answer: /);
    expect(told.noted('complete')).toEqual(['it has ended with 0']);
  });
});
