import { type DownTarget, type JobTargets, jobsKept } from '../../kernel/prometheus-fact.ts';
import {
  boundedPairs,
  boundedText,
  listOf,
  membersOf,
  nameKept,
} from '../alertmanager/bounded-text.ts';

export interface TargetsRead {
  readonly targets: number;
  readonly up: number;
  /** At most `jobsKept`, by name. */
  readonly jobs: readonly JobTargets[];
  /** By key, those that cannot be scraped; at most `downKept`. */
  readonly down: ReadonlyMap<string, DownTarget>;
  /** Of those that cannot be scraped, how many are not among them. */
  readonly left: number;
}

/** Targets that are down, kept of one Prometheus. */
export const downKept = 5000;

/** Our own port of a broken connection is another one each time, and no news. */
const steadyError = (error: unknown): string => boundedText(error).replace(/:\d{1,5}->/g, '->');

const downOf = (raw: Readonly<Record<string, unknown>>): DownTarget => {
  const labels = boundedPairs(raw.labels) ?? {};
  return {
    key: `${boundedText(raw.scrapePool, 300)}/${boundedText(raw.scrapeUrl, 600)}`,
    job: boundedText(labels.job, nameKept),
    instance: boundedText(labels.instance, nameKept),
    labels,
    lastError: steadyError(raw.lastError),
  };
};

const byName = (a: JobTargets, b: JobTargets): number => (a.job < b.job ? -1 : 1);

/** Totals of each job. Of too many those stay that have something to tell. */
const jobsOf = (targets: readonly Readonly<Record<string, unknown>>[]): readonly JobTargets[] => {
  const jobs = new Map<string, { job: string; up: number; total: number }>();
  for (const { labels, health } of targets) {
    const job = boundedText(membersOf(labels).job, nameKept);
    const had = jobs.get(job) ?? { job, up: 0, total: 0 };
    had.total += 1;
    if (health === 'up') had.up += 1;
    jobs.set(job, had);
  }
  const all = [...jobs.values()].sort(byName);
  if (all.length <= jobsKept) return all;
  const lacking = all.filter(({ up, total }) => up < total);
  const whole = all.filter(({ up, total }) => up === total);
  return [...lacking, ...whole].slice(0, jobsKept).sort(byName);
};

/** Counts, and what is down, in an answer of `/api/v1/targets`. Null when it is no such answer. */
export const targetsAnswer = (answer: unknown): TargetsRead | null => {
  const { activeTargets } = membersOf(membersOf(answer).data);
  if (!Array.isArray(activeTargets)) return null;
  const targets = listOf(activeTargets).map(membersOf);
  const broken = targets.filter(({ health }) => health === 'down').map(downOf);
  const down = new Map(broken.slice(0, downKept).map((target) => [target.key, target]));
  return {
    targets: targets.length,
    up: targets.filter(({ health }) => health === 'up').length,
    jobs: jobsOf(targets),
    down,
    left: Math.max(0, broken.length - downKept),
  };
};
