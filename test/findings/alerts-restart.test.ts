import { describe, expect, it } from 'vitest';
import type { AlertSourceInfo } from '../../src/kernel/alert-fact.ts';
import { ago } from '../support/objects.ts';
import {
  alertOf,
  ends,
  fails,
  fires,
  first,
  heard,
  only,
  prometheusFirst,
  prometheusHeard,
  rules,
  sourceInfo,
  streamAfter,
  type Told,
  tell,
} from './alert-scene.ts';

const crash = alertOf({ alertname: 'Crash', severity: 'critical' });
const watchdog = alertOf({ alertname: 'Watchdog', severity: 'none' });
const note = 'am-0 has restarted and has not been told again';

/** A source that was up for a day, and is another process since `started` seconds ago, with nothing. */
const restarts = (
  name: string,
  started: number,
  info: Partial<AlertSourceInfo> = {},
  lost = [crash],
): readonly Told[] => [
  ...first(name, 900, lost, { ...info, startedAt: ago(86_400) }),
  tell(name, started - 5, {
    kind: 'source',
    id: 'source',
    source: sourceInfo({ ...info, startedAt: ago(started) }),
  }),
  ...lost.map((alert) => ends(name, started - 5, alert)),
  heard(name),
];

describe('alerts of an Alertmanager that has restarted without its state', () => {
  it('given it stands alone, then what it had is stale and not resolved, and why is said', () => {
    const stream = streamAfter(restarts('am-0', 60));
    expect(only(stream)).toMatchObject({ state: 'firing', stale: true, note, flaps: 0 });
    expect(only(stream).says).toEqual([
      { source: 'am-0', state: 'silent', fresh: true, heard: null, since: ago(55) },
    ]);
    expect(only(stream).proof.map((p) => p.text)).toEqual([note]);
    expect(stream.counts).toMatchObject({ critical: 1, resolved: 0, stale: 1 });
    expect(stream.sources[0]).toMatchObject({
      tone: 'warn',
      text: '0 alerts, restarted: 1 not told again',
    });
  });

  it('given it is told again, then it fires as before', () => {
    const told = [...restarts('am-0', 60), fires('am-0', 20, crash)];
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: false, note: '' });
  });

  it('given 5 minutes after its start it still was not, then it is over since it vanished', () => {
    const stream = streamAfter(restarts('am-0', 310));
    expect(only(stream)).toMatchObject({ state: 'resolved', note: '', resolvedAt: ago(305) });
    expect(stream.sources[0]).toMatchObject({ tone: 'good', text: '0 alerts' });
  });

  it('given it is not heard any more since then, then it stays stale', () => {
    const told = [...restarts('am-0', 320).slice(0, -1), fails('am-0', 250)];
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: true });
  });

  it('given both of a pair, then it is stale, and both are named', () => {
    const pair = { peers: ['01-a', '01-b'] };
    const told = [...restarts('am-0', 60, pair), ...restarts('am-1', 58, pair)];
    expect(only(streamAfter(told))).toMatchObject({
      stale: true,
      note: 'am-0 and am-1 have restarted and have not been told again',
    });
  });

  it('given one of a pair, then the other speaks for it, be it firing or over', () => {
    const pair = { peers: ['01-a', '01-b'] };
    const told = [
      ...first('am-1', 900, [crash], pair),
      heard('am-1'),
      ...restarts('am-0', 60, pair),
    ];
    expect(only(streamAfter(told))).toMatchObject({
      state: 'firing',
      stale: false,
      disagreement: `am-1 has it, ${note}`,
    });
    expect(only(streamAfter([...told, ends('am-1', 30, crash)]))).toMatchObject({
      state: 'resolved',
      resolvedAt: ago(30),
    });
  });

  it('given a Prometheus that is heard, when it fires there, then it fires; when it has ended there, then it is over', () => {
    const has = [
      ...restarts('am-0', 60),
      ...prometheusFirst('prom', 900, [crash]),
      prometheusHeard('prom'),
    ];
    expect(only(streamAfter(has))).toMatchObject({ state: 'firing', stale: false, note });
    const end = rules('prom', 30, {
      kind: 'gone',
      id: `alert/${crash.fingerprint}`,
      fingerprint: crash.fingerprint,
    });
    expect(only(streamAfter([...has, end]))).toMatchObject({
      state: 'resolved',
      resolvedAt: ago(30),
      note: '',
    });
  });

  it('given a Prometheus that ended an earlier time of it only, then it is stale', () => {
    const again = { ...crash, startsAt: ago(100) };
    const told = [
      ...restarts('am-0', 60, {}, [again]),
      ...prometheusFirst('prom', 900, [crash]),
      rules('prom', 500, {
        kind: 'gone',
        id: `alert/${crash.fingerprint}`,
        fingerprint: crash.fingerprint,
      }),
      prometheusHeard('prom'),
    ];
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: true, note });
  });

  it('given a Watchdog that it had, then it is not seen through it, and missing once it should be back', () => {
    const seen = (started: number) =>
      streamAfter(restarts('am-0', started, {}, [watchdog])).watchdog.tone;
    expect([seen(60), seen(200), seen(400)]).toEqual(['unknown', 'bad', 'bad']);
  });
});
