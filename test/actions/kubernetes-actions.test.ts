import { describe, expect, it } from 'vitest';
import type { ActSubject } from '../../src/kernel/act.ts';
import type { EffectReads } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { minutes } from '../../src/kernel/units.ts';
import { noReads, objectOf, sceneOf } from '../support/act-on.ts';
import { ago, now, owner, pod, workload } from '../support/objects.ts';
import { actionOf, planFor, sampleObjects, sampleWorld } from '../support/sample-acts.ts';
import { worldOf } from '../support/world-of.ts';

const deployment = objectOf('deployments', 'payments', 'gateway');
const never = new AbortController().signal;

/** Answers of the API server by a part of the path. */
const readsOf = (answers: Readonly<Record<string, unknown>>): EffectReads => ({
  ...noReads,
  kubernetes: async (path) => {
    const key = Object.keys(answers).find((part) => path.includes(part));
    return key === undefined
      ? failed(failure('forbidden', 'get', 'you may not', { on: path }))
      : ok(JSON.stringify(answers[key]));
  },
});
const prepared = async (
  id: string,
  subject: ActSubject,
  args: Record<string, string>,
  answers: Readonly<Record<string, unknown>>,
) => {
  const intent = { action: id, subject, args, origin: 'screen' } as const;
  const made = await actionOf(id).prepare?.(
    intent,
    sceneOf(sampleWorld()),
    readsOf(answers),
    never,
  );
  if (made?.ok !== true) throw new Error(made?.failure.message ?? 'it reads nothing');
  return made.value;
};
const budget = (name: string, disruptionsAllowed: number, selector: unknown) => ({
  metadata: { name },
  spec: { selector },
  status: { disruptionsAllowed },
});
const gateway = (spec: object = {}) => ({
  metadata: { uid: 'uid-payments-gateway' },
  spec: { replicas: 3, ...spec },
});

