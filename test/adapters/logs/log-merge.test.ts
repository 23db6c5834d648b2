import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogMerge } from '../../../src/adapters/logs/log-merge.ts';
import type { LogItem } from '../../../src/kernel/effect-ports.ts';
import { epochMs, milliseconds, seconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const began = Date.UTC(2026, 10, 20, 3);
const { signal } = new AbortController();

const item = (source: string, ms: number, text = ''): LogItem => ({
  kind: 'line',
  source,
  stamp: new Date(began + ms).toISOString().replace('Z', '000000Z'),
  at: epochMs(began + ms),
  text,
  cut: false,
});

const open = (patience = seconds(2)) => {
  const clock = new FakeClock(began);
  const out: LogItem[] = [];
  const merge = new LogMerge({ clock, emit: (items) => out.push(...items), patience });
  return { clock, out, merge };
};

const timesOf = (items: readonly LogItem[]): readonly number[] => items.map((i) => i.at - began);

describe('several logs as one', () => {
  it('given logs in order that end, when they are merged, then everything comes in order', async () => {
    const times = fc.array(fc.nat(50), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 1, maxLength: 5 }), async (logs) => {
        const { clock, out, merge } = open();
        const lanes = logs.map((_, i) => merge.lane(`s${i}`, epochMs(began)));
        const sorted = logs.map((l) => l.toSorted((a, b) => a - b));
        await Promise.all(
          lanes.map(async (lane, i) => {
            for (const at of sorted[i] ?? []) await lane.put([item(lane.source, at)], signal);
            lane.end();
          }),
        );
        await clock.advance(seconds(1));
        expect(timesOf(out)).toEqual(logs.flat().sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('given a log that says nothing, when others do, then their lines wait for it only so long', async () => {
    const { clock, out, merge } = open(milliseconds(300));
    const talks = merge.lane('talks', epochMs(began));
    merge.lane('silent', epochMs(began));
    await talks.put([item('talks', 1)], signal);
    await clock.advance(milliseconds(200));
    expect(out).toEqual([]);
    await clock.advance(milliseconds(200));
    expect(timesOf(out)).toEqual([1]);
  });

  it('given a log that is far ahead, when nobody takes its lines, then who reads it has to wait', async () => {
    const { clock, merge, out } = open();
    const fast = merge.lane('fast', epochMs(began));
    const slow = merge.lane('slow', epochMs(began));
    const long = 'x'.repeat(1000);
    let put = 0;
    const filling = (async () => {
      for (; put < 3000; put += 1) await fast.put([item('fast', put + 10, long)], signal);
    })();
    await settle(50);
    expect(put).toBeLessThan(1100);
    await slow.put([item('slow', 99_999)], signal);
    while (put < 3000) await clock.advance(milliseconds(50));
    await filling;
    expect(out.length).toBeGreaterThan(1900);
  });

  it('given a note, when it stands between two lines, then it comes between them', async () => {
    const { clock, out, merge } = open();
    const lane = merge.lane('a', epochMs(began));
    const other = merge.lane('b', epochMs(began));
    await lane.put([item('a', 10)], signal);
    lane.note('gap', 'something is missing');
    await lane.put([item('a', 20)], signal);
    await other.put([item('b', 15)], signal);
    lane.end();
    other.end();
    await clock.advance(seconds(1));
    const told = out.map((i) => (i.kind === 'note' ? i.note : i.at - began));
    expect(told).toEqual([10, 'gap', 15, 20]);
  });
});
