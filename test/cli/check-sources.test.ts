import { describe, expect, it } from 'vitest';
import { check, isSettled } from '../../src/cli/check.ts';
import { alertsToldMost } from '../../src/cli/check-sources.ts';
import { failure } from '../../src/kernel/failure.ts';
import { etcd } from '../../src/probes/etcd.ts';
import {
  acknowledges,
  alertOf,
  first,
  heard,
  prometheusFirst,
  prometheusHeard,
  rules,
  type Told,
  worldAfter,
} from '../findings/alert-scene.ts';
import {
  clusterFact,
  downFact,
  memberInfo,
  quorumLost,
  statusFact,
  told,
  wellMembers,
  withEtcd,
} from '../support/etcd-world.ts';
import { node, now, pod } from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const well: Listed = { nodes: [node('worker-1')], pods: [pod('a')] };
const critical = alertOf({ alertname: 'Burns', severity: 'critical', namespace: 'payments' });
const warning = alertOf({ alertname: 'Smells', severity: 'warning' });
const info = alertOf({ alertname: 'Sounds', severity: 'info' });
const watchdog = alertOf({ alertname: 'Watchdog', severity: 'none', namespace: 'monitoring' });
const am = (...all: readonly ReturnType<typeof alertOf>[]): readonly Told[] => [
  ...first('am-0', 60, [watchdog, ...all]),
  heard('am-0'),
];
const looked = (all: readonly Told[], options?: Parameters<typeof check>[2]) =>
  check(worldAfter(all, well), now, options);

describe('alerts and the exit code', () => {
  const downTarget = rules('prometheus', 50, {
    kind: 'down',
    id: 'target/web',
    target: {
      key: 'web/1',
      job: 'web',
      instance: '1',
      labels: { namespace: 'web' },
      lastError: 'refused',
    },
  });
  const scraped = [...prometheusFirst('prometheus', 60, []), prometheusHeard('prometheus')];

  it.each<[string, readonly Told[], Parameters<typeof check>[2], 0 | 1 | 2]>([
    ['only the Watchdog fires', am(), {}, 0],
    ['a critical one fires that nothing explains', am(critical), {}, 1],
    ['a warning fires that nothing explains', am(warning), {}, 1],
    ['a warning fires and only what is bad counts', am(warning), { failOn: 'bad' }, 0],
    ['a critical one fires and only what is bad counts', am(critical), { failOn: 'bad' }, 1],
    ['one fires that is only told', am(info), {}, 0],
    ['a silence hides it', am({ ...critical, state: 'suppressed', silencedBy: ['s'] }), {}, 0],
    ['somebody takes care of it', [...am(critical), acknowledges(30, critical)], {}, 0],
    [
      'somebody takes care of another one',
      [...am(critical, warning), acknowledges(30, critical)],
      {},
      1,
    ],
    ['it is in another namespace', am(critical), { namespace: 'web' }, 0],
    ['it is in this namespace', am(critical), { namespace: 'payments' }, 1],
    ['it is in none, and a namespace is looked at', am(warning), { namespace: 'web' }, 1],
    ['a target is down', [...scraped, downTarget], {}, 1],
    ['a target of another namespace is down', [...scraped, downTarget], { namespace: 'api' }, 0],
  ])('given that %s', (_, all, options, code) => {
    expect(looked(all, options).code).toBe(code);
  });

  it('given one that is explained, when it is acknowledged, then what explains it still counts', () => {
    const members = alertOf({
      alertname: 'etcdInsufficientMembers',
      severity: 'critical',
      job: 'payments',
    });
    const seen = withEtcd(
      worldAfter([...am(members), acknowledges(30, members)], well),
      quorumLost(),
    );
    const { code, json } = check(seen, now);
    expect(json.alerts.items[0]).toMatchObject({ finding: 'etcd/payments' });
    expect(json.alerts.items[0]?.acknowledged).not.toBeNull();
    expect(code).toBe(1);
  });

  it('given alerts that nothing explains, then the report for people tells them as broken, not as events', () => {
    const { text } = looked(am(critical));
    expect(text).toContain(
      'broken, worst first\nBAD  Burns  namespace payments, alert that nothing explains',
    );
    expect(text).not.toContain('warning events\n');
  });
});