describe('plans of actions on objects', () => {
  it('given budgets over the pods, when a restart is prepared, then the least of them counts, and others do not', async () => {
    const items = [
      budget('tight', 0, { matchLabels: { app: 'gateway' } }),
      budget('wide', 2, {
        matchExpressions: [{ key: 'app', operator: 'In', values: ['gateway'] }],
      }),
      budget('other', -1, { matchLabels: { app: 'ledger' } }),
      budget('none', -1, undefined),
    ];
    const plan = await prepared(
      'restart',
      deployment,
      {},
      {
        poddisruptionbudgets: { items },
        'deployments/gateway': gateway({
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } },
        }),
      },
    );
    expect(plan.weight).toMatchObject({ pods: 3, disruptionsAllowed: 0, unknown: [] });
    expect(plan.dangers.join('\n')).toMatch(/Budget tight allows 0[\s\S]*Budget wide allows 2/);
    expect(plan.dangers.join('\n')).not.toMatch(/other|none/);
  });

  it('given budgets that cannot be read, when it is prepared, then that is unknown and not none', async () => {
    const plan = await prepared('restart', deployment, {}, { 'deployments/gateway': gateway() });
    expect(plan.weight.disruptionsAllowed).toBeNull();
    expect(plan.weight.unknown.join()).toMatch(/disruption budgets of payments: you may not/);
  });

  it.each([
    ['paused', gateway({ paused: true }), /paused/],
    ['replaced', { ...gateway(), metadata: { uid: 'another' } }, /replaced/],
  ])(
    'given a deployment that is %s, when a restart is prepared, then it is refused',
    async (_, answer, why) => {
      const plan = await prepared(
        'restart',
        deployment,
        {},
        {
          poddisruptionbudgets: { items: [] },
          'deployments/gateway': answer,
        },
      );
      expect(plan.refusals.join()).toMatch(why);
    },
  );

  it('given the strategy Recreate, when a restart is prepared, then that all end at once is told', async () => {
    const plan = await prepared(
      'restart',
      deployment,
      {},
      {
        poddisruptionbudgets: { items: [] },
        'deployments/gateway': gateway({ strategy: { type: 'Recreate' } }),
      },
    );
    expect(plan.dangers).toContain(
      'All 3 pods end before the first new one starts (strategy Recreate).',
    );
  });

  it('given an object that is not there, replaced, or not seen now, when it is planned, then that is told', () => {
    expect(
      planFor('restart', objectOf('deployments', 'payments', 'nobody')).refusals.join(),
    ).toMatch(/there is no deployment payments\/nobody/);
    expect(
      planFor('restart', objectOf('deployments', 'payments', 'gateway', 'old')).refusals.join(),
    ).toMatch(/replaced/);
    const stale = worldOf(sampleObjects, {
      deployments: { kind: 'fresh', heard: ago(600) },
      pods: { kind: 'never' },
    });
    const plan = planFor('restart', deployment, {}, sceneOf(stale));
    expect(plan.weight.unknown).toEqual(['deployments are not seen now', 'pods are not seen now']);
  });

  it.each([
    ['0', 'To 0: all 3 pods end, and nothing serves any more.', 3],
    ['1', '2 pods end; 1 of 3 stay. 2 are ready now.', 2],
    ['7', '4 pods more; nodes need room for them.', 0],
  ])(
    'given three replicas, when they become %s, then what goes is told in numbers',
    (replicas, danger, pods) => {
      const plan = planFor('scale', deployment, { replicas });
      expect(plan.title).toBe(`scale deployment payments/gateway from 3 to ${replicas}`);
      expect(plan.dangers[0]).toBe(danger);
      expect(plan.weight.pods).toBe(pods);
    },
  );

  it.each(['', '-1', '1.5', '3e2', '999999', 'three'])(
    'given "%s" replicas, when it is planned, then it is not',
    (replicas) => {
      expect(() => planFor('scale', deployment, { replicas })).toThrow(/number from 0/);
      expect(actionOf('scale').inputs[0]?.wrong(replicas)).toMatch(/number from 0/);
    },
  );

  it('given as many replicas as there are, or an owner above, when it is planned, then that is told', () => {
    expect(planFor('scale', deployment, { replicas: '3' }).refusals).toEqual([
      'it has 3 replicas already',
    ]);
    const set = planFor('scale', objectOf('replicasets', 'payments', 'gateway-7f9'), {
      replicas: '1',
    });
    expect(set.dangers.join()).toMatch(/Deployment gateway owns it/);
  });

  it('given a deployment at zero, when it is scaled, then the zero is tested as what the server leaves out', () => {
    const world = worldOf({ deployments: [workload('idle', { desired: 0 })] });
    const plan = planFor(
      'scale',
      objectOf('deployments', 'payments', 'idle'),
      { replicas: '2' },
      sceneOf(world),
    );
    expect(plan.requests[0]).toMatchObject({
      body: expect.stringContaining('{"op":"test","path":"/spec/replicas","value":null}'),
    });
  });

  it.each([
    [null, /gone for good/],
    [owner('ReplicaSet', 'x'), /another one, under another name/],
    [owner('StatefulSet', 'x'), /the same name/],
    [owner('DaemonSet', 'x'), /on the same node/],
    [owner('Job', 'x'), /counts this one as failed/],
    [owner('Node', 'x'), /static pod/],
    [owner('Widget', 'x\u001b[31m'), /^Widget x owns it/],
  ])(
    'given a pod of %j, when it is to be deleted, then who makes another is told',
    (its, words) => {
      const world = worldOf({ pods: [pod('one', { owner: its })] });
      const plan = planFor('delete-pod', objectOf('pods', 'payments', 'one'), {}, sceneOf(world));
      expect(plan.dangers[0]).toMatch(words);
      expect(plan.weight.pods).toBe(its?.kind === 'Node' ? 0 : 1);
    },
  );

  it('given a pod that is being deleted, or of which no uid is known, when it is planned, then it is refused', () => {
    const world = worldOf({ pods: [pod('one', { deleting: ago(5) })] });
    const subject = objectOf('pods', 'payments', 'one');
    expect(planFor('delete-pod', subject, {}, sceneOf(world)).refusals.join()).toMatch(/already/);
    const late = sceneOf(worldOf({}), { now: (now + minutes(60)) as typeof now });
    expect(planFor('delete-pod', subject, {}, late).refusals.join()).toMatch(/not known which/);
  });

  it('given a note with a token, or on a secret, when it is planned, then it is cleaned, or refused', () => {
    const text = 'login with password=hunter2hunter2 then look';
    expect(JSON.stringify(planFor('annotate', deployment, { text }).requests)).not.toMatch(
      /hunter2/,
    );
    const secret = objectOf('secrets', 'payments', 'keys', 'u');
    expect(() => planFor('annotate', secret, { text: 'hello there' })).toThrow(
      /not known to serve/,
    );
    const removal = planFor('annotate', deployment, { text: '-' });
    expect(removal.requests[0]).toMatchObject({
      body: expect.stringContaining('"midwatch.dev/incident":null'),
    });
  });
});
