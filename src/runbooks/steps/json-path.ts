/** One step into JSON: a member, an item, or every one. */
export type JsonStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'every' };

const step =
  /\.?([A-Za-z_][\w-]*)|\[(-?\d{1,6})\]|\[(?:'([^']{1,200})'|"([^"]{1,200})")\]|\.?(\*)|\[(\*)\]/y;

/** `$.items[0].status`, `[*].name`, `['a b'].c`; kubectl's braces around it do no harm. Null: cannot be read. */
export const readJsonPath = (text: string): readonly JsonStep[] | null => {
  const path = text
    .trim()
    .replace(/^\{|\}$/g, '')
    .replace(/^\$/, '');
  const steps: JsonStep[] = [];
  for (let at = 0; at < path.length; ) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (found === null || steps.length >= 30) return null;
    const [all, bare, index, single, double] = found;
    const name = bare ?? single ?? double;
    if (name !== undefined) steps.push({ kind: 'member', name });
    else if (index !== undefined) steps.push({ kind: 'item', index: Number(index) });
    else steps.push({ kind: 'every' });
    at += all.length;
  }
  return steps;
};

/** More values than this are not looked at. */
const valuesMost = 10_000;

/** Values at a path; [] when nothing is there. Only what the JSON itself holds is found. */
export const jsonAt = (json: unknown, path: readonly JsonStep[]): readonly unknown[] => {
  let here: readonly unknown[] = [json];
  for (const at of path) {
    here = here.slice(0, valuesMost).flatMap((value): readonly unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      if (at.kind === 'every') return Object.values(value).slice(0, valuesMost);
      if (at.kind === 'item') {
        return Array.isArray(value) && Math.abs(at.index) <= value.length
          ? value.slice(at.index).slice(0, 1)
          : [];
      }
      return Object.hasOwn(value, at.name) ? [(value as Record<string, unknown>)[at.name]] : [];
    });
  }
  return here;
};
