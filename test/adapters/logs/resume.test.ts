import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLogs } from '../../../src/adapters/logs/read-logs.ts';
import type { LogBounds } from '../../../src/kernel/act.ts';
import type { LogItem } from '../../../src/kernel/effect-ports.ts';
import { epochMs, hours, mib, minutes } from '../../../src/kernel/units.ts';
import { HastyClock } from '../../support/hasty-clock.ts';
import { PlayedLogs, type PlayedRun } from '../../support/played-logs.ts';

const began = Date.UTC(2026, 10, 20, 3);
const stamp = (ns: number): string => {
  const ms = Math.floor(ns / 1e6);
  const rest = String(ns % 1e6).padStart(6, '0');
  return new Date(began + ms).toISOString().replace('Z', `${rest}Z`);
};

const bounds: LogBounds = {
  since: { kind: 'time', at: epochMs(began) },
  tail: null,
  limitBytes: mib(8),
  previous: false,
  lease: minutes(5),
  streams: 5,
};

/** Times of lines, nearly in order, many of them in the same second and some at the very same nanosecond. */
const lines = fc
  .array(fc.tuple(fc.nat(700), fc.nat(3), fc.string({ maxLength: 40, unit: 'grapheme' })), {
    maxLength: 60,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([ms, late, text], n) => {
      at += ms * 1e6;
      return `${stamp(Math.max(0, at - late * 100_000))} ${n} ${text.replace(/[\r\n]/g, '')}`;
    });
  });

const read = async (logs: PlayedLogs, more: Partial<LogBounds> = {}) => {
  const items: LogItem[] = [];
  const target = {
    namespace: 'shop',
    pods: { kind: 'named', names: ['cart'] },
    containers: null,
  } as const;
  const result = await readLogs({ client: logs, clock: new HastyClock(began + hours(1)) })(
    { kind: 'logs', target, bounds: { ...bounds, ...more } },
    (some) => items.push(...some),
    new AbortController().signal,
  );
  return {
    result,
    lines: items.flatMap((i) => (i.kind === 'line' ? [`${i.stamp} ${i.text}`] : [])),
    notes: items.flatMap((i) => (i.kind === 'note' ? [i.note] : [])),
  };
};

const cart = (run: PlayedRun): PlayedLogs => {
  const logs = new PlayedLogs([
    { name: 'cart', containers: { app: [run] }, restartPolicy: 'Never' },
  ]);
  logs.atEnd = async () => {
    run.finishedAt = stamp(3600e9);
  };
  return logs;
};

const resets = fc.array(fc.nat(1500), { maxLength: 12 });

describe('a log whose connection breaks', () => {
  it('given any bytes after which it breaks, when it is followed, then every line comes once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(lines, resets, fc.integer({ min: 1, max: 300 }), async (all, at, chunk) => {
        const logs = cart({ id: 'run-1', startedAt: stamp(0), lines: all });
        logs.chunk = chunk;
        logs.breaks = ({ n }) => at[n - 1] ?? null;
        const told = await read(logs);
        expect(told.lines).toEqual(all);
        expect(told.notes).not.toContain('gap');
        expect(told.result.ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('given any bytes after which it breaks, when it is read once, then every line comes once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(1500), { maxLength: 3 }), async (all, at) => {
        const run = { id: 'run-1', startedAt: stamp(0), lines: all };
        const logs = cart(run);
        logs.breaks = ({ n }) => at[n - 1] ?? null;
        const told = await read(logs, { lease: null });
        expect(told.lines).toEqual(all);
        expect(told.notes.at(-1)).toBe('complete');
      }),
      { numRuns: 200 },
    );
  });

  it('given a restart while nobody answered, when it goes on, then the end of the old run comes before the new one', async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, fc.nat(1500), async (old, young, at) => {
        const first: PlayedRun = { id: 'run-1', startedAt: stamp(0), lines: old };
        const later = young.map((_, n) => `${stamp(120e9 + n * 1e8)} young ${n}`);
        const runs = [first];
        const logs = new PlayedLogs([
          { name: 'cart', containers: { app: runs }, restartPolicy: 'Never' },
        ]);
        logs.breaks = ({ n }) => (n === 1 ? at : null);
        logs.refuses = ({ path, n }) => {
          // After the first break a new run is there.
          if (!path.endsWith('/log') && logs.logRequests.length === 1 && runs.length === 1) {
            first.finishedAt = stamp(100e9);
            runs.push({ id: 'run-2', startedAt: stamp(120e9), lines: later });
          }
          return n < 0 ? [500, ''] : null;
        };
        logs.atEnd = async (run) => {
          run.finishedAt = stamp(3600e9);
        };
        const told = await read(logs);
        expect(told.lines).toEqual([...old, ...later]);
        expect(told.notes).toContain('restarted');
        expect(told.notes).not.toContain('gap');
      }),
      { numRuns: 200 },
    );
  });

  it('given a rotation while nobody answered, when it goes on, then nothing comes twice and the gap is told', async () => {
    const all = Array.from({ length: 100 }, (_, n) => `${stamp(n * 1e8)} line ${n}`);
    const run: PlayedRun = { id: 'run-1', startedAt: stamp(0), lines: all };
    const logs = cart(run);
    logs.breaks = ({ n }) => (n === 1 ? 42 * 38 : null);
    logs.refuses = ({ n }) => {
      if (n === 2) run.rotated = 60;
      return null;
    };
    const told = await read(logs);
    const numbers = told.lines.map((l) => Number(l.split(' ').at(-1)));
    expect(numbers.slice(-40)).toEqual(Array.from({ length: 40 }, (_, n) => n + 60));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(told.notes.filter((n) => n === 'gap')).toEqual(['gap']);
  });

  it('given a rotation in the very second that was read last, when it goes on, then lines of that second are not taken for old ones', async () => {
    const all = Array.from({ length: 50 }, (_, n) => `${stamp(n * 1e6)} line ${n}`);
    const run: PlayedRun = { id: 'run-1', startedAt: stamp(0), lines: all };
    const logs = cart(run);
    logs.breaks = ({ n }) => (n === 1 ? 20 * 38 : null);
    logs.refuses = ({ n }) => {
      if (n === 2) run.rotated = 10;
      return null;
    };
    const told = await read(logs);
    expect(told.lines).toEqual(all);
    expect(told.notes).not.toContain('gap');
  });
});
