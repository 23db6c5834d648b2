import type { StreamGroup } from './alert-stream.ts';
import type { Unranked } from './alert-weight.ts';

const subjectOf = (lines: readonly Unranked[]): string => {
  const first = lines[0];
  if (first === undefined) return '';
  if (lines.every((l) => l.item.subject === first.item.subject)) return first.item.subject;
  return lines.every((l) => l.top === first.top) ? first.top : '';
};

/** As the sources group them, each group where the best placed of its items stands. */
export const groupItems = (ranked: readonly Unranked[]): readonly StreamGroup[] =>
  [...Map.groupBy(ranked, ({ item }) => item.group)].map(([key, lines]) => ({
    key,
    items: lines.map((l) => l.item),
    subject: subjectOf(lines),
  }));
