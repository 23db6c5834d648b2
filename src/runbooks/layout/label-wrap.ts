import stringWidth from 'string-width';

const ascii = /^[\x20-\x7e]*$/;
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that the text takes on a terminal. */
export const columnsOf = (text: string): number =>
  ascii.test(text) ? text.length : stringWidth(text);

/** One grapheme and the columns it takes, at least one. */
export interface Glyph {
  readonly text: string;
  readonly columns: number;
}

/** The text in graphemes. One that takes no column joins the one before it, so that every glyph has a cell. */
export const glyphsOf = (text: string): readonly Glyph[] => {
  if (ascii.test(text)) return [...text].map((one) => ({ text: one, columns: 1 }));
  const glyphs: Glyph[] = [];
  for (const { segment } of segments.segment(text)) {
    const columns = stringWidth(segment);
    const last = glyphs.at(-1);
    if (columns > 0) glyphs.push({ text: segment, columns });
    else if (last !== undefined)
      glyphs[glyphs.length - 1] = { text: last.text + segment, columns: last.columns };
  }
  return glyphs;
};

const closing = /^[)\]}、。，．：；！？」』】〉》）］｝’”…%]/u;
const opening = /[([{「『【〈《（［｛‘“]$/u;
const seam = /[-_/.,=:;|&+]$/;

const widthOf = (glyphs: readonly Glyph[]): number =>
  glyphs.reduce((sum, glyph) => sum + glyph.columns, 0);

/** Whether a line may end between the two: at East Asian text, but never before what closes or after what opens. */
const mayPart = (before: Glyph, after: Glyph): boolean =>
  (before.columns > 1 || after.columns > 1) &&
  !closing.test(after.text) &&
  !opening.test(before.text);

/** Stretches that are kept whole as long as they fit a line; a space stands in none of them. */
const wordsOf = (glyphs: readonly Glyph[]): readonly (readonly Glyph[] | 'space')[] => {
  const words: (Glyph[] | 'space')[] = [];
  for (const glyph of glyphs) {
    const last = words.at(-1);
    const before = last === undefined || last === 'space' ? undefined : last.at(-1);
    if (glyph.text === ' ') {
      if (last !== undefined && last !== 'space') words.push('space');
    } else if (last === undefined || last === 'space' || before === undefined) words.push([glyph]);
    else if (mayPart(before, glyph)) words.push([glyph]);
    else last.push(glyph);
  }
  return words;
};

/** A word that is too long for a line, in parts that fit: behind a seam such as `_` or in camelCase, else anywhere. */
const cut = (word: readonly Glyph[], limit: number): readonly (readonly Glyph[])[] => {
  if (widthOf(word) <= limit) return [word];
  let taken = 0;
  let end = 0;
  let atSeam = 0;
  for (const [i, glyph] of word.entries()) {
    if (taken + glyph.columns > limit) break;
    taken += glyph.columns;
    end = i + 1;
    const next = word[end]?.text ?? '';
    if (seam.test(glyph.text) || (/\p{Ll}$/u.test(glyph.text) && /^\p{Lu}/u.test(next)))
      atSeam = end;
  }
  const at = Math.max(1, atSeam > end / 3 ? atSeam : end);
  return [word.slice(0, at), ...cut(word.slice(at), limit)];
};

const fill = (words: readonly (readonly Glyph[] | 'space')[], limit: number): string[] => {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  let space = 0;
  for (const word of words) {
    if (word === 'space') {
      space = 1;
      continue;
    }
    for (const [i, part] of cut(word, limit).entries()) {
      const gap = i === 0 ? space : 0;
      const columns = widthOf(part);
      const text = part.map((glyph) => glyph.text).join('');
      if (used > 0 && (i > 0 || used + gap + columns > limit)) {
        lines.push(line);
        line = text;
        used = columns;
      } else {
        line += (used > 0 && gap === 1 ? ' ' : '') + text;
        used += (used > 0 ? gap : 0) + columns;
      }
    }
    space = 0;
  }
  return used > 0 || lines.length === 0 ? [...lines, line] : lines;
};

/** As few lines as the limit allows, and those about equally long. */
const wrapLine = (text: string, limit: number): readonly string[] => {
  const words = wordsOf(glyphsOf(text));
  const widest = fill(words, limit);
  if (widest.length === 1) return widest;
  const longest = words.reduce(
    (most, word) => (word === 'space' ? most : Math.max(most, widthOf(word))),
    1,
  );
  for (let narrow = Math.min(limit, longest); narrow < limit; narrow += 1) {
    const lines = fill(words, narrow);
    if (lines.length === widest.length) return lines;
  }
  return widest;
};

/**
 * A label in lines of at most `limit` columns; a grapheme is never split. More than `most` lines end in `ellipsis`.
 * A single glyph wider than the limit gets its own line.
 */
export const wrapLabel = (
  label: readonly string[],
  limit: number,
  most: number,
  ellipsis: string,
): readonly string[] => {
  const lines = label.flatMap((text) => wrapLine(text, limit));
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  return [...kept.slice(0, -1), clipText(`${kept.at(-1) ?? ''}${ellipsis}`, limit, ellipsis)];
};

/** The text, or its beginning and an ellipsis in at most `limit` columns. */
export const clipText = (text: string, limit: number, ellipsis: string): string => {
  if (columnsOf(text) <= limit) return text;
  let kept = '';
  let used = columnsOf(ellipsis);
  if (used > limit) return '';
  for (const glyph of glyphsOf(text)) {
    used += glyph.columns;
    if (used > limit) break;
    kept += glyph.text;
  }
  return kept + ellipsis;
};
