import { describe, expect, it } from 'vitest';
import { alertStream } from '../../src/findings/alerts.ts';
import type { SourceAlert } from '../../src/kernel/alert-fact.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { ago, minute, now } from '../support/objects.ts';
import {
  acknowledges,
  alertOf,
  ends,
  fires,
  first,
  heard,
  only,
  prometheusFirst,
  silenceOf,
  streamAfter,
  worldAfter,
} from './alert-scene.ts';

const quiet = (over: Partial<SourceAlert>): SourceAlert =>
  alertOf({ alertname: 'Quiet', severity: 'warning' }, { state: 'suppressed', ...over });

describe('alerts that are told to nobody', () => {
  it('given a silence, when it is shown, then with its author, its comment and its end', () => {
    const silence = silenceOf();
    const told = first('am-0', 3, [quiet({ silencedBy: ['s-1'] })], {}, [silence]);
    const item = only(streamAfter(told));
    expect(item).toMatchObject({ state: 'suppressed', note: '' });
    expect(item.suppressedBy).toEqual([{ kind: 'silence', source: 'am-0', id: 's-1', silence }]);
    expect(streamAfter(told).counts).toMatchObject({ suppressed: 1, warning: 0 });
  });

  it('given a silence that only the peer has told of, when it is shown, then it is known all the same', () => {
    const pair = { peers: ['a', 'b'] };
    const silence = silenceOf();
    const told = [
      ...first('am-0', 3, [quiet({ silencedBy: ['s-1'] })], pair),
      ...first('am-1', 3, [quiet({ silencedBy: ['s-1'] })], pair, [silence]),
    ];
    expect(only(streamAfter(told)).suppressedBy).toEqual([
      { kind: 'silence', source: 'am-0', id: 's-1', silence },
    ]);
  });

  it('given an inhibition and a mute, when they are shown, then by name', () => {
    const cause = alertOf({ alertname: 'NodeDown', severity: 'critical' });
    const item = quiet({ inhibitedBy: [cause.fingerprint, 'ffff'], mutedBy: ['weekend'] });
    const stream = streamAfter(first('am-0', 3, [cause, item]));
    expect(stream.items.find((i) => i.name === 'Quiet')?.suppressedBy).toEqual([
      { kind: 'inhibition', source: 'am-0', by: cause.fingerprint, name: 'NodeDown' },
      { kind: 'inhibition', source: 'am-0', by: 'ffff', name: 'another alert' },
      { kind: 'mute', source: 'am-0', interval: 'weekend' },
    ]);
  });

  it.each([
    [10 * minute, 'silence by ana ends in 10m'],
    [20 * minute, ''],
  ])('given its silence ends in %ds, when it is shown, then: %s', (left, note) => {
    const silence = silenceOf({ endsAt: ago(-left) });
    const told = first('am-0', 3, [quiet({ silencedBy: ['s-1'] })], {}, [silence]);
    expect(only(streamAfter(told)).note).toBe(note);
  });

  it.each([
    [5 * minute, 'silence by ana ended 5m ago'],
    [20 * minute, ''],
  ])('given its silence ended %ds ago, when it fires, then: %s', (since, note) => {
    const silence = silenceOf({ state: 'expired', endsAt: ago(since) });
    const told = first(
      'am-0',
      3,
      [quiet({ state: 'firing' }), alertOf({ alertname: 'Other' })],
      {},
      [silence],
    );
    const notes = streamAfter(told).items.map((i) => [i.name, i.note]);
    expect(Object.fromEntries(notes)).toEqual({ Quiet: note, Other: '' });
  });
});

