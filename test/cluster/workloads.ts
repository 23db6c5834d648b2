import type { Manifest } from './apply.ts';
import { BUSYBOX_IMAGE } from './busybox-image.ts';
import type { Cluster } from './cluster-handle.ts';
import { EXIT_CODE_ANNOTATION, FAILURE_LABEL, MESSAGE_ANNOTATION } from './kwok.ts';
import { simulatedPlacement } from './simulated-load.ts';

/** How a pod fails where nothing really runs. */
export interface SimulatedFailure {
  readonly kind: 'crash-loop' | 'oom' | 'image-pull' | 'config-error' | 'evicted' | 'not-ready';
  readonly message?: string;
  readonly exitCode?: number;
}

export interface WorkloadOptions {
  readonly name: string;
  readonly namespace: string;
  readonly replicas?: number;
  /** Shell script of the one container; default: log a line a second. */
  readonly script?: string;
  readonly image?: string;
  readonly resources?: unknown;
  readonly progressDeadlineSeconds?: number;
  /** Only looked at where the pods are simulated. */
  readonly failure?: SimulatedFailure;
}

const HEALTHY_SCRIPT = 'while true; do echo "$(date -u +%FT%TZ) request served"; sleep 1; done';

/** Writes what a program says last to its log and to its termination message, then exits. */
export const dyingWords = (message: string, exitCode: number): string =>
  `echo "${message}"; echo -n "${message}" > /dev/termination-log; exit ${exitCode}`;

export const hasRealNode = (cluster: Cluster): boolean => cluster.record.realNodes.length > 0;

export const namespaceOf = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

/** Where the pod goes, and, on a simulated node, how it is to fail there. */
const podTemplate = (cluster: Cluster, options: WorkloadOptions) => {
  const real = hasRealNode(cluster);
  const { name, script = HEALTHY_SCRIPT, image = BUSYBOX_IMAGE, resources = {}, failure } = options;
  const simulated = real ? undefined : failure;
  return {
    metadata: {
      labels: { app: name, ...(simulated ? { [FAILURE_LABEL]: simulated.kind } : {}) },
      annotations: {
        ...(simulated?.message ? { [MESSAGE_ANNOTATION]: simulated.message } : {}),
        ...(simulated?.exitCode ? { [EXIT_CODE_ANNOTATION]: String(simulated.exitCode) } : {}),
      },
    },
    spec: {
      ...(real ? { nodeSelector: { 'midwatch.dev/node': 'real' } } : simulatedPlacement),
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', script],
          resources,
        },
      ],
    },
  };
};

/** A deployment on the real node, or on simulated ones where there is none. */
export const workload = (cluster: Cluster, options: WorkloadOptions): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: options.name, namespace: options.namespace, labels: { app: options.name } },
  spec: {
    replicas: options.replicas ?? 1,
    ...(options.progressDeadlineSeconds
      ? { progressDeadlineSeconds: options.progressDeadlineSeconds }
      : {}),
    selector: { matchLabels: { app: options.name } },
    template: podTemplate(cluster, options),
  },
});
