import { setImmediate as breath } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ActFact, ToldAct } from '../../src/kernel/act-fact.ts';
import { until } from '../support/until.ts';
import { type Outside, onlyOutside } from './outside.ts';
import { randomHands } from './random-hands.ts';
import { brokenWorld, type WholeBoard, type WholeBoardOptions, wholeBoard } from './whole-board.ts';

/** `SAFETY_SEED=7 npx vitest run test/safety/read-only.test.ts` does the same again. */
const seed = Number(process.env.SAFETY_SEED ?? Math.floor(Math.random() * 2 ** 32));
const again = `SAFETY_SEED=${seed}`;

/** All that is ever posted without an action: questions about oneself, which store nothing. */
const reviews: ReadonlySet<string> = new Set([
  'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
]);

type Asked = WholeBoard['server']['asked'][number];

/** A GET that opens a session is none: it asks for another protocol. */
const isReading = ({ method, path, upgrade }: Asked): boolean =>
  !upgrade && (method === 'GET' || method === 'HEAD' || reviews.has(`${method} ${path}`));

const typedNow = ({ session }: WholeBoard): string => {
  const flow = session.get().act;
  return flow?.kind === 'asked' ? flow.asked.plan.typed : '';
};

/** The time of the recording, going on: nothing that is looked at is weeks old. */
const timeFrom = (start: number): (() => void) => {
  const began = performance.now();
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  return () => void vi.setSystemTime(start + (performance.now() - began));
};

interface Played {
  readonly asked: readonly Asked[];
  readonly facts: readonly ActFact[];
  readonly faults: readonly unknown[];
  readonly outside: Outside;
  /** Those that were gone to. */
  readonly views: ReadonlySet<string>;
}

const type = (stage: WholeBoard, text: string): void => {
  for (const c of [...text, '\n']) {
    stage.stroke({ kind: 'key', key: c === ' ' ? 'space' : c === '\n' ? 'enter' : c });
  }
};

/** What somebody does who knows what they want: so that it is seen that something can leave at all. */
const cordoned = async (stage: WholeBoard, breaks: boolean): Promise<void> => {
  if (breaks) {
    for (const text of [':break-glass', 'the node burns and takes others along', 'INC-1']) {
      type(stage, text);
    }
    await until('the glass is broken', () => stage.status().glass !== null);
  }
  for (const text of [':nodes', ':cordon']) type(stage, text);
  await until('it is judged', () => stage.session.get().act?.kind === 'asked');
  type(stage, typedNow(stage));
  await until('it has ended', () => stage.session.get().act?.kind === 'ended');
};

/** So many random sequences, until all that came of them has come to an end. */
const played = async (
  options: Omit<WholeBoardOptions, 'world'>,
  sequences: number,
  breaks: boolean,
  first: (stage: WholeBoard) => Promise<void> = async () => {},
): Promise<Played> => {
  const world = brokenWorld();
  const tick = timeFrom(world.at);
  const stage = await wholeBoard({ ...options, world });
  const outside = onlyOutside(stage.server.port);
  const hands = randomHands(seed, breaks);
  const views = new Set<string>();
  try {
    await first(stage);
    for (let i = 0; i < sequences; i += 1) {
      tick();
      for (const stroke of hands.next(typedNow(stage))) stage.stroke(stroke);
      views.add(stage.session.get().stack.at(-1)?.view ?? '');
      await breath();
      // A person sometimes waits for what the guards say.
      if ((breaks || i % 2 === 0) && stage.session.get().act?.kind === 'asking') {
        await until('it is judged', () => stage.session.get().act?.kind !== 'asking');
      }
    }
    await stage.rests();
    const { faults } = await stage.verified();
    return { asked: stage.server.asked, facts: stage.facts(), faults, outside, views };
  } finally {
    await stage.close();
  }
};

const wishes = (facts: readonly ActFact[]): readonly ToldAct<'asked'>[] =>
  facts.filter((f) => f.kind === 'asked');

describe('the whole dashboard, on an API server that lets everybody do everything', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it(`given --read-only and 10000 random sequences of keys and commands (${again}), then nothing but reading leaves, and the audit vouches for what was wanted`, async () => {
    const { asked, facts, faults, outside, views } = await played(
      { flags: { readOnly: true } },
      10_000,
      false,
    );
    expect(
      asked.filter((a) => !isReading(a)),
      again,
    ).toEqual([]);
    expect(outside, again).toEqual({ dialled: [], started: [] });
    expect(faults, again).toEqual([]);
    expect(
      facts.filter((f) => f.kind === 'glass-broken'),
      again,
    ).toEqual([]);
    // Changes were wanted again and again, and none of them began.
    const changes = new Set(wishes(facts).flatMap((f) => (f.effect === 'read' ? [] : [f.act])));
    expect(changes.size, again).toBeGreaterThan(40);
    const began = facts.filter((f) => f.kind === 'started').filter((f) => changes.has(f.act));
    expect(began, again).toEqual([]);
    // The hands got about.
    expect(views.size, again).toBeGreaterThan(15);
    expect(asked.length, again).toBeGreaterThan(300);
  }, 240_000);

  it.each<[string, WholeBoardOptions['flags']]>([
    ['--guarded', { guarded: true }],
    // Whoever breaks the glass may change something for a while: that is what it is for.
    ['--read-only, and the glass broken again and again', { readOnly: true }],
  ])(
    `given %s and 1000 random sequences (${again}), then whatever changes something stood in the audit before it left, to the letter, begun and agreed to by name`,
    async (_, flags) => {
      const { asked, facts, faults, outside } = await played({ flags }, 1000, true, (stage) =>
        cordoned(stage, flags.readOnly === true),
      );
      const writes = asked.filter((a) => !isReading(a));
      expect(writes.length, again).toBeGreaterThan(0);
      for (const { method, path, body, audited, upgrade } of writes) {
        expect(upgrade, again).toBe(false);
        const before = facts.slice(0, audited);
        const line = `${method} ${path} ${body}`.trim();
        const acts = wishes(before).filter((f) => f.requests.includes(line));
        const begun = before.filter(
          (f) => f.kind === 'started' && acts.some((a) => a.act === f.act && a.digest === f.digest),
        );
        expect(begun, `${again}: ${line}`).not.toEqual([]);
        const agreed = before.filter(
          (f) => f.kind === 'confirmed' && begun.some((b) => b.act === f.act),
        );
        expect(agreed, `${again}: ${line}`).not.toEqual([]);
      }
      expect(outside, again).toEqual({ dialled: [], started: [] });
      expect(faults, again).toEqual([]);
    },
    120_000,
  );
});
