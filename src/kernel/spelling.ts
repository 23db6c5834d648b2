/** Changes of one letter that lead from one word to another, with a swap of neighbours as one; at most `limit` + 1. */
const editDistance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, (before[j - 2] ?? 0) + 1);
      }
      row.push(d);
      if (d < least) least = d;
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
};

/** The word that was probably meant; null when nothing is near enough. */
export const closest = (typed: string, words: Iterable<string>): string | null => {
  if (typed === '' || typed.length > 60) return null;
  const limit = typed.length <= 3 ? 1 : typed.length <= 6 ? 2 : 3;
  let best: string | null = null;
  let least = limit + 1;
  for (const word of words) {
    const d = editDistance(typed, word, limit);
    // Among equals the longer word says more: `pods` rather than `po`.
    if (d < least || (d === least && best !== null && d <= limit && word.length > best.length)) {
      least = d;
      best = word;
    }
  }
  return least <= limit ? best : null;
};

/** The known word that was probably meant; undefined when none is near enough to suggest. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { word: string; d: number } | undefined;
  for (const k of known) {
    const d = editDistance(word.toLowerCase(), k.toLowerCase(), limit);
    if (d <= limit && (best === undefined || d < best.d)) best = { word: k, d };
  }
  return best?.word;
};