describe('alerts in the report for programs', () => {
  it('given alerts, then each is told shortly, with who takes care of it', () => {
    const { alerts } = looked([...am(critical, info), acknowledges(30, critical)]).json;
    expect(alerts.counts).toMatchObject({ critical: 1, info: 1, acknowledged: 1 });
    expect(alerts.items[0]).toEqual({
      key: critical.fingerprint,
      name: 'Burns',
      severity: 'critical',
      state: 'firing',
      subject: 'namespace payments',
      summary: '',
      since: '2026-11-23T21:33:00.000Z',
      stale: false,
      acknowledged: { by: 'ana', at: '2026-11-23T21:42:30.000Z', note: 'on it' },
      finding: null,
    });
    expect(alerts.watchdog).toEqual({
      tone: 'good',
      text: 'Watchdog seen through am-0',
      heard: '2026-11-23T21:42:57.000Z',
    });
    expect(alerts.sources).toEqual([
      {
        name: 'am-0',
        kind: 'alertmanager',
        version: '0.28.1',
        tone: 'good',
        text: '3 alerts',
        heard: '2026-11-23T21:42:57.000Z',
      },
    ]);
  });

  it('given more than a report should hold, then the rest is counted', () => {
    const many = Array.from({ length: alertsToldMost + 2 }, (_, n) =>
      alertOf({ alertname: `A${n}`, severity: 'info' }),
    );
    const { alerts } = looked(am(...many)).json;
    expect([alerts.items.length, alerts.left]).toEqual([alertsToldMost, 2]);
  });

  it('given no source, then there is nothing, and nothing is called well', () => {
    const { alerts } = check(worldOf(well), now).json;
    expect(alerts).toMatchObject({
      items: [],
      left: 0,
      sources: [],
      watchdog: { tone: 'unknown', text: '', heard: null },
    });
  });
});

describe('etcd in the report for programs', () => {
  it('given a cluster that is well, then what is to be known of it, and of its members', () => {
    const [first] = check(withEtcd(worldOf(well), wellMembers()), now).json.etcd;
    expect(first).toMatchObject({
      name: 'payments',
      tone: 'good',
      verdict: 'healthy: 3 of 3, margin 1',
      voters: 3,
      working: 3,
      quorum: 2,
      margin: 1,
      leader: 'etcd-0',
      term: 7,
      heard: '2026-11-23T21:42:56.000Z',
      finding: 'etcd/payments',
      reasons: [],
    });
    expect(first?.members[1]).toEqual({
      name: 'etcd-1',
      tone: 'good',
      words: 'healthy',
      role: 'follower',
      version: '3.5.16',
      used: 0.146,
      alarms: [],
      heard: '2026-11-23T21:42:56.000Z',
    });
  });

  it('given a quorum that is lost, then the code is 1, and the finding can be found by its key', () => {
    const { json, code } = check(withEtcd(worldOf(well), quorumLost()), now);
    expect(code).toBe(1);
    expect(json.etcd[0]).toMatchObject({ tone: 'bad', leader: null });
    expect(json.etcd[0]?.reasons[0]).toMatchObject({ key: 'quorum', tone: 'bad' });
    expect(json.findings.map((f) => f.key)).toContain(json.etcd[0]?.finding);
  });

  it.each<[string, number, readonly number[], number]>([
    ['no member can be asked', 2, [0, 1, 2], 0],
    ['one member can be asked', 0, [0, 1], 1],
  ])('given that %s for want of certificates, then the code is %d', (_, code, down, asked) => {
    const why = failure('misconfigured', 'read key', 'the client key may not be read');
    const facts = told(
      60,
      clusterFact([0, 1, 2].map((n) => memberInfo(n, { foundBy: 'setting', pod: null }))),
    );
    const answers = asked === 0 ? [] : told(4, statusFact(2));
    const barred = told(5, ...down.map((n) => downFact(n, why)));
    const { json, code: is } = check(
      withEtcd(worldOf(well), [...facts, ...barred, ...answers]),
      now,
    );
    expect(is).toBe(code);
    expect(json.missing).toEqual(
      code === 0 ? [] : [{ what: 'etcd payments', why: 'the client key may not be read' }],
    );
    expect(json.verdict.tone).toBe(code === 0 ? 'good' : 'unknown');
  });

  it('given members that have not answered yet, then they are waited for', () => {
    const found = told(5, clusterFact([memberInfo(0), memberInfo(1)]));
    expect(isSettled(withEtcd(worldOf(well), found), etcd)).toBe(false);
    const asked = [...found, ...told(4, statusFact(0), statusFact(1))];
    expect(isSettled(withEtcd(worldOf(well), asked), etcd)).toBe(true);
  });
});
