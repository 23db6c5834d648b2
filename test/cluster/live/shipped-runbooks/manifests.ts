import type { Manifest } from '../../apply.ts';
import { BUSYBOX_IMAGE } from '../../busybox-image.ts';
import { FAILURE_LABEL, MESSAGE_ANNOTATION } from '../../kwok.ts';
import { simulatedPlacement } from '../../simulated-load.ts';

/** Nobody listens there, so that a pull fails without leaving the machine. */
export const NO_IMAGE = '127.0.0.1:1/shop/none:1.0.0';
export const forever = 'while true; do sleep 1; done';

type Fields = Readonly<Record<string, unknown>>;

export interface PodParts {
  readonly script?: string;
  /** More of the container, and of the pod. */
  readonly container?: Fields;
  readonly spec?: Fields;
}

const onRealNode = { nodeSelector: { 'midwatch.dev/node': 'real' } };

/** A pod of one container called `main` on the real node. */
export const podSpec = ({ script = forever, container = {}, spec = {} }: PodParts): Fields => ({
  ...onRealNode,
  terminationGracePeriodSeconds: 1,
  ...spec,
  containers: [
    {
      name: 'main',
      image: BUSYBOX_IMAGE,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', script],
      ...container,
    },
  ],
});

export const pod = (namespace: string, name: string, parts: PodParts = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: podSpec(parts),
});

/** A pod on a node that is played by kwok, where nothing runs. */
export const simulatedPod = (
  namespace: string,
  name: string,
  {
    node,
    failure,
    message,
    labels = {},
  }: {
    readonly node?: string;
    readonly failure?: string;
    readonly message?: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    labels: { app: name, ...labels, ...(failure ? { [FAILURE_LABEL]: failure } : {}) },
    ...(message ? { annotations: { [MESSAGE_ANNOTATION]: message } } : {}),
  },
  spec: {
    ...simulatedPlacement,
    ...(node ? { nodeSelector: { 'kubernetes.io/hostname': node } } : {}),
    containers: [{ name: 'main', image: BUSYBOX_IMAGE }],
  },
});

const selected = (name: string) => ({ matchLabels: { app: name } });

/** A workload of pods of one container on the real node. */
export const controller = (
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  namespace: string,
  name: string,
  parts: PodParts,
  more: Fields = {},
): Manifest => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
    ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
    ...more,
    selector: selected(name),
    template: { metadata: { labels: { app: name } }, spec: podSpec(parts) },
  },
});

export const job = (
  namespace: string,
  name: string,
  parts: PodParts,
  more: Fields = {},
): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace },
  spec: {
    backoffLimit: 0,
    ...more,
    template: { spec: podSpec({ ...parts, spec: { restartPolicy: 'Never', ...parts.spec } }) },
  },
});

export const quota = (namespace: string, hard: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'limits', namespace },
  spec: { hard },
});

export const storageClass = (
  name: string,
  volumeBindingMode: 'Immediate' | 'WaitForFirstConsumer',
): Manifest => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  // Nobody provisions for it.
  provisioner: 'example.com/nobody',
  volumeBindingMode,
});

export const claimSpec = (storageClassName: string): Fields => ({
  accessModes: ['ReadWriteOnce'],
  storageClassName,
  resources: { requests: { storage: '1Gi' } },
});

export const claim = (namespace: string, name: string, storageClassName: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
  spec: claimSpec(storageClassName),
});

export const service = (namespace: string, name: string, spec: Fields): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec,
});

/** A kind of the Prometheus operator; nothing is checked but its name. */
export const operatorKind = (kind: string, plural: string): Manifest => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.monitoring.coreos.com` },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
});
