import type { StreamGroup, StreamItem } from './alert-stream.ts';

/** `tops`: what a person would call the thing that an item is about in the end, '' where nothing is known. */
const subjectOf = (items: readonly StreamItem[], tops: ReadonlyMap<StreamItem, string>): string => {
  const first = items[0];
  if (first === undefined) return '';
  if (items.every((i) => i.subject === first.subject)) return first.subject;
  const shared = tops.get(first) ?? '';
  return shared !== '' && items.every((i) => tops.get(i) === shared) ? shared : '';
};

/** As the sources group them, each group where the best placed of its items stands. */
export const groupItems = (
  ranked: readonly StreamItem[],
  tops: ReadonlyMap<StreamItem, string>,
): readonly StreamGroup[] =>
  [...Map.groupBy(ranked, (item) => item.group)].map(([key, items]) => ({
    key,
    items,
    subject: subjectOf(items, tops),
  }));
