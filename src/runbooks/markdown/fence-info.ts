/** What stands behind the mark of a fence. */
export interface FenceInfo {
  /** Lower case; '' when nothing is told. */
  readonly language: string;
  /** As written, each once; the last of a name wins. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What cannot be read of it; '' when all can. */
  readonly unread: string;
}

const most = 2000;

const languageOf = (info: string): string =>
  (/^[^\s{]+/.exec(info)?.[0] ?? '').toLowerCase().replace(/^language-/, '');

const jsonAttributes = (text: string): ReadonlyMap<string, string> | null => {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== 'object' || said === null || Array.isArray(said)) return null;
    return new Map(
      Object.entries(said).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
  } catch {
    return null;
  }
};

/** `name=x`, `name="x y"`, `name='x'`, `.class`, `#id` and words alone, which are `true`. */
const words =
  /\s*(?:([A-Za-z_][\w.-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'{}]+))|([.#][\w-]+)|([A-Za-z_][\w-]*))\s*,?/y;

const htmlAttributes = (text: string): ReadonlyMap<string, string> | null => {
  const found = new Map<string, string>();
  words.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    words.lastIndex = at;
    const m = words.exec(text);
    if (m === null || m[0] === '') return text.slice(at).trim() === '' ? found : null;
    const [all, name, double, single, bare, mark, flag] = m;
    if (name !== undefined) {
      found.set(name, double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '');
    } else if (mark?.startsWith('#') === true) found.set('id', mark.slice(1));
    else if (flag !== undefined) found.set(flag, 'true');
    at += all.length;
  }
  return found;
};

/** Both forms that runme has are read: `sh {"name":"x"}` and `sh { name=x since="30m" }`. */
export const fenceInfo = (info: string): FenceInfo => {
  const text = info.slice(0, most).trim();
  const language = languageOf(text);
  const brace = text.indexOf('{');
  if (brace === -1) return { language, attributes: new Map(), unread: '' };
  const inside = text.slice(brace);
  const attributes =
    jsonAttributes(inside) ??
    (inside.endsWith('}') ? htmlAttributes(inside.slice(1, -1).trim()) : null);
  return attributes === null
    ? { language, attributes: new Map(), unread: inside }
    : { language, attributes, unread: '' };
};
