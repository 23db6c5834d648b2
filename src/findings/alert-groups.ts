import { type AlertLink, targetText } from './alert-links.ts';
import type { StreamGroup, StreamItem } from './alert-stream.ts';

type Tops = ReadonlyMap<StreamItem, AlertLink['top']>;

const subjectOf = (items: readonly StreamItem[], tops: Tops): string => {
  const first = items[0];
  if (first === undefined) return '';
  if (items.every((i) => i.subject === first.subject)) return first.subject;
  const words = (item: StreamItem): string => {
    const top = tops.get(item) ?? null;
    return top === null ? '' : targetText(top);
  };
  const shared = words(first);
  return shared !== '' && items.every((i) => words(i) === shared) ? shared : '';
};

/** As the sources group them, each group where the best placed of its items stands. */
export const groupItems = (ranked: readonly StreamItem[], tops: Tops): readonly StreamGroup[] =>
  [...Map.groupBy(ranked, (item) => item.group)].map(([key, items]) => ({
    key,
    items,
    subject: subjectOf(items, tops),
  }));
