import type { Manifest } from './apply.ts';
import { FAILURE_LABEL, MESSAGE_ANNOTATION } from './kwok.ts';

export interface LoadOptions {
  readonly nodes: number;
  readonly pods: number;
  /** Pods that fail in turn as crash-loop, oom, image-pull, not-ready; counted within `pods`. */
  readonly failing?: number;
}

const PODS_PER_DEPLOYMENT = 50;
const PODS_PER_NODE = 250;
const failures = ['crash-loop', 'image-pull', 'oom', 'not-ready'] as const;

const pad = (index: number, width = 3): string => String(index).padStart(width, '0');

/** Enough nodes for the pods, and at least three. */
export const nodesFor = (pods: number): number => Math.max(3, Math.ceil(pods / 100));

/**
 * Keeps simulated pods on simulated nodes. The taint is there only next to a real node, but tolerating
 * it is always right.
 */
export const simulatedPlacement = {
  nodeSelector: { type: 'kwok' },
  tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
} as const;

export const simulatedNode = (name: string, tainted: boolean): Manifest => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      type: 'kwok',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/role': 'worker',
      'node-role.kubernetes.io/worker': '',
    },
    annotations: {
      'kwok.x-k8s.io/node': 'fake',
      'node.alpha.kubernetes.io/ttl': '0',
      'metrics.k8s.io/resource-metrics-path': `/metrics/nodes/${name}/metrics/resource`,
    },
  },
  ...(tainted
    ? { spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] } }
    : {}),
  status: {
    allocatable: { cpu: '32', memory: '256Gi', pods: String(PODS_PER_NODE) },
    capacity: { cpu: '32', memory: '256Gi', pods: String(PODS_PER_NODE) },
    nodeInfo: { kubeletVersion: 'v1.36.3', osImage: 'Debian GNU/Linux 12 (bookworm)' },
  },
});

export const simulatedNodes = (count: number, tainted: boolean): readonly Manifest[] =>
  Array.from({ length: count }, (_, index) => simulatedNode(`sim-${pad(index)}`, tainted));

const container = (name: string, image: string, port: number) => ({
  name,
  image,
  ports: [{ containerPort: port, name: 'http' }],
  env: [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'LOG_LEVEL', value: 'info' },
  ],
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 10 },
});

interface DeploymentRequest {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly failure?: string;
}

/** A deployment of two-container pods on simulated nodes. */
export const simulatedDeployment = ({
  name,
  namespace,
  replicas,
  failure,
}: DeploymentRequest): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: {
        labels: { app: name, tier: 'backend', ...(failure ? { [FAILURE_LABEL]: failure } : {}) },
        annotations: {
          'example.com/commit': '3f2a9c1',
          'kwok.x-k8s.io/usage-cpu': '25m',
          'kwok.x-k8s.io/usage-memory': '48Mi',
          ...(failure === 'crash-loop'
            ? { [MESSAGE_ANNOTATION]: 'failed to connect to etcd: context deadline exceeded' }
            : {}),
        },
      },
      spec: {
        ...simulatedPlacement,
        containers: [
          container(name, `registry.example.com/shop/${name}:1.42.0`, 8080),
          container('proxy', 'registry.example.com/mesh/proxy:0.9.3', 15_000),
        ],
      },
    },
  },
});

/** Deployments of up to 50 pods spread over ten namespaces, the failing ones in deployments of their own. */
export const simulatedLoad = ({
  pods,
  failing = 0,
}: Omit<LoadOptions, 'nodes'>): {
  readonly namespaces: readonly Manifest[];
  readonly deployments: readonly Manifest[];
} => {
  const sizes = (total: number, limit: number): readonly number[] =>
    Array.from({ length: Math.ceil(total / limit) }, (_, index) =>
      Math.min(limit, total - index * limit),
    );
  const requests: DeploymentRequest[] = [
    ...sizes(pods - failing, PODS_PER_DEPLOYMENT).map((replicas, index) => ({
      name: `service-${pad(index)}`,
      namespace: `team-${index % 10}`,
      replicas,
    })),
    // Small ones, so that every kind of failure is there from four failing pods on.
    ...sizes(failing, Math.max(1, Math.min(10, Math.ceil(failing / failures.length)))).map(
      (replicas, index) => ({
        name: `broken-${pad(index)}`,
        namespace: `team-${index % 10}`,
        replicas,
        failure: failures[index % failures.length] as string,
      }),
    ),
  ];
  const names = [...new Set(requests.map(({ namespace }) => namespace))];
  return {
    namespaces: names.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
    deployments: requests.map(simulatedDeployment),
  };
};
