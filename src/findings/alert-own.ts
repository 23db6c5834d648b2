import type { Labels } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import type { AlertRule } from '../kernel/prometheus-fact.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { brief } from '../probes/meta.ts';
import type { HeldTarget } from '../probes/prometheus.ts';
import { severityOf } from './alert-reading.ts';
import type { PrometheusSource } from './alert-sources.ts';
import type { Saying, StreamItem } from './alert-stream.ts';
import { earliest, proofOf } from './facts.ts';
import { countText, some } from './words.ts';

/** Words of our own about rules, and about jobs: beyond so many each the rest is counted in one line. */
const ownKept = 50;

/** A word of our own: what nobody sends an alert about. */
export const ownItem = (
  parts: Pick<StreamItem, 'key' | 'name' | 'summary' | 'since' | 'proof'> & Partial<StreamItem>,
): StreamItem => ({
  kind: 'own',
  severity: 'warning',
  state: 'firing',
  labels: {},
  annotations: {},
  subject: '',
  object: null,
  member: null,
  about: [],
  finding: null,
  resolvedAt: null,
  says: [],
  disagreement: '',
  note: '',
  stale: false,
  suppressedBy: [],
  flaps: 0,
  acknowledged: null,
  weight: 1,
  group: '',
  receivers: [],
  generatorUrl: '',
  ...parts,
});

const says = (sources: readonly PrometheusSource[], since: EpochMs | null): readonly Saying[] =>
  sources.map((s) => ({ source: s.name, state: 'firing', fresh: s.fresh, heard: s.heard, since }));

interface Told<Fact> {
  readonly fact: Fact;
  readonly sources: PrometheusSource[];
}

/** What several Prometheuses tell alike is one thing. */
const byKey = <Fact>(
  all: readonly PrometheusSource[],
  of: (source: PrometheusSource) => Iterable<Fact>,
  keyOf: (fact: Fact) => string,
): ReadonlyMap<string, Told<Fact>> => {
  const table = new Map<string, Told<Fact>>();
  for (const source of all) {
    for (const fact of of(source)) {
      const key = keyOf(fact);
      const had = table.get(key);
      if (had === undefined) table.set(key, { fact, sources: [source] });
      else had.sources.push(source);
    }
  }
  return table;
};

const rest = (key: string, name: string, left: number, what: string): readonly StreamItem[] =>
  left <= 0
    ? []
    : [
        ownItem({
          key: `own/${key}`,
          name,
          summary: `${countText(left)} more ${what}, not listed`,
          since: epochMs(0),
          proof: [],
          weight: 0.01,
        }),
      ];

const ruleItem = ({ fact, sources }: Told<AlertRule>): StreamItem => ({
  ...ownItem({
    key: `own/rule/${fact.key}`,
    name: brief(fact.name),
    summary: `rule ${brief(fact.name)} fails: ${brief(fact.lastError) || 'no reason is told'}`,
    since: epochMs(0),
    labels: fact.labels,
    annotations: fact.annotations,
    says: says(sources, null),
    stale: sources.every((s) => !s.fresh),
    proof: sources.map((s) =>
      proofOf(
        'prometheus',
        `${s.name}: rule ${brief(fact.name)} of group ${brief(fact.group)} is not evaluated: ${brief(fact.lastError)}`,
        fact.lastEvaluation,
      ),
    ),
  }),
  // An alert that cannot fire is as bad to miss as it is severe.
  weight: severityOf(fact.labels) === 'critical' ? 2 : 1,
});

/** Rules that cannot be evaluated: what they watch for may be so, and nobody would hear of it. */
export const failingRules = (all: readonly PrometheusSource[]): readonly StreamItem[] => {
  const failing = byKey(
    all,
    (s) => [...s.state.rules.values()].filter((r) => r.health === 'err'),
    (r) => r.key,
  );
  const keys = [...failing.keys()].sort();
  return [
    ...keys.slice(0, ownKept).flatMap((key) => {
      const told = failing.get(key);
      return told === undefined ? [] : [ruleItem(told)];
    }),
    ...rest('rules', 'rules fail', keys.length - ownKept, 'rules fail'),
  ];
};

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

const jobItem = (job: string, told: readonly Told<HeldTarget>[]): StreamItem => {
  const sources = [...new Set(told.flatMap((t) => t.sources))];
  const since = earliest(told.map((t) => t.fact.since));
  const first = told[0]?.fact;
  const are = told.length === 1 ? 'is' : 'are';
  const name = brief(job) || 'without a name';
  return ownItem({
    key: `own/targets/${job}`,
    name: 'targets down',
    subject: `job ${name}`,
    summary: `${some(told.length, 'target')} of job ${name} ${are} down: ${brief(first?.lastError) || 'no reason is told'}`,
    since,
    labels: { job },
    says: says(sources, since),
    stale: sources.every((s) => !s.fresh),
    weight: told.length,
    proof: told
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
  const open = [...down.values()]
    .filter((t) => !covered(t.fact))
    .sort((a, b) => (a.fact.key < b.fact.key ? -1 : 1));
  const jobs = [...Map.groupBy(open, (t) => t.fact.job)].sort(
    ([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1),
  );
  return [
    ...jobs.slice(0, ownKept).map(([job, told]) => jobItem(job, told)),
    ...rest('targets', 'targets down', jobs.length - ownKept, 'jobs have targets down'),
  ];
};
