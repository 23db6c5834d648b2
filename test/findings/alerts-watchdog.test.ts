import { describe, expect, it } from 'vitest';
import { ago } from '../support/objects.ts';
import {
  alertOf,
  ends,
  fails,
  first,
  heard,
  names,
  prometheusFirst,
  prometheusHeard,
  streamAfter,
  tell,
} from './alert-scene.ts';

const watchdog = alertOf({ alertname: 'Watchdog', severity: 'none' });
const other = alertOf({ alertname: 'Other', severity: 'info' });
const pair = { peers: ['a', 'b'] };
const both = [
  ...first('am-0', 300, [watchdog], pair),
  ...first('am-1', 300, [watchdog], pair),
  heard('am-0', 4),
  heard('am-1', 3),
];

describe('the Watchdog', () => {
  it('given it fires everywhere, when alerts are listed, then it is evidence and no alert', () => {
    const stream = streamAfter(both);
    expect(stream.items).toEqual([]);
    expect(stream.watchdog).toEqual({
      tone: 'good',
      text: 'Watchdog seen through am-0 and am-1',
      heard: ago(3),
    });
  });

  it.each(['DeadMansSwitch', 'watchdog'])(
    'given its name is %s, then it is one too',
    (alertname) => {
      const stream = streamAfter(first('am-0', 3, [alertOf({ alertname })]));
      expect(stream.items).toEqual([]);
      expect(stream.watchdog.tone).toBe('good');
    },
  );

  it('given InfoInhibitor, when it fires, then it is an alert as any other', () => {
    expect(
      names(streamAfter(first('am-0', 3, [watchdog, alertOf({ alertname: 'InfoInhibitor' })]))),
    ).toEqual(['InfoInhibitor']);
  });

  it.each([
    [100, [], 'Watchdog seen through am-0'],
    [130, ['critical'], 'Watchdog is missing: alerts may not reach am-1'],
  ])('given am-1 lost it %ds ago, then what is listed is %j', (seconds, severities, text) => {
    const stream = streamAfter([...both, ends('am-1', seconds, watchdog)]);
    expect(stream.items.map((i) => i.severity)).toEqual(severities);
    expect(stream.watchdog.text).toBe(text);
    expect(stream.counts.critical).toBe(severities.length);
  });

  it('given am-1 lost it three hours ago, then it is missing as it was after two minutes', () => {
    const told = [
      ...first('am-1', 14_400, [watchdog]),
      ends('am-1', 10_800, watchdog),
      ...first('am-0', 300, [watchdog]),
      tell('am-1', 60, { kind: 'cut', id: 'cut', left: 0 }),
      heard('am-0'),
      heard('am-1'),
    ];
    expect(streamAfter(told).items).toMatchObject([
      {
        severity: 'critical',
        summary: 'Watchdog is missing: alerts may not reach am-1',
        since: ago(10_800),
      },
    ]);
  });

  it('given a source that is not heard, when it had it, then it is not missing but old', () => {
    const stream = streamAfter([...first('am-0', 300, [watchdog]), fails('am-0', 200)]);
    expect(stream.items.map((i) => i.key)).toEqual(['own/alertmanagers']);
    expect(stream.watchdog).toEqual({
      tone: 'stale',
      text: 'Watchdog last seen through am-0',
      heard: ago(300),
    });
  });

  it('given it was never seen, when we have listened for long, then that is worth a look', () => {
    const stream = streamAfter([...first('am-0', 130, [other]), heard('am-0')]);
    const own = stream.items.find((i) => i.kind === 'own');
    expect(own).toMatchObject({
      severity: 'warning',
      summary: 'Watchdog is missing: alerts may not reach am-0, where it was never seen',
    });
    expect(stream.watchdog.tone).toBe('warn');
  });

  it.each([
    [110, []],
    [130, ['warning']],
  ])(
    'given a source without any alert that is asked for %ds, then what is listed is %j',
    (s, list) => {
      const stream = streamAfter([...first('am-0', s, []), heard('am-0')]);
      expect(stream.items.map((i) => i.severity)).toEqual(list);
    },
  );

  it('given it was never seen, when we have only begun to listen, then nothing is said', () => {
    const stream = streamAfter([...first('am-0', 60, [other]), heard('am-0')]);
    expect(stream.items.filter((i) => i.kind === 'own')).toEqual([]);
    expect(stream.watchdog).toEqual({ tone: 'unknown', text: '', heard: null });
  });

  it('given a Prometheus that fires it for long, when a source is asked only now, then that has its time', () => {
    const stream = streamAfter([
      ...first('am-0', 60, []),
      heard('am-0'),
      ...prometheusFirst('prometheus', 900, [watchdog]),
      prometheusHeard('prometheus'),
    ]);
    expect(stream.items).toEqual([]);
  });

  it('given a Prometheus that fires it, when no Alertmanager has it, then it does not arrive', () => {
    const stream = streamAfter([
      ...first('am-0', 300, []),
      heard('am-0'),
      ...prometheusFirst('prometheus', 130, [watchdog]),
      prometheusHeard('prometheus'),
    ]);
    expect(stream.items).toMatchObject([
      { severity: 'critical', summary: 'Watchdog is missing: alerts may not reach am-0' },
    ]);
  });
});
