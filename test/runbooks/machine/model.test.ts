import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentVisit, type Run, type RunsState, visitsOf } from '../../../src/kernel/run.ts';
import type { RunFact } from '../../../src/kernel/run-fact.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { runs } from '../../../src/probes/runs.ts';
import type { Intent } from '../../../src/runbooks/machine/intent.ts';
import { propose } from '../../../src/runbooks/machine/propose.ts';
import { aBook, aRunbook, evidence, foldAll, Walk } from './a-book.ts';

/** What a run is to somebody with a sheet of paper. */
interface Paper {
  path: string[];
  ticked: Set<number>;
  skipped: boolean;
  waiting: boolean;
  notes: number;
  outputs: number;
  over: boolean;
}

const targets: Readonly<Record<string, readonly string[]>> = { quorum: ['wait', 'restore'] };
const nextOf: Readonly<Record<string, string>> = { look: 'quorum', wait: 'quorum' };

const enter = (paper: Paper, step: string): void => {
  paper.path.push(step);
  paper.ticked = new Set();
  paper.skipped = false;
  paper.waiting = false;
};

/** Does it on paper; false when it cannot be done. */
const onPaper = (paper: Paper, intent: Intent): boolean => {
  const at = paper.path.at(-1) ?? '';
  const heldUp = at === 'look' && !paper.skipped && paper.ticked.size < 2;
  if (intent.kind === 'note') {
    paper.notes += 1;
    return true;
  }
  if (paper.over) return false;
  switch (intent.kind) {
    case 'next': {
      const to = nextOf[at];
      if (to === undefined || heldUp) return false;
      enter(paper, to);
      return true;
    }
    case 'choose': {
      const to = targets[at]?.[intent.branch];
      if (to === undefined || heldUp) return false;
      enter(paper, to);
      return true;
    }
    case 'again':
    case 'jump': {
      const to = intent.kind === 'again' ? at : intent.step;
      if (!aRunbook.steps.some(({ id }) => id === to)) return false;
      enter(paper, to);
      return true;
    }
    case 'skip': {
      if (paper.skipped || intent.reason === '') return false;
      paper.skipped = true;
      paper.waiting = false;
      const to = nextOf[at];
      if (to !== undefined) enter(paper, to);
      return true;
    }
    case 'tick': {
      if (at !== 'look' || intent.task !== 'list' || intent.item > 1) return false;
      if (paper.ticked.has(intent.item) === intent.done) return false;
      if (intent.done) paper.ticked.add(intent.item);
      else paper.ticked.delete(intent.item);
      return true;
    }
    case 'wait':
      if (paper.skipped) return false;
      paper.waiting = true;
      return true;
    case 'stopWaiting':
      if (!paper.waiting) return false;
      paper.waiting = false;
      return true;
    case 'attach':
      if (paper.path[intent.visit - 1] !== 'quorum') return false;
      paper.outputs += 1;
      return true;
    case 'finish':
      if (at !== 'restore' && intent.note === '') return false;
      paper.over = true;
      return true;
    case 'abandon':
      paper.over = intent.reason !== '';
      return paper.over;
    default:
      return false;
  }
};

const check = (run: Run, paper: Paper): void => {
  expect(run.visits.map(({ step }) => step)).toEqual(paper.path);
  expect(run.visits.map(({ number }) => number)).toEqual(paper.path.map((_, i) => i + 1));
  expect(run.notes).toHaveLength(paper.notes);
  expect(run.visits.reduce((n, v) => n + v.evidence.length, 0)).toBe(paper.outputs);
  expect(run.ended !== null).toBe(paper.over);
  const visit = currentVisit(run);
  if (!paper.over) {
    expect(visit?.ticks).toHaveLength(paper.ticked.size);
    expect(visit?.timer !== null).toBe(paper.waiting);
    expect(visit?.state.kind).toBe(paper.skipped ? 'skipped' : 'current');
  }
  const before = run.visits.slice(0, -1);
  expect(before.some(({ state, timer }) => state.kind === 'current' || timer !== null)).toBe(false);
  expect([...visitsOf(run).values()].reduce((a, b) => a + b, 0)).toBe(paper.path.length);
};

class Doing implements fc.Command<Paper, Walk> {
  readonly intent: Intent;

