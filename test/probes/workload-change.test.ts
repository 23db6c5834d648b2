import { describe, expect, it } from 'vitest';
import { daemonSetKind } from '../../src/probes/daemonsets.ts';
import { deploymentKind } from '../../src/probes/deployments.ts';
import { replicaSetKind } from '../../src/probes/replicasets.ts';
import { statefulSetKind } from '../../src/probes/statefulsets.ts';
import type { Workload } from '../../src/probes/workload.ts';
import { called, slimmed } from './objects.ts';

/** A deployment of twelve, all well, and what is said to be different. */
const deployment = (more: Partial<Workload> = {}): Workload => ({
  ...slimmed(deploymentKind, {}),
  desired: 12,
  ready: 12,
  updated: 12,
  available: 12,
  generation: 3,
  observed: 3,
  images: ['shop/api:1'],
  ...more,
});
const well = deployment();
const rolling = deployment({ generation: 4, observed: 4, updated: 5, available: 11 });
const condition = (type: string, status: string, message: string) => ({
  conditions: [{ type, status, reason: 'Reason', message, since: well.created }],
});

describe('what happened to a deployment', () => {
  it.each<[string, Workload | undefined, Workload | undefined, string | null]>([
    ['as it was', well, well, null],
    ['new', undefined, well, 'info: deployment created'],
    ['gone', well, undefined, 'warn: deployment deleted'],
    ['made anew', well, deployment({ uid: 'uid-2' }), 'warn: deployment deleted and created again'],
    ['changed somehow', well, deployment({ generation: 4 }), 'info: rollout started: generation 4'],
    [
      'given another image',
      well,
      deployment({ generation: 4, images: ['shop/api:2'] }),
      'info: rollout started: shop/api:1 → shop/api:2',
    ],
    ['scaled', well, deployment({ generation: 4, desired: 15 }), 'info: scaled 12 → 15'],
    ['scaled to nothing', well, deployment({ generation: 4, desired: 0 }), 'warn: scaled 12 → 0'],
    ['paused', well, deployment({ generation: 4, paused: true }), 'info: paused'],
    ['resumed', deployment({ paused: true }), deployment({ generation: 4 }), 'info: resumed'],
    ['without any pod', well, deployment({ available: 0 }), 'bad: available 12 → 0'],
    ['short of some', well, deployment({ available: 9 }), 'warn: available 12 → 9 of 12'],
    ['short of one more', deployment({ available: 9 }), deployment({ available: 8 }), null],
    ['short of one less', deployment({ available: 8 }), deployment({ available: 9 }), null],
    ['whole again', deployment({ available: 9 }), well, 'good: available 9 → 12 of 12'],
    [
      'scaled to nothing and empty now',
      deployment({ desired: 0 }),
      deployment({ desired: 0, available: 0 }),
      null,
    ],
    [
      'half rolled out',
      rolling,
      deployment({ generation: 4, observed: 4, updated: 7, available: 11 }),
      null,
    ],
    [
      'rolled out',
      deployment({ generation: 4, observed: 4, updated: 11 }),
      deployment({ generation: 4, observed: 4 }),
      'good: rollout complete',
    ],
    [
      'stuck',
      rolling,
      { ...rolling, ...condition('Progressing', 'False', 'has timed out progressing') },
      'bad: rollout is stuck: has timed out progressing',
    ],
    [
      'not allowed to create pods',
      well,
      { ...well, ...condition('ReplicaFailure', 'True', 'exceeded quota') },
      'bad: cannot create pods: exceeded quota',
    ],
  ])('given one that is %s, when told, then it is one line', (_, before, after, line) => {
    expect(called(deploymentKind, before, after)).toBe(line);
  });
});

describe('what happened to other workloads', () => {
  const owned = deployment({ owner: { kind: 'Deployment', name: 'web', uid: 'uid-9' } });

  it('given a replica set of a deployment, when it scales or goes, then the deployment tells it', () => {
    expect(called(replicaSetKind, owned, { ...owned, desired: 0, available: 0 })).toBeNull();
    expect(called(replicaSetKind, undefined, owned)).toBeNull();
    expect(called(replicaSetKind, owned, undefined)).toBeNull();
  });

  it('given a replica set of a deployment, when it cannot create pods, then that is told', () => {
    const failing = { ...owned, ...condition('ReplicaFailure', 'True', 'violates PodSecurity') };
    expect(called(replicaSetKind, owned, failing)).toBe(
      'bad: cannot create pods: violates PodSecurity',
    );
  });

  it('given a replica set alone, when it loses all pods, then that is told', () => {
    expect(called(replicaSetKind, well, deployment({ available: 0 }))).toBe(
      'bad: available 12 → 0',
    );
    expect(called(replicaSetKind, well, undefined)).toBe('warn: replica set deleted');
  });

  it('given stateful and daemon sets, when they lose pods, then that is told the same way', () => {
    for (const kind of [statefulSetKind, daemonSetKind]) {
      expect(called(kind, well, deployment({ available: 11 }))).toBe(
        'warn: available 12 → 11 of 12',
      );
    }
  });
});
