import type { Evidence, RunAlert, RunbookRef, RunFact } from './run-fact.ts';
import type { EpochMs } from './units.ts';

type Told<Kind extends RunFact['kind']> = Extract<RunFact, { readonly kind: Kind }>;

export interface HeldEvidence extends Evidence {
  readonly at: EpochMs;
  readonly by: string;
}

/** The way out of a step that was taken. */
export type ChosenBranch = Pick<Told<'chosen'>, 'to' | 'label' | 'edge' | 'suggested' | 'why'>;

/** One visit to a step. */
export interface Visit {
  /** From 1, over the whole run. */
  readonly number: number;
  readonly step: string;
  readonly title: string;
  readonly way: Told<'entered'>['way'];
  readonly at: EpochMs;
  readonly by: string;
  readonly state:
    | { readonly kind: 'current' }
    | { readonly kind: 'done'; readonly at: EpochMs }
    /** With `left`, when the next step was entered; null while the run still stands here. */
    | {
        readonly kind: 'skipped';
        readonly at: EpochMs;
        readonly reason: string;
        readonly left: EpochMs | null;
      };
  readonly chosen: ChosenBranch | null;
  /** Oldest first. */
  readonly evidence: readonly HeldEvidence[];
  /** Ticked off: `task#item`. */
  readonly ticks: readonly string[];
  readonly timer: {
    readonly since: EpochMs;
    readonly until: EpochMs;
    readonly why: string;
  } | null;
}

export interface RunNote {
  readonly at: EpochMs;
  readonly by: string;
  readonly text: string;
  /** Visit during which it was written; 0 before the first. */
  readonly visit: number;
}

/** One walk through a runbook. */
export interface Run {
  readonly id: string;
  readonly runbook: RunbookRef;
  readonly alert: RunAlert | null;
  readonly startedAt: EpochMs;
  readonly startedBy: string;
  /** In their order; the last is where the run stands. At most `visitsKept`. */
  readonly visits: readonly Visit[];
  /** At most `notesKept`; later ones are refused. */
  readonly notes: readonly RunNote[];
  /** Values of parameters that a person gave, by name; the newest counts. */
  readonly values: Readonly<Record<string, string>>;
  /** Hashes of newer texts that the run was told not to follow. */
  readonly kept: readonly string[];
  /** Null while it goes on. */
  readonly ended: {
    readonly how: 'done' | 'abandoned';
    readonly at: EpochMs;
    readonly by: string;
    readonly words: string;
  } | null;
}

/** By id, in the order in which they began. */
export type RunsState = ReadonlyMap<string, Run>;

/** Pieces of evidence of one run; the oldest go first. They stay in the file. */
export const evidencePerRun = 200;
export const notesKept = 500;
export const ticksKept = 500;
export const valuesKept = 200;
export const keptKept = 100;

/** Where it stands; null before the first step. */
export const currentVisit = (run: Run): Visit | null => run.visits.at(-1) ?? null;

/** How often each step was entered. A step of 2 and more is in a loop. */
export const visitsOf = (run: Run): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { step } of run.visits) counts.set(step, (counts.get(step) ?? 0) + 1);
  return counts;
};

export const tickKey = (task: string, item: number): string => `${task}#${item}`;

/** What a step has brought, by task: the newest of each, over the whole run, the latest visit winning. */
export const latestEvidence = (run: Run): ReadonlyMap<string, HeldEvidence> =>
  new Map(run.visits.flatMap((v) => v.evidence.map((e) => [e.task, e] as const)));
