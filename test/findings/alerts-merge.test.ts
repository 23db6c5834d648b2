import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceOf } from '../../src/kernel/world.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { ago } from '../support/objects.ts';
import {
  alertOf,
  ends,
  fails,
  fires,
  first,
  heard,
  names,
  only,
  prometheusFirst,
  streamAfter,
  type Told,
  tell,
  worldAfter,
} from './alert-scene.ts';

const crash = alertOf({ alertname: 'Crash', severity: 'critical' });
const pair = { peers: ['01-a', '01-b'] };
const both = [
  ...first('am-0', 300, [crash], pair),
  ...first('am-1', 300, [crash], pair),
  heard('am-0'),
  heard('am-1'),
];
const says = (told: readonly Told[]) =>
  only(streamAfter(told)).says.map((s) => `${s.source} ${s.state}${s.fresh ? '' : ' stale'}`);

describe('alerts of several Alertmanagers', () => {
  it('given two that tell the same, when they are merged, then it is one alert that both say', () => {
    const item = only(streamAfter(both));
    expect(item).toMatchObject({
      state: 'firing',
      stale: false,
      disagreement: '',
      resolvedAt: null,
    });
    expect(says(both)).toEqual(['am-0 firing', 'am-1 firing']);
    expect(streamAfter(both).counts).toMatchObject({ critical: 1, stale: 0 });
  });

  it('given a source that fails, when only it has told an alert, then it is stale and not resolved', () => {
    const stream = streamAfter([...first('am-0', 300, [crash]), fails('am-0', 60)]);
    expect(only(stream)).toMatchObject({ state: 'firing', stale: true });
    expect(stream.sources[0]).toMatchObject({
      tone: 'bad',
      text: 'unreachable: connection refused',
      heard: ago(300),
    });
    expect(stream.counts.stale).toBe(1);
  });

  it('given a source that is silent for longer than it may be, when it is merged, then what it told is stale', () => {
    const stream = streamAfter(first('am-0', 120, [crash]));
    expect(only(stream).stale).toBe(true);
    expect(stream.sources[0]).toMatchObject({ tone: 'stale', text: 'not heard for 2m' });
  });

  it('given one of a pair that fails, when the other drops the alert, then it is resolved', () => {
    const told = [...both, fails('am-1', 60), ends('am-0', 40, crash)];
    expect(only(streamAfter(told))).toMatchObject({ state: 'resolved', resolvedAt: ago(40) });
    expect(says(told)).toEqual(['am-0 resolved', 'am-1 firing stale']);
  });

  it('given one of two that are no pair fails, when the other drops the alert, then it is stale', () => {
    const told = [
      ...first('am-0', 300, [crash]),
      ...first('am-1', 300, [crash]),
      fails('am-1', 60),
      ends('am-0', 40, crash),
      heard('am-0'),
    ];
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: true });
  });

  it('given both of a pair drop it, when they are merged, then it is resolved once the last has', () => {
    expect(only(streamAfter([...both, ends('am-0', 50, crash)])).state).toBe('firing');
    const over = only(streamAfter([...both, ends('am-0', 50, crash), ends('am-1', 30, crash)]));
    expect(over).toMatchObject({ state: 'resolved', resolvedAt: ago(30), disagreement: '' });
  });

  it.each([
    [15, ''],
    [40, 'am-0 has it, am-1 dropped it 40s ago'],
  ])(
    'given one of a pair dropped it %ds ago, when they are merged, then the quarrel is: %s',
    (s, text) => {
      expect(only(streamAfter([...both, ends('am-1', s, crash)])).disagreement).toBe(text);
    },
  );

  it('given one of a pair never had it, when that lasts, then it is said', () => {
    const told = [
      ...first('am-0', 300, [], pair),
      ...first('am-1', 300, [], pair),
      fires('am-0', 30, crash),
      heard('am-1'),
    ];
    expect(only(streamAfter(told)).disagreement).toBe('am-0 has it, am-1 does not have it');
    expect(says(told)).toEqual(['am-0 firing', 'am-1 silent']);
  });

  it('given an Alertmanager that has nothing to do with the first, when it lacks the alert, then that is no quarrel', () => {
    const told = [
      ...first('am-0', 300, [crash], { peers: ['01-a'] }),
      ...first('eu-0', 300, [], { peers: ['02-x'] }),
      heard('am-0'),
      heard('eu-0'),
    ];
    expect(only(streamAfter(told)).disagreement).toBe('');
    expect(says(told)).toEqual(['am-0 firing']);
  });

  it('given one of a pair comes back without its state, when its peer has the alert, then it fires, and that is said', () => {
    const told = [...both, fails('am-1', 120), ...first('am-1', 60, [], pair), heard('am-1')];
    expect(only(streamAfter(told))).toMatchObject({
      state: 'firing',
      disagreement: 'am-0 has it, am-1 dropped it 1m ago',
    });
    const again = [...told, fires('am-1', 20, crash)];
    expect(only(streamAfter(again)).disagreement).toBe('');
  });

  it('given it comes back and still settles while its peer is not heard, when it lacks the alert, then the alert is stale', () => {
    const settling = { ...pair, clusterStatus: 'settling' };
    const told = [
      ...both,
      fails('am-0', 100),
      fails('am-1', 120),
      ...first('am-1', 60, [], settling),
      heard('am-1'),
    ];
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: true });
    expect(streamAfter(told).sources[1]).toMatchObject({
      tone: 'warn',
      text: 'settling, 0 alerts',
    });
  });

  it('given one of a pair that came back without its state, when its peer told the alert for longer and then fails, then it is stale', () => {
    const lost = [
      ...both,
      ends('am-1', 90, crash),
      heard('am-1'),
      heard('am-0', 50),
      fails('am-0', 45),
    ];
    expect(only(streamAfter(lost))).toMatchObject({ state: 'firing', stale: true });
    // Where the peer may only not have been asked again, it is over.
    const over = [
      ...both,
      ends('am-1', 90, crash),
      heard('am-1'),
      heard('am-0', 80),
      fails('am-0', 75),
    ];
    expect(only(streamAfter(over))).toMatchObject({ state: 'resolved', resolvedAt: ago(90) });
  });

  it('given one of a pair suppresses it and the other does not, when that lasts, then it fires and that is said', () => {
    const quiet = { ...crash, state: 'suppressed' as const, silencedBy: ['s-1'] };
    const told = [...both, fires('am-1', 50, quiet)];
    expect(only(streamAfter(told))).toMatchObject({
      state: 'firing',
      disagreement: 'am-1 suppresses it, am-0 does not',
    });
  });

  it('given a webhook that heard of the beginning only, when the Alertmanager drops it, then it is resolved', () => {
    const hook = { kind: 'webhook' as const };
    const told = [
      ...first('am-0', 300, [crash]),
      tell('webhook', 290, {
        kind: 'source',
        id: 'source',
        source: {
          kind: 'webhook',
          where: ':9095',
          version: '',
          peers: [],
          clusterStatus: '',
          clockSkew: null,
        },
      }),
      ...first('webhook', 290, [crash], hook),
      ends('am-0', 40, crash),
      heard('am-0'),
      heard('webhook'),
    ];
    expect(only(streamAfter(told)).state).toBe('resolved');
    const alone = [...first('webhook', 30, [crash], hook)];
    expect(only(streamAfter(alone))).toMatchObject({ state: 'firing', stale: false });
  });

  it('given a source that left, when the others are merged, then nothing of it is left', () => {
    const told = [...both, tell('am-1', 2, { kind: 'left', id: 'source' })];
    expect([...sliceOf(worldAfter(told), alerts).scopes.keys()]).toEqual(['am-0']);
    const stream = streamAfter(told);
    expect(stream.sources.map((s) => s.name)).toEqual(['am-0']);
    expect(says(told)).toEqual(['am-0 firing']);
  });

  it('given a source that never answered, when it has left, then nothing of it is left', () => {
    const told = [fails('am-0', 20), tell('am-0', 10, { kind: 'left', id: 'source' })];
    expect(streamAfter(told).sources).toEqual([]);
  });

  it('given a source that never answered, when it is looked for, then it is there with the reason', () => {
    const stream = streamAfter([fails('am-0', 20)]);
    expect(stream.items).toEqual([]);
    expect(stream.sources).toMatchObject([
      {
        name: 'am-0',
        kind: 'alertmanager',
        tone: 'bad',
        text: 'unreachable: connection refused',
        heard: null,
      },
    ]);
  });

  it('given sources in any order, when they are merged, then the stream is the same', () => {
    const alerts = ['A', 'B', 'C', 'D', 'E', 'F'].map((alertname, i) =>
      alertOf(
        { alertname, severity: ['critical', 'warning', 'info'][i % 3] ?? '' },
        { group: `g${i % 2}`, startsAt: ago(600 + (i % 2) * 60) },
      ),
    );
    const source = fc
      .record({
        has: fc.subarray(alerts),
        drops: fc.subarray(alerts),
        info: fc.constantFrom(pair, { peers: ['01-b', '01-c'] }, { peers: [] }),
        fails: fc.boolean(),
      })
      .map(({ has, drops, info, fails: f }) => (name: string): readonly Told[] => [
        ...first(name, 300, has, info),
        ...drops.filter((a) => has.includes(a)).map((a) => ends(name, 90, a)),
        f ? fails(name, 60) : heard(name),
      ]);
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    fc.assert(
      fc.property(
        fc.tuple(source, source, source),
        order,
        fc.subarray(alerts),
        (made, at, rule) => {
          const parts = [
            ...made.map((make, i) => make(`am-${i}`)),
            prometheusFirst('prometheus', 30, rule),
          ];
          const shuffled = at.flatMap((i) => parts[i] ?? []);
          const plain = (told: readonly Told[]) => JSON.parse(JSON.stringify(streamAfter(told)));
          expect(plain(shuffled)).toEqual(plain(parts.flat()));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('given alerts of all severities, when they are counted, then by what is told to somebody', () => {
    const told = first('am-0', 3, [
      crash,
      alertOf({ alertname: 'Page', severity: 'page' }),
      alertOf({ alertname: 'Warn', severity: 'warn' }),
      alertOf({ alertname: 'Odd', severity: 'sev7' }),
      alertOf({ alertname: 'Bare' }),
      alertOf({ alertname: 'Info', severity: 'info' }),
      alertOf({ alertname: 'None', severity: 'none' }),
      alertOf(
        { alertname: 'Quiet', severity: 'critical' },
        { state: 'suppressed', mutedBy: ['night'] },
      ),
    ]);
    const stream = streamAfter(told);
    expect(stream.counts).toMatchObject({ critical: 2, warning: 3, info: 1, suppressed: 1 });
    expect(names(stream)).not.toContain('Watchdog');
  });
});
