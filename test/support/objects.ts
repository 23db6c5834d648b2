import { bytes, type EpochMs, epochMs, milliCpu } from '../../src/kernel/units.ts';
import type { Condition } from '../../src/probes/condition.ts';
import type { DaemonSet } from '../../src/probes/daemonsets.ts';
import type { Event } from '../../src/probes/events.ts';
import type { Node } from '../../src/probes/nodes.ts';
import type { Container } from '../../src/probes/pod-containers.ts';
import type { Pod } from '../../src/probes/pods.ts';
import type { Workload } from '../../src/probes/workload.ts';

/** The time of these objects: a round ten seconds, so that rules which count in such steps are exact. */
export const now: EpochMs = epochMs(Date.UTC(2026, 10, 23, 21, 43, 0));
export const ago = (seconds: number): EpochMs => epochMs(now - seconds * 1000);

export const minute = 60;
export const hour = 3600;
export const day = 86_400;

export const meta = (name: string, namespace: string, age: number) => ({
  uid: `uid-${namespace}-${name}`,
  namespace,
  name,
  created: ago(age),
  labels: {},
});

const noRoom = { cpu: milliCpu(0), memory: bytes(0) };

export const condition = (
  type: string,
  status: string,
  seconds: number,
  reason = '',
  message = '',
): Condition => ({ type, status, reason, message, since: ago(seconds) });

/** A container that runs and is ready. */
export const container = (over: Partial<Container> = {}): Container => ({
  name: 'app',
  kind: 'main',
  image: 'registry.test/app:1',
  ready: true,
  restarts: 0,
  state: 'running',
  reason: '',
  message: '',
  exitCode: null,
  startedAt: ago(2 * hour),
  finishedAt: null,
  last: null,
  ...over,
});

export const waiting = (reason: string, message = '', over: Partial<Container> = {}): Container =>
  container({ state: 'waiting', ready: false, reason, message, startedAt: null, ...over });

export const owner = (kind: string, name: string) => ({ kind, name, uid: `uid-${kind}-${name}` });

/** A pod that has run well for two hours. */
export const pod = (name: string, over: Partial<Pod> = {}): Pod => ({
  ...meta(name, over.namespace ?? 'payments', 2 * hour),
  owner: null,
  node: 'worker-1',
  ip: '10.0.0.1',
  hostNetwork: false,
  qos: 'Burstable',
  priorityClass: '',
  phase: 'Running',
  status: 'Running',
  ready: 1,
  total: 1,
  restarts: 0,
  lastRestart: null,
  containers: [container()],
  conditions: [],
  reason: '',
  message: '',
  requests: noRoom,
  limits: noRoom,
  deleting: null,
  claims: [],
  nominated: '',
  readinessGates: [],
  ...over,
});

const notReady = (seconds: number): readonly Condition[] => [
  condition(
    'Ready',
    'False',
    seconds,
    'ContainersNotReady',
    'containers with unready status: [app]',
  ),
  condition('ContainersReady', 'False', seconds, 'ContainersNotReady'),
];

/** A pod whose one container is as given, for as long as given. */
export const sickPod = (
  name: string,
  status: string,
  c: Container,
  seconds: number,
  over: Partial<Pod> = {},
): Pod =>
  pod(name, {
    status,
    ready: 0,
    restarts: c.restarts,
    lastRestart: c.last?.finishedAt ?? null,
    phase: 'Pending',
    containers: [c],
    conditions: notReady(seconds),
    ...over,
  });

/** A pod in CrashLoopBackOff. */
export const crashing = (
  name: string,
  message = '',
  over: Partial<Pod> = {},
  end: Partial<NonNullable<Container['last']>> = {},
): Pod =>
  sickPod(
    name,
    'CrashLoopBackOff',
    waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app', {
      restarts: 7,
      last: { reason: 'Error', exitCode: 1, message, finishedAt: ago(40), ...end },
    }),
    4 * minute,
    { phase: 'Running', ...over },
  );

/** A deployment, replica set or stateful set that is complete. */
export const workload = (name: string, over: Partial<Workload> = {}): Workload => ({
  ...meta(name, over.namespace ?? 'payments', 30 * day),
  owner: null,
  desired: 1,
  ready: over.desired ?? 1,
  updated: over.desired ?? 1,
  available: over.desired ?? 1,
  unavailable: 0,
  generation: 3,
  observed: 3,
  paused: false,
  selector: { app: name },
  revision: '1',
  images: [],
  conditions: [],
  deleting: null,
  ...over,
});

export const daemonSet = (name: string, over: Partial<DaemonSet> = {}): DaemonSet => ({
  ...workload(name, { namespace: 'kube-system', ...over }),
  misscheduled: 0,
  ...over,
});

export const node = (name: string, over: Partial<Node> = {}): Node => ({
  ...meta(name, '', 90 * day),
  roles: [],
  unschedulable: false,
  taints: [],
  conditions: [condition('Ready', 'True', 90 * day, 'KubeletReady')],
  bootId: 'boot-1',
  kubelet: 'v1.36.3',
  os: '',
  kernel: '',
  runtime: '',
  architecture: 'amd64',
  internalIp: '10.1.0.1',
  capacity: { ...noRoom, pods: 110 },
  allocatable: { ...noRoom, pods: 110 },
  deleting: null,
  ...over,
});

export const downNode = (name: string, seconds = 7 * minute, over: Partial<Node> = {}): Node =>
  node(name, {
    conditions: [
      condition(
        'Ready',
        'Unknown',
        seconds,
        'NodeStatusUnknown',
        'Kubelet stopped posting node status.',
      ),
    ],
    ...over,
  });

export const event = (
  kind: string,
  name: string,
  reason: string,
  message: string,
  over: Partial<Event> & { readonly in?: string } = {},
): Event => {
  const { in: namespace = 'payments', ...rest } = over;
  return {
    ...meta(
      `${name}.${reason.toLowerCase()}`,
      namespace === '' ? 'default' : namespace,
      5 * minute,
    ),
    type: 'Warning',
    about: { kind, namespace, name, uid: '', fieldPath: '' },
    reason,
    message,
    count: 5,
    firstSeen: ago(5 * minute),
    lastSeen: ago(20),
    source: 'kubelet',
    host: '',
    ...rest,
  };
};
