import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type NamedSources, noNamedSources } from '../../../src/kernel/source-target.ts';
import { freePort } from '../free-port.ts';
import { describeWithMonitoring } from '../monitoring/support.ts';
import { describeWithCluster } from '../support.ts';
import { alertOf, over, sourcesOf } from './alerts-on-screen.ts';
import { SourceScreen, type SourceScreenOptions } from './source-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const many = 5000;
const longest = 100_000;
/** A terminal would obey the first, and turn around what follows the second. */
const hostile = '\u001b[31m\u001b]0;owned\u0007\u202eطابق\u0000é😀';
const hasControl = (text: string): boolean =>
  [...text].some(
    (c) => c !== '\n' && (c < ' ' || /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(c)),
  );

describeWithCluster('alert sources on the screen', { nodes: 2, pods: 6 }, (cluster) => {
  describeWithMonitoring('Alertmanagers, a Prometheus and a webhook', (monitoring) => {
    const open: SourceScreen[] = [];
    /** Watches from the beginning one that heard of a Watchdog, and then no more. */
    let bereft: SourceScreen;
    const state = mkdtempSync(join(tmpdir(), 'midwatch-alert-sources-'));
    const env = { XDG_STATE_HOME: state, SUDO_USER: 'mara' };
    const screenOf = async (
      sources: NamedSources,
      more: Partial<SourceScreenOptions> = {},
    ): Promise<SourceScreen> => {
      const screen = await SourceScreen.open({
        kubeconfig: cluster().kubeconfig,
        sources,
        ...more,
      });
      open.push(screen);
      return screen;
    };

    beforeAll(async () => {
      const lonely = await monitoring().alertmanager();
      const endsAt = new Date(Date.now() + 12_000).toISOString();
      await lonely.post([{ labels: { alertname: 'Watchdog', severity: 'none' }, endsAt }]);
      const sources = sourcesOf({ alertmanagers: { 'am-2': lonely } });
      bereft = await SourceScreen.open({ kubeconfig: cluster().kubeconfig, sources });
    });
    afterEach(async () => {
      for (const screen of open.splice(0)) await screen.close();
    });
    afterAll(async () => {
      await bereft?.close();
      rmSync(state, { recursive: true, force: true });
    });

    it('given a Watchdog, when it has just been heard, then that is the evidence that alerts come through', async () => {
      await bereft.until('it is seen', [
        { at: 'home', has: [/Watchdog seen through am-2/], size: [120, 40] },
        { at: 'alerts', not: [/Watchdog is missing/] },
      ]);
    });

    it('given a Prometheus and no Alertmanager, then what it fires is what is shown', async () => {
      const rule = (alert: string, severity: string) => ({
        alert,
        expr: 'vector(1)',
        labels: { severity, namespace: 'payments', pod: 'api-1' },
        annotations: { summary: `${alert} is ${severity}` },
      });
      const prometheus = await monitoring().prometheus({
        rules: [
          {
            name: 'payments',
            rules: [rule('GatewayDown', 'critical'), { ...rule('Soon', 'warning'), for: '1h' }],
          },
        ],
      });
      const screen = await screenOf(sourcesOf({ prometheus: { prom: prometheus } }));
      await screen.until('it is shown', [
        {
          at: 'home',
          has: [/5 alerts ✗1/, /✗ critical +GatewayDown +payments\/api-1/, /… pending +Soon/],
        },
        {
          at: 'alerts',
          has: [/sources +prom \d+s/, /── firing: 1/, /✗ critical +GatewayDown/, /── pending: 1/],
          not: [/Watchdog is missing/],
        },
      ]);
      await prometheus.reload({ rules: [{ name: 'payments', rules: [rule('Soon', 'warning')] }] });
      await screen.until('it is over', [
        { at: 'alerts', has: [/✓ resolved +GatewayDown/, /▲ warning +Soon/] },
        { at: 'home', has: [/5 alerts ▲1/], not: [/critical +GatewayDown/] },
      ]);
    });

    it('given five thousand alerts with hostile texts, then all are counted, the screen keeps its size and obeys nobody', async ({
      annotate,
    }) => {
      const one = await monitoring().alertmanager();
      const alerts = Array.from({ length: many }, (_, i) =>
        alertOf(
          `Many${i % 40}`,
          ['critical', 'warning', 'info'][i % 3] ?? '',
          { pod: `app-${i}`, team: hostile },
          i === 0
            ? { summary: hostile.repeat(1000), description: 'y'.repeat(longest) }
            : { summary: `${hostile} ${i}` },
        ),
      );
      for (let i = 0; i < many; i += 1000) await one.post(alerts.slice(i, i + 1000));
      const screen = await screenOf(sourcesOf({ alertmanagers: { many: one } }));
      const took = await screen.until(
        'all are counted',
        [
          // Warnings and infos of what is critical there are inhibited.
          { at: 'alerts', has: [/alerts\[5000\]/, /── firing: \d/, /✗ critical +Many\d+ /] },
          { at: 'home', has: [/alerts: 1667 firing/, /✗ critical +Many\d+ /, /more: enter/] },
        ],
        { within: 150_000 },
      );
      await annotate(`counted after ${took} ms`);
      for (const at of ['home', 'alerts'] as const) {
        for (const [columns, rows] of [
          [80, 24],
          [120, 40],
        ] as const) {
          const lines = screen.text(at, columns, rows).split('\n');
          expect(lines).toHaveLength(rows);
          expect(hasControl(lines.join('\n'))).toBe(false);
        }
      }
      const began = performance.now();
      screen.press('alerts', 'G', 'g', ...'jjjjjjjjjj');
      screen.text('alerts');
      await annotate(`12 keys and a frame ${(performance.now() - began).toFixed(0)} ms`);

      screen.press('alerts', '/', ...'pod="app-0"', 'enter');
      await screen.until('one is found', [{ at: 'alerts', has: [/alerts\[1 of 5000\]/, /app-0/] }]);
      screen.press('alerts', 'g', 'enter');
      await screen.until('it is told in full', [
        { at: 'alerts', has: [/── Many0/, /firing, severity critical/] },
      ]);
      for (const key of ['', 'pagedown', 'G']) {
        if (key !== '') screen.press('alerts', key);
        const text = screen.text('alerts');
        expect(text.split('\n')).toHaveLength(24);
        expect(hasControl(text)).toBe(false);
      }
    });

    it('given an Alertmanager that pushes with a token, then what it pushes is shown, and who has none is turned away', async () => {
      const port = await freePort();
      const webhookTokenFile = join(state, 'token');
      writeFileSync(webhookTokenFile, 'sesame opens\n', { mode: 0o600 });
      const screen = await screenOf(noNamedSources, {
        env,
        webhook: { webhook: `:${port}`, webhookTokenFile },
      });
      await screen.until('it listens', [{ at: 'alerts', has: [/sources +webhook/] }]);
      const url = `http://127.0.0.1:${port}/`;
      const refused = await fetch(url, { method: 'POST', body: '{"alerts":[]}' });
      expect(refused.status).toBe(401);
      const sender = await monitoring().alertmanager({
        config: {
          route: {
            receiver: 'midwatch',
            group_by: ['alertname'],
            group_wait: '100ms',
            group_interval: '1s',
          },
          receivers: [
            {
              name: 'midwatch',
              webhook_configs: [
                { url, http_config: { authorization: { credentials: 'sesame opens' } } },
              ],
            },
          ],
        },
      });
      const pushed = alertOf('Pushed', 'critical', { pod: 'api-1' });
      await sender.post([pushed]);
      await screen.until('it is shown', [
        { at: 'home', has: [/5 alerts ✗1/, /✗ critical +Pushed +payments\/api-1/] },
        { at: 'alerts', has: [/✗ critical +Pushed +payments\/api-1/] },
      ]);
      await sender.post([over(pushed)]);
      await screen.until('it is over', [
        { at: 'alerts', has: [/✓ resolved +Pushed/] },
        { at: 'home', not: [/critical +Pushed/] },
      ]);
      for (const at of ['home', 'alerts'] as const) {
        expect(screen.text(at, 200, 60)).not.toContain('sesame');
      }
    });

    it('given a Watchdog that is gone for two minutes, then that is told as critical, and where', async () => {
      await bereft.until(
        'it is missing',
        [
          {
            at: 'home',
            has: [/5 alerts ✗1/, /✗ critical +Watchdog/],
          },
          { at: 'home', has: [/Watchdog is missing: alerts may not reach am-2/], size: [120, 40] },
          { at: 'alerts', has: [/── our own words: 1/, /✗ critical +Watchdog/] },
        ],
        { within: 165_000 },
      );
    });
  });
});
