import type { DownTarget } from '../../kernel/prometheus-fact.ts';
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
    down,
    left: Math.max(0, broken.length - downKept),
  };
};
