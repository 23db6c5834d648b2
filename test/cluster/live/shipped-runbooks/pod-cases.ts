import { dyingWords, namespaceOf } from '../../workloads.ts';
import { forever, NO_IMAGE, type PodParts, pod } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';

const looping = (
  given: string,
  namespace: string,
  parts: PodParts,
  leads: RunbookCase['leads'],
  copies: readonly string[] = ['gateway'],
): RunbookCase => ({
  alert: 'KubePodCrashLooping',
  given,
  labels: { namespace, pod: 'gateway', container: 'main' },
  make: ({ cluster }) =>
    cluster.apply([namespaceOf(namespace), ...copies.map((name) => pod(namespace, name, parts))]),
  leads,
});

const lost = dyingWords('failed to connect to etcd: context deadline exceeded', 1);

const crashes: readonly RunbookCase[] = [
  looping('a pod that ends because another does not answer', 'crash-etcd', { script: lost }, [
    ['alone', 'why'],
    ['why', 'dependency'],
    ['after', 'owner'],
  ]),
  looping(
    'several pods of a namespace that crash-loop',
    'crash-many',
    { script: lost },
    [['alone', 'change']],
    ['gateway', 'worker'],
  ),
  looping(
    'a pod that takes more memory than its limit',
    'crash-memory',
    {
      // exec: only a process 1 that is killed makes the container end with OOMKilled.
      script: 'exec dd if=/dev/zero of=/dev/null bs=64M count=1',
      container: { resources: { limits: { memory: '16Mi' } } },
    },
    [
      ['alone', 'why'],
      ['why', 'memory'],
    ],
  ),
  looping(
    'a program that is not in the image',
    'crash-start',
    { container: { command: ['/no-such-program'] } },
    [['why', 'image']],
  ),
  looping(
    'a liveness probe that fails',
    'crash-probe',
    {
      script: forever,
      container: {
        livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 },
      },
    },
    [
      ['why', 'other'],
      ['other', 'probe'],
    ],
  ),
];

const unready = (
  given: string,
  namespace: string,
  parts: PodParts,
  to: string,
  alert = 'KubePodNotReady',
): RunbookCase => ({
  alert,
  given,
  labels: { namespace, pod: 'cart' },
  make: ({ cluster }) => cluster.apply([namespaceOf(namespace), pod(namespace, 'cart', parts)]),
  leads: [['state', to]],
  values: { port: '8080', path: 'readyz' },
});

const waiting: readonly RunbookCase[] = [
  unready(
    'a readiness probe that fails',
    'unready-probe',
    { container: { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } } },
    'probe',
  ),
  unready(
    'a pod that asks for more CPU than any node has',
    'unready-place',
    { container: { resources: { requests: { cpu: '4000' } } } },
    'place',
  ),
  unready(
    'an image that cannot be pulled',
    'unready-image',
    { container: { image: NO_IMAGE } },
    'image',
    'KubeContainerWaiting',
  ),
  unready(
    'a volume of a ConfigMap that is not there',
    'unready-volume',
    {
      container: { volumeMounts: [{ name: 'settings', mountPath: '/settings' }] },
      spec: { volumes: [{ name: 'settings', configMap: { name: 'settings' } }] },
    },
    'mount',
  ),
  unready(
    'a variable from a ConfigMap that is not there',
    'unready-variable',
    { container: { envFrom: [{ configMapRef: { name: 'settings' } }] } },
    'mount',
    'KubeContainerWaiting',
  ),
];

export const podCases: readonly RunbookCase[] = [...crashes, ...waiting];
