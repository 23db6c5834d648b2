import { describe, expect, it } from 'vitest';
import { brought } from '../../src/adapters/steps/brought.ts';
import { runStep, type StepDeps } from '../../src/cli/run-steps.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { plainText } from '../../src/kernel/text.ts';
import { minutes, seconds } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Book } from '../../src/runbooks/machine/intent.ts';
import { suggest } from '../../src/runbooks/machine/suggest.ts';
import { taskPlan } from '../../src/runbooks/machine/task-plan.ts';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';
import type { EtcdCall, Plan, Subject } from '../../src/runbooks/plan.ts';
import { etcdCalls, readVerbs } from '../../src/runbooks/plan.ts';
import { Walk } from '../runbooks/machine/a-book.ts';
import { quorumLost, withEtcd } from '../support/etcd-world.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { now, pod } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const text = (t: string) => [{ kind: 'text', text: t } as const];
const subject = (resource: string, name: string, more: Partial<Subject> = {}): Subject => ({
  resource,
  names: name === '' ? [] : [text(name)],
  namespace: text('payments'),
  allNamespaces: false,
  selector: null,
  ...more,
});

const table = { fieldSelector: null, output: '', usage: { by: 'cpu', containers: false } } as const;
const kubectl = (verb: Extract<Plan, { kind: 'kubectl' }>['verb'], about: Subject): Plan => ({
  kind: 'kubectl',
  verb,
  subject: about,
  rest: [],
  ...table,
});

const etcd = (call: EtcdCall): Plan => ({ kind: 'etcd', call, member: null, argument: null });

const place = (task: string) => ({ run: 'r1', task, attach: async () => ok(undefined) });

const stage = (more: Partial<StepDeps> = {}) => {
  const sent: string[] = [];
  const clock = new FakeClock(now);
  const state = { world: worldOf({}), values: [1] as readonly number[] };
  const deps: StepDeps = {
    clock,
    world: () => state.world,
    namespace: 'shop',
    alert: null,
    version: '0',
    allowHosts: [],
    door: null,
    kubernetes: {
      get: async (path) => {
        sent.push(`GET ${path}`);
        return ok('{"items":[]}');
      },
    },
    query: async ({ promql }) => {
      sent.push(`query ${promql}`);
      return ok(brought({ asked: promql, took: 1, lines: ['1'], values: state.values }));
    },
    ...more,
  };
  const { signal } = new AbortController();
  const run = (plan: Plan) => runStep(deps, place('t'), plan, signal);
  return { run, sent, clock, state, deps };
};

describe('steps that are carried out', () => {
  it('given a query, an object or a list, when run, then one request that reads is sent', async () => {
    const { run, sent } = stage();
    await run({ kind: 'query', promql: text('up == 0'), over: null });
    await run(kubectl('get', subject('po', '')));
    await run(kubectl('get', subject('deploy', 'web', { namespace: null })));
    await run(kubectl('get', subject('nodes', '')));
    await run(kubectl('get', subject('pod', '', { allNamespaces: true, selector: text('app=x') })));
    expect(sent).toEqual([
      'query up == 0',
      'GET /api/v1/namespaces/payments/pods?limit=200',
      'GET /apis/apps/v1/namespaces/shop/deployments/web',
      'GET /api/v1/nodes?limit=200',
      'GET /api/v1/pods?limit=200&labelSelector=app%3Dx',
    ]);
  });

  it('given etcd, when its state is asked for, then it is told without a request', async () => {
    const { run, sent, state } = stage();
    state.world = withEtcd(worldOf({}), quorumLost());
    const outcome = await run(etcd('status'));
    expect(outcome).toMatchObject({
      kind: 'brought',
      evidence: { task: 't', exit: 'ok', took: 0 },
    });
    expect(sent).toEqual([]);
  });

  it('given no Prometheus, or a kind that is not served, when run, then that is the evidence', async () => {
    const none = failed(failure('misconfigured', 'query', 'no Prometheus is watched'));
    const { run, sent } = stage({ query: async () => none });
    expect(await run({ kind: 'query', promql: text('up'), over: null })).toMatchObject({
      evidence: { exit: 'failed', lines: ['no Prometheus is watched'] },
    });
    expect(await run(kubectl('get', subject('widgets', '')))).toMatchObject({
      evidence: {
        exit: 'failed',
        lines: [expect.stringContaining('the server serves no widgets'), 'see :aliases'],
      },
    });
    expect(sent).toEqual([]);
  });
});

describe('steps that are only shown', () => {
  const shown: readonly Plan[] = [
    {
      kind: 'logs',
      subject: subject('pod', 'a'),
      container: null,
      previous: true,
      since: minutes(30),
      tail: 200,
      bounded: true,
      filter: plainText('error'),
    },
    { kind: 'debug', subject: subject('pod', 'a'), target: null, image: '', look: [text('ps')] },
    { kind: 'http', url: text('http://127.0.0.1:1/x') },
    ...etcdCalls.filter((c) => !['status', 'members', 'alarms', 'health'].includes(c)).map(etcd),
    ...readVerbs
      .filter((v) => !['get', 'describe', 'events', 'top', 'rollout status'].includes(v))
      .map((v) => kubectl(v, subject('pod', 'a'))),
    kubectl('top', subject('all', '')),
    {
      kind: 'refused',
      why: plainText('a shell is never run'),
      instead: etcd('health'),
      hint: plainText(''),
    },
  ];

  it('given plans that change or need a guard, when run, then nothing is sent and the plan is told', async () => {
    const { run, sent } = stage();
    for (const plan of shown) {
      const outcome = await run(plan);
      expect(outcome.kind).toBe('planned');
      if (outcome.kind === 'planned') {
        expect(outcome.lines.length).toBeGreaterThan(0);
        expect(outcome.why).not.toBe('');
      }
    }
    expect(sent).toEqual([]);
    expect(await run(shown[0] as Plan)).toMatchObject({
      lines: [
        'read logs of pod a in payments',
        'container: the only one, or all, of its previous run',
        'bounds: the last 30m, at most 200 lines',
        'look for: error',
      ],
    });
    expect(await run({ kind: 'manual', copy: [plainText('x')] })).toEqual({ kind: 'byHand' });
  });

  it('given a plan with a value missing, when run, then that is a bug and not a request', async () => {
    const { run, sent } = stage();
    const open = { kind: 'query', promql: [{ kind: 'parameter', name: 'x' }], over: null } as const;
    await expect(run(open)).rejects.toThrow('all its values');
    expect(sent).toEqual([]);
  });
});

