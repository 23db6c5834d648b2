import type { Manifest } from '../../../cluster/apply.ts';

const namespace = 'states';
const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: {
    containers: [
      { name: 'main', image: `registry.example.com/${app}:7` },
      { name: 'proxy', image: 'registry.example.com/mesh/proxy:0.9' },
    ],
  },
});
const meta = (name: string, more: object = {}) => ({ name, namespace, ...more });
const selector = (app: string) => ({ matchLabels: { app } });
const job = (app: string) => ({
  ...template(app),
  spec: { ...template(app).spec, restartPolicy: 'Never' },
});

/** Nothing is scheduled with this. */
const nowhere = (app: string) => ({
  ...template(app),
  spec: { ...template(app).spec, nodeSelector: { disk: 'golden' } },
});

/** One object or more of every kind that is watched; the controllers fill in what is theirs. */
export const fixtureObjects: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: 'shop' } } },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'fixed-1',
      labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge', zone: 'a' },
    },
    spec: {
      unschedulable: true,
      taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web'),
    spec: { replicas: 2, selector: selector('web'), template: template('web') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('paused'),
    spec: { replicas: 0, paused: true, selector: selector('paused'), template: template('paused') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('stuck'),
    spec: { replicas: 1, selector: selector('stuck'), template: nowhere('stuck') },
  },
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'refused', namespace: 'strict' },
    spec: { replicas: 1, selector: selector('refused'), template: template('refused') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('stuck-db'),
    spec: { replicas: 2, selector: selector('stuck-db'), template: nowhere('stuck-db') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db'),
    spec: { replicas: 3, serviceName: 'db', selector: selector('db'), template: template('db') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta('agent'),
    spec: {
      selector: selector('agent'),
      template: {
        ...template('agent'),
        spec: { ...template('agent').spec, tolerations: [{ operator: 'Exists' }] },
      },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('broken'),
    spec: {
      activeDeadlineSeconds: 1,
      template: {
        ...nowhere('broken'),
        spec: { ...nowhere('broken').spec, restartPolicy: 'Never' },
      },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('import'),
    spec: { parallelism: 2, completions: 4, backoffLimit: 3, template: job('import') },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('waiting'),
    spec: {
      template: {
        ...nowhere('waiting'),
        spec: { ...nowhere('waiting').spec, restartPolicy: 'Never' },
      },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('asleep'),
    spec: { suspend: true, template: job('asleep') },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta('nightly'),
    spec: {
      schedule: '17 3 * * *',
      timeZone: 'Europe/Berlin',
      suspend: true,
      jobTemplate: { spec: { template: job('nightly') } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('web'),
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'web' },
      externalIPs: ['192.0.2.7'],
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('elsewhere'),
    spec: { type: 'ExternalName', externalName: 'db.example.com' },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta('manual-1', { labels: { 'kubernetes.io/service-name': 'manual' } }),
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [
      {
        addresses: ['10.1.2.3'],
        conditions: { ready: true },
        nodeName: 'fixed-1',
        targetRef: { kind: 'Pod', namespace, name: 'running' },
      },
      { addresses: ['10.1.2.4'], conditions: { ready: false, terminating: true } },
      { addresses: ['10.1.2.5'] },
    ],
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: meta('data'),
    spec: {
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
      storageClassName: 'fast',
      volumeName: 'pv-7',
      resources: { requests: { storage: '10Gi' } },
    },
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: meta('leader'),
    spec: {
      holderIdentity: 'replica-a_0815',
      leaseDurationSeconds: 15,
      acquireTime: '2026-11-20T10:00:00.000000Z',
      renewTime: '2026-11-20T10:41:17.123456Z',
      leaseTransitions: 4,
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: meta('counted.17c0ffee'),
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      name: 'crash-loop',
      fieldPath: 'spec.containers{main}',
    },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container main in pod crash-loop_states',
    count: 12,
    firstTimestamp: '2026-11-20T10:00:00Z',
    lastTimestamp: '2026-11-20T10:30:00Z',
    source: { component: 'kubelet', host: 'fixed-1' },
  },
  {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: meta('series.17c0ffef'),
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'unschedulable' },
    type: 'Warning',
    action: 'Scheduling',
    reason: 'FailedScheduling',
    message: '0/4 nodes are available',
    eventTime: '2026-11-20T10:00:00.500000Z',
    series: { count: 130, lastObservedTime: '2026-11-20T10:45:00.250000Z' },
    reportingComponent: 'default-scheduler',
    reportingInstance: 'scheduler-0',
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget', shortNames: ['wg', 'wgt'] },
      versions: ['v1', 'v1beta1'].map((name) => ({
        name,
        served: name === 'v1',
        storage: name === 'v1',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      })),
    },
  },
];
