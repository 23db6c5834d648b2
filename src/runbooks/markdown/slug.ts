/** The name under which a link finds a heading, as GitHub makes it. */
export const slugOf = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** The same, with a number behind those that come again. */
export const slugger = (): ((title: string) => string) => {
  const taken = new Set<string>();
  const times = new Map<string, number>();
  return (title) => {
    const slug = slugOf(title);
    let n = times.get(slug) ?? 0;
    let unique = n === 0 ? slug : `${slug}-${n}`;
    while (taken.has(unique)) {
      n += 1;
      unique = `${slug}-${n}`;
    }
    times.set(slug, n + 1);
    taken.add(unique);
    return unique;
  };
};

/** Titles that mean the same: width, case and punctuation do not matter. */
export const folded = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
