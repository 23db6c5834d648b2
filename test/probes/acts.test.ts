import { describe, expect, it } from 'vitest';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { type Act, actsKept, glassAt, progressKept, stepsKept } from '../../src/kernel/acts.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Observed } from '../../src/kernel/probe.ts';
import { epochMs, minutes, revision } from '../../src/kernel/units.ts';
import { acts } from '../../src/probes/acts.ts';

const said = (act: string, at: number) => ({ act, at, by: 'ana on bastion' });

const asked = (
  act = 'a1',
  effect: 'read' | 'write' = 'write',
  title = 'scale gateway',
): ActFact => ({
  kind: 'asked',
  ...said(act, 1),
  origin: 'screen',
  action: 'scale',
  title,
  effect,
  context: 'prod',
  subject: {
    kind: 'object',
    resource: 'deployments',
    namespace: 'payments',
    name: 'gateway',
    uid: 'u1',
  },
  digest: 'd'.repeat(64),
  requests: ['PATCH /apis/apps/v1/…'],
  run: '',
  task: '',
});
const judged = (outcome: 'allow' | 'ask' | 'deny', stage: 'first' | 'last' = 'first'): ActFact => ({
  kind: 'judged',
  ...said('a1', 2),
  stage,
  outcome,
  reasons: [{ guard: 'read-only', kind: outcome, why: 'this session is read-only' }],
});
const confirmed: ActFact = {
  kind: 'confirmed',
  ...said('a1', 3),
  digest: 'd'.repeat(64),
  how: ['name'],
  reason: '',
  approvedBy: '',
};
const declined: ActFact = { kind: 'declined', ...said('a1', 4), why: 'not now' };
const started = (act = 'a1'): ActFact => ({
  kind: 'started',
  ...said(act, 5),
  digest: 'd'.repeat(64),
  process: '',
});
const progress = (n: number, act = 'a1'): ActFact => ({
  kind: 'progress',
  ...said(act, 6),
  text: `step ${n}`,
});
const ended = (kind: 'done' | 'failed' | 'unknown', act = 'a1'): ActFact => ({
  kind: 'ended',
  ...said(act, 7),
  result:
    kind === 'done'
      ? { kind, text: '5 replicas', bytes: 1 }
      : kind === 'failed'
        ? { kind, failure: failure('forbidden', 'scale', 'not allowed'), bytes: 0 }
        : { kind, why: 'the connection broke', bytes: 0 },
});
const reconciled = (text: string): ActFact => ({ kind: 'reconciled', ...said('a1', 8), text });

const fold = (...facts: readonly ActFact[]) => {
  const batch = facts.map(
    (data, i): Observed<ActFact> => ({
      rev: revision(i + 1),
      at: epochMs(1000 * i),
      scope: '',
      data,
      settled: true,
    }),
  );
  const { state, changes } = acts.fold(acts.empty, batch);
  const told = changes.map(({ tone, text }) => `${tone} ${text}`);
  return { state, told, act: state.acts.get('a1') as Act };
};

