import { describe, expect, it } from 'vitest';
import { attachLog } from '../../src/cli/log-evidence.ts';
import { ok } from '../../src/kernel/failure.ts';
import { type RunFact, runFactSchema } from '../../src/kernel/run-fact.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { emptyWorld, type World } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';

const said = (run: string) => ({ run, at: now, by: 'ana' });
const begun = (run: string, pod: string): readonly RunFact[] => [
  {
    kind: 'started',
    ...said(run),
    runbook: { path: `${run}.md`, title: `book of ${run}`, hash: 'h' },
    alert: {
      fingerprint: run,
      name: 'PodCrashing',
      labels: { namespace: 'payments', pod },
      annotations: {},
    },
  },
  { kind: 'entered', ...said(run), visit: 1, step: 'look', title: 'Look', way: 'start' },
];

const worldAfter = (facts: readonly RunFact[]): World => {
  const observed = facts.map((data) => ({
    rev: emptyWorld.rev,
    at: epochMs(data.at),
    scope: '' as const,
    data,
    settled: false,
  }));
  const { state } = runs.fold(runs.empty, observed as never);
  return { ...emptyWorld, slices: new Map([[runs.id, { state, scopes: new Map() }]]) };
};

const attaching = (facts: readonly RunFact[]) => {
  const put: RunFact[] = [];
  const attach = attachLog({
    world: () => worldAfter(facts),
    clock: new FakeClock(now),
    by: 'ana',
    put: async (more) => {
      put.push(...more);
      return ok(undefined);
    },
  });
  return { put, attach };
};

const lines = ['2026-11-23T21:43:00.000Z payments/gateway-1/app refused'];

describe('lines of logs as evidence', () => {
  it('given several runs, then lines go to the one whose alert is about their pod, and into its world', async () => {
    const facts = [...begun('r1', 'gateway-1'), ...begun('r2', 'checkout-1')];
    const { put, attach } = attaching(facts);
    expect(await attach('logs of pod gateway-1', lines, false)).toEqual(ok('book of r1'));
    expect(runFactSchema.parse(put[0])).toMatchObject({ kind: 'output', run: 'r1', visit: 1 });
    const state = worldAfter([...facts, ...put]).slices.get(runs.id)?.state as ReadonlyMap<
      string,
      { readonly visits: readonly { readonly evidence: readonly unknown[] }[] }
    >;
    expect(state.get('r1')?.visits[0]?.evidence).toMatchObject([{ task: 'logs', lines }]);
  });

  it('given one run that is open, then it gets them; given none, or none that is about them, then why not', async () => {
    expect(await attaching(begun('r2', 'checkout-1')).attach('logs', lines, false)).toMatchObject({
      ok: true,
    });
    const none = await attaching([]).attach('logs', lines, false);
    expect(none.ok ? '' : none.failure.message).toBe('no run of a runbook is open');
    const two = await attaching([...begun('r2', 'a'), ...begun('r3', 'b')]).attach(
      'logs',
      lines,
      false,
    );
    expect(two.ok ? '' : two.failure.message).toContain('none is about these pods');
  });

  it('given more than a run keeps, then its beginning is kept, and it says so', async () => {
    const { put, attach } = attaching(begun('r1', 'gateway-1'));
    await attach(
      'logs',
      Array.from({ length: 1000 }, () => `${lines[0]} ${'x'.repeat(5000)}`),
      false,
    );
    const evidence = put[0]?.kind === 'output' ? put[0].evidence : null;
    expect(evidence?.truncated).toBe(true);
    expect(runFactSchema.safeParse(put[0]).success).toBe(true);
  });
});