describe('alerts over time', () => {
  const crash = alertOf({ alertname: 'Crash', severity: 'critical' });

  it('given it is over, when time goes by, then it is kept for an hour, even where nothing new is told', () => {
    const told = [...first('am-0', 300, [crash]), ends('am-0', 100, crash), heard('am-0')];
    expect(only(streamAfter(told))).toMatchObject({ state: 'resolved', resolvedAt: ago(100) });
    const world = worldAfter(told);
    const at = (minutes: number) => alertStream(world, epochMs(now + minutes * 60_000), []);
    expect(at(57).counts.resolved).toBe(1);
    expect(at(59).counts.resolved).toBe(0);
  });

  it('given it comes and goes, when it is shown, then with how often within the hour', () => {
    const told = [3000, 2000, 1000].flatMap((s) => [
      fires('am-0', s, { ...crash, startsAt: ago(s) }),
      ends('am-0', s - 500, crash),
    ]);
    const item = only(
      streamAfter([
        ...first('am-0', 5000, []),
        ...told,
        fires('am-0', 20, { ...crash, startsAt: ago(20) }),
      ]),
    );
    expect(item).toMatchObject({ state: 'firing', flaps: 3, since: ago(20) });
  });

  it.each([
    ['it began before', 100, {}, true],
    ['it began again since', 700, {}, false],
    ['it was taken back', 100, { withdrawn: true }, false],
  ])('given somebody took care of it and %s, then that stands: %s', (_, seconds, over, stands) => {
    const told = [...first('am-0', 3, [crash]), acknowledges(seconds, crash, over)];
    const stream = streamAfter(told);
    expect(only(stream).acknowledged?.by ?? null).toBe(stands ? 'ana' : null);
    expect(stream.counts).toMatchObject({ critical: 1, acknowledged: stands ? 1 : 0 });
  });

  it('given it was noted before it reached an Alertmanager, when it does under another fingerprint, then the note stands', () => {
    const sent = alertOf({ ...crash.labels, prometheus: 'a/b' });
    const told = [
      ...prometheusFirst('prometheus', 30, [crash], { externalLabels: { prometheus: 'a/b' } }),
      acknowledges(20, crash),
      ...first('am-0', 10, [sent]),
    ];
    expect(only(streamAfter(told)).acknowledged?.note).toBe('on it');
  });

  it('given the same world and nearly the same time, when it is asked again, then it is the same stream', () => {
    const world = worldAfter(first('am-0', 3, [crash]));
    const findings = [] as const;
    const stream = alertStream(world, now, findings);
    expect(alertStream(world, epochMs(now + 1000), findings)).toBe(stream);
    expect(alertStream(world, epochMs(now + 6000), findings)).not.toBe(stream);
  });
});

describe('hostile alerts', () => {
  it('given labels of any name and length, when they are merged, then nothing breaks and what is shown is bounded', () => {
    const labels = JSON.parse(
      '{"__proto__": "x", "constructor": "y", "alertname": "\\u001b[31mRed\\u202e", "severity": "toString", "namespace": "__proto__", "pod": "hasOwnProperty"}',
    ) as Record<string, string>;
    const huge = 'ä"\\\n'.repeat(25_000);
    const hostile = alertOf(
      { ...labels, instance: huge, job: huge, service: huge },
      { annotations: { summary: huge }, group: huge },
    );
    const stream = streamAfter([
      ...first('am-0', 3, [hostile, alertOf({ alertname: huge })]),
      ...prometheusFirst('prometheus', 3, [hostile]),
    ]);
    const item = stream.items.find((i) => i.name === 'Red');
    expect(item).toMatchObject({ severity: 'warning', object: null, member: null });
    for (const i of stream.items) {
      expect(i.name.length).toBeLessThanOrEqual(600);
      expect(i.summary.length).toBeLessThanOrEqual(600);
      expect(i.subject.length).toBeLessThanOrEqual(600);
    }
  });

  it('given an alert that says nothing, when it is listed, then it has a name', () => {
    expect(only(streamAfter(first('am-0', 3, [alertOf({})])))).toMatchObject({
      name: 'alert without a name',
      severity: 'warning',
      subject: '',
    });
  });

  it('given the description only, when it is listed, then that is the sentence', () => {
    const described = (annotations: Record<string, string>) =>
      only(streamAfter(first('am-0', 3, [alertOf({ alertname: 'X' }, { annotations })]))).summary;
    expect(described({ description: 'long', message: 'old' })).toBe('long');
    expect(described({ message: 'old' })).toBe('old');
    expect(described({ summary: 'short', description: 'long' })).toBe('short');
  });
});
