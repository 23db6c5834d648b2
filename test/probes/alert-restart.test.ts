import { describe, expect, it } from 'vitest';
import { alertDataSchema } from '../../src/kernel/alert-fact.ts';
import { type AlertSourceState, alerts } from '../../src/probes/alerts.ts';
import {
  alert,
  begun,
  gone,
  listed,
  observedAlerts,
  type Saying,
  source,
  start,
  toldAlerts,
} from './alert-told.ts';

const of = (name: string, fingerprint: string, state: AlertSourceState) =>
  state.alerts.has(fingerprint)
    ? `${name} has it`
    : state.untold.has(fingerprint)
      ? `${name} is not told again`
      : state.resolved.has(fingerprint)
        ? `${name} says it is over`
        : `${name} never had it`;
const saw = (told: ReturnType<typeof toldAlerts>, name = 'am-0') => of(name, 'a', told.of(name));

const runs = source('ready', { startedAt: -3600 });
/** It is told, a minute later the source is another process. */
const restarted = (at = 65, startedAt = 60): readonly Saying[] => [
  [5, 'am-0', runs],
  [5, 'am-0', alert('a')],
  [at, 'am-0', source('ready', { startedAt })],
];

describe('an Alertmanager that restarts without its state', () => {
  it('given an alert that vanishes in the answer that shows a new start, then it is neither over nor news', () => {
    const told = toldAlerts(...restarted(), [65, 'am-0', gone('a')]);
    expect(saw(told)).toBe('am-0 is not told again');
    expect(told.lines).toHaveLength(1);
    expect(told.of('am-0').untold.get('a')).toMatchObject({ at: start + 65_000 });
  });

  it('given it is told again, then it goes on as before: no news and no flap, also with another time of its begin', () => {
    const told = toldAlerts(
      ...restarted(),
      [65, 'am-0', listed([])],
      [130, 'am-0', alert('a', { startsAt: start + 125_000 })],
      [600, 'am-0', gone('a')],
    );
    expect(told.lines.map((l) => l.split(' ').at(2))).toEqual(['fires:', 'resolved:']);
    expect(told.of('am-0').flaps.size).toBe(0);
    expect(told.of('am-0').untold.size).toBe(0);
  });

  it('given both of a pair, when one after the other is told again, then nothing is news', () => {
    const told = toldAlerts(
      ...restarted(),
      [6, 'am-1', alert('a')],
      [65, 'am-0', gone('a')],
      [66, 'am-1', source('ready', { startedAt: 60 })],
      [66, 'am-1', gone('a')],
      [120, 'am-1', alert('a')],
      [121, 'am-0', alert('a')],
    );
    expect(told.lines).toHaveLength(1);
    expect([saw(told), saw(told, 'am-1')]).toEqual(['am-0 has it', 'am-1 has it']);
  });

  it('given one that another source is told first, while it is lost here, then it does not fire anew', () => {
    const told = toldAlerts(...restarted(), [65, 'am-0', gone('a')], [70, 'am-1', alert('a')]);
    expect(told.lines).toHaveLength(1);
  });

  it.each([
    ['within 2 min of the start', 170, 60, 175, 'am-0 is not told again'],
    [
      'more than 2 min after the start, in the answer that shows it',
      250,
      60,
      250,
      'am-0 is not told again',
    ],
    ['more than 2 min after the start, in a later answer', 200, 60, 205, 'am-0 says it is over'],
    ['more than 5 min after the start', 365, 60, 365, 'am-0 says it is over'],
  ])('given it vanishes %s, then %4$s', (_, shown, startedAt, at, what) => {
    expect(saw(toldAlerts(...restarted(shown, startedAt), [at, 'am-0', gone('a')]))).toBe(what);
  });

  it('given one that the new process has told by itself, when it vanishes, then it is over', () => {
    const told = toldAlerts(
      [70, 'am-0', source('ready', { startedAt: 60 })],
      [80, 'am-0', alert('a')],
      [90, 'am-0', gone('a')],
    );
    expect(saw(told)).toBe('am-0 says it is over');
    expect(told.lines).toHaveLength(2);
  });

  it('given 5 minutes pass after the start, when the next fact comes, then it is over since it vanished', () => {
    const lost: readonly Saying[] = [...restarted(), [65, 'am-0', gone('a')]];
    expect(saw(toldAlerts(...lost, [360, 'am-0', alert('b')]))).toBe('am-0 is not told again');
    const told = toldAlerts(...lost, [361, 'am-0', alert('b')]);
    expect(told.of('am-0').resolved.get('a')?.at).toBe(start + 65_000);
    expect(saw(told)).toBe('am-0 says it is over');
  });

  it('given it restarts again before that, then it has 5 minutes from then on', () => {
    const told = toldAlerts(
      ...restarted(),
      [65, 'am-0', gone('a')],
      [350, 'am-0', source('ready', { startedAt: 345 })],
      [600, 'am-0', alert('b')],
    );
    expect(saw(told)).toBe('am-0 is not told again');
  });

  it('given a clock that is off by ten minutes, when it says so, then its start is told by ours', () => {
    const skewed = source('ready', { startedAt: 660 });
    if (skewed.kind !== 'source') throw new Error('no source');
    const data = { ...skewed, source: { ...skewed.source, clockSkew: 600_000 } };
    const told = toldAlerts([5, 'am-0', alert('a')], [190, 'am-0', data], [195, 'am-0', gone('a')]);
    expect(told.of('am-0').start?.at).toBe(start + 60_000);
    expect(saw(told)).toBe('am-0 says it is over');
  });
});

describe('what is kept of a restart', () => {
  const { state } = toldAlerts(...restarted(), [65, 'am-0', gone('a')]);
  const saved = (): unknown => JSON.parse(JSON.stringify(alerts.save?.(state)));

  it('given it is saved and loaded, then it is told again without news', () => {
    const loaded = alerts.load?.(saved() as never) ?? begun;
    expect(loaded).toEqual(state);
    const again = alerts.fold(loaded, observedAlerts([[90, 'am-0', alert('a')]], true, 20));
    expect(again.changes).toEqual([]);
  });

  it('given a recording that knows nothing of starts, then it is loaded, and its facts are taken', () => {
    const old = (saved() as [string, object][]).map(([name, its]) => [
      name,
      Object.fromEntries(Object.entries(its).filter(([k]) => k !== 'untold' && k !== 'start')),
    ]);
    const loaded = alerts.load?.(old as never);
    expect(loaded?.get('am-0')).toMatchObject({ start: null, untold: new Map() });
    expect(alertDataSchema.parse(source())).toEqual(source());
  });
});