describe('steps that wait', () => {
  const ready: Plan = {
    kind: 'watch',
    within: minutes(2),
    until: { kind: 'object', subject: subject('pod', 'a'), condition: 'Ready', status: true },
  };
  const podWorld = (ready: number): World => worldOf({ pods: [pod('a', { ready })] });

  it('given a condition, when the world comes to it, then the step ends by itself', async () => {
    const { run, clock, state } = stage();
    state.world = podWorld(0);
    const running = run(ready);
    for (let i = 0; i < 3; i += 1) {
      await settle();
      await clock.advance(seconds(1));
    }
    state.world = podWorld(1);
    await settle();
    await clock.advance(seconds(1));
    expect(await running).toMatchObject({
      evidence: { exit: 'ok', took: 4000, lines: ['1 of 1 containers ready, Running'] },
    });
  });

  it('given a condition that does not come, when the time is up, then it says what was seen last', async () => {
    const { run, clock, state } = stage();
    state.world = podWorld(0);
    const running = run({ ...ready, within: seconds(3) });
    for (let i = 0; i < 4; i += 1) {
      await settle();
      await clock.advance(seconds(1));
    }
    expect(await running).toMatchObject({
      evidence: { exit: 'failed', lines: ['time is up: 0 of 1 containers ready, Running'] },
    });
  });

  it('given a query to wait for, when its value comes, then Prometheus was asked every 15 s', async () => {
    const { run, clock, state, sent } = stage();
    const until = { kind: 'query', promql: text('sum(up)'), is: '>=', value: 3 } as const;
    const running = run({ kind: 'watch', within: minutes(2), until });
    await settle();
    state.values = [3];
    await clock.advance(seconds(14));
    await settle();
    expect(sent).toHaveLength(1);
    await clock.advance(seconds(1));
    expect(await running).toMatchObject({
      evidence: { exit: 'ok', lines: ['the query brings 3'] },
    });
    expect(sent).toHaveLength(2);
  });

  it('given a condition nobody can watch, when run, then it is said at once', async () => {
    const { run } = stage();
    const all = { ...ready, until: { kind: 'gone', subject: subject('pod', '') } } as const;
    expect(await run(all)).toMatchObject({
      evidence: {
        exit: 'failed',
        lines: ['only one object by its name is watched', 'look yourself, and tick it off'],
      },
    });
    const own = { ...ready, until: { kind: 'resolved', alert: null } } as const;
    expect(await run(own)).toMatchObject({
      evidence: { exit: 'failed', lines: ['no alert has led to this run', expect.any(String)] },
    });
  });
});

const markdown = `---
runbook: v1
title: Pods of a namespace
---
# Pods

\`\`\`mermaid
flowchart TD
  look[Look] -->|some| fix[Fix]
  look -->|none| done[Done]
\`\`\`

## Look
<!-- step: look -->

\`\`\`promql {name=down type=query}
sum(up{namespace="<namespace>"})
\`\`\`

## Fix
<!-- step: fix -->

Fix it.

## Done
<!-- step: done -->

Be glad.
`;

describe('a runbook from its text to the end', () => {
  it('given a hostile label, when its query is run, then the label stays a value', async () => {
    const { runbook } = parseRunbook(markdown, 'pods.md');
    const book: Book = { hash: 'c'.repeat(64), runbook };
    const walk = new Walk('r1', book);
    const [look] = runbook.steps;
    const [task] = look?.tasks ?? [];
    if (look === undefined || task === undefined) throw new Error('the runbook has no task');
    const hostile = 'x"} or vector(1) or up{a="';
    const run = {
      ...walk.run,
      alert: { fingerprint: 'f', name: 'X', labels: { namespace: hostile }, annotations: {} },
    };
    expect(taskPlan(run, runbook, task, new Map())).toMatchObject({ kind: 'open' });
    const filled = taskPlan(walk.run, runbook, task, new Map());
    if (filled.kind !== 'filled') throw new Error('a value is missing');
    const { deps, sent } = stage();
    const { signal } = new AbortController();
    const outcome = await runStep(deps, place(task.id), filled.plan, signal);
    expect(sent).toEqual(['query sum(up{namespace="payments"})']);
    if (outcome.kind !== 'brought') throw new Error('nothing was brought');
    expect(walk.do({ kind: 'attach', visit: 1, evidence: outcome.evidence }, book)).toBe('');
    const [visit] = walk.run.visits;
    expect(visit === undefined ? null : suggest(look, visit).branch).toBeNull();
    expect(walk.do({ kind: 'choose', branch: 1 }, book)).toBe('');
    expect(walk.do({ kind: 'finish', note: '' }, book)).toBe('');
    expect(walk.run.visits.map(({ step }) => step)).toEqual(['look', 'done']);
  });
});
