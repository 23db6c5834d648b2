import type { Manifest } from '../../apply.ts';
import { inNamespace } from './in-namespace.ts';
import { claim, controller, type PodParts, pod, quota, storageClass } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';

const claimed = (
  given: string,
  namespace: string,
  className: string,
  leads: RunbookCase['leads'],
  ...more: readonly Manifest[]
): RunbookCase => ({
  alert: 'KubePersistentVolumeClaimPending',
  given,
  labels: { namespace, persistentvolumeclaim: 'data' },
  make: inNamespace(
    namespace,
    storageClass('runbooks-now', 'Immediate'),
    storageClass('runbooks-later', 'WaitForFirstConsumer'),
    claim(namespace, 'data', className),
    ...more,
  ),
  leads,
});

const usesClaim = pod('claim-zone', 'ledger', {
  container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  spec: {
    nodeSelector: { zone: 'nowhere' },
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
});

const claims: readonly RunbookCase[] = [
  claimed('a class that is not there', 'claim-class', 'nowhere', [
    ['events', 'classes'],
    ['bound', 'owner'],
  ]),
  claimed('a driver that does not answer', 'claim-driver', 'runbooks-now', [['events', 'driver']]),
  claimed('a class that waits, and no pod', 'claim-unused', 'runbooks-later', [
    ['events', 'pod'],
    ['pod', 'unused'],
  ]),
  claimed(
    'a class that waits, and a pod that fits nowhere',
    'claim-zone',
    'runbooks-later',
    [
      ['events', 'pod'],
      ['pod', 'zone'],
    ],
    usesClaim,
  ),
];

const quotas: readonly RunbookCase[] = [
  {
    alert: 'KubeQuotaExceeded',
    given: 'a deployment whose second pod is refused',
    labels: { namespace: 'deploy-quota', resource: 'pods' },
    leads: [
      ['hurts', 'who'],
      ['room', 'owner'],
    ],
  },
  {
    alert: 'KubeQuotaFullyUsed',
    given: 'a quota that is used up and refuses nothing',
    labels: { namespace: 'quota-full', resource: 'pods' },
    make: inNamespace('quota-full', quota('quota-full', { pods: '1' }), pod('quota-full', 'cart')),
    leads: [
      ['hurts', 'asks'],
      ['room', 'owner'],
    ],
  },
];

const scaler = (namespace: string): Manifest => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'cart', namespace },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
    minReplicas: 1,
    maxReplicas: 1,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 10 } },
      },
    ],
  },
});

const busy: PodParts = {
  script: 'while true; do :; done',
  container: { resources: { requests: { cpu: '20m' }, limits: { cpu: '100m' } } },
};

const scalers: readonly RunbookCase[] = [
  {
    alert: 'KubeHpaMaxedOut',
    given: 'load that its most replicas do not carry',
    labels: { namespace: 'scale-load', horizontalpodautoscaler: 'cart' },
    make: inNamespace(
      'scale-load',
      controller('Deployment', 'scale-load', 'cart', busy),
      scaler('scale-load'),
    ),
    leads: [['metrics', 'load']],
  },
  {
    alert: 'KubeHpaReplicasMismatch',
    given: 'pods that ask for no CPU that could be measured against',
    labels: { namespace: 'scale-blind', horizontalpodautoscaler: 'cart' },
    make: inNamespace(
      'scale-blind',
      controller('Deployment', 'scale-blind', 'cart', {}),
      scaler('scale-blind'),
    ),
    leads: [['metrics', 'source']],
  },
];

export const capacityCases: readonly RunbookCase[] = [...claims, ...quotas, ...scalers];
