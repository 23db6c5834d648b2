import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertmanagerSource } from '../../../src/adapters/alertmanager/alertmanager-source.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import { type AlertData, alertDataSchema, alertsKept } from '../../../src/kernel/alert-fact.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import {
  json,
  type MonitoringAnswer,
  type ScriptedMonitoring,
  startScriptedMonitoring,
} from '../../support/scripted-monitoring.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';

const recorded = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/alertmanager/${file}`, import.meta.url), 'utf8'))
    .body;

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));
const groupsPath = '/api/v2/alerts/groups';

const hex = (n: number): string => n.toString(16).padStart(16, '0');
const alert = (n: number, more: object = {}) => ({
  fingerprint: hex(n),
  labels: { alertname: 'Down', pod: `p${n}` },
  annotations: {},
  startsAt: '2026-11-20T02:00:00.000Z',
  endsAt: '2026-11-20T04:00:00.000Z',
  updatedAt: '2026-11-20T03:00:00.000Z',
  receivers: [{ name: 'hook' }],
  status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
  generatorURL: 'http://prometheus/graph',
  ...more,
});
const group = (receiver: string, labels: object, ...alerts: unknown[]) => ({
  labels,
  receiver: { name: receiver },
  alerts,
});

describe('alertmanagerSource', () => {
  let server: ScriptedMonitoring;
  let clock: FakeClock;
  let told: ToldSignals<AlertData>;
  const attention = nudgedAttention();
  beforeEach(async () => {
    server = await startScriptedMonitoring();
    server.answers.set(groupsPath, json([]));
    server.answers.set('/api/v2/silences', json([]));
    server.answers.set('/api/v2/status', json(recorded('01-status.json')));
    clock = new FakeClock();
    attention.set(true);
  });
  afterEach(async () => {
    await told.stop();
    await server.close();
  });

  const watch = () => {
    told = toldSignals(
      alertmanagerSource({
        settings: {
          alertmanagers: [
            {
              name: 'main',
              way: { kind: 'direct', url: server.url },
              auth: { kind: 'none' },
              tls: noTls,
            },
          ],
          discover: false,
        },
        kubernetes: { get: async () => nowhere },
        open: (target) =>
          openHttp(target, {
            api: { request: async () => nowhere },
            forward: async () => nowhere,
            clock,
            version: 'test',
          }),
        clock,
        random: () => 0.5,
        attention,
      }),
    );
  };
  const rounds = () => server.requests.filter((path) => path === groupsPath).length;
  const roundEnds = async (n: number) => {
    await told.until(`round ${n} has ended`, () => rounds() >= n && attention.resting === 1);
  };
  /** Lets one more round happen. */
  const nextRound = async (wait = 5) => {
    const n = rounds();
    await roundEnds(n);
    await clock.advance(seconds(wait));
    await roundEnds(n + 1);
  };

  it('given recorded answers, when read first, then all is told, listed and in order', async () => {
    server.answers.set(groupsPath, json(recorded('06-alerts-groups.json')));
    server.answers.set('/api/v2/silences', json(recorded('11-silences.json')));
    clock = new FakeClock(Date.parse('2026-11-22T20:46:00Z'));
    watch();
    await roundEnds(1);
    for (const data of told.data()) expect(alertDataSchema.parse(data)).toEqual(data);
    expect(told.data()[0]).toMatchObject({
      kind: 'source',
      source: { version: '0.28.1+ds', peers: [], clusterStatus: 'disabled', where: server.url },
    });
    const first = recorded('06-alerts-groups.json')[0];
    expect(told.data().find((d) => d.id === `alert/${first.alerts[0].fingerprint}`)).toMatchObject({
      alert: {
        labels: first.alerts[0].labels,
        state: 'firing',
        receivers: ['hook'],
        group: '{alertname="EtcdDbQuotaLowSpace", cluster="ap-1"}',
        startsAt: Date.parse('2026-11-22T20:44:03.587Z'),
      },
    });
    expect(told.data().at(-1)).toMatchObject({
      kind: 'listed',
      silences: ['e4721ba3-11bf-4897-a5b0-7d49bbfbb47e'],
    });
    expect(told.kinds().at(-1)).toBe('synced');
  });

  it('given later answers, when only times differ, then nothing is told but that it is heard', async () => {
    server.answers.set(groupsPath, json([group('a', {}, alert(1), alert(2))]));
    watch();
    await roundEnds(1);
    told.forget();
    const later = { updatedAt: '2026-11-20T03:01:00Z', endsAt: '2026-11-20T05:00:00Z' };
    server.answers.set(groupsPath, json([group('a', {}, alert(2, later), alert(1, later))]));
    await nextRound();
    expect(told.kinds()).toEqual(['heard']);
    told.forget();
    server.answers.set(groupsPath, json([group('a', {}, alert(2, { annotations: { a: 'b' } }))]));
    await nextRound();
    expect(told.data()).toEqual([
      expect.objectContaining({ kind: 'alert', id: `alert/${hex(2)}` }),
      { kind: 'gone', id: `alert/${hex(1)}`, fingerprint: hex(1) },
    ]);
  });

  it('given an alert in two groups, when read, then it is one for all receivers, muted only where all are', async () => {
    const muted = { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['night'] };
    server.answers.set(
      groupsPath,
      json([
        group(
          'pager',
          { severity: 'critical' },
          alert(1, { status: muted }),
          alert(2, { status: muted }),
        ),
        group('mail', { alertname: 'Down' }, alert(1)),
      ]),
    );
    watch();
    await roundEnds(1);
    const alerts = told.data().flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
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

  it.each<[string, MonitoringAnswer, object]>([
    [
      '401',
      { kind: 'raw', status: 401, headers: {}, body: 'Unauthorized' },
      { kind: 'unauthorized' },
    ],
    [
      '403',
      { kind: 'raw', status: 403, headers: {}, body: '' },
      { kind: 'forbidden', message: 'it answers HTTP 403' },
    ],
    [
      '404',
      { kind: 'raw', status: 404, headers: {}, body: '' },
      { kind: 'absent', hint: expect.stringContaining('prefix') },
    ],
    [
      'a redirect',
      { kind: 'raw', status: 302, headers: { location: 'https://sso/?secret=1' }, body: '' },
      { kind: 'unauthorized', hint: expect.stringContaining('login page') },
    ],
    [
      'a web page',
      {
        kind: 'raw',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Log in</title>',
      },
      { kind: 'undecodable', message: 'it answers with a web page instead of JSON' },
    ],
    [
      'text',
      { kind: 'raw', status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' },
      { kind: 'undecodable', message: 'it answers with text/plain instead of JSON' },
    ],
    [
      'truncated JSON',
      {
        kind: 'raw',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '[{"labels":{"a"',
      },
      { message: 'the answer ends in the middle' },
    ],
    [
      'an answer of something else',
      json({ items: [] }),
      { message: 'it answers, but not as an Alertmanager does' },
    ],
    ['a cut connection', { kind: 'cut', body: '[{' }, { kind: 'unreachable' }],
    [
      'a 500 of Alertmanager',
      { kind: 'raw', status: 500, headers: {}, body: '"\\u001b[31mdisk\\nfull"' },
      { kind: 'broken', message: 'disk full' },
    ],
  ])(
    'given %s, when asked, then it is told once, alerts stay, and what comes after is listed anew',
    async (_, answer, expected) => {
      server.answers.set(groupsPath, json([group('a', {}, alert(1))]));
      watch();
      await roundEnds(1);
      told.forget();
      server.answers.set(groupsPath, answer);
      await nextRound();
      await nextRound();
      expect(told.signals).toEqual([
        { kind: 'failed', scope: 'main', failure: expect.objectContaining(expected) },
      ]);
      expect(JSON.stringify(told.signals)).not.toContain('secret');
      told.forget();
      server.answers.set(groupsPath, json([group('a', {}, alert(1))]));
      await nextRound(10);
      expect(told.signals).toEqual([
        {
          kind: 'observed',
          scope: 'main',
          data: { kind: 'listed', id: 'listed', fingerprints: [hex(1)], silences: [] },
        },
        { kind: 'synced', scope: 'main' },
      ]);
    },
  );

  it('given one that says nothing, when ten seconds are over, then that is told', async () => {
    server.answers.set(groupsPath, { kind: 'silent' });
    watch();
    await told.until('it is asked', () => rounds() === 1);
    await clock.advance(seconds(10));
    await told.until('it has failed', () => told.kinds().includes('failed'));
    expect(told.signals).toMatchObject([{ kind: 'failed', failure: { kind: 'timeout' } }]);
  });

  it('given silences that cannot be read, when alerts can, then they are told, and the failure', async () => {
    server.answers.delete('/api/v2/silences');
    server.answers.set(groupsPath, json([group('a', {}, alert(1))]));
    watch();
    await roundEnds(1);
    expect(told.data().map((d) => d.kind)).toEqual(['source', 'alert']);
    expect(told.signals.at(-1)).toMatchObject({
      kind: 'failed',
      failure: { on: '/api/v2/silences' },
    });
  });

  it('given entries that make no sense, when read, then the others are told, and that some are missing', async () => {
    server.answers.set(groupsPath, json([group('a', {}, alert(1), { labels: 3 }, null), 7]));
    watch();
    await roundEnds(1);
    expect(told.data().filter((d) => d.kind === 'alert')).toHaveLength(1);
    expect(told.signals.at(-1)).toEqual({
      kind: 'gap',
      scope: 'main',
      why: '3 of its entries cannot be read',
    });
  });

  it('given more alerts than are kept, when they come and go, then those that were told stay, and the rest is counted', async () => {
    const many = Array.from({ length: alertsKept + 5 }, (_, n) =>
      alert(n, { annotations: undefined }),
    );
    server.answers.set(groupsPath, json([group('a', {}, ...many)]));
    watch();
    await roundEnds(1);
    expect(told.data().filter((d) => d.kind === 'alert')).toHaveLength(alertsKept);
    expect(told.data()).toContainEqual({ kind: 'cut', id: 'cut', left: 5 });
    told.forget();
    server.answers.set(groupsPath, json([group('a', {}, ...many.reverse())]));
    await nextRound();
    expect(told.kinds()).toEqual(['heard']);
    server.answers.set(groupsPath, json([group('a', {}, ...many.slice(10))]));
    await nextRound();
    expect(told.data()).toContainEqual({ kind: 'cut', id: 'cut', left: 0 });
  });

  it('given an answer of more than 64 MiB, when read, then it is a failure that says so', async () => {
    const body = `[${' '.repeat(65 << 20)}]`;
    const headers = { 'content-type': 'application/json' };
    server.answers.set(groupsPath, { kind: 'raw', status: 200, headers, body });
    watch();
    await told.until('it has failed', () => told.kinds().includes('failed'));
    expect(told.signals).toMatchObject([
      { failure: { message: expect.stringContaining('longer than 64') } },
    ]);
  });

  it('given attention that goes and comes, when time passes, then it is asked every 15 s, at once, and every 5 s', async () => {
    attention.set(false);
    watch();
    await roundEnds(1);
    await clock.advance(seconds(14));
    expect(rounds()).toBe(1);
    await clock.advance(seconds(1));
    await roundEnds(2);
    await clock.advance(seconds(3));
    attention.set(true);
    await roundEnds(3);
    await nextRound(5);
    expect(rounds()).toBe(4);
  });

  it('given one that is gone for long, when time passes, then it is asked ever less, at last once a minute', async () => {
    server.answers.delete(groupsPath);
    watch();
    await roundEnds(1);
    const gaps: number[] = [];
    for (let n = 1; n <= 6; n += 1) {
      const began = clock.now();
      while (rounds() === n) {
        await clock.advance(seconds(1));
        await told.until('it rests', () => attention.resting === 1);
      }
      gaps.push(Math.round((clock.now() - began) / 1000));
    }
    expect(gaps).toEqual([5, 10, 20, 40, 60, 60]);
    expect(told.kinds()).toEqual(['failed']);
  });
});
