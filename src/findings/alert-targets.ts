import type { Labels } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import { brief } from '../probes/meta.ts';
import type { HeldTarget } from '../probes/prometheus.ts';
import { byKey, ownItem, ownKept, rest, says, type Told } from './alert-own.ts';
import type { PrometheusSource } from './alert-sources.ts';
import type { StreamItem } from './alert-stream.ts';
import { earliest, proofOf } from './facts.ts';
import { countText, some } from './words.ts';

/** An alert that is sent where targets are down: of all of a job, or of one instance. */
const coversTargets = /down|absent|unreachable|missing|disappeared/i;

type Covers = (target: HeldTarget) => boolean;

const coverage = (alerts: readonly Labels[]): Covers => {
  const jobs = new Set<string>();
  const instances = new Set<string>();
  for (const labels of alerts) {
    const job = labelOf(labels, 'job');
    const instance = labelOf(labels, 'instance');
    if (job === '' && instance === '') continue;
    if (!coversTargets.test(labelOf(labels, 'alertname').slice(0, 200))) continue;
    if (instance === '') jobs.add(job);
    else instances.add(`${job}\n${instance}`);
  }
  return ({ job, instance }) =>
    jobs.has(job) || instances.has(`${job}\n${instance}`) || instances.has(`\n${instance}`);
};

/** What is down of one job, and how many of it no alert speaks of. */
interface JobDown {
  readonly job: string;
  readonly all: readonly Told<HeldTarget>[];
  readonly open: readonly Told<HeldTarget>[];
}

/**
 * How many targets the job has; null where that is not told for certain. Two that are configured alike tell the same
 * number; where several share the work no one of them knows of all that is down, or each has a number of its own.
 */
const totalOf = ({ job, all }: JobDown, sources: readonly PrometheusSource[]): number | null => {
  const totals = sources.flatMap((source) => {
    const found = source.state.info?.jobs?.find((j) => j.job === job);
    return found === undefined ? [] : [{ source, total: found.total }];
  });
  const total = totals[0]?.total ?? 0;
  const agreed = total >= all.length && totals.every((t) => t.total === total);
  const known = totals.some(({ source }) => all.every((t) => t.sources.includes(source)));
  return agreed && known ? total : null;
};

/** `3 of 12 targets of job kubelet are down` */
const downText = (name: string, down: number, total: number | null): string => {
  const are = down === 1 ? 'is' : 'are';
  if (total === null) return `${some(down, 'target')} of job ${name} ${are} down`;
  if (total === 1) return `the only target of job ${name} is down`;
  const share =
    down === total ? `all ${countText(total)}` : `${countText(down)} of ${countText(total)}`;
  return `${share} targets of job ${name} ${are} down`;
};

const jobItem = (down: JobDown, prometheuses: readonly PrometheusSource[]): StreamItem => {
  const { job, all, open } = down;
  const sources = [...new Set(open.flatMap((t) => t.sources))];
  const since = earliest(open.map((t) => t.fact.since));
  const name = brief(job) || 'without a name';
  const what = downText(name, all.length, totalOf(down, prometheuses));
  return ownItem({
    key: `own/targets/${job}`,
    name: 'targets down',
    subject: `job ${name}`,
    summary: `${what}: ${brief(open[0]?.fact.lastError) || 'no reason is told'}`,
    since,
    labels: { job },
    says: says(sources, since),
    stale: sources.every((s) => !s.fresh),
    weight: open.length,
    proof: open
      .slice(0, 3)
      .map(({ fact }) =>
        proofOf('prometheus', `${brief(fact.instance)}: ${brief(fact.lastError)}`, fact.since),
      ),
  });
};

/** Targets that cannot be scraped, one line for each job, unless an alert (`alerts`: their labels) says so already. */
export const downTargets = (
  all: readonly PrometheusSource[],
  alerts: () => readonly Labels[],
): readonly StreamItem[] => {
  const down = byKey(
    all,
    (s) => s.state.down.values(),
    (t) => t.key,
  );
  if (down.size === 0) return [];
  const covered = coverage(alerts());
  const sorted = [...down.values()].sort((a, b) => (a.fact.key < b.fact.key ? -1 : 1));
  const jobs = [...Map.groupBy(sorted, (t) => t.fact.job)]
    .map(([job, told]): JobDown => ({ job, all: told, open: told.filter((t) => !covered(t.fact)) }))
    .filter(({ open }) => open.length > 0)
    .sort((a, b) => b.open.length - a.open.length || (a.job < b.job ? -1 : 1));
  return [
    ...jobs.slice(0, ownKept).map((job) => jobItem(job, all)),
    ...rest('targets', 'targets down', jobs.length - ownKept, 'jobs have targets down'),
  ];
};
