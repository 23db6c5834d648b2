import { probeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed, Probe } from '../kernel/probe.ts';
import type { Run, RunsState } from '../kernel/run.ts';
import { type RunFact, runFactSchema } from '../kernel/run-fact.ts';
import { hours } from '../kernel/units.ts';
import { MapDraft } from './map-draft.ts';
import { foldRun } from './runs-fold.ts';
import { runNews } from './runs-words.ts';

/** Runs of one context; beyond this, the oldest that has ended goes first, then the oldest. */
export const runsKept = 100;

const trim = (runs: MapDraft<Run>): void => {
  while (runs.now.size > runsKept) {
    const ids = [...runs.now.keys()];
    const over = ids.find((id) => runs.get(id)?.ended !== null) ?? ids[0];
    if (over === undefined) return;
    runs.delete(over);
  }
};

const foldRuns = (state: RunsState, batch: readonly Observed<RunFact>[]): Folded<RunsState> => {
  const next = new MapDraft(state);
  const changes: Change[] = [];
  for (const { rev, at, data, settled } of batch) {
    const before = next.get(data.run);
    const after = foldRun(before, data);
    if (after === undefined || after === before) continue;
    next.set(data.run, after);
    trim(next);
    const news = settled ? runNews(before, after, data) : null;
    if (news !== null) changes.push({ rev, at, probe: runs.id, key: data.run, ...news });
  }
  return { state: next.now, changes };
};

/** Walks through runbooks, by anybody who uses midwatch on this machine. The key of a change is the run's id. */
export const runs: Probe<RunFact, RunsState> = {
  id: probeId('runs'),
  title: 'runs of runbooks',
  // A file on this machine: silence means that nobody did anything.
  patience: hours(24 * 365),
  schema: runFactSchema,
  empty: new Map(),
  fold: (state, batch) => foldRuns(state, batch),
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, Run][]),
  observe: ({ runs: source }, emit, signal) => source.watch(emit, signal),
};
