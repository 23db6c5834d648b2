import { epochMs } from '../../src/kernel/units.ts';
import type { Container } from '../../src/probes/pod-containers.ts';
import type { DebugTold } from '../../src/probes/pod-debug.ts';
import { ago, container, day, hour, minute, pod, waiting } from './objects.ts';

export const shell =
  'registry.example/debug@sha256:3f2a51c09b7e4d6685a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f506';

const ephemeral = (name: string, over: Partial<Container> = {}): Container =>
  container({ name, kind: 'ephemeral', image: shell, ready: false, ...over });

const ended = (startedSeconds: number, endedSeconds: number, exitCode: number) =>
  ({
    state: 'terminated',
    exitCode,
    startedAt: ago(startedSeconds),
    finishedAt: ago(endedSeconds),
  }) as const;

const told = (name: string, over: Partial<DebugTold> = {}): DebugTold => ({
  name,
  target: '',
  privileged: false,
  capabilities: [],
  by: '',
  reason: '',
  ...over,
});

const gateway = 'payment-gateway-7d9f8c6b5-4crcm';

/** Pods of a night in which several people looked into things, with several tools. */
export const debuggedPods = () => [
  pod(gateway, {
    containers: [
      container(),
      ephemeral('midwatch-x7k2p', { startedAt: ago(12 * minute) }),
      ephemeral('midwatch-b04qz', ended(3 * hour + 8 * minute, 3 * hour, 0)),
    ],
    debug: {
      deadline: null,
      containers: [
        told('midwatch-x7k2p', {
          target: 'app',
          capabilities: ['SYS_PTRACE'],
          by: 'ana',
          reason: 'INC-42 no answer from the payment gateway, and nobody knows why',
        }),
        told('midwatch-b04qz', { by: 'ben', reason: 'INC-41' }),
      ],
    },
  }),
  pod('checkout-6c9f7d4b8-8xk2p', {
    namespace: 'web',
    containers: [
      container(),
      ephemeral('debugger-qxv5n', {
        image: 'busybox:1.36',
        startedAt: ago(5 * day),
      }),
      waiting('ImagePullBackOff', '', {
        name: 'midwatch-mmmmm',
        kind: 'ephemeral',
        image: shell,
      }),
    ],
    debug: {
      deadline: null,
      containers: [
        told('debugger-qxv5n', { privileged: true }),
        told('midwatch-mmmmm', { by: 'ana', reason: 'INC-42' }),
      ],
    },
  }),
  pod('midwatch-node-abcde', {
    namespace: 'default',
    node: 'worker-7',
    phase: 'Running',
    labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
    containers: [container({ name: 'debugger', image: shell, startedAt: ago(29 * minute) })],
    debug: {
      deadline: epochMs(ago(29 * minute) + 32 * 60_000),
      containers: [told('debugger', { privileged: true, by: 'cem', reason: 'INC-42 disk' })],
    },
  }),
  pod('midwatch-node-old00', {
    namespace: 'default',
    node: 'worker-1',
    phase: 'Failed',
    labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
    containers: [
      container({ name: 'debugger', image: shell, ...ended(2 * day, 2 * day - 1800, 137) }),
    ],
  }),
  pod('plain'),
];
