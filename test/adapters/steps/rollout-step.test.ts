import { describe, expect, it } from 'vitest';
import { rolloutStanding, rolloutStep } from '../../../src/adapters/steps/rollout-step.ts';
import { ok } from '../../../src/kernel/failure.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const said = (resource: string, spec: object, status: object, generation = 2): string => {
  const object = { metadata: { generation }, spec, status: { observedGeneration: 2, ...status } };
  const found = rolloutStanding(resource, object);
  return found === null ? 'none' : `${found.kind}: ${found.why}`;
};

const late = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
const onDelete = { updateStrategy: { type: 'OnDelete' } };
const below = { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } };
const revisions = { currentRevision: 'a', updateRevision: 'b' };

describe('how far a rollout is', () => {
  it.each([
    ['a version that nobody has looked at', 3, {}, /^going: its controller/],
    ['some that are updated', 2, { replicas: 3, updatedReplicas: 1 }, /^going: 1 of 3 updated$/],
    ['old ones', 2, { replicas: 4, updatedReplicas: 3 }, /^going: 1 of the old ones/],
    [
      'some that are available',
      2,
      { replicas: 3, updatedReplicas: 3, availableReplicas: 2 },
      /^going: 2 of 3 updated ones available$/,
    ],
    [
      'all',
      2,
      { replicas: 3, updatedReplicas: 3, availableReplicas: 3 },
      /^done: 3 of 3 updated and available$/,
    ],
    ['a deadline', 2, { updatedReplicas: 1, conditions: late }, /^failed: .*deadline has passed$/],
  ])('given a deployment with %s, then it says so', (_, generation, status, words) => {
    expect(said('deployments', { replicas: 3 }, status, generation)).toMatch(words);
  });

  it.each([
    [{}, { desiredNumberScheduled: 3, updatedNumberScheduled: 2 }, /^going: 2 of 3 updated$/],
    [
      {},
      { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
      /^done: 3 of 3/,
    ],
    [onDelete, {}, /^failed: .*no rollout to follow$/],
  ])('given a daemonset %j with %j, then it says so', (spec, status, words) => {
    expect(said('daemonsets', spec, status)).toMatch(words);
  });

  it.each([
    [{ replicas: 3 }, { readyReplicas: 2 }, /^going: 2 of 3 ready$/],
    [
      { replicas: 3 },
      { readyReplicas: 3, updatedReplicas: 1, ...revisions },
      /^going: 1 of 3 updated$/,
    ],
    [{ replicas: 3 }, { readyReplicas: 3 }, /^done: 3 of 3 updated, 3 ready$/],
    [below, { readyReplicas: 3, updatedReplicas: 0, ...revisions }, /^going: 0 of 1 updated$/],
    [below, { readyReplicas: 3, updatedReplicas: 1, ...revisions }, /^done: 1 of 3 updated/],
    [onDelete, {}, /^failed: .*no rollout to follow$/],
  ])('given a statefulset %j with %j, then it says so', (spec, status, words) => {
    expect(said('statefulsets', spec, status)).toMatch(words);
  });

  it('given a kind that is not rolled out, then there is nothing to say', () => {
    expect(said('pods', {}, {})).toBe('none');
    expect(said('constructor', {}, {})).toBe('none');
  });
});

describe('a step that looks at a rollout', () => {
  const run = (resource: string, ...names: readonly string[]) => {
    const paths: string[] = [];
    const get = async (path: string) => {
      paths.push(path);
      const done = path.endsWith('/web') ? 1 : 0;
      const status = { updatedReplicas: 1, replicas: 1, availableReplicas: done };
      return ok(JSON.stringify({ metadata: {}, spec: { replicas: 1 }, status }));
    };
    const ref = { group: 'apps', version: 'v1', resource, kind: '', namespaced: true };
    const request = { ref, names, namespace: 'pay' };
    const deps = { kubernetes: { get }, clock: new FakeClock() };
    return rolloutStep(deps, request, new AbortController().signal).then((got) => ({ got, paths }));
  };

  it('given some, then each is asked for once, and it is well when all are done', async () => {
    const one = await run('deployments', 'web');
    expect(one.paths).toEqual(['/apis/apps/v1/namespaces/pay/deployments/web']);
    expect(one.got).toMatchObject({
      exit: 'ok',
      lines: ['web: rolled out: 1 of 1 updated and available'],
      data: { items: [{ name: 'web', state: 'done' }] },
    });
    const two = await run('deployments', 'web', 'db');
    expect(two.got).toMatchObject({
      exit: 'failed',
      lines: [expect.any(String), 'db: not yet: 0 of 1 updated ones available'],
    });
  });

  it('given what is not rolled out, or no name, then nothing is asked', async () => {
    for (const asked of [run('replicasets', 'x'), run('deployments')]) {
      const { got, paths } = await asked;
      expect([paths, got.exit]).toEqual([[], 'failed']);
    }
  });
});
