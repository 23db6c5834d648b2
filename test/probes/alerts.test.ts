import { describe, expect, it } from 'vitest';
import { hours } from '../../src/kernel/units.ts';
import { alerts, tombstonesKept } from '../../src/probes/alerts.ts';
import {
  alert,
  alertOf,
  begun,
  crash,
  gone,
  left,
  listed,
  observedAlerts,
  type Saying,
  silence,
  source,
  start,
  toldAlerts,
} from './alert-told.ts';

const what = 'payments/payment-gateway-7d9f-x2';

describe('an alert', () => {
  it('given one that fires and is over, when told, then by name and subject, and a tombstone is left', () => {
    const { lines, changes, of } = toldAlerts([5, 'am-0', alert('a')], [65, 'am-0', gone('a')]);
    expect(lines).toEqual([
      `bad: KubePodCrashLooping fires: ${what}`,
      `good: KubePodCrashLooping resolved: ${what}`,
    ]);
    expect(changes[0]).toMatchObject({ probe: 'alerts', key: 'a', rev: 5, at: start + 5000 });
    expect(of('am-0').alerts.size).toBe(0);
    expect(of('am-0').resolved.get('a')).toEqual({ alert: alertOf('a'), at: start + 65_000 });
  });

  it.each([
    ['critical', 'bad'],
    ['page', 'bad'],
    ['P1', 'bad'],
    ['warning', 'warn'],
    ['info', 'info'],
    ['none', 'info'],
    ['constructor', 'info'],
    ['', 'info'],
  ])('given severity "%s", when it fires, then the tone is %s', (severity, tone) => {
    const { changes } = toldAlerts([5, 'am-0', alert('a', { labels: { ...crash, severity } })]);
    expect(changes[0]?.tone).toBe(tone);
  });

  it('given a first reading, when folded, then nothing is news, and it is held since then', () => {
    const { state, changes } = alerts.fold(
      alerts.empty,
      observedAlerts(
        [
          [0, 'am-0', source()],
          [0, 'am-0', alert('a')],
          [0, 'am-0', listed(['a'])],
        ],
        false,
      ),
    );
    expect(changes).toEqual([]);
    expect(state.get('am-0')?.alerts.get('a')?.seenAt).toBe(start);
  });

  it('given one that only gets other annotations, when told again, then it is held since before', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [10, 'am-0', alert('a', { annotations: { summary: 'new' } })],
      [15, 'am-0', alert('a', { state: 'suppressed', inhibitedBy: ['b'] })],
    );
    expect(lines).toHaveLength(1);
    expect(of('am-0').alerts.get('a')).toMatchObject({ seenAt: start + 15_000 });
  });

  it('given a pending one, when it is over, then it leaves no tombstone; when it fires, that is told', () => {
    const pending = alert('a', { state: 'pending' });
    const over = toldAlerts([5, 'am-0', pending], [10, 'am-0', gone('a')]);
    expect(over.lines).toEqual([]);
    expect(over.of('am-0').resolved.size).toBe(0);
    expect(toldAlerts([5, 'am-0', pending], [10, 'am-0', alert('a')]).lines).toHaveLength(1);
  });

  it('given hostile labels, when told, then it is one printable line', () => {
    const labels = { alertname: 'a\u001b[2J\nb', pod: `x\u202e${'y'.repeat(100_000)}` };
    const [line] = toldAlerts([5, 'am-0', alert('a', { labels })]).lines;
    expect(line).toMatch(/^info: a b fires: xy+…$/);
    expect(line?.length).toBeLessThan(340);
  });
});

describe('several sources', () => {
  it('given replicas, when both say the same, then a firing is told once, and its end with the last', () => {
    const { lines, changes } = toldAlerts(
      [5, 'am-0', alert('a')],
      [6, 'am-1', alert('a')],
      [60, 'am-1', gone('a')],
      [65, 'am-0', gone('a')],
    );
    expect(lines.map((l) => l.split(' ').at(2))).toEqual(['fires:', 'resolved:']);
    expect(changes[1]?.at).toBe(start + 65_000);
  });

  it('given a replica that drops it and has it again, when another had it all the time, then nothing is told', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [6, 'am-1', alert('a')],
      [60, 'am-1', gone('a')],
      [65, 'am-1', alert('a')],
    );
    expect(lines).toHaveLength(1);
    expect(of('am-1').flaps.get('a')).toEqual([start + 65_000]);
    expect(of('am-0').flaps.size).toBe(0);
  });

  it('given a whole answer, when something is not in it, then it is over from then on', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [5, 'am-0', alert('b')],
      [5, 'am-0', silence('s', 'ana')],
      [90, 'am-0', listed(['b'])],
    );
    expect(lines.at(-1)).toBe(`good: KubePodCrashLooping resolved: ${what}`);
    expect(of('am-0').resolved.get('a')?.at).toBe(start + 90_000);
    expect([...of('am-0').alerts.keys()]).toEqual(['b']);
    expect(of('am-0').silences.size).toBe(0);
  });

  it('given a source that is not asked any more, when it is again, then what it still has is no news', () => {
    const { lines, state } = toldAlerts(
      [5, 'am-0', alert('a')],
      [10, 'am-0', left],
      [600, 'am-0', source()],
      [600, 'am-0', alert('a')],
      [600, 'am-0', listed(['a'])],
      [700, 'am-0', alert('b')],
    );
    expect(lines).toEqual([
      `bad: KubePodCrashLooping fires: ${what}`,
      'info: am-0 is not asked any more',
      `bad: KubePodCrashLooping fires: ${what}`,
    ]);
    expect(state.get('am-0')?.reading).toBe(false);
    expect(toldAlerts([10, 'am-0', left]).state.has('am-0')).toBe(false);
  });

  it('given a webhook, when it is heard for the first time, then that is news at once', () => {
    const { lines } = toldAlerts(
      [5, 'hook', source('', { kind: 'webhook' })],
      [5, 'hook', alert('a')],
    );
    expect(lines).toHaveLength(1);
  });

  it('given a cluster of Alertmanagers that settles, when told, then in words', () => {
    const { lines } = toldAlerts(
      [5, 'am-0', source('settling')],
      [9, 'am-0', source('ready')],
      [9, 'am-0', source('ready', { version: '0.29.0' })],
    );
    expect(lines).toEqual([
      'warn: am-0: cluster ready → settling',
      'good: am-0: cluster settling → ready',
      'info: am-0: version 0.28.1 → 0.29.0',
    ]);
  });
});

