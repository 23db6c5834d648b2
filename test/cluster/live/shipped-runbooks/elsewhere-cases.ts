import { BUSYBOX_IMAGE } from '../../busybox-image.ts';
import { simulatedPlacement } from '../../simulated-load.ts';
import type { RunbookCase } from './runbook-case.ts';

/** DNS as most clusters have it; here nothing is behind it, and it never finds a place. */
const unplacedDns = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'coredns', namespace: 'kube-system' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: {
      metadata: { labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        ...simulatedPlacement,
        containers: [
          {
            name: 'coredns',
            image: BUSYBOX_IMAGE,
            resources: { requests: { cpu: '4000' } },
          },
        ],
      },
    },
  },
};

const corefile = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns', namespace: 'kube-system' },
  data: { Corefile: '.:53 {\n  kubernetes cluster.local\n}\n' },
};

/** What this machine has in part only: no DNS runs here, and no volume has a size of its own. */
export const elsewhereCases: readonly RunbookCase[] = [
  {
    alert: 'CoreDNSDown',
    given: 'copies that find no place',
    labels: { namespace: 'kube-system', pod: 'coredns' },
    make: ({ cluster }) => cluster.apply([corefile, unplacedDns]),
    leads: [
      ['running', 'why'],
      ['why', 'place'],
    ],
  },
  {
    alert: 'KubePersistentVolumeFillingUp',
    given: 'a claim of which nobody measures the volume',
    labels: { namespace: 'claim-zone', persistentvolumeclaim: 'data', pod: 'ledger' },
    leads: [
      ['what', 'asks'],
      ['grow', 'asks'],
      ['enough', 'asks'],
    ],
  },
];
