/** Edits (insert, delete, replace) between two words; gives up above `limit` and answers `limit + 1`. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] ?? 0, limit + 1);
};

/** The name that was probably meant, or null. One that contains the word counts as near. */
const nearest = (word: string, names: readonly string[]): string | null => {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const asked = word.toLowerCase();
  let best: string | null = null;
  let least = limit + 1;
  for (const name of names) {
    const d = distance(asked, name.toLowerCase(), limit);
    if (d < least) {
      best = name;
      least = d;
    }
  }
  return best ?? names.find((name) => asked !== '' && name.toLowerCase().includes(asked)) ?? null;
};

/** Names listed in an error: more than fit into a few lines help nobody. */
const mostNames = 8;

/** Sentence that ends an error about a name: what was probably meant, and what there is. */
export const didYouMean = (word: string, names: readonly string[]): string => {
  if (names.length === 0) return 'there is none';
  const near = nearest(word, names);
  const shown = [...names].sort().slice(0, mostNames).join(', ');
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${near === null ? '' : `did you mean "${near}"? `}there is: ${shown}${more}`;
};
