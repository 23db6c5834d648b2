import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { podIndex } from '../../src/findings/pod-index.ts';
import { type Pod, pods } from '../../src/probes/pods.ts';
import { batchesOf, foldSteps, type ObjectStep } from '../support/object-steps.ts';
import { ago, condition, crashing, now, owner, pod, workload } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const states: readonly ((name: string, over: Partial<Pod>) => Pod)[] = [
  pod,
  (name, over) => pod(name, { ...over, phase: 'Succeeded', status: 'Completed', ready: 0 }),
  (name, over) => pod(name, { ...over, phase: 'Failed', status: 'Error', ready: 0 }),
  (name, over) => pod(name, { ...over, restarts: 3, lastRestart: ago(120) }),
  (name, over) => pod(name, { ...over, deleting: ago(300) }),
  (name, over) => pod(name, { ...over, conditions: [condition('Ready', 'False', 90, 'Gate')] }),
  (name, over) => crashing(name, 'cannot reach 10.0.0.1:2379', over),
];

const anyStep: fc.Arbitrary<ObjectStep<Pod>> = fc
  .record({
    n: fc.integer({ min: 0, max: 24 }),
    kept: fc.integer({ min: 0, max: 4 }),
    state: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      fc.integer({ min: 1, max: states.length - 1 }),
    ),
  })
  .map(({ n, kept, state }) => {
    const over = { namespace: 'shop', owner: owner('ReplicaSet', `web-${n % 3}`) };
    return kept > 0 ? { put: (states[state] ?? pod)(`web-${n}`, over) } : { del: `shop/web-${n}` };
  });

const beginning = foldSteps(
  pods,
  pods.empty,
  Array.from({ length: 20 }, (_, n) => ({
    put: pod(`web-${n}`, { namespace: 'shop', owner: owner('ReplicaSet', `web-${n % 3}`) }),
  })),
);

const worldWith = (state: ReadonlyMap<string, Pod>) =>
  worldOf(
    {
      deployments: [0, 1, 2].map((n) => workload(`web-${n}`, { namespace: 'shop', desired: 7 })),
      replicasets: [0, 1, 2].map((n) =>
        workload(`web-${n}`, {
          namespace: 'shop',
          desired: 7,
          owner: owner('Deployment', `web-${n}`),
        }),
      ),
    },
    {},
    { pods: state },
  );

describe('pods that are counted, and pods that are looked into', () => {
  it('given any changes, when the index goes on from the one before, then it is the one made anew', () => {
    fc.assert(
      fc.property(batchesOf(anyStep), (batches) => {
        let state = beginning;
        podIndex(state);
        for (const batch of batches) {
          state = foldSteps(pods, state, batch);
          const on = podIndex(state);
          const anew = podIndex(new Map(state));
          expect({ ...on, others: [...on.others] }).toEqual({ ...anew, others: [...anew.others] });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('given any changes, when a diagnosis goes on from the one before, then it is the one made anew', () => {
    fc.assert(
      fc.property(batchesOf(anyStep), (batches) => {
        let state = beginning;
        const worlds = batches.map((batch) => {
          state = foldSteps(pods, state, batch);
          return worldWith(state);
        });
        const told = worlds.map((world) => health(world, now));
        // A copy shares nothing with what is remembered.
        const anew = worlds.map((world) => health(structuredClone(world), now));
        expect(told).toEqual(anew);
      }),
      { numRuns: 60 },
    );
  });

  it('given changes to pods that are well, when they are looked at, then the others are the same ones', () => {
    const sick = foldSteps(pods, beginning, [{ put: crashing('db-0', 'no route', {}) }]);
    const before = podIndex(sick);
    const after = podIndex(
      foldSteps(pods, sick, [{ put: pod('web-3', { namespace: 'shop', node: 'worker-9' }) }]),
    );
    expect(after.others).toBe(before.others);
    expect(after).toEqual({ well: 20, others: before.others });
  });
});
