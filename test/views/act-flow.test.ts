import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../src/actions/pipeline.ts';
import type { Challenge, Verdict } from '../../src/kernel/act.ts';
import { failure } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { actContent } from '../../src/views/act/act-content.ts';
import { type ActEvent, type ActFlow, reduceAct, toldKept } from '../../src/views/act/flow.ts';
import { argsOf } from '../../src/views/act/intent-of.ts';
import {
  answerTo,
  nextQuestion,
  nothingGiven,
  questionsOf,
} from '../../src/views/act/questions.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText, lineWidth } from '../../src/views/parts/line.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import { aPlan, goodFacts, podSubject } from '../support/any-plan.ts';
import { badEvening } from '../support/view-world.ts';

const verdictOf = (outcome: Verdict['outcome'], challenges: readonly Challenge[]): Verdict => ({
  outcome,
  reasons: [],
  challenges,
  breakable: false,
});

const asked = (act: string, more: Partial<Asked> = {}): Asked => ({
  act,
  intent: { action: 'annotate', subject: podSubject, args: {}, origin: 'screen' },
  plan: aPlan(),
  facts: goodFacts(),
  verdict: verdictOf('ask', [{ kind: 'name' }]),
  ...more,
});

const at = epochMs(Date.UTC(2026, 10, 23, 12));
const ids = fc.constantFrom('a', 'b');

const anyEvent: fc.Arbitrary<ActEvent> = fc.oneof(
  fc.constant<ActEvent>({ kind: 'asking', intent: asked('a').intent, title: 'annotate' }),
  fc.constant<ActEvent>({ kind: 'unplanned', failure: failure('absent', 'plan', 'gone') }),
  ids.map((id): ActEvent => ({ kind: 'asked', asked: asked(id), sealed: '' })),
  ids.map((act): ActEvent => ({ kind: 'given', act, given: { ...nothingGiven, yes: true } })),
  ids.map((id): ActEvent => ({ kind: 'started', asked: asked(id), at })),
  ids.map((act): ActEvent => ({ kind: 'told', act, lines: [{ at, text: 'a line' }] })),
  ids.map((act): ActEvent => ({ kind: 'tick', act, at })),
  ids.map((act): ActEvent => ({ kind: 'offered', act, at })),
  ids.map((act): ActEvent => ({ kind: 'aborted', act })),
  ids.map(
    (act): ActEvent => ({
      kind: 'ended',
      act,
      at,
      result: { kind: 'done', text: '', bytes: 0 },
    }),
  ),
  fc.constant<ActEvent>({ kind: 'left' }),
);

const actOf = (flow: ActFlow | null): string =>
  flow === null || flow.kind === 'asking' || flow.kind === 'unplanned' ? '' : flow.asked.act;

describe('the flow of an action', () => {
  it('given any events, then what is about another act changes nothing, and what runs ends only by its own end', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let flow: ActFlow | null = null;
        for (const event of events) {
          const next: ActFlow | null = reduceAct(flow, event);
          if ('act' in event && event.act !== actOf(flow)) expect(next).toBe(flow);
          if (flow?.kind === 'running' && next?.kind !== 'running') {
            expect(['ended', 'asking']).toContain(event.kind);
          }
          if (next?.kind === 'ended' && flow?.kind !== 'ended') expect(flow?.kind).toBe('running');
          flow = next;
        }
      }),
    );
  });

  it('given more lines than are kept, then the oldest go, and are counted', () => {
    let flow: ActFlow | null = reduceAct(null, { kind: 'started', asked: asked('a'), at });
    for (let i = 0; i < toldKept + 30; i += 1) {
      flow = reduceAct(flow, { kind: 'told', act: 'a', lines: [{ at, text: String(i) }] });
    }
    expect(flow).toMatchObject({ dropped: 30 });
    expect(flow?.kind === 'running' ? flow.told.length : 0).toBe(toldKept);
    expect(flow?.kind === 'running' ? flow.told[0]?.text : '').toBe('30');
  });
});

const anyChallenge: fc.Arbitrary<Challenge> = fc.oneof(
  fc.constant<Challenge>({ kind: 'key' }),
  fc.constant<Challenge>({ kind: 'name' }),
  fc.constant<Challenge>({ kind: 'second-person' }),
  fc.nat(50).map((least): Challenge => ({ kind: 'reason', least: least + 1 })),
);

