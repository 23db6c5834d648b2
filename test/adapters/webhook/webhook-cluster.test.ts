import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { webhookSource } from '../../../src/adapters/webhook/webhook.ts';
import type { AlertData } from '../../../src/kernel/alert-fact.ts';
import { fingerprint } from '../../../src/kernel/fingerprint.ts';
import { describeWithMonitoring } from '../../cluster/monitoring/support.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';

describeWithMonitoring('the webhook and a real Alertmanager', (monitoring) => {
  let told: ToldSignals<AlertData>;
  afterEach(() => told.stop());

  it('given one that shows the token, when an alert fires and resolves, then both are pushed to us', async () => {
    told = toldSignals(webhookSource({ port: 0, token: 'sesame opens', clock: systemClock }));
    await told.until('it listens', () => told.kinds().includes('synced'));
    const source = told.data().find((d) => d.kind === 'source');
    const url = source?.kind === 'source' ? source.source.where : '';
    const alertmanager = await monitoring().alertmanager({
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
    const labels = { alertname: 'Pushed', pod: 'api-1', emoji: 'é😀' };
    await alertmanager.post([{ labels, annotations: { summary: 'it is down' } }]);
    const id = `alert/${fingerprint(labels)}`;
    await told.until('it is pushed', () => told.data().some((d) => d.id === id), 20_000);
    expect(told.data('webhook').find((d) => d.id === id)).toMatchObject({
      alert: {
        labels,
        annotations: { summary: 'it is down' },
        state: 'firing',
        receivers: ['midwatch'],
        group: '{alertname="Pushed"}',
      },
    });
    const now = Date.now();
    await alertmanager.post([
      {
        labels,
        startsAt: new Date(now - 60_000).toISOString(),
        endsAt: new Date(now - 1000).toISOString(),
      },
    ]);
    await told.until('it is over', () => told.data().at(-1)?.kind === 'gone', 20_000);
    await alertmanager.stop();
  });
});