  constructor(intent: Intent) {
    this.intent = intent;
  }

  check(): boolean {
    return true;
  }

  run(paper: Paper, walk: Walk): void {
    const was = walk.state;
    const refused = walk.do(this.intent);
    expect(refused === '').toBe(onPaper(paper, this.intent));
    if (refused !== '') expect(walk.state).toBe(was);
    check(walk.run, paper);
  }

  toString(): string {
    return JSON.stringify(this.intent);
  }
}

const text = fc.constantFrom('', 'because', 'x');
const anyIntent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Intent>({ kind: 'next' }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('choose' as const), branch: fc.nat({ max: 2 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('tick' as const),
      task: fc.constantFrom('list', 'list', 'list', 'other'),
      item: fc.nat({ max: 2 }),
      done: fc.boolean(),
    }),
  },
  fc.constant<Intent>({ kind: 'again' }),
  fc.record({
    kind: fc.constant('jump' as const),
    step: fc.constantFrom('look', 'quorum', 'wait', 'nowhere'),
  }),
  fc.record({ kind: fc.constant('skip' as const), reason: text }),
  fc.record({ kind: fc.constant('note' as const), text: fc.constant('seen') }),
  fc.constant<Intent>({ kind: 'wait', wait: seconds(300), why: 'settle' }),
  fc.constant<Intent>({ kind: 'stopWaiting' }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('attach' as const),
      visit: fc.integer({ min: 1, max: 5 }),
      evidence: fc.constant(evidence()),
    }),
  },
  fc.record({ kind: fc.constant('finish' as const), note: text }),
  fc.record({ kind: fc.constant('abandon' as const), reason: text }),
);

const paperOf = (): Paper => ({
  path: ['look'],
  ticked: new Set(),
  skipped: false,
  waiting: false,
  notes: 0,
  outputs: 0,
  over: false,
});

const inCuts = (facts: readonly RunFact[], sizes: readonly number[]): RunsState => {
  let state = runs.empty;
  let at = 0;
  for (const size of [...sizes, facts.length]) {
    ({ state } = foldAll(facts.slice(at, at + size), state));
    at += size;
  }
  return state;
};

describe('the machine, against a sheet of paper', () => {
  it('given anything that somebody tries, when it is done, then run and paper agree', () => {
    fc.assert(
      fc.property(fc.commands([anyIntent.map((i) => new Doing(i))], { maxCommands: 60 }), (all) => {
        fc.modelRun(() => ({ model: paperOf(), real: new Walk() }), all);
      }),
      { numRuns: 1500 },
    );
  });

  it('given the facts of any walk, when cut into any batches or reloaded, then the run is the same', () => {
    const sizes = fc.array(fc.nat({ max: 5 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(anyIntent, { maxLength: 50 }), sizes, (intents, cuts) => {
        const walk = new Walk();
        for (const intent of intents) walk.do(intent);
        expect(inCuts(walk.facts, cuts)).toEqual(walk.state);
        const saved = JSON.parse(JSON.stringify(runs.save(walk.state)));
        expect(runs.load(saved)).toEqual(walk.state);
      }),
      { numRuns: 300 },
    );
  });

  it('given two programs that see the run late, when both go on, then it stays one row of visits', () => {
    const turn = fc.record({ intent: anyIntent, late: fc.nat({ max: 6 }) });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 50 }), (turns) => {
        const walk = new Walk();
        const seen: Run[] = [walk.run];
        for (const { intent, late } of turns) {
          const view = seen[Math.max(0, seen.length - 1 - late)] ?? walk.run;
          walk.take(propose(view, aBook, intent, walk.who('ben')));
          seen.push(walk.run);
          const { visits, ended } = walk.run;
          expect(visits.map(({ number }) => number)).toEqual(visits.map((_, i) => i + 1));
          const current = visits.filter(({ state }) => state.kind === 'current').length;
          expect(current).toBeLessThanOrEqual(1);
          if (ended !== null) expect(current).toBe(0);
          for (const [n, visit] of visits.entries()) {
            if (visit.way === 'branch') expect(visits[n - 1]?.chosen?.to).toBe(visit.step);
          }
        }
        expect(foldAll(walk.facts).state).toEqual(walk.state);
      }),
      { numRuns: 500 },
    );
  });
});
