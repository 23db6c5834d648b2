import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { alertmanagerSource } from '../../../src/adapters/alertmanager/alertmanager-source.ts';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import type { EffectMode } from '../../../src/adapters/effects/effect-mode.ts';
import { openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import type { ActSubject } from '../../../src/kernel/act.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { noTls, type SourceTarget } from '../../../src/kernel/source-target.ts';
import { sliceOf } from '../../../src/kernel/world.ts';
import { alerts } from '../../../src/probes/alerts.ts';
import { actOn } from '../../support/act-on.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import { watchedWorld } from '../../support/watched-world.ts';
import type { Alertmanager } from '../monitoring/alertmanager.ts';
import { describeWithMonitoring } from '../monitoring/support.ts';
import { waitFor } from '../wait.ts';

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));
const everything: ActSubject = { kind: 'alerts', cluster: '' };
const down = (pod: string) => ({
  labels: { alertname: 'Down', namespace: 'shop', pod, severity: 'critical' },
});

const targetOf = (name: string, { url }: Pick<Alertmanager, 'url'>): SourceTarget => ({
  name,
  way: { kind: 'direct', url },
  auth: { kind: 'none' },
  tls: noTls,
});

describeWithMonitoring('silences on real Alertmanagers', (monitoring) => {
  const ends: (() => Promise<void>)[] = [];
  let mode: EffectMode = 'guarded';
  afterEach(async () => {
    mode = 'guarded';
    await Promise.all(ends.splice(0).map((end) => end()));
  });

  const actOnAll = (...alertmanagers: SourceTarget[]) => {
    const attention = nudgedAttention();
    const stop = new AbortController();
    const settings = { etcd: [], alertmanagers, discover: false, etcdTls: noTls };
    const watched = watchedWorld(
      alerts,
      alertmanagerSource({
        settings,
        kubernetes: { get: async () => nowhere },
        open: (target) =>
          openHttp(target, {
            api: { request: async () => nowhere },
            forward: async ({ port }) => ok(connect(port, '127.0.0.1')),
            clock: systemClock,
            version: 'test',
          }),
        clock: systemClock,
        random: systemRandom,
        attention,
      }),
    );
    const effects = openEffects(
      {
        flags: { kubeconfig: '/nonexistent' },
        env: {},
        clock: systemClock,
        version: 'test',
        settings,
        mode: () => mode,
      },
      stop.signal,
    );
    ends.push(async () => {
      stop.abort();
      await watched.stop();
    });
    return {
      ...actOn({
        ports: effects.ports,
        reads: effects.reads,
        world: watched.world,
        get scene() {
          return { now: systemClock.now() };
        },
      }),
      until: (what: string, check: (state: typeof alerts.empty) => boolean) =>
        waitFor({ until: what, timeoutMs: 60_000 }, () => {
          attention.nudge();
          return check(sliceOf(watched.world(), alerts).state);
        }),
    };
  };

  it('given a pair, when an alert is silenced, then it is hidden at both, once; ended, it is told again', async () => {
    const pair = await monitoring().alertmanagerPair();
    const [a, b] = pair.members;
    await pair.joined();
    await pair.post([down('api-1'), down('api-2')]);
    const act = actOnAll(targetOf('a', a), targetOf('b', b));
    await act.until('both tell both', (s) =>
      ['a', 'b'].every((n) => s.get(n)?.alerts.size === 2 && s.get(n)?.info?.peers.length === 2),
    );
    const asked = await act.ask('silence-create', everything, {
      matchers: 'alertname="Down", pod="api-1"',
      duration: '30m',
      comment: 'known, INC-7',
    });
    expect(asked.plan.dangers[0]).toBe('It hides 1 open alert: Down.');
    expect(asked.plan.dangers).toContain('It hides 1 critical alert.');
    expect(asked.plan.requests).toHaveLength(1);
    const made = await act.carryOut(asked);
    const id = made.kind === 'done' ? (/[0-9a-f-]{36}/.exec(made.text)?.[0] ?? '') : '';
    expect(made).toMatchObject({ kind: 'done' });
    for (const one of [a, b]) {
      await waitFor({ until: 'it is hidden there', timeoutMs: 30_000 }, async () => {
        const hidden = (await one.alerts()).filter(
          ({ status }: { status: { state: string } }) => status.state === 'suppressed',
        );
        return hidden.length === 1 && hidden[0].status.silencedBy.join() === id;
      });
      expect(await one.request('/api/v2/silences')).toMatchObject([
        { id, createdBy: 'jo', comment: 'known, INC-7', status: { state: 'active' } },
      ]);
    }
    await act.until('it is seen', (s) => s.get('a')?.silences.get(id)?.state === 'active');
    await act.until('what it hides is seen', (s) =>
      ['a', 'b'].every((n) =>
        [...(s.get(n)?.alerts.values() ?? [])].some((x) => x.silencedBy.includes(id)),
      ),
    );
    const end = await act.ask('silence-expire', everything, { silence: id });
    expect(end.plan.dangers[0]).toMatch(/^1 alert that it hides is told again/);
    expect(await act.carryOut(end)).toMatchObject({ kind: 'done' });
    expect(await a.request('/api/v2/silences')).toMatchObject([{ status: { state: 'expired' } }]);
    await act.until('it is over', (s) => s.get('a')?.silences.get(id)?.state !== 'active');
    const again = await act.ask('silence-expire', everything, { silence: id });
    expect(again.verdict.outcome).toBe('deny');
  });

  it('given a pair of which one is dead, when an alert is silenced, then the other is told', async () => {
    const pair = await monitoring().alertmanagerPair();
    const [a, b] = pair.members;
    await pair.joined();
    await pair.post([down('api-1')]);
    const act = actOnAll(targetOf('a', a), targetOf('b', b));
    await act.until('both tell it', (s) =>
      ['a', 'b'].every((n) => s.get(n)?.alerts.size === 1 && s.get(n)?.info?.peers.length === 2),
    );
    const asked = await act.ask('silence-create', everything, {
      matchers: 'alertname="Down"',
      duration: '30m',
      comment: 'known, INC-7',
    });
    await a.kill();
    expect(await act.carryOut(asked)).toMatchObject({ kind: 'done' });
    expect(await b.request('/api/v2/silences')).toHaveLength(1);
  });

  it('given a login and a prefix, when a silence is made, then both are used; in read-only nothing arrives', async () => {
    const password = 'open sesame';
    const one = await monitoring().alertmanager({
      routePrefix: '/am',
      webConfig: { basicAuth: { user: 'jo', password } },
    });
    const passwordFile = join(monitoring().run.dir, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const act = actOnAll({
      ...targetOf('am', one),
      auth: { kind: 'basic', username: 'jo', passwordFile },
    });
    await act.until('it is read', (s) => s.get('am')?.info?.version !== undefined);
    const wish = { matchers: 'alertname="Down"', duration: '1h', comment: 'known, INC-7' };
    const asked = await act.ask('silence-create', everything, wish);
    mode = 'read-only';
    expect(await act.carryOut(asked)).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/read-only/) },
    });
    expect(await one.request('/api/v2/silences')).toEqual([]);
    mode = 'guarded';
    expect(await act.act('silence-create', everything, wish)).toMatchObject({ kind: 'done' });
    expect(await one.request('/api/v2/silences')).toHaveLength(1);
  });

  it('given a wish that is too wide or too long, when it is planned, then it is refused in words', async () => {
    const one = await monitoring().alertmanager();
    const act = actOnAll(targetOf('am', one));
    await act.until('it is read', (s) => s.get('am')?.info?.version !== undefined);
    const wish = { matchers: 'pod=~".*"', duration: '2h', comment: 'known, INC-7' };
    const wide = await act.ask('silence-create', everything, wish);
    expect(wide.plan.refusals.join()).toMatch(/matches everything/);
    for (const wrong of [{ duration: '100h' }, { comment: '' }, { matchers: '' }, { duration: '' }])
      await expect(
        act.ask('silence-create', everything, { ...wish, matchers: 'a="b"', ...wrong }),
      ).rejects.toThrow(/misconfigured|silence/);
  });
});
