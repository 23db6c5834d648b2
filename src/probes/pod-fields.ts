import {
  bool,
  flag,
  inline,
  int,
  metadata,
  msg,
  msgs,
  quantityMap,
  type Read,
  str,
  strMap,
  strs,
  time,
} from '../kernel/shape.ts';
import { debugAnnotations } from './pod-debug.ts';

const sized = ['cpu', 'memory'] as const;

const resources = {
  limits: quantityMap(1, sized),
  requests: quantityMap(2, sized),
};

const security = { capabilities: msg(1, { add: strs(1) }), privileged: bool(2) };

/** Of all containers only these say what they are for, in variables of their own: two of them are kept. */
const ephemeral = {
  ephemeralContainerCommon: inline(1, {
    name: str(1),
    image: str(2),
    env: msgs(7, { name: str(1), value: str(2) }),
    securityContext: msg(15, security),
  }),
  targetContainerName: str(2),
};

const container = {
  name: str(1),
  image: str(2),
  resources: msg(8, resources),
  securityContext: msg(15, security),
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy: str(24),
};

const terminated = {
  exitCode: int(1),
  signal: int(2),
  reason: str(3),
  message: str(4),
  startedAt: time(5),
  finishedAt: time(6),
};

const containerStatus = {
  name: str(1),
  state: msg(2, {
    waiting: msg(1, { reason: str(1), message: str(2) }),
    running: msg(2, { startedAt: time(1) }),
    terminated: msg(3, terminated),
  }),
  lastState: msg(3, { terminated: msg(3, terminated) }),
  ready: bool(4),
  restartCount: int(5),
  started: flag(9),
};

/**
 * What is read of a pod; commands, volumes other than claims, annotations but those of midwatch's own debug pods, and
 * the environment of all that serves are skipped.
 */
export const podFields = {
  metadata: msg(1, {
    ...metadata.fields,
    annotations: strMap(12, Object.values(debugAnnotations)),
  }),
  spec: msg(2, {
    volumes: msgs(1, {
      volumeSource: inline(2, { persistentVolumeClaim: msg(10, { claimName: str(1) }) }),
    }),
    containers: msgs(2, container),
    activeDeadlineSeconds: int(5),
    nodeName: str(10),
    hostNetwork: bool(11),
    initContainers: msgs(20, container),
    priorityClassName: str(24),
    readinessGates: msgs(28, { conditionType: str(1) }),
    overhead: quantityMap(32, sized),
    ephemeralContainers: msgs(34, ephemeral),
    resources: msg(40, resources),
  }),
  status: msg(3, {
    phase: str(1),
    conditions: msgs(2, {
      type: str(1),
      status: str(2),
      lastTransitionTime: time(4),
      reason: str(5),
      message: str(6),
    }),
    message: str(3),
    reason: str(4),
    podIP: str(6),
    startTime: time(7),
    containerStatuses: msgs(8, containerStatus),
    qosClass: str(9),
    initContainerStatuses: msgs(10, containerStatus),
    nominatedNodeName: str(11),
    ephemeralContainerStatuses: msgs(13, containerStatus),
  }),
} as const;

export type ReadPod = Read<typeof podFields>;
export type ReadPodSpec = NonNullable<ReadPod['spec']>;
export type ReadPodStatus = NonNullable<ReadPod['status']>;
export type ReadContainer = Read<typeof container>;
export type ReadEphemeral = Read<typeof ephemeral>;
export type ReadContainerStatus = Read<typeof containerStatus>;
export type ReadTerminated = Read<typeof terminated>;
