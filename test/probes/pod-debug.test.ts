import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/adapters/kubernetes/wire/json-reader.ts';
import { podFields } from '../../src/probes/pod-fields.ts';
import { type Pod, podKind } from '../../src/probes/pods.ts';

const slim = (pod: object): Pod => {
  const read = readJson(podFields, pod);
  if (!read.ok) throw new Error(read.failure.message);
  return podKind.slim(read.value);
};

const secret = { name: 'TOKEN', value: 'never-shown' };
const told = (by: string, reason: string) => [
  secret,
  { name: 'MIDWATCH_BY', value: by },
  { name: 'MIDWATCH_REASON', value: reason },
];

const debugged = {
  metadata: { name: 'cart', namespace: 'shop', uid: 'u', annotations: { note: 'never-shown' } },
  spec: {
    containers: [{ name: 'app', image: 'app:1', env: [secret, ...told('app', 'app')] }],
    ephemeralContainers: [
      {
        name: 'midwatch-abcde',
        image: 'shell:1',
        targetContainerName: 'app',
        env: told('ana', 'INC-42\u001b[31m'),
        securityContext: { privileged: true, capabilities: { add: ['SYS_PTRACE'] } },
      },
      { name: 'other', image: 'busybox', env: [secret] },
    ],
  },
};

describe('what a pod tells of those who debug it', () => {
  it('given debug containers, when slimmed, then two variables of theirs are kept, and no other of anybody', () => {
    const pod = slim(debugged);
    expect(pod.debug).toEqual({
      deadline: null,
      containers: [
        {
          name: 'midwatch-abcde',
          target: 'app',
          privileged: true,
          capabilities: ['SYS_PTRACE'],
          by: 'ana',
          reason: 'INC-42',
        },
        { name: 'other', target: '', privileged: false, capabilities: [], by: '', reason: '' },
      ],
    });
    expect(JSON.stringify(pod)).not.toContain('never-shown');
  });

  it('given a debug pod, when slimmed, then who, why, and when the node stops it', () => {
    const pod = slim({
      metadata: {
        name: 'midwatch-node-abcde',
        namespace: 'default',
        uid: 'u',
        annotations: { 'midwatch.dev/by': 'ana', 'midwatch.dev/reason': 'INC-42' },
      },
      spec: {
        activeDeadlineSeconds: 1920,
        containers: [{ name: 'debugger', image: 'shell:1', env: [secret] }],
      },
      status: { startTime: '2026-11-23T12:00:00Z' },
    });
    expect(pod.debug).toMatchObject({
      deadline: Date.UTC(2026, 10, 23, 12, 32),
      containers: [{ name: 'debugger', by: 'ana', reason: 'INC-42' }],
    });
  });

  it('given a pod that nobody debugs, with a deadline of its own, when slimmed, then nothing is added', () => {
    const pod = slim({
      metadata: { name: 'job', namespace: 'shop', uid: 'u' },
      spec: { activeDeadlineSeconds: 60, containers: [{ name: 'app', env: told('x', 'y') }] },
      status: { startTime: '2026-11-23T12:00:00Z' },
    });
    expect(pod).not.toHaveProperty('debug');
  });

  it('given a recording, when it is read, then what was told is there; where it was not looked at, nothing is', () => {
    const pod = slim(debugged);
    expect(podKind.schema.parse(JSON.parse(JSON.stringify(pod)))).toEqual(pod);
    const { debug: _, ...older } = pod;
    expect(podKind.schema.parse(older)).toEqual(older);
  });
});
