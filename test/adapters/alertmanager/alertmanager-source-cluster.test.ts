import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { alertmanagerSource } from '../../../src/adapters/alertmanager/alertmanager-source.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import type { PodForward } from '../../../src/adapters/kubernetes/port-forward.ts';
import type { AlertData, SourceAlert } from '../../../src/kernel/alert-fact.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { fingerprint } from '../../../src/kernel/fingerprint.ts';
import { noTls, type SourceTarget } from '../../../src/kernel/source-target.ts';
import type { Alertmanager } from '../../cluster/monitoring/alertmanager.ts';
import { describeWithMonitoring } from '../../cluster/monitoring/support.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));
const api = { request: async () => nowhere };
const forward: PodForward = async ({ port }) => ok(connect(port, '127.0.0.1'));

const targetOf = (name: string, url: string, more: Partial<SourceTarget> = {}): SourceTarget => ({
  name,
  way: { kind: 'direct', url },
  auth: { kind: 'none' },
  tls: noTls,
  ...more,
});

const critical = (pod: string) => ({
  labels: { alertname: 'Down', namespace: 'shop', pod, severity: 'critical' },
  annotations: { summary: `${pod} is down` },
});
const warning = (pod: string) => ({
  labels: { alertname: 'Down', namespace: 'shop', pod, severity: 'warning' },
});
const resolved = (alert: { labels: Record<string, string> }) => ({
  ...alert,
  endsAt: new Date(Date.now() - 1000).toISOString(),
  startsAt: new Date(Date.now() - 60_000).toISOString(),
});

