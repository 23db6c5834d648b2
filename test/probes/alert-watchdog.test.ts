import { describe, expect, it } from 'vitest';
import { hours } from '../../src/kernel/units.ts';
import { alerts, tombstonesKept, watchdogsKept } from '../../src/probes/alerts.ts';
import { alert, gone, left, listed, source, start, toldAlerts } from './alert-told.ts';

const later = hours(30) / 1000;
const watchdog = (key: string) => alert(key, { labels: { alertname: 'Watchdog' } });

describe('a Watchdog that is over', () => {
  it('given a day has passed, when other facts come, then it is still known since when', () => {
    const { of } = toldAlerts(
      [5, 'am-0', watchdog('w')],
      [65, 'am-0', gone('w')],
      [later, 'am-0', alert('a')],
      [later, 'am-0', gone('a')],
    );
    expect(of('am-0').watchdogs.get('w')?.at).toBe(start + 65_000);
    expect([...of('am-0').resolved.keys()]).toEqual(['a']);
  });

  it('given more alerts that are over than are kept, then it is none of those that go', () => {
    const many = Array.from({ length: tombstonesKept + 1 }, (_, n) => `a${n}`);
    const { of } = toldAlerts(
      [5, 'am-0', watchdog('w')],
      [6, 'am-0', gone('w')],
      ...many.map((key) => [7, 'am-0', alert(key)] as const),
      ...many.map((key) => [8, 'am-0', gone(key)] as const),
    );
    expect(of('am-0').resolved.size).toBe(tombstonesKept);
    expect([...of('am-0').watchdogs.keys()]).toEqual(['w']);
  });

  it('given one for each of many clusters, when all are over, then the latest are kept', () => {
    const many = Array.from({ length: watchdogsKept + 2 }, (_, n) => `w${n}`);
    const { of } = toldAlerts(
      ...many.map((key) => [5, 'am-0', watchdog(key)] as const),
      ...many.map((key, n) => [6 + n, 'am-0', gone(key)] as const),
    );
    expect([...of('am-0').watchdogs.keys()]).toEqual(many.slice(2));
  });

  it('given it fires again, then it is over no more, and that it began again is told', () => {
    const { lines, of } = toldAlerts(
      [5, 'am-0', watchdog('w')],
      [65, 'am-0', gone('w')],
      [later, 'am-0', watchdog('w')],
    );
    expect(of('am-0').watchdogs.size).toBe(0);
    expect(lines.at(-1)).toBe('info: Watchdog fires again');
  });
});

describe('since when a source is asked', () => {
  it('given its first answer, then since that; given it was left and is asked again, then since then', () => {
    const { of } = toldAlerts(
      [100, 'am-0', alert('a')],
      [100, 'am-1', left],
      [200, 'am-1', source()],
      [200, 'am-1', listed([])],
      [300, 'am-1', alert('a')],
    );
    expect(of('am-0').askedSince).toBe(start);
    expect(of('am-1').askedSince).toBe(start + 200_000);
  });

  it('given what an earlier version has saved, when loaded, then since the oldest that it knows', () => {
    const { state } = toldAlerts([5, 'am-0', alert('a')], [9, 'am-0', alert('b')]);
    const saved = (alerts.save(state) as [string, Record<string, unknown>][]).map(
      ([name, { watchdogs: _, askedSince: __, ...rest }]) => [name, rest],
    );
    const loaded = alerts.load(saved);
    expect(loaded.get('am-0')).toMatchObject({ askedSince: start + 5000, watchdogs: new Map() });
    expect(loaded.get('am-1')?.askedSince).toBe(0);
  });
});
