import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { NamedSources } from '../../../src/kernel/source-target.ts';
import type { Alertmanager } from '../monitoring/alertmanager.ts';
import type { AlertmanagerPair } from '../monitoring/alertmanager-pair.ts';
import type { Prometheus } from '../monitoring/prometheus.ts';
import { describeWithMonitoring } from '../monitoring/support.ts';
import { describeWithCluster } from '../support.ts';
import { alertOf, over, sourcesOf, watchdogRule } from './alerts-on-screen.ts';
import { SourceScreen, type Words } from './source-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const gateway = alertOf(
  'GatewayDown',
  'critical',
  { pod: 'api-1' },
  { runbook_url: 'https://runbooks.example/gateway.md' },
);
const full = alertOf('DiskFull', 'critical');
const filling = alertOf('DiskFull', 'warning');
/** Nothing says that this one is over, whatever happens to those who tell it. */
const notOver: Words = { at: 'alerts', not: [/resolved +GatewayDown/] };

describeWithCluster('alerts on the screen', { nodes: 2, pods: 6 }, (cluster) => {
  describeWithMonitoring('two Alertmanagers and a Prometheus', (monitoring) => {
    let pair: AlertmanagerPair;
    let prometheus: Prometheus;
    let sources: NamedSources;
    let screen: SourceScreen;
    const state = mkdtempSync(join(tmpdir(), 'midwatch-alerts-'));
    // Behind sudo it is the person who acknowledges.
    const env = { XDG_STATE_HOME: state, SUDO_USER: 'mara' };
    const open = () => SourceScreen.open({ kubeconfig: cluster().kubeconfig, sources, env });

    beforeAll(async () => {
      pair = await monitoring().alertmanagerPair();
      const [first, second] = pair.members;
      prometheus = await monitoring().prometheus({
        rules: [
          {
            name: 'general',
            rules: [
              watchdogRule,
              { alert: 'Soon', expr: 'vector(1)', for: '1h', labels: { severity: 'warning' } },
            ],
          },
        ],
        alertmanagers: [first.access, second.access],
      });
      sources = sourcesOf({
        alertmanagers: { 'am-0': first, 'am-1': second },
        prometheus: { prom: prometheus },
      });
      screen = await open();
    });
    afterAll(async () => {
      await screen?.close();
      rmSync(state, { recursive: true, force: true });
    });

    it('given nothing but a Watchdog and what is pending, then no alert fires, and who says so is told', async () => {
      await screen.until('all sources are heard', [
        { at: 'home', has: [/5 alerts ✓ 0/, /✓ alerts +no alert fires, 1 pending/] },
        { at: 'home', has: [/Watchdog seen through am-0 and am-1/], size: [160, 40] },
        {
          at: 'alerts',
          has: [/sources +am-0 \d+s +am-1 \d+s +prom \d+s/, /… pending +Soon/],
          not: [/Watchdog/],
        },
      ]);
    });

    it('given alerts that fire, then they stand there with what they are about, and what is inhibited by what', async ({
      annotate,
    }) => {
      await pair.post([gateway, full, filling]);
      const took = await screen.until('they fire', [
        {
          at: 'home',
          has: [
            /5 alerts ✗2/,
            /alerts: 2 firing, 1 pending, 1 suppressed .* am-0 \d+s +am-1 \d+s +prom \d+s/,
            /✗ critical +GatewayDown +payments\/api-1/,
            /✗ critical +DiskFull +namespace payments/,
            /○ inhibited +DiskFull/,
          ],
        },
        {
          at: 'alerts',
          has: [/── firing: 2/, /✗ critical +GatewayDown +payments\/api-1 .*⎇/, /── suppressed: 1/],
        },
        { at: 'alerts', has: [/inhibited by DiskFull/], size: [120, 40] },
      ]);
      await annotate(`seen after ${took} ms`);
    });

    it('given a silence, then who is silent, why and until when can be read; and once it ends, that it has', async () => {
      const [first] = pair.members;
      const matchers = [{ name: 'alertname', value: 'GatewayDown' }];
      const id = await first.silence({ matchers, createdBy: 'ivo', comment: 'INC-7, known' });
      await screen.until('it is silenced', [
        { at: 'home', has: [/5 alerts ✗1/, /○ silenced +GatewayDown/] },
        { at: 'alerts', has: [/○ silenced +GatewayDown +payments\/api-1 +until \d\d:\d\d/] },
        { at: 'alerts', has: [/until \d\d:\d\d by ivo/], size: [120, 40] },
        notOver,
      ]);
      screen.press('alerts', '/', ...'GatewayDown', 'enter', 'g', 'enter');
      await screen.until('it is told in full', [
        {
          at: 'alerts',
          has: [/silenced by ivo until .*\d\d:\d\d/, /INC-7, known/],
          size: [120, 60],
        },
      ]);
      screen.press('alerts', 'esc', 'esc');
      await first.expire(id);
      await screen.until('it fires again', [
        { at: 'home', has: [/5 alerts ✗2/, /✗ critical +GatewayDown/] },
        { at: 'alerts', has: [/silence by ivo ended/], size: [120, 40] },
      ]);
    });

    it('given somebody who takes care of one, then that is told, can be hidden, and is known after a restart', async () => {
      screen.press('alerts', '/', ...'GatewayDown', 'enter', 'g', 'a', ...'mine', 'enter');
      screen.press('alerts', 'esc');
      const taken: readonly Words[] = [
        { at: 'alerts', has: [/○ critical +GatewayDown +payments\/api-1 +ack by m/] },
        { at: 'home', has: [/○ critical +GatewayDown/, /✗ critical +DiskFull/] },
      ];
      await screen.until('it is acknowledged', taken);
      const kept = readdirSync(join(state, 'midwatch', 'acknowledgements'));
      expect(kept).toHaveLength(1);
      const text = readFileSync(join(state, 'midwatch', 'acknowledgements', kept[0] ?? ''), 'utf8');
      expect(JSON.parse(text)).toMatchObject({ name: 'GatewayDown', by: 'mara', note: 'mine' });

      await screen.close();
      screen = await open();
      await screen.until('another session knows it', taken);
      for (const at of ['home', 'alerts'] as const) screen.press(at, 'H');
      await screen.until('it is hidden', [
        { at: 'alerts', has: [/1 acknowledged are hidden; H shows them/], not: [/GatewayDown/] },
        { at: 'home', has: [/1 acknowledged hidden/], not: [/critical +GatewayDown/] },
      ]);
      for (const at of ['home', 'alerts'] as const) screen.press(at, 'H');
      await screen.until('it is shown', taken);
    });

    it('given one that ends, then it is over, and what it inhibited fires', async () => {
      await pair.post([over(full)]);
      await screen.until('it is over', [
        { at: 'alerts', has: [/── resolved: 1/, /✓ resolved +DiskFull/, /▲ warning +DiskFull/] },
        {
          at: 'home',
          has: [/5 alerts ✗1 ▲1/, /✓ \d\d:\d\d:\d\d +DiskFull resolved/],
          not: [/✗ critical +DiskFull/],
        },
        notOver,
      ]);
    });

    it('given one Alertmanager that crashes and comes back with nothing, then its alerts stay, and who lacks them is told', async () => {
      const [, second] = pair.members;
      await second.kill();
      await screen.until(
        'it is missed',
        [
          { at: 'home', has: [/am-1 ✗/, /critical +GatewayDown/] },
          { at: 'alerts', has: [/✗ am-1: unreachable: 127.* refuses connections/] },
        ],
        { always: [notOver] },
      );
      await second.start({ state: 'lost' });
      await pair.joined();
      await screen.until(
        'what it lacks is told',
        [
          {
            at: 'alerts',
            has: [
              /sources +am-0 \d+s +am-1 ▲ \d+s/,
              /▲ am-1: \d alerts?, restarted: 2 not told again/,
              /○ critical +GatewayDown/,
            ],
          },
          {
            at: 'alerts',
            has: [/am-0 has it, am-1 has restarted and has not been told again/],
            size: [200, 40],
          },
        ],
        { within: 150_000, always: [notOver] },
      );
    });

    it('given both that crash, then what they told last is old, and nothing of it is over', async () => {
      await Promise.all(pair.members.map((one) => one.kill()));
      await screen.until(
        'it is old',
        [
          {
            at: 'alerts',
            has: [
              /✗ am-0: unreachable/,
              /✗ am-1: unreachable/,
              /◌ critical +GatewayDown .*stale/,
              /◌ warning +DiskFull/,
            ],
          },
          { at: 'home', has: [/am-0 ✗ .*am-1 ✗/, /◌ critical +GatewayDown/] },
          { at: 'home', has: [/Watchdog last seen through am-0 and am-1/], size: [160, 40] },
        ],
        { always: [notOver] },
      );
      expect(screen.green('alerts').filter((text) => /GatewayDown|warning/.test(text))).toEqual([]);
    });
  });

  describeWithMonitoring('an Alertmanager that stands alone', (monitoring) => {
    let alone: Alertmanager;
    let screen: SourceScreen;

    beforeAll(async () => {
      alone = await monitoring().alertmanager();
      const sources = sourcesOf({ alertmanagers: { am: alone } });
      screen = await SourceScreen.open({ kubeconfig: cluster().kubeconfig, sources });
    });
    afterAll(() => screen?.close());

    it('given it comes back with nothing, then what it had is stale until it is told again, and no news', async ({
      annotate,
    }) => {
      await screen.until('it is heard', [{ at: 'alerts', has: [/sources +am \d+s/] }]);
      await alone.post([gateway]);
      const fires: Words = { at: 'alerts', has: [/✗ critical +GatewayDown/], not: [/◌ critical/] };
      await screen.until('it fires', [fires]);
      await alone.kill();
      await alone.start({ state: 'lost' });
      expect(await alone.alerts()).toEqual([]);
      const noNews: Words = { at: 'home', not: [/GatewayDown resolved|GatewayDown fires again/] };
      const always = [notOver, noNews];
      const took = await screen.until(
        'it is stale',
        [
          { at: 'alerts', has: [/◌ critical +GatewayDown .*stale/] },
          { at: 'alerts', has: [/am has restarted and has not been told again/], size: [200, 40] },
          { at: 'home', has: [/5 alerts ✗1/, /◌ critical +GatewayDown/] },
        ],
        { always },
      );
      await annotate(`stale after ${took} ms`);
      await alone.post([gateway]);
      await screen.until('it is told again', [fires], { always });
      await alone.post([over(gateway)]);
      await screen.until('it is over', [{ at: 'alerts', has: [/✓ resolved +GatewayDown/] }]);
    });
  });
});
