const namespace = 'states';

/** Status of the node that no kubelet looks after. */
export const nodeStatus = {
  capacity: { cpu: '8', memory: '16Gi', pods: '110', 'example.com/gpu': '2' },
  allocatable: { cpu: '7910m', memory: '15728640Ki', pods: '110' },
  addresses: [
    { type: 'Hostname', address: 'fixed-1' },
    { type: 'InternalIP', address: '192.0.2.11' },
  ],
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      message: 'kubelet is posting ready status',
      lastHeartbeatTime: '2026-11-20T10:46:00Z',
      lastTransitionTime: '2026-11-20T10:00:00Z',
    },
    {
      type: 'DiskPressure',
      status: 'True',
      reason: 'KubeletHasDiskPressure',
      message: 'kubelet has disk pressure',
      lastHeartbeatTime: '2026-11-20T10:46:00Z',
      lastTransitionTime: '2026-11-20T10:30:00Z',
    },
  ],
  nodeInfo: {
    machineID: '',
    systemUUID: '',
    bootID: '0a1b2c3d-0000-4000-8000-000000000001',
    kernelVersion: '6.12.0',
    osImage: 'Debian GNU/Linux 13',
    containerRuntimeVersion: 'containerd://2.1.0',
    kubeletVersion: 'v1.36.3',
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: 'amd64',
  },
};

/** A status that its controller would soon overwrite: the list is recorded as it was right after this was set. */
export interface StatusPatch {
  readonly resource: string;
  readonly path: string;
  readonly status: object;
}

const conditions = [
  {
    type: 'Unwell',
    status: 'True',
    reason: 'ByHand',
    message: 'for the record',
    lastTransitionTime: '2026-11-20T10:30:00Z',
  },
];

export const statusPatches: readonly StatusPatch[] = [
  {
    resource: 'statefulsets',
    path: '/apis/apps/v1/namespaces/states/statefulsets/db/status',
    status: { conditions },
  },
  {
    resource: 'daemonsets',
    path: '/apis/apps/v1/namespaces/states/daemonsets/agent/status',
    status: { conditions, numberMisscheduled: 1 },
  },
  {
    resource: 'cronjobs',
    path: '/apis/batch/v1/namespaces/states/cronjobs/nightly/status',
    status: {
      active: [{ kind: 'Job', namespace, name: 'nightly-1' }],
      lastScheduleTime: '2026-11-19T02:17:00Z',
      lastSuccessfulTime: '2026-11-19T02:20:11Z',
    },
  },
  {
    resource: 'persistentvolumeclaims',
    path: '/api/v1/namespaces/states/persistentvolumeclaims/data/status',
    status: {
      phase: 'Bound',
      capacity: { storage: '12Gi' },
      accessModes: ['ReadWriteOnce'],
      conditions: [{ ...conditions[0], type: 'FileSystemResizePending' }],
    },
  },
];
