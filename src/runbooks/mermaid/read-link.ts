import { type Cursor, charAt, skipBlank, skipSpaces, take } from './cursor.ts';
import { labelLine } from './label-text.ts';
import type { Report } from './report.ts';
import { takeId } from './scan-id.ts';
import { pipes, type RawLabel, takeLabel, takeQuoted } from './scan-label.ts';
import { type End, type LinkToken, linkAt, type Stroke, takeLinkLabel } from './scan-link.ts';

/** An arrow with its label and its name, both '' for none. */
export interface Link {
  readonly at: number;
  readonly id: string;
  readonly label: string;
  readonly stroke: Stroke;
  readonly head: End;
  readonly tail: End;
}

const idle = 'Mermaid draws a sign at the start of an arrow only when the same sign is at its end';

/** Both ends as Mermaid draws them: a tail needs a head of its kind. */
const endsOf = (report: Report, at: number, tail: End, head: End): Pick<Link, 'head' | 'tail'> => {
  if (tail === 'none' || tail === head) return { head, tail };
  report.warning(at, idle, 'swap the two nodes if the arrow should point back');
  return { head, tail: 'none' };
};

const notClosed: Readonly<Record<Stroke, string>> = {
  solid: '-->',
  thick: '==>',
  dotted: '.->',
  invisible: '~~~',
};

/** Reads on behind `--`, `==` or `-.`: a label and the arrow that closes it. */
const labelled = (
  c: Cursor,
  report: Report,
  at: number,
  id: string,
  opening: LinkToken,
): Link | null => {
  const { stroke } = opening;
  let raw: RawLabel;
  let closing: LinkToken;
  const from = c.at;
  skipBlank(c);
  if (charAt(c) === '"') {
    const quoted = takeQuoted(c, report);
    if (quoted === null) return null;
    skipBlank(c);
    const found = linkAt(c, c.at);
    if (found?.kind === 'whole' && found.stroke === stroke) {
      c.at += found.length;
      [raw, closing] = [quoted, found];
    } else {
      const more = takeLinkLabel(c, stroke);
      if (more === null) {
        return report.error(
          c.at,
          `Expected \`${notClosed[stroke]}\` behind the label of the arrow`,
        );
      }
      [raw, closing] = [{ ...quoted, text: `${quoted.text} ${more.text}` }, more.closing];
    }
  } else {
    c.at = from;
    const found = takeLinkLabel(c, stroke);
    if (found === null) {
      c.at = at;
      return report.error(
        at,
        'An arrow is begun and not ended on its line',
        `write \`${notClosed[stroke]}\`, or put its label in quotes`,
      );
    }
    if (found.foreign) report.warning(found.from, 'Mermaid itself wants this label in quotes');
    [raw, closing] = [{ text: found.text, markdown: false, at: found.from }, found.closing];
  }
  const tail = opening.tail === 'none' ? closing.tail : opening.tail;
  return { at, id, label: labelLine(raw), stroke, ...endsOf(report, at, tail, closing.head) };
};

/** `x--xB` may be meant as an arrow to `xB`. */
const warnOfHead = (c: Cursor, report: Report, token: LinkToken): void => {
  if (token.head !== 'cross' && token.head !== 'circle') return;
  if (!/^\w$/.test(charAt(c))) return;
  const sign = token.head === 'cross' ? 'x' : 'o';
  report.warning(
    c.at - 1,
    `The \`${sign}\` is read as the head of the arrow`,
    'put a space before or behind it',
  );
};

/** The name of an arrow, as in `e1@-->`; '' and nothing taken when there is none. */
const takeEdgeId = (c: Cursor): string => {
  const from = c.at;
  const id = takeId(c);
  if (id !== '' && take(c, '@') && linkAt(c, c.at) !== null) return id;
  c.at = from;
  return '';
};

/**
 * Reads an arrow, with what stands before and behind it up to the next node. `none` when there is
 * none, and nothing is taken; null when there is a broken one, which is reported.
 */
export const readLink = (c: Cursor, report: Report): Link | 'none' | null => {
  const from = c.at;
  skipBlank(c);
  let id = '';
  if (linkAt(c, c.at) === null) {
    c.at = from;
    skipSpaces(c);
    id = takeEdgeId(c);
  }
  const at = c.at;
  const token = linkAt(c, at);
  if (token === null) {
    c.at = from;
    return 'none';
  }
  c.at += token.length;
  if (token.kind === 'opening') {
    const link = labelled(c, report, at, id, token);
    if (link !== null) skipBlank(c);
    return link;
  }
  warnOfHead(c, report, token);
  skipBlank(c);
  const { stroke } = token;
  const ends = endsOf(report, at, token.tail, token.head);
  if (charAt(c) !== '|') return { at, id, label: '', stroke, ...ends };
  const raw = takeLabel(c, report, pipes);
  if (raw === null) return null;
  skipSpaces(c);
  return { at, id, label: labelLine(raw), stroke, ...ends };
};
