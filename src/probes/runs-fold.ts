import { absurd } from '../kernel/absurd.ts';
import {
  evidencePerRun,
  keptKept,
  notesKept,
  type Run,
  tickKey,
  ticksKept,
  type Visit,
  valuesKept,
} from '../kernel/run.ts';
import { type RunFact, visitsKept } from '../kernel/run-fact.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';

type Of<Kind extends RunFact['kind']> = Extract<RunFact, { readonly kind: Kind }>;

const begin = ({ run, runbook, alert, at, by }: Of<'started'>): Run => ({
  id: run,
  runbook,
  alert,
  startedAt: epochMs(at),
  startedBy: by,
  visits: [],
  notes: [],
  values: {},
  kept: [],
  ended: null,
});

/** The run with its last visit changed; the same run when the fact is about a visit that was left, or about none. */
const here = (run: Run, number: number, change: (visit: Visit) => Visit): Run => {
  const last = run.visits.at(-1);
  if (last === undefined || last.number !== number) return run;
  const changed = change(last);
  return changed === last ? run : { ...run, visits: [...run.visits.slice(0, -1), changed] };
};

const left = (visit: Visit, at: EpochMs): Visit => {
  if (visit.state.kind === 'current') return { ...visit, state: { kind: 'done', at }, timer: null };
  if (visit.state.kind === 'skipped') return { ...visit, state: { ...visit.state, left: at } };
  return visit;
};

const enter = (run: Run, { visit, step, title, way, at, by }: Of<'entered'>): Run => {
  const last = run.visits.at(-1);
  if (visit !== (last?.number ?? 0) + 1 || visit > visitsKept) return run;
  // Somebody chose again while the first choice was on its way: what is chosen is where one goes.
  if (way === 'branch' && last?.chosen?.to !== step) return run;
  const next: Visit = {
    number: visit,
    step,
    title,
    way,
    at: epochMs(at),
    by,
    state: { kind: 'current' },
    chosen: null,
    evidence: [],
    ticks: [],
    timer: null,
  };
  const before = last === undefined ? [] : [...run.visits.slice(0, -1), left(last, epochMs(at))];
  return { ...run, visits: [...before, next] };
};

/** Drops the oldest evidence beyond what is kept of a run. */
const trimmed = (run: Run): Run => {
  let over = run.visits.reduce((sum, v) => sum + v.evidence.length, 0) - evidencePerRun;
  if (over <= 0) return run;
  const visits = run.visits.map((visit) => {
    const drop = Math.min(over, visit.evidence.length);
    over -= drop;
    return drop === 0 ? visit : { ...visit, evidence: visit.evidence.slice(drop) };
  });
  return { ...run, visits };
};

const tick = (visit: Visit, { task, item, done }: Of<'ticked'>): Visit => {
  const key = tickKey(task, item);
  if (visit.ticks.includes(key) === done) return visit;
  if (!done) return { ...visit, ticks: visit.ticks.filter((t) => t !== key) };
  return visit.ticks.length >= ticksKept ? visit : { ...visit, ticks: [...visit.ticks, key] };
};

const choose = (visit: Visit, { to, label, edge, suggested, why }: Of<'chosen'>): Visit => ({
  ...visit,
  chosen: { to, label, edge, suggested, why },
});

const giveValue = (run: Run, { name, value }: Of<'value'>): Run => {
  const others = Object.entries(run.values).filter(([n]) => n !== name);
  if (others.length >= valuesKept) return run;
  return { ...run, values: Object.fromEntries([...others, [name, value]]) };
};

const end = (run: Run, how: 'done' | 'abandoned', words: string, fact: RunFact): Run => {
  const at = epochMs(fact.at);
  const visits = run.visits.map((v, i) => (i === run.visits.length - 1 ? left(v, at) : v));
  return { ...run, visits, ended: { how, at, by: fact.by, words } };
};

/**
 * The run after a fact; undefined while it has not begun. What does not fit — it is late, of a visit that was left, of
 * a run that has ended, or beyond a bound — leaves the very same run.
 */
export const foldRun = (run: Run | undefined, fact: RunFact): Run | undefined => {
  if (run === undefined) return fact.kind === 'started' ? begin(fact) : undefined;
  // What one saw afterwards can still be written down; everything else is over.
  if (run.ended !== null && fact.kind !== 'note') return run;
  switch (fact.kind) {
    case 'started':
      return run;
    case 'entered':
      return enter(run, fact);
    case 'output': {
      const at = epochMs(fact.at);
      const add = (v: Visit): Visit => ({
        ...v,
        evidence: [...v.evidence, { ...fact.evidence, at, by: fact.by }],
      });
      return trimmed(outputOf(run, fact.visit, add));
    }
    case 'chosen':
      return here(run, fact.visit, (v) => choose(v, fact));
    case 'ticked':
      return here(run, fact.visit, (v) => tick(v, fact));
    case 'skipped': {
      const at = epochMs(fact.at);
      return here(run, fact.visit, (v) =>
        v.state.kind === 'current'
          ? { ...v, state: { kind: 'skipped', at, reason: fact.reason, left: null }, timer: null }
          : v,
      );
    }
    case 'note': {
      if (run.notes.length >= notesKept) return run;
      const visit = run.visits.at(-1)?.number ?? 0;
      const note = { at: epochMs(fact.at), by: fact.by, text: fact.text, visit };
      return { ...run, notes: [...run.notes, note] };
    }
    case 'timer': {
      const timer = { since: epochMs(fact.at), until: epochMs(fact.until), why: fact.why };
      return here(run, fact.visit, (v) => (v.state.kind === 'current' ? { ...v, timer } : v));
    }
    case 'timerEnded':
      return here(run, fact.visit, (v) => (v.timer === null ? v : { ...v, timer: null }));
    case 'value':
      return giveValue(run, fact);
    case 'kept':
      return run.kept.includes(fact.instead) || run.kept.length >= keptKept
        ? run
        : { ...run, kept: [...run.kept, fact.instead] };
    case 'adopted':
      return { ...run, runbook: fact.runbook };
    case 'done':
      return end(run, 'done', fact.note, fact);
    case 'abandoned':
      return end(run, 'abandoned', fact.reason, fact);
    default:
      return absurd(fact);
  }
};

/** An answer may arrive after one has gone on; it belongs to the visit that asked. */
const outputOf = (run: Run, number: number, add: (visit: Visit) => Visit): Run => {
  const at = run.visits.findIndex((v) => v.number === number);
  return at === -1 ? run : { ...run, visits: run.visits.map((v, i) => (i === at ? add(v) : v)) };
};
