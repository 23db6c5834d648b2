import type { AlertRule } from '../kernel/prometheus-fact.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { brief } from '../probes/meta.ts';
import { severityOf } from './alert-reading.ts';
import { heardLast, type PrometheusSource } from './alert-sources.ts';
import type { Saying, StreamItem } from './alert-stream.ts';
import { proofOf } from './facts.ts';
import { countText } from './words.ts';

/** Words of our own about rules, and about jobs: beyond so many each the rest is counted in one line. */
export const ownKept = 50;

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

export const says = (
  sources: readonly PrometheusSource[],
  since: EpochMs | null,
): readonly Saying[] =>
  sources.map((s) => ({
    source: s.name,
    state: 'firing',
    fresh: s.fresh,
    heard: heardLast(s),
    since,
  }));

export interface Told<Fact> {
  readonly fact: Fact;
  readonly sources: PrometheusSource[];
}

/** What several Prometheuses tell alike is one thing. */
export const byKey = <Fact>(
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

export const rest = (
  key: string,
  name: string,
  left: number,
  what: string,
): readonly StreamItem[] =>
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
