import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertDataSchema, alertsKept } from '../../../src/kernel/alert-fact.ts';
import {
  type AlertmanagerStage,
  alertmanagerStage,
  groupsPath,
  hex,
  rawAlert,
  rawGroup,
  recordedAnswer,
} from '../../support/alertmanager-stage.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { json } from '../../support/scripted-monitoring.ts';

describe('alertmanagerSource', () => {
  let stage: AlertmanagerStage;
  beforeEach(async () => {
    stage = await alertmanagerStage();
  });
  afterEach(() => stage.close());

  it('given recorded answers, when read first, then all is told, listed and in order', async () => {
    await stage.close();
    stage = await alertmanagerStage(new FakeClock(Date.parse('2026-11-22T20:46:00Z')));
    stage.server.answers.set(
      groupsPath,
      json(recordedAnswer('alertmanager/06-alerts-groups.json')),
    );
    stage.server.answers.set(
      '/api/v2/silences',
      json(recordedAnswer('alertmanager/11-silences.json')),
    );
    stage.watch();
    await stage.roundEnds(1);
    for (const data of stage.told.data()) expect(alertDataSchema.parse(data)).toEqual(data);
    expect(stage.told.data()[0]).toMatchObject({
      kind: 'source',
      source: {
        version: '0.28.1+ds',
        peers: [],
        clusterStatus: 'disabled',
        where: stage.server.url,
      },
    });
    const first = recordedAnswer('alertmanager/06-alerts-groups.json')[0];
    expect(
      stage.told.data().find((d) => d.id === `alert/${first.alerts[0].fingerprint}`),
    ).toMatchObject({
      alert: {
        labels: first.alerts[0].labels,
        state: 'firing',
        receivers: ['hook'],
        group: '{alertname="EtcdDbQuotaLowSpace", cluster="ap-1"}',
        startsAt: Date.parse('2026-11-22T20:44:03.587Z'),
      },
    });
    expect(stage.told.data().at(-1)).toMatchObject({
      kind: 'listed',
      silences: ['e4721ba3-11bf-4897-a5b0-7d49bbfbb47e'],
    });
    expect(stage.told.kinds().at(-1)).toBe('synced');
  });

  it('given later answers, when only times differ, then nothing is told but that it is heard', async () => {
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, rawAlert(1), rawAlert(2))]));
    stage.watch();
    await stage.roundEnds(1);
    stage.told.forget();
    const later = { updatedAt: '2026-11-20T03:01:00Z', endsAt: '2026-11-20T05:00:00Z' };
    stage.server.answers.set(
      groupsPath,
      json([rawGroup('a', {}, rawAlert(2, later), rawAlert(1, later))]),
    );
    await stage.nextRound();
    expect(stage.told.kinds()).toEqual(['heard']);
    stage.told.forget();
    stage.server.answers.set(
      groupsPath,
      json([rawGroup('a', {}, rawAlert(2, { annotations: { a: 'b' } }))]),
    );
    await stage.nextRound();
    expect(stage.told.data()).toEqual([
      expect.objectContaining({ kind: 'alert', id: `alert/${hex(2)}` }),
      { kind: 'gone', id: `alert/${hex(1)}`, fingerprint: hex(1) },
    ]);
  });

  const started = (uptime: string) => {
    const status = { ...recordedAnswer('alertmanager/01-status.json'), uptime };
    stage.server.answers.set('/api/v2/status', json(status));
  };
  const asksStatus = () => stage.server.requests.filter((p) => p === '/api/v2/status').length;
  const startedAt = '2026-11-20T02:30:00.000Z';

  it('given most alerts vanish from one answer, when it has restarted, then that is told before they are gone', async () => {
    stage.server.answers.set(
      groupsPath,
      json([rawGroup('a', {}, rawAlert(1), rawAlert(2), rawAlert(3))]),
    );
    stage.watch();
    await stage.roundEnds(1);
    expect(stage.told.data()[0]).toMatchObject({
      source: { startedAt: Date.parse('2026-11-22T20:45:48.348Z') },
    });
    stage.told.forget();
    started(startedAt);
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, rawAlert(1), rawAlert(2))]));
    await stage.nextRound();
    // One of three says nothing: it may be over.
    expect(asksStatus()).toBe(1);
    expect(stage.told.data().map((d) => d.kind)).toEqual(['gone']);
    stage.told.forget();
    stage.server.answers.set(groupsPath, json([]));
    await stage.nextRound();
    expect(asksStatus()).toBe(2);
    expect(stage.told.data()).toMatchObject([
      { kind: 'source', source: { startedAt: Date.parse(startedAt) } },
      { kind: 'gone' },
      { kind: 'gone' },
    ]);
  });

  it('given a connection that was lost, when it answers again, then its start is asked for at once', async () => {
    stage.watch();
    await stage.roundEnds(1);
    stage.server.answers.set(groupsPath, { kind: 'cut', body: '[' });
    await stage.nextRound();
    stage.told.forget();
    started(startedAt);
    stage.server.answers.set(groupsPath, json([]));
    await stage.nextRound();
    expect(stage.told.data()[0]).toMatchObject({ source: { startedAt: Date.parse(startedAt) } });
  });

  it('given a status without a start, then none is told', async () => {
    started('soon');
    stage.watch();
    await stage.roundEnds(1);
    expect(stage.told.data()[0]).not.toHaveProperty('source.startedAt');
  });

  it('given an alert in two groups, when read, then it is one for all receivers, muted only where all are', async () => {
    const muted = { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['night'] };
    stage.server.answers.set(
      groupsPath,
      json([
        rawGroup(
          'pager',
          { severity: 'critical' },
          rawAlert(1, { status: muted }),
          rawAlert(2, { status: muted }),
        ),
        rawGroup('mail', { alertname: 'Down' }, rawAlert(1)),
      ]),
    );
    stage.watch();
    await stage.roundEnds(1);
    const alerts = stage.told.data().flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
    expect(alerts).toMatchObject([
      {
        state: 'firing',
        mutedBy: [],
        receivers: ['hook', 'mail', 'pager'],
        group: '{alertname="Down"}',
      },
      { state: 'suppressed', mutedBy: ['night'], receivers: ['hook', 'pager'] },
    ]);
  });

  it('given more alerts than are kept, when they come and go, then those that were told stay, and the rest is counted', async () => {
    const many = Array.from({ length: alertsKept + 5 }, (_, n) =>
      rawAlert(n, { annotations: undefined }),
    );
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, ...many)]));
    stage.watch();
    await stage.roundEnds(1);
    expect(stage.told.data().filter((d) => d.kind === 'alert')).toHaveLength(alertsKept);
    expect(stage.told.data()).toContainEqual({ kind: 'cut', id: 'cut', left: 5 });
    stage.told.forget();
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, ...many.reverse())]));
    await stage.nextRound();
    expect(stage.told.kinds()).toEqual(['heard']);
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, ...many.slice(10))]));
    await stage.nextRound();
    expect(stage.told.data()).toContainEqual({ kind: 'cut', id: 'cut', left: 0 });
  });

  it('given answers of version 0.25 and a status of a pair, when read, then nothing is missing', async () => {
    const groups = recordedAnswer('alertmanager/0.25/06-alerts-groups.json');
    stage.server.answers.set(groupsPath, json(groups));
    const pair = recordedAnswer('alertmanager/0.25/23-status-of-a-pair.json');
    stage.server.answers.set('/api/v2/status', json(pair));
    stage.watch();
    await stage.roundEnds(1);
    const raw = groups.flatMap((g: { alerts: { fingerprint: string }[] }) => g.alerts);
    const alerts = stage.told.data().flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
    expect(new Set(alerts.map((a) => a.fingerprint))).toEqual(
      new Set(raw.map((a: { fingerprint: string }) => a.fingerprint)),
    );
    expect(alerts.some((a) => a.state === 'suppressed' && a.inhibitedBy.length > 0)).toBe(true);
    expect(stage.told.data()[0]).toMatchObject({
      source: {
        clusterStatus: 'ready',
        peers: pair.cluster.peers.map((p: { name: string }) => p.name).sort(),
      },
    });
    expect(stage.told.kinds().at(-1)).toBe('synced');
  });

  it.each([
    ['an hour behind', -3_600_000, -3_600_000],
    ['a minute ahead', 60_000, 60_000],
    ['as good as the same', 400, 0],
  ])('given a clock that is %s, when asked, then that is told once', async (_, off, told) => {
    const answer = (later: number): void => {
      const date = new Date(stage.clock.now() + later + off).toUTCString();
      const headers = { 'content-type': 'application/json', date };
      stage.server.answers.set(groupsPath, { kind: 'raw', status: 200, headers, body: '[]' });
    };
    answer(0);
    stage.watch();
    await stage.roundEnds(1);
    const skews = () =>
      stage.told.data().flatMap((d) => (d.kind === 'source' ? [d.source.clockSkew] : []));
    expect(skews()).toHaveLength(1);
    expect(Math.abs((skews()[0] ?? Number.NaN) - told)).toBeLessThanOrEqual(1000);
    answer(5000);
    await stage.nextRound();
    expect(skews()).toHaveLength(1);
  });
});
