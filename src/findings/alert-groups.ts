import type { StreamGroup, StreamItem } from './alert-stream.ts';
import type { Unranked } from './alert-weight.ts';
import type { Finding } from './finding.ts';

/**
 * The group of a source; what a source does not group, a Prometheus mostly, goes by its name, as `=name`: twelve pods
 * that crash are one thing to know. '' for what is no alert.
 */
export const groupKey = ({
  group,
  kind,
  name,
}: Pick<StreamItem, 'group' | 'kind' | 'name'>): string =>
  group !== '' || kind !== 'alert' ? group : `=${name}`;

/** What they have in common, the nearest first: the thing, what owns it, what is broken about all of them. */
const subjectOf = (lines: readonly Unranked[], findings: ReadonlyMap<string, Finding>): string => {
  const first = lines[0];
  if (first === undefined) return '';
  const { subject } = first.item;
  if (subject !== '' && lines.every((l) => l.item.subject === subject)) return subject;
  if (first.top !== '' && lines.every((l) => l.top === first.top)) return first.top;
  const { finding } = first.item;
  return finding !== null && lines.every((l) => l.item.finding === finding)
    ? (findings.get(finding)?.title ?? '')
    : '';
};

/** As the sources group them, and by name where they do not, each group where the best placed of its items stands. */
export const groupItems = (
  ranked: readonly Unranked[],
  findings: ReadonlyMap<string, Finding>,
): readonly StreamGroup[] =>
  [...Map.groupBy(ranked, ({ item }) => groupKey(item))].map(([key, lines]) => ({
    key,
    items: lines.map((l) => l.item),
    subject: subjectOf(lines, findings),
  }));
