import { type Run, type Visit, visitsOf } from '../../kernel/run.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Chart } from '../chart.ts';

/** How a step stands in a run; a step that was never visited is not in it. */
export interface WalkedStep {
  /** Of the latest visit. `failed`: the newest result of one of its tasks was not well. */
  readonly mark: 'current' | 'done' | 'skipped' | 'failed';
  /** How often it was entered. */
  readonly times: number;
}

/** What a chart and a list of steps show of a run. */
export interface Walked {
  readonly steps: ReadonlyMap<string, WalkedStep>;
  /** Edges of the chart that were taken, by their index. */
  readonly edges: ReadonlySet<number>;
}

/** The edge between two visits; null where none was followed. An edge of an earlier text may have another index now. */
const edgeOf = ({ edges }: Chart, from: Visit, to: Visit): number | null => {
  if (to.way !== 'next' && to.way !== 'branch') return null;
  const leads = (edge: Chart['edges'][number] | undefined): boolean =>
    edge?.from === from.step && edge.to === to.step;
  const chosen = to.way === 'branch' ? (from.chosen?.edge ?? null) : null;
  if (chosen !== null && leads(edges[chosen])) return chosen;
  const found = edges.findIndex(leads);
  return found === -1 ? null : found;
};

export const walked = (run: Run, chart: Chart | null): Walked => {
  const steps = new Map<string, WalkedStep>();
  const edges = new Set<number>();
  const times = visitsOf(run);
  const last = run.visits.at(-1);
  for (const [n, visit] of run.visits.entries()) {
    const newest = new Map(visit.evidence.map((e) => [e.task, e.exit] as const));
    const failed = [...newest.values()].includes('failed');
    const mark =
      visit === last && run.ended === null
        ? 'current'
        : visit.state.kind === 'skipped'
          ? 'skipped'
          : failed
            ? 'failed'
            : 'done';
    steps.set(visit.step, { mark, times: times.get(visit.step) ?? 1 });
    const next = run.visits[n + 1];
    const edge = chart === null || next === undefined ? null : edgeOf(chart, visit, next);
    if (edge !== null) edges.add(edge);
  }
  return { steps, edges };
};

export interface DueTimer {
  readonly run: Run;
  readonly since: EpochMs;
  readonly until: EpochMs;
  readonly why: string;
}

/** Timers of runs that go on, the one that is due first standing first; those that are due by `now` when it is given. */
export const timersOf = (runs: Iterable<Run>, now?: EpochMs): readonly DueTimer[] =>
  [...runs]
    .flatMap((run): readonly DueTimer[] => {
      const timer = run.visits.at(-1)?.timer ?? null;
      return run.ended !== null || timer === null ? [] : [{ run, ...timer }];
    })
    .filter(({ until }) => now === undefined || until <= now)
    .sort((a, b) => a.until - b.until);