describe('acts', () => {
  it('given one that is agreed to and done, then it goes through its states, and its effect is told', () => {
    const facts = [
      asked(),
      judged('ask'),
      confirmed,
      judged('ask', 'last'),
      started(),
      progress(1),
      ended('done'),
    ];
    const kinds = facts.map((_, i) => fold(...facts.slice(0, i + 1)).act.state.kind);
    expect(kinds).toEqual([
      'asked',
      'judged',
      'confirmed',
      'confirmed',
      'running',
      'running',
      'done',
    ]);
    const { told, act } = fold(...facts);
    expect(told).toEqual([
      'warn scale gateway: started by ana on bastion',
      'good scale gateway: done, by ana on bastion',
    ]);
    expect(act.steps).toEqual(facts.slice(1));
  });

  it('given one that is denied, then the first denial is why, and what comes later does not open it', () => {
    const { act, told } = fold(asked(), judged('deny'), declined, started(), ended('done'));
    expect(act.state).toMatchObject({ kind: 'denied', why: 'this session is read-only' });
    expect(told).toEqual([
      'warn scale gateway denied to ana on bastion: this session is read-only',
    ]);
  });

  it('given one that somebody leaves, then that is told; for what only reads it is no news', () => {
    expect(fold(asked(), judged('ask'), declined).told).toEqual([
      'info scale gateway not done: not now',
    ]);
    expect(fold(asked('a1', 'read'), declined).told).toEqual([]);
  });

  it('given one that reads, then that it was read is told, and its end only when it failed', () => {
    const facts = [asked('a1', 'read'), started()];
    expect(fold(...facts, ended('done')).told).toEqual([
      'info scale gateway: started by ana on bastion',
    ]);
    expect(fold(...facts, ended('failed')).told[1]).toBe('bad scale gateway failed: not allowed');
  });

  it('given one whose end nobody knows, then it is unknown until somebody has looked, and told once', () => {
    const facts = [asked(), started(), ended('unknown'), reconciled('5 replicas now')];
    const { act, told } = fold(...facts, reconciled('6 replicas now'));
    expect(act.state).toMatchObject({ kind: 'unknown', found: '5 replicas now' });
    expect(told.slice(1)).toEqual([
      'bad scale gateway: nobody knows what came of it: the connection broke',
      'warn scale gateway: found now: 5 replicas now',
    ]);
  });

  it('given one whose program was killed, then what is found makes it unknown, and its real end counts more', () => {
    const { act, told } = fold(asked(), started(), reconciled(''));
    expect(act.state).toMatchObject({ kind: 'unknown', found: '' });
    expect(told[1]).toMatch(/^bad scale gateway: nobody knows what came of it: midwatch ended/);
    expect(fold(asked(), started(), reconciled(''), ended('done')).act.state.kind).toBe('done');
  });

  it('given steps of an act that nobody asked for here, then nothing is made of them', () => {
    expect(fold(judged('ask'), started(), ended('done')).state).toBe(acts.empty);
  });

  it('given more progress and more steps than are kept, then the newest stay, and the end is never lost', () => {
    const many = Array.from({ length: 200 }, (_, i) => progress(i));
    const { act } = fold(asked(), started(), ...many, ended('done'));
    expect(act.steps.filter((s) => s.kind === 'progress')).toHaveLength(progressKept);
    expect(act.steps.at(-2)).toEqual(many.at(-1));
    const again = Array.from({ length: 200 }, () => judged('ask'));
    const odd = fold(asked(), ...again, started(), ended('failed')).act;
    expect(odd.steps).toHaveLength(stepsKept);
    expect(odd.state.kind).toBe('failed');
  });

  it('given more acts than are kept, then the oldest goes that does not run', () => {
    const ids = Array.from({ length: actsKept + 5 }, (_, i) => `a${i}`);
    const { state } = fold(asked('run'), started('run'), ...ids.map((id) => asked(id)));
    expect(state.acts.size).toBe(actsKept);
    expect(state.acts.has('run')).toBe(true);
    expect([...state.acts.keys()][1]).toBe('a6');
  });

  it('given words of others, then a line of the timeline is one plain line', () => {
    const hostile = asked('a1', 'write', '\u001b[2Jscale\n\u202egateway');
    expect(fold(hostile, started()).told).toEqual([
      'warn scale gateway: started by ana on bastion',
    ]);
  });
});

describe('the glass', () => {
  const at = Date.UTC(2026, 10, 20, 3);
  const broken = (context = 'prod', act = 'g1', until = at + minutes(30)): ActFact => ({
    kind: 'glass-broken',
    ...said(act, at),
    context,
    reason: 'nothing is written any more',
    ticket: 'INC-7',
    until,
  });
  const mended: ActFact = {
    kind: 'glass-mended',
    ...said('g1', at + 1),
    context: 'prod',
    why: 'done',
  };
  const now = epochMs(at + minutes(1));

  it('given one broken, then it is so in its context only, for its time only', () => {
    const { state, told } = fold(broken());
    expect(glassAt(state, 'prod', now)).toMatchObject({ ticket: 'INC-7', by: 'ana on bastion' });
    expect(glassAt(state, 'dev', now)).toBeNull();
    expect(glassAt(state, 'prod', epochMs(at + minutes(30)))).toBeNull();
    expect(told).toEqual([
      'bad glass of prod broken for 30m by ana on bastion: nothing is written any more (INC-7)',
    ]);
  });

  it('given it mended, then it is whole, and that is told once', () => {
    const { state, told } = fold(broken(), mended, mended);
    expect(glassAt(state, 'prod', now)).toBeNull();
    expect(told.slice(1)).toEqual(['info glass of prod mended by ana on bastion: done']);
  });

  it('given it broken once more, then the newer one stands', () => {
    const { state } = fold(broken(), broken('prod', 'g2', at + minutes(60)));
    expect(glassAt(state, 'prod', now)).toMatchObject({ act: 'g2' });
  });

  it('given an agreement of another person, then it is told by the beginning of its digest', () => {
    const approved: ActFact = {
      kind: 'approved',
      ...said('x', at),
      context: 'prod',
      digest: 'abcdef0123456789'.repeat(4),
      until: at + 1,
      code: 'c',
    };
    expect(fold(approved).told).toEqual(['info ana on bastion agrees to plan abcdef012345']);
  });
});
