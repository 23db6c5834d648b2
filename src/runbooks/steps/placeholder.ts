/** A place for a value, as runbooks write it. */
export interface Placeholder {
  /** As written between the marks: `labels.namespace`, `pod-name`, `NAMESPACE`. */
  readonly name: string;
  /** All of it, marks too. */
  readonly written: string;
  /** `$NAME` says nothing within single quotes. */
  readonly dollar: boolean;
}

const braces =
  /^\{\{\s*(?:\$?\.?((?:[Ll]abels|annotations|Annotations|world|vars|steps|tasks)\.[\w.-]+|\$?[A-Za-z_][\w-]*))\s*\}\}/;
const dollarBraces = /^\$\{([A-Za-z_][\w.-]*)\}/;
const dollar = /^\$([A-Za-z_]\w*)/;
const angles = /^<((?:[A-Za-z]|\$[A-Za-z{])[\w ./:{}$-]{0,60})>/;
const crosses = /^X{3,}(?![A-Za-z0-9_])/;

/** Words of Go's templates, which output formats are written in. */
const goWords: ReadonlySet<string> = new Set(['end', 'else', 'range', 'if', 'with', 'template']);

/** Which forms count: in PromQL `a < b and c > d` compares. */
export interface PlaceholderForms {
  readonly angles: boolean;
  readonly dollar: boolean;
}

/** The placeholder that begins here; null when none does. */
export const placeholderAt = (
  text: string,
  at: number,
  forms: PlaceholderForms,
): Placeholder | null => {
  const c = text.charAt(at);
  if (c !== '{' && c !== '$' && c !== '<' && c !== 'X') return null;
  const rest = text.slice(at, at + 200);
  if (c === '{') {
    const found = braces.exec(rest);
    const name = found?.[1] ?? '';
    if (found === null || goWords.has(name)) return null;
    return { name: name.replace(/^\$/, ''), written: found[0], dollar: false };
  }
  if (c === '$') {
    const inBraces = dollarBraces.exec(rest);
    if (inBraces !== null) return { name: inBraces[1] ?? '', written: inBraces[0], dollar: false };
    const bare = forms.dollar ? dollar.exec(rest) : null;
    return bare === null ? null : { name: bare[1] ?? '', written: bare[0], dollar: true };
  }
  if (c === '<') {
    const found = forms.angles ? angles.exec(rest) : null;
    if (found === null) return null;
    return {
      name: (found[1] ?? '').replace(/[${}]/g, '').trim(),
      written: found[0],
      dollar: false,
    };
  }
  const before = text.charAt(at - 1);
  const found = /[A-Za-z0-9_]/.test(before) ? null : crosses.exec(rest);
  return found === null ? null : { name: 'value', written: found[0], dollar: false };
};
