import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../apply.ts';
import type { Run } from '../../run-dir.ts';
import { clientUrl, ETCD_NAMESPACE, ETCD_SERVICE, members, mountedPki } from './payments-etcd.ts';

export const GATEWAY_IMAGE = 'registry.example/payments/payment-gateway:4.2.1';
export const GATEWAY_NAMESPACE = 'payments';
export const GATEWAY = 'payment-gateway';

const SECRET = 'payment-gateway-etcd';

const base64 = (path: string): string => readFileSync(path).toString('base64');

const clientSecret = (run: Run): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: SECRET, namespace: GATEWAY_NAMESPACE },
  type: 'kubernetes.io/tls',
  data: {
    'ca.crt': base64(join(mountedPki(run), 'ca.crt')),
    'tls.crt': base64(join(mountedPki(run), 'client.crt')),
    'tls.key': base64(join(mountedPki(run), 'client.key')),
  },
});

const container = (ip: string) => ({
  name: GATEWAY,
  image: GATEWAY_IMAGE,
  imagePullPolicy: 'IfNotPresent',
  // Members by address: there is neither DNS nor kube-proxy in this cluster.
  env: [
    { name: 'ETCD_ENDPOINTS', value: members.map((one) => clientUrl(ip, one)).join(',') },
    { name: 'ETCD_SERVICE', value: `${ETCD_SERVICE}.${ETCD_NAMESPACE}.svc` },
    { name: 'ETCD_DIAL_TIMEOUT', value: '5s' },
  ],
  ports: [{ name: 'http', containerPort: 8080 }],
  // A container that ends while it has this probe is looked at once more by its kubelet, which only then tells of
  // CrashLoopBackOff. Without one the status stays `terminated` until the back-off is over.
  livenessProbe: { httpGet: { path: '/livez', port: 'http' }, periodSeconds: 2 },
  readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 2 },
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '64Mi' } },
  volumeMounts: [{ name: 'etcd-client', mountPath: '/etc/etcd-client', readOnly: true }],
});

/** The gateway, what it shows etcd, and its service. */
export const gateway = (run: Run, ip: string, replicas: number): readonly Manifest[] => {
  const labels = { app: GATEWAY, 'app.kubernetes.io/part-of': 'payments' };
  const metadata = { name: GATEWAY, namespace: GATEWAY_NAMESPACE, labels };
  return [
    clientSecret(run),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: { app: GATEWAY } },
        template: {
          metadata: {
            labels,
            annotations: { 'payments.example/depends-on': `${ETCD_NAMESPACE}/${ETCD_SERVICE}` },
          },
          spec: {
            nodeSelector: { 'midwatch.dev/node': 'real' },
            terminationGracePeriodSeconds: 1,
            containers: [container(ip)],
            volumes: [{ name: 'etcd-client', secret: { secretName: SECRET } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: GATEWAY }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  ];
};