describe('silences', () => {
  const quiet = (by: readonly string[]) => alert('a', { state: 'suppressed', silencedBy: by });

  it('given a silence on two replicas, when it begins and ends, then each is told once, and whose it is', () => {
    const { lines } = toldAlerts(
      [5, 'am-0', alert('a')],
      [5, 'am-1', alert('a')],
      [10, 'am-0', silence('s', 'ana')],
      [10, 'am-0', quiet(['s'])],
      [11, 'am-1', quiet(['s'])],
      [60, 'am-1', alert('a')],
      [61, 'am-0', alert('a')],
    );
    expect(lines.slice(1)).toEqual([
      `info: KubePodCrashLooping silenced by ana: ${what}`,
      `info: KubePodCrashLooping no longer silenced by ana: ${what}`,
    ]);
  });

  it('given an alert that is silenced before it fires, when told, then quietly', () => {
    expect(toldAlerts([5, 'am-0', quiet(['nobody knows'])]).lines).toEqual([
      `info: KubePodCrashLooping fires: ${what}, silenced`,
    ]);
  });

  it('given a silence that is over, when told, then it is not held', () => {
    const { of } = toldAlerts(
      [5, 'am-0', silence('s', 'ana')],
      [9, 'am-0', { kind: 'unsilenced', id: 'silence/s', silence: 's' }],
    );
    expect(of('am-0').silences.size).toBe(0);
  });
});

describe('flaps and tombstones', () => {
  it('given an alert that comes back, when within an hour, then it is a flap and fires again', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [60, 'am-0', gone('a')],
      [120, 'am-0', alert('a', { startsAt: start + 110_000 })],
      [180, 'am-0', gone('a')],
      [240, 'am-0', alert('a', { startsAt: start + 230_000 })],
    );
    expect(lines.filter((l) => l.includes('fires again'))).toHaveLength(2);
    expect(of('am-0').flaps.get('a')).toEqual([start + 120_000, start + 240_000]);
    expect(of('am-0').resolved.size).toBe(0);
  });

  it('given a start that moves forward, when it is held all the time, then it was over in between', () => {
    const moved = alert('a', { startsAt: start + 55_000 });
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [5, 'am-1', alert('a')],
      [60, 'am-0', moved],
      [61, 'am-1', moved],
    );
    expect(lines.slice(1)).toEqual([`bad: KubePodCrashLooping fires again: ${what}`]);
    expect(of('am-0').flaps.get('a')).toEqual([start + 60_000]);
    expect(of('am-0').alerts.get('a')?.seenAt).toBe(start + 60_000);
  });

  it('given an alert that comes back after more than an hour, when told, then it is a new one', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', alert('a')],
      [60, 'am-0', gone('a')],
      [60 + hours(1) / 1000 + 1, 'am-0', alert('a')],
    );
    expect(lines.at(-1)).toBe(`bad: KubePodCrashLooping fires: ${what}`);
    expect(of('am-0').flaps.size).toBe(0);
    expect(of('am-0').resolved.size).toBe(0);
  });

  it('given more than are kept, when they are over, then the oldest go first', () => {
    const many = Array.from({ length: tombstonesKept + 200 }, (_, i) => `f${i}`);
    const { of } = toldAlerts(...many.map((f): Saying => [5, 'am-0', alert(f)]), [
      60,
      'am-0',
      listed([]),
    ]);
    expect(of('am-0').resolved.size).toBe(tombstonesKept);
    expect([...of('am-0').resolved.keys()][0]).toBe('f200');
  });
});

describe('what does not change', () => {
  it('given news of one source, when folded, then the other keeps its identity, and so do maps without news', () => {
    const { state, of } = toldAlerts([5, 'am-0', alert('a')]);
    expect(state.get('am-1')).toBe(begun.get('am-1'));
    expect(of('am-0').silences).toBe(begun.get('am-0')?.silences);
    expect(begun.get('am-0')?.alerts.size).toBe(0);
  });

  it('given more than the source keeps, when it says so, then the number stands', () => {
    expect(toldAlerts([5, 'am-0', { kind: 'cut', id: 'cut', left: 12 }]).of('am-0').cut).toBe(12);
  });
});
