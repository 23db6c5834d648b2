import { describe, expect, it } from 'vitest';
import type { Asked, Pipeline } from '../../src/actions/pipeline.ts';
import { leftBehind, type SweepDeps, sweepDebugPods } from '../../src/cli/sweep-debug-pods.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';

const now = epochMs(Date.parse('2026-11-23T12:00:00Z'));
const never = new AbortController().signal;

const nodePod = (name: string, more: Record<string, unknown> = {}) => ({
  metadata: {
    name: `midwatch-node-${name}`,
    namespace: 'default',
    uid: `uid-${name}`,
    creationTimestamp: '2026-11-23T11:55:00Z',
    labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
    annotations: { 'midwatch.dev/by': 'jo', 'midwatch.dev/process': name },
    ...more,
  },
  spec: { nodeName: 'worker-1' },
  status: { phase: 'Running' },
});

const stage = (pods: readonly object[], over: Partial<SweepDeps> = {}) => {
  const told: string[] = [];
  const asked: string[] = [];
  const carried: string[] = [];
  const paths: string[] = [];
  const pipeline = {
    ask: async (intent) => {
      asked.push(intent.subject.kind === 'object' ? intent.subject.name : '');
      const plan = { digest: 'd', typed: 'the name' };
      return ok({ plan, verdict: { outcome: 'ask', challenges: [], reasons: [] } } as never);
    },
    carryOut: async (_: Asked, answer) => {
      carried.push(answer.name);
      return { kind: 'done', text: '', bytes: 0 };
    },
    decline: async () => {},
  } as Pipeline;
  const deps: SweepDeps = {
    get: async (path) => {
      paths.push(path);
      return ok(JSON.stringify({ items: pods }));
    },
    pipeline,
    clock: { now: () => now },
    person: 'jo',
    mode: () => 'guarded',
    life: (process) => (process === 'dead' ? 'dead' : 'alive'),
    tell: (tone, text) => told.push(`${tone} ${text}`),
    ...over,
  };
  return { deps, told, asked, carried, paths };
};

describe('what sessions have left on nodes', () => {
  it('given pods of the living, of others, and of the dead, then only what nobody is joined to any more is deleted', async () => {
    const others = { 'midwatch.dev/by': 'ana', 'midwatch.dev/process': 'dead' };
    const { deps, asked, carried, told, paths } = stage([
      nodePod('alive'),
      nodePod('dead'),
      nodePod('others', { annotations: others }),
      nodePod('old', { creationTimestamp: '2026-11-23T10:00:00Z' }),
      { ...nodePod('over'), status: { phase: 'Failed' } },
      nodePod('unlabelled', { labels: {} }),
    ]);
    await sweepDebugPods(deps, never);
    expect(asked).toEqual(['midwatch-node-dead', 'midwatch-node-old', 'midwatch-node-over']);
    expect(carried).toEqual(['the name', 'the name', 'the name']);
    expect(told).toEqual([
      'info deleted what an earlier session had left: debug pod default/midwatch-node-dead on worker-1, default/midwatch-node-old on worker-1, default/midwatch-node-over on worker-1',
    ]);
    expect(paths).toEqual([
      '/api/v1/pods?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dmidwatch&limit=100',
    ]);
  });

  it('given a session that may change nothing, then it is told, and nothing is asked for', async () => {
    const { deps, told, asked } = stage([nodePod('dead')], { mode: () => 'read-only' });
    await sweepDebugPods(deps, never);
    expect(asked).toEqual([]);
    expect(told).toEqual([
      'warn left by an earlier session, and still there: debug pod default/midwatch-node-dead on worker-1',
    ]);
  });

  it('given whoever may list pods in one namespace only, or in none, then that much is looked at, in silence', async () => {
    const paths: string[] = [];
    const { deps, told } = stage([], {
      get: async (path) => {
        paths.push(path);
        return failed(failure('forbidden', 'get', 'no'));
      },
    });
    await sweepDebugPods(deps, never);
    expect(paths.map((p) => p.split('?')[0])).toEqual([
      '/api/v1/pods',
      '/api/v1/namespaces/default/pods',
    ]);
    expect(told).toEqual([]);
  });

  it('given nothing known of a process, then only time or its end tells', () => {
    const { deps } = stage([], { life: () => 'elsewhere' });
    const one = {
      namespace: 'default',
      name: 'midwatch-node-x',
      uid: 'u',
      node: 'n',
      by: 'jo',
      process: 'dead',
      created: now,
      ended: false,
    };
    expect(leftBehind([one], deps)).toEqual([]);
    expect(leftBehind([{ ...one, ended: true }], deps)).toHaveLength(1);
    expect(leftBehind([{ ...one, created: null }], deps)).toEqual([]);
  });
});