describe('questions', () => {
  it('given any verdict, then nothing is asked where guards deny, and a change is never agreed to by a key alone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('allow', 'ask', 'deny'),
        fc.array(anyChallenge, { maxLength: 4 }),
        fc.constantFrom('write', 'session'),
        (outcome, challenges, effect) => {
          const questions = questionsOf({ effect }, verdictOf(outcome, challenges));
          const typed = questions.some((q) => q.kind === 'name' || q.kind === 'reason');
          expect(typed).toBe(outcome !== 'deny');
          if (outcome === 'deny') expect(questions).toEqual([]);
        },
      ),
    );
  });

  it('given any text, then only the name to the letter answers the question for the name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('cart-0 ', 'Cart-0', 'cart-0')), (text) => {
        const said = answerTo({ kind: 'name' }, { typed: 'cart-0' }, nothingGiven, text);
        expect('given' in said).toBe(text === 'cart-0');
      }),
    );
  });

  it('given nothing typed, then no question is answered by it', () => {
    for (const kind of ['key', 'name', 'second-person'] as const) {
      expect(answerTo({ kind }, aPlan(), nothingGiven, '')).toHaveProperty('wrong');
    }
    const reason = { kind: 'reason', least: 1 } as const;
    expect(answerTo(reason, aPlan(), nothingGiven, '   ')).toHaveProperty('wrong');
  });

  it('given all kinds at once, then words come before the name, and the name is last', () => {
    const all: Challenge[] = [
      { kind: 'name' },
      { kind: 'second-person' },
      { kind: 'reason', least: 3 },
    ];
    const verdict = verdictOf('ask', all);
    const next = (given = nothingGiven) => nextQuestion(aPlan(), verdict, given)?.kind;
    expect(next()).toBe('reason');
    expect(next({ ...nothingGiven, reason: 'why' })).toBe('second-person');
    const rest = { ...nothingGiven, reason: 'why', approvedBy: 'bo' };
    expect(next(rest)).toBe('name');
    expect(next({ ...rest, name: 'cart-0' })).toBeUndefined();
  });
});

describe('words behind a command', () => {
  it.each([
    [['replicas'], '3', { replicas: '3' }],
    [['replicas'], 'replicas=3', { replicas: '3' }],
    [
      ['matchers', 'duration', 'comment'],
      'a="b" 2h it is known',
      {
        matchers: 'a="b"',
        duration: '2h',
        comment: 'it is known',
      },
    ],
    [['text'], 'cause=dns, seen at 12:00', { text: 'cause=dns, seen at 12:00' }],
    [[], 'anything', {}],
    [['a'], '', {}],
  ])('given inputs %j and %j, then %j', (names, rest, args) => {
    expect(argsOf(names, rest)).toEqual(args);
  });
});

const hostile = `\u001b[31mred\u001b[0m\u202Eevil\r\n${'x'.repeat(3000)}\u0000שלום`;

describe('hostile text', () => {
  const plan = aPlan({
    title: hostile,
    typed: hostile,
    context: hostile,
    dangers: [hostile],
    requests: [
      { kind: 'kubernetes', method: 'PATCH', path: `/${hostile}`, contentType: '', body: hostile },
    ],
    weight: { ...aPlan().weight, unknown: [hostile] },
  });
  const deny = { kind: 'deny', why: hostile, hint: hostile, opens: 'break-glass' } as const;
  const whole = asked('a', {
    plan,
    verdict: { ...verdictOf('deny', []), reasons: [{ guard: hostile, judgement: deny }] },
  });
  const told = [{ at, text: hostile }];
  const course = { asked: whole, startedAt: at, told, dropped: 1 };
  const why = failure('broken', 'send', hostile, { on: hostile, hint: hostile });
  const flows: readonly ActFlow[] = [
    { kind: 'asking', intent: whole.intent, title: hostile },
    { kind: 'unplanned', intent: whole.intent, title: hostile, failure: why },
    { kind: 'asked', asked: whole, given: nothingGiven, sealed: hostile },
    { kind: 'running', at, abort: { kind: 'no' }, ...course },
    { kind: 'ended', endedAt: at, result: { kind: 'failed', failure: why, bytes: 0 }, ...course },
    { kind: 'ended', endedAt: at, result: { kind: 'unknown', why: hostile, bytes: 0 }, ...course },
  ];
  const shapes = [40, 80, 120, 200].flatMap((width) =>
    [unicodeGlyphs, asciiGlyphs].map((glyphs) => ({ width, glyphs })),
  );

  it.each(flows.map((flow) => [flow.kind, flow] as const))(
    'given it everywhere in what is %s, then no line is too wide or holds a control character',
    (_, flow) => {
      for (const { width, glyphs } of shapes) {
        const place = placeOf('act');
        const session = { ...newSession(place), act: flow };
        const world = badEvening();
        const content = actContent({ world, session, place, now: at, width, height: 20, glyphs });
        const rows = Array.from({ length: content.rows.length }, (__, i) => content.rows.line(i));
        for (const l of [...content.head, ...rows]) {
          expect(lineWidth(l)).toBeLessThanOrEqual(width);
          expect(lineText(l)).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        }
      }
    },
  );
});
