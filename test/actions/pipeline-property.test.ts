import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActResult, Judgement } from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { canonicalText } from '../../src/kernel/canonical-text.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { actDoor, asks, denies, full, never, patchNumber } from '../support/act-door.ts';
import { goodFacts } from '../support/any-plan.ts';

const judgements: readonly Judgement[] = [
  { kind: 'allow', why: 'reads' },
  { kind: 'silent' },
  denies,
  asks({ kind: 'key' }),
  asks({ kind: 'name' }),
  asks({ kind: 'reason', least: 5 }),
  asks({ kind: 'second-person' }),
];

/** Most of what can happen is that all goes well: else nothing would ever come to be sent. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const trouble = mostly('none', 'fails', 'throws');

const answers = fc.record({
  name: mostly('cart-0', 'cart-1', ''),
  reason: mostly('because', '', '     '),
  digest: mostly('own', 'other'),
  /** When the person gives up: never, before, or while the start is written. */
  abort: mostly('never', 'before', 'at-start'),
  times: fc.integer({ min: 1, max: 3 }),
  forge: mostly(false, true),
});

const script = fc.record({
  plan: fc.array(fc.nat(3), { maxLength: 4 }),
  /** Requests that the action tries to send, those that are not in the plan among them. */
  tries: fc.array(fc.nat(4), { maxLength: 6 }),
  performs: fc.constantFrom('done', 'throws', 'unknown'),
  first: fc.constantFrom(...judgements),
  last: fc.constantFrom(...judgements),
  audit: fc.array(trouble, { minLength: 7, maxLength: 7 }),
  gather: fc.array(trouble, { minLength: 2, maxLength: 2 }),
  answer: answers,
  leaks: fc.boolean(),
});

type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

const isMet = (judgement: Judgement, { name, reason, digest }: Script['answer']): boolean => {
  if (digest !== 'own' || judgement.kind === 'deny' || judgement.kind === 'silent') return false;
  if (judgement.kind === 'allow') return true;
  switch (judgement.challenge.kind) {
    case 'name':
      return name === 'cart-0';
    case 'reason':
      return reason.trim().length >= 5;
    case 'second-person':
      return false;
    case 'key':
      return true;
  }
};

const play = async (s: Script) => {
  const end = new AbortController();
  const late: (() => Promise<unknown>)[] = [];
  const door = actDoor({
    plan: { requests: s.plan.map(patchNumber) },
    judge: (n) => (n === 1 ? s.first : s.last),
    gather: async (n) => {
      if (s.gather[n - 1] === 'throws') throw new Error('gather');
      const why = { kind: 'unknown', why: 'nobody knows' } as const;
      return s.gather[n - 1] === 'fails' ? goodFacts({ audit: why }) : goodFacts();
    },
    audit: (n, facts) => {
      if (s.answer.abort === 'at-start' && facts.some((f) => f.kind === 'started')) end.abort();
      const bad = s.audit[n - 1];
      if (bad === 'throws') throw new Error('audit');
      return bad === 'fails' ? full : ok(undefined);
    },
    perform: async (_plan, { ports, progress }, signal): Promise<ActResult> => {
      if (s.leaks) late.push(() => ports.kubernetes(patchNumber(s.plan[0] ?? 0), never));
      for (const n of s.tries) {
        progress(`try ${n}`);
        await ports.kubernetes(patchNumber(n), signal);
      }
      if (s.performs === 'throws') throw new Error('perform');
      const why = failure('broken', 'test', 'no');
      return s.performs === 'done'
        ? { kind: 'done', text: '', bytes: 0 }
        : { kind: 'failed', failure: why, bytes: 0 };
    },
  });
  const asked = await door.pipeline.ask(door.intent, never);
  const results: ActResult[] = [];
  if (asked.ok) {
    if (s.answer.abort === 'before') end.abort();
    const digest = s.answer.digest === 'own' ? asked.value.plan.digest : 'e'.repeat(64);
    const given = s.answer.forge
      ? { ...asked.value, plan: { ...asked.value.plan, requests: [patchNumber(4)] } }
      : asked.value;
    for (let n = 0; n < s.answer.times; n += 1) {
      results.push(await door.carryOut(given, { ...s.answer, digest }, end.signal));
    }
  }
  await Promise.all(late.map((send) => send()));
  return { ...door, asked, results };
};

const kindsOf = (facts: readonly ActFact[]): string =>
  facts.map((f) => (f.kind === 'judged' ? `${f.kind}:${f.outcome}` : f.kind)).join(' ');

describe('whatever happens', () => {
  it('given any guards, answers, troubles and actions, then nothing is sent that was not allowed, agreed to, and safe in the audit', async () => {
    let sending = 0;
    await fc.assert(
      fc.asyncProperty(script, async (s) => {
        const { log, sent, written, asked, results } = await play(s);
        const started = log.indexOf('started');
        if (sent.length > 0) {
          sending += 1;
          // What would be sent, the judgements, the agreement and the start are safe before the first request.
          expect(started).toBeGreaterThan(log.indexOf('asked'));
          expect(log.indexOf('confirmed')).toBeGreaterThan(log.indexOf('asked'));
          expect(log.indexOf('send')).toBeGreaterThan(started);
          expect(isMet(s.last, s.answer) && s.first.kind !== 'deny').toBe(true);
          expect(s.answer).toMatchObject({ abort: 'never', forge: false });
          expect(s.gather).toEqual(['none', 'none']);
        }
        // Each as often as it stands in the plan, and no more.
        const left = s.plan.map((n) => canonicalText(patchNumber(n)));
        for (const request of sent) {
          const at = left.indexOf(canonicalText(request));
          expect(at).not.toBe(-1);
          left.splice(at, 1);
        }
        // One start at most; nothing is sent behind the end.
        expect(log.filter((k) => k === 'started').length).toBeLessThanOrEqual(1);
        if (log.includes('ended'))
          expect(log.lastIndexOf('send')).toBeLessThan(log.indexOf('ended'));
        // It always comes to something, and no more than once to more than a refusal.
        expect(results.filter((r) => r.kind === 'done').length).toBeLessThanOrEqual(1);
        expect(results).toHaveLength(asked.ok ? s.answer.times : 0);
        for (const fact of written) expect(fact.act).toBe('act-1');
      }),
      { numRuns: 2000 },
    );
    // Else it says nothing about what is sent.

    expect(sending).toBeGreaterThan(100);
  });

  it('given a sound audit, then facts come in one of the ways that an act can go', async () => {
    const way =
      /^asked (?:judged:deny declined|declined|judged:(?:allow|ask)(?: (?:declined|judged:deny declined|confirmed judged:(?:allow|ask) started(?: progress)* ended))?)$/;
    await fc.assert(
      fc.asyncProperty(script, async (s) => {
        const { written } = await play({ ...s, audit: [] });
        expect(kindsOf(written)).toMatch(way);
      }),
      { numRuns: 500 },
    );
  });

  it('given a plan that cannot be made, or whose making throws, then there is nothing to judge', async () => {
    for (const prepare of [
      async () => failed(failure('absent', 'plan', 'it is gone')),
      async () => {
        throw new Error('a bug');
      },
    ]) {
      const door = actDoor({ prepare });
      expect(await door.pipeline.ask(door.intent, never)).toMatchObject({ ok: false });
      expect(door.log).toEqual([]);
    }
    const door = actDoor();
    expect(await door.pipeline.ask({ ...door.intent, action: 'exec' }, never)).toMatchObject({
      failure: { kind: 'absent', message: 'there is no action exec' },
    });
  });
});