describeWithMonitoring('Alertmanagers that are real', (monitoring) => {
  let told: ToldSignals<AlertData>;
  const attention = nudgedAttention();
  const watch = (...alertmanagers: SourceTarget[]) => {
    told = toldSignals(
      alertmanagerSource({
        settings: { alertmanagers, discover: false },
        kubernetes: { get: async () => nowhere },
        open: (target) => openHttp(target, { api, forward, clock: systemClock, version: 'test' }),
        clock: systemClock,
        random: () => 0.5,
        attention,
      }),
    );
  };
  afterEach(() => told.stop());

  const wait = (what: string, condition: () => boolean) =>
    told.until(
      what,
      () => {
        attention.nudge();
        return condition();
      },
      120_000,
    );
  /** The alert as it was told last; null when it is over. */
  const latest = (scope: string, labels: Record<string, string>): SourceAlert | null => {
    const id = `alert/${fingerprint(labels)}`;
    const last = told.data(scope).findLast((data) => data.id === id);
    return last?.kind === 'alert' ? last.alert : null;
  };

  it('given a pair, when one alert fires, is silenced and resolves, then both say so, and one dies alone', async () => {
    const pair = await monitoring().alertmanagerPair();
    const [a, b] = pair.members;
    watch(targetOf('a', a.url), targetOf('b', b.url));
    await wait('both are read', () => ['a', 'b'].every((s) => told.kinds(s).includes('synced')));
    const infos = told.data().flatMap((d) => (d.kind === 'source' ? [d.source] : []));
    expect(infos.map(({ version, clusterStatus }) => ({ version, clusterStatus }))).toEqual([
      { version: expect.stringMatching(/^0\./), clusterStatus: 'ready' },
      { version: expect.stringMatching(/^0\./), clusterStatus: 'ready' },
    ]);
    expect(infos[0]?.peers).toHaveLength(2);
    expect(infos[0]?.peers).toEqual(infos[1]?.peers);
    expect(infos.map((i) => i.clockSkew)).toEqual([0, 0]);

    const alert = critical('api-1');
    await pair.post([alert]);
    await wait('both fire', () =>
      ['a', 'b'].every((s) => latest(s, alert.labels)?.state === 'firing'),
    );
    expect(latest('a', alert.labels)).toMatchObject({
      annotations: { summary: 'api-1 is down' },
      receivers: ['on-call'],
      group: '{alertname="Down", namespace="shop"}',
    });

    const id = await a.silence({ matchers: [{ name: 'pod', value: 'api-1' }], comment: 'known' });
    await wait('both are silenced', () =>
      ['a', 'b'].every((s) => latest(s, alert.labels)?.silencedBy[0] === id),
    );
    expect(latest('b', alert.labels)?.state).toBe('suppressed');
    expect(told.data('b').findLast((d) => d.id === `silence/${id}`)).toMatchObject({
      silence: { author: 'jo', comment: 'known', state: 'active' },
    });
    await a.expire(id);
    await wait('both fire again', () =>
      ['a', 'b'].every((s) => latest(s, alert.labels)?.state === 'firing'),
    );

    await b.kill();
    await wait('the loss of b is told', () => told.kinds('b').includes('failed'));
    expect(told.signals.findLast((s) => s.kind === 'failed')).toMatchObject({
      scope: 'b',
      failure: { kind: 'unreachable', message: expect.stringContaining('refuses connections') },
    });
    await pair.post([resolved(alert)]);
    await wait('a says that it is over', () => latest('a', alert.labels) === null);
    // b has not said so: it has said nothing.
    expect(latest('b', alert.labels)?.state).toBe('firing');

    told.forget();
    await b.start({ state: 'lost' });
    await wait('b is back', () => told.kinds('b').includes('synced'));
    expect(told.data('b').some((d) => d.kind === 'gone')).toBe(true);
    expect(told.data('b').findLast((d) => d.kind === 'listed')).toMatchObject({ fingerprints: [] });

    told.forget();
    await Promise.all([a.kill(), b.kill()]);
    await wait('the loss of both is told', () =>
      ['a', 'b'].every((s) => told.kinds(s).includes('failed')),
    );
    expect(told.data()).toEqual([]);
    await pair.stop();
  });

  it('given something critical, when a warning is inhibited by it, then it says by which', async () => {
    const one = await monitoring().alertmanager();
    watch(targetOf('one', one.url));
    await one.post([critical('api-1'), warning('api-2')]);
    await wait(
      'it is inhibited',
      () => latest('one', warning('api-2').labels)?.state === 'suppressed',
    );
    expect(latest('one', warning('api-2').labels)?.inhibitedBy).toEqual([
      fingerprint(critical('api-1').labels),
    ]);
    await one.stop();
  });

  it('given 5 000 alerts with hostile texts, when they are read, then all are there, cut and clean', async () => {
    const one = await monitoring().alertmanager();
    const many = Array.from({ length: 5000 }, (_, i) => ({
      labels: {
        alertname: 'Many',
        namespace: `n${i % 7}`,
        pod: `p${i}`,
        team: '\u001b[31m\u202eé😀',
      },
      annotations: { summary: 'x'.repeat(50), description: i === 0 ? 'y'.repeat(100_000) : 'z' },
    }));
    for (let i = 0; i < many.length; i += 1000) await one.post(many.slice(i, i + 1000));
    watch(targetOf('one', one.url));
    const read = () => told.data('one').flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
    // What it has accepted it groups a little later.
    await wait('all are read', () => told.kinds('one').includes('synced') && read().length >= 5000);
    const alerts = read();
    expect(alerts).toHaveLength(5000);
    expect(new Set(alerts.map((a) => a.labels.team))).toEqual(new Set(['é😀']));
    expect(alerts.every((a) => (a.annotations.description ?? '').length <= 4000)).toBe(true);
    // What Alertmanager calls it is what we compute from the labels as they were.
    expect(alerts.map((a) => a.fingerprint).sort()).toEqual(
      many.map(({ labels }) => fingerprint(labels)).sort(),
    );
    told.forget();
    attention.nudge();
    await wait('it is heard again', () => told.kinds('one').includes('heard'));
    expect(told.data('one')).toEqual([]);
    await one.stop();
  });

  const secured = async (): Promise<{ one: Alertmanager; target: SourceTarget }> => {
    const one = await monitoring().alertmanager({
      routePrefix: '/team/alerts',
      webConfig: {
        basicAuth: { user: 'midwatch', password: 'sesame opens' },
        tls: 'client-certificate',
      },
    });
    const { ca = null, cert = null, key = null } = one.access;
    const passwordFile = join(one.dataDir, 'password');
    writeFileSync(passwordFile, 'sesame opens\n');
    const target = targetOf('one', one.url, {
      auth: { kind: 'basic', username: 'midwatch', passwordFile },
      tls: { ...noTls, ca, cert, key },
    });
    return { one, target };
  };

  it('given TLS with client certificates, a login and a path, when all are right, then it is read', async () => {
    const { one, target } = await secured();
    await one.post([critical('api-9')]);
    const { port } = new URL(one.url);
    // The port-forward of this suite leads to this machine instead of a pod.
    const pod = {
      kind: 'pod',
      namespace: 'a',
      name: 'b',
      port: Number(port),
      scheme: 'https',
      path: '/team/alerts',
    } as const;
    watch(
      target,
      { ...target, name: 'no login', auth: { kind: 'none' } },
      { ...target, name: 'forwarded', way: pod },
    );
    await wait('it is read', () =>
      ['one', 'forwarded'].every((s) => latest(s, critical('api-9').labels)?.state === 'firing'),
    );
    await wait('the other is refused', () => told.kinds('no login').includes('failed'));
    expect(told.signals.find((s) => s.kind === 'failed')).toMatchObject({
      scope: 'no login',
      failure: { kind: 'unauthorized', status: 401 },
    });
    expect(JSON.stringify(told.signals)).not.toContain('sesame');
    await one.stop();
  });

  it('given a wrong path, no client certificate or http for https, when asked, then each says what is wrong', async () => {
    const { one, target } = await secured();
    const plain = one.url.replace('https', 'http');
    watch(
      { ...target, name: 'path', way: { kind: 'direct', url: one.url.replace('/team', '/other') } },
      { ...target, name: 'certificate', tls: { ...target.tls, cert: null, key: null } },
      { ...target, name: 'scheme', way: { kind: 'direct', url: plain } },
    );
    const names = ['path', 'certificate', 'scheme'];
    await wait('all have failed', () => names.every((n) => told.kinds(n).includes('failed')));
    const failures = Object.fromEntries(
      told.signals.flatMap((s) => (s.kind === 'failed' ? [[s.scope, s.failure]] : [])),
    );
    expect(failures.path).toMatchObject({ kind: 'absent', hint: expect.stringContaining('path') });
    expect(failures.certificate).toMatchObject({
      kind: 'unauthorized',
      hint: expect.stringContaining('client certificate'),
    });
    expect(failures.scheme).toMatchObject({
      kind: 'refused',
      status: 400,
      hint: expect.stringContaining('https'),
    });
    await one.stop();
  });
});
