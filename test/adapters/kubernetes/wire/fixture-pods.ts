import {
  condition,
  ended,
  failedBefore,
  image,
  initStatus,
  inits,
  main,
  of,
  ready,
  running,
  said,
  second,
  sidecar,
  two,
  unready,
  up,
  waiting,
} from './fixture-pod-parts.ts';

/** Pods in every state that kubectl has a word for. The states are set by hand, on a node that no kubelet runs. */
export interface FixturePod {
  readonly name: string;
  readonly spec?: object;
  /** Put into the status subresource as it is; none: the pod is left to the control plane. */
  readonly status?: object;
  readonly deleted?: boolean;
}

export const fixturePods: readonly FixturePod[] = [
  {
    name: 'running',
    status: of('Running', [up('main')], {
      conditions: ready,
      podIP: '10.1.2.3',
      podIPs: [{ ip: '10.1.2.3' }],
    }),
  },
  { name: 'unschedulable', spec: { nodeName: undefined, nodeSelector: { disk: 'golden' } } },
  {
    name: 'gated',
    spec: { nodeName: undefined, schedulingGates: [{ name: 'example.com/quota' }] },
    status: { nominatedNodeName: 'fixed-1' },
  },
  { name: 'without-status' },
  { name: 'creating', status: of('Pending', [said('main', waiting('ContainerCreating'))]) },
  {
    name: 'crash-loop',
    status: of(
      'Running',
      [
        said(
          'main',
          waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'),
          failedBefore(7),
        ),
      ],
      { conditions: unready },
    ),
  },
  {
    name: 'image-pull',
    status: of('Pending', [
      said('main', waiting('ImagePullBackOff', 'Back-off pulling image "nosuch:1"')),
    ]),
  },
  { name: 'completed', status: of('Succeeded', [said('main', ended(0, { reason: 'Completed' }))]) },
  {
    name: 'error',
    status: of('Failed', [said('main', ended(1, { reason: 'Error', message: 'no such table' }))]),
  },
  {
    name: 'oom-killed',
    status: of('Running', [
      said(
        'main',
        ended(137, { reason: 'OOMKilled' }),
        failedBefore(2, 137, { reason: 'OOMKilled' }),
      ),
    ]),
  },
  {
    name: 'evicted',
    status: of('Failed', [], {
      reason: 'Evicted',
      message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi.',
    }),
  },
  {
    name: 'init-0',
    spec: inits,
    status: initStatus(said('one', running), said('two', waiting('PodInitializing'))),
  },
  {
    name: 'init-1',
    spec: inits,
    status: initStatus(
      said('one', ended(0, { reason: 'Completed' })),
      said('two', waiting('PodInitializing')),
    ),
  },
  {
    name: 'init-error',
    spec: inits,
    status: initStatus(
      said('one', ended(2, { reason: 'Error', message: 'migration 42 failed' }), failedBefore(3)),
    ),
  },
  {
    name: 'init-crash',
    spec: inits,
    status: initStatus(said('one', waiting('CrashLoopBackOff'), failedBefore(4))),
  },
  { name: 'init-exit-code', spec: inits, status: initStatus(said('one', ended(3))) },
  { name: 'init-signal', spec: inits, status: initStatus(said('one', ended(139, { signal: 11 }))) },
  {
    name: 'init-again',
    spec: inits,
    status: of('Running', [up('main', failedBefore(1))], {
      initContainerStatuses: [said('one', ended(4, { reason: 'Error' }), failedBefore(5))],
      conditions: ready,
    }),
  },
  {
    name: 'sidecar',
    spec: sidecar,
    status: of('Running', [up('main')], {
      initContainerStatuses: [
        up('proxy', failedBefore(2)),
        said('two', ended(0, { reason: 'Completed' })),
      ],
      conditions: ready,
    }),
  },
  {
    name: 'sidecar-not-started',
    spec: sidecar,
    status: initStatus(
      said('proxy', running, { started: false }),
      said('two', waiting('PodInitializing')),
    ),
  },
  {
    name: 'terminating',
    status: of('Running', [up('main')], { conditions: ready }),
    deleted: true,
  },
  {
    name: 'node-lost',
    status: of('Running', [up('main')], { reason: 'NodeLost', conditions: ready }),
    deleted: true,
  },
  { name: 'exit-code', status: of('Failed', [said('main', ended(5))]) },
  { name: 'signal', status: of('Failed', [said('main', ended(134, { signal: 6 }))]) },
  {
    name: 'half-completed',
    spec: two,
    status: of('Running', [said('main', ended(0, { reason: 'Completed' })), up('second')], {
      conditions: unready,
    }),
  },
  {
    name: 'half-completed-ready',
    spec: two,
    status: of('Running', [said('main', ended(0, { reason: 'Completed' })), up('second')], {
      conditions: ready,
    }),
  },
  {
    name: 'completed-and-failed',
    spec: two,
    status: of('Failed', [
      said('main', ended(0, { reason: 'Completed' })),
      said('second', ended(6, { reason: 'Error' })),
    ]),
  },
  {
    name: 'two-troubles',
    spec: two,
    status: of('Pending', [
      said('main', waiting('ErrImagePull')),
      said('second', waiting('CrashLoopBackOff'), failedBefore(1)),
    ]),
  },
  {
    name: 'half-ready',
    spec: two,
    status: of('Running', [up('main'), said('second', running)], { conditions: unready }),
  },
  {
    name: 'no-longer-disrupted',
    status: of('Running', [up('main')], {
      conditions: [
        ...ready,
        condition('DisruptionTarget', 'True', {
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        }),
      ],
    }),
  },
  {
    name: 'everything',
    spec: {
      priorityClassName: 'system-node-critical',
      hostNetwork: true,
      readinessGates: [{ conditionType: 'example.com/registered' }],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'tmp', emptyDir: {} },
      ],
      initContainers: [
        { name: 'warm', image, resources: { requests: { cpu: '2', memory: '1Gi' } } },
        {
          name: 'proxy',
          image,
          restartPolicy: 'Always',
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
        },
      ],
      containers: [
        {
          ...main,
          resources: {
            requests: { cpu: '250m', memory: '100M' },
            limits: { cpu: '1', memory: '256Mi' },
          },
          env: [{ name: 'PASSWORD', value: 'never-shown' }],
        },
        { ...second, resources: { requests: { cpu: '1500m' } } },
      ],
    },
    status: of('Running', [up('main'), up('second')], {
      message: 'Umlaute: äöü, and a → arrow',
      conditions: [
        ...unready,
        condition('example.com/registered', 'False', {
          reason: 'Waiting',
          message: 'not registered yet',
        }),
      ],
    }),
  },
];

export const podManifest = ({ name, spec = {} }: FixturePod) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'states', labels: { app: name, 'example.com/empty': '' } },
  spec: { nodeName: 'fixed-1', tolerations: [{ operator: 'Exists' }], containers: [main], ...spec },
});

export const debugContainer = {
  name: 'debugger',
  image: 'registry.example.com/tools/debug:1',
  targetContainerName: 'main',
};
