import type { Manifest } from '../apply.ts';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';

/** One pod on the real node. */
export const podOf = (
  namespace: string,
  name: string,
  script = 'while true; do sleep 1; done',
  more: { readonly container?: object; readonly spec?: object } = {},
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: {
    nodeSelector: { 'midwatch.dev/node': 'real' },
    terminationGracePeriodSeconds: 1,
    ...more.spec,
    containers: [
      {
        name: 'app',
        image: BUSYBOX_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', script],
        ...more.container,
      },
    ],
  },
});

export const enforcing = (name: string, level: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
});

/** A pod that a namespace of the strictest kind takes. */
export const strictPod = (namespace: string, name: string): Manifest =>
  podOf(namespace, name, undefined, {
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1234,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    },
    container: {
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  });
