import {
  type AlertmanagerPair,
  startAlertmanagerPair,
} from '../../monitoring/alertmanager-pair.ts';
import { type Prometheus, startPrometheus } from '../../monitoring/prometheus.ts';
import type { Incident } from '../incident.ts';
import { prepareBackground } from './background.ts';

interface Monitors {
  readonly pair: AlertmanagerPair;
  readonly prometheus: Prometheus;
}

const alert = (name: string, severity: string, labels: Readonly<Record<string, string>>) => ({
  alert: name,
  expr: 'vector(1)',
  labels: { severity, ...labels },
  annotations: { summary: `${name} fires for this drill.` },
});

/** One Alertmanager of two goes, then the other: what they said stays, as old, and nothing is called resolved. */
export const alertmanagerDown = (): Incident => {
  let monitors: Monitors | null = null;
  const there = (): Monitors => {
    if (monitors === null) throw new Error('not prepared');
    return monitors;
  };
  return {
    name: 'alertmanager-down',
    summary:
      'one Alertmanager of two is lost, then both: alerts grow old, and none is called resolved',
    nodes: 4,
    realNode: false,
    opensAt: 'one Alertmanager of two is lost',
    prepare: async (cluster, signal) => {
      await prepareBackground(cluster, signal);
      const pair = await startAlertmanagerPair({}, signal);
      await pair.joined(signal);
      const prometheus = await startPrometheus(
        {
          rules: [
            {
              name: 'drill',
              rules: [
                alert('Watchdog', 'none', {}),
                alert('KubeDeploymentReplicasMismatch', 'warning', {
                  namespace: 'web',
                  deployment: 'storefront',
                }),
                alert('PaymentErrorBudgetBurn', 'critical', {
                  namespace: 'payments',
                  deployment: 'ledger',
                }),
              ],
            },
          ],
          alertmanagers: pair.members.map((m) => m.access),
        },
        signal,
      );
      monitors = { pair, prometheus };
    },
    sources: () => {
      const { pair, prometheus } = there();
      return {
        config: {
          discover: false,
          alertmanagers: pair.members.map(({ url }, i) => ({ name: `am-${i}`, url })),
          prometheus: [{ name: 'prometheus', url: prometheus.url }],
        },
      };
    },
    stages: [
      { name: 'healthy', mark: '', act: async () => {}, thenSeconds: 25 },
      {
        name: 'one-lost',
        mark: 'one Alertmanager of two is lost',
        act: () => there().pair.members[0].kill(),
        thenSeconds: 60,
      },
      {
        name: 'both-lost',
        mark: 'the other one is lost too: nobody tells of alerts any more',
        act: () => there().pair.members[1].kill(),
        thenSeconds: 75,
      },
      {
        name: 'back',
        mark: 'both are started again, without what they knew',
        act: async () => {
          for (const member of there().pair.members) await member.start({ state: 'lost' });
        },
        thenSeconds: 45,
      },
    ],
    close: async () => {
      await monitors?.prometheus.stop();
      await monitors?.pair.stop();
    },
  };
};
