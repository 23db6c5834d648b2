import type { NodeShape } from '../chart.ts';
import { atEnd, type Cursor, charAt, looksAt, skipSpaces, takeUntil } from './cursor.ts';
import type { Report } from './report.ts';

/** A label as it stands in the chart. */
export interface RawLabel {
  readonly text: string;
  readonly markdown: boolean;
  readonly at: number;
}

export interface Brackets {
  readonly open: string;
  readonly close: readonly string[];
  readonly shape: NodeShape;
  /** Which characters an unquoted label may hold. */
  readonly text: 'plain' | 'slanted' | 'ellipse';
}

const brackets = (
  open: string,
  close: string | readonly string[],
  shape: NodeShape,
  text: Brackets['text'] = 'plain',
): Brackets => ({ open, close: typeof close === 'string' ? [close] : close, shape, text });

/** Longer openings first. */
const all: readonly Brackets[] = [
  brackets('(((', ')))', 'round'),
  brackets('(-', ['-)', '/)'], 'round', 'ellipse'),
  brackets('([', '])', 'round'),
  brackets('((', '))', 'round'),
  brackets('(', ')', 'round'),
  brackets('[[', ']]', 'subroutine'),
  brackets('[(', ')]', 'store'),
  brackets('[/', ['/]', '\\]'], 'box', 'slanted'),
  brackets('[\\', ['\\]', '/]'], 'box', 'slanted'),
  brackets('[', ']', 'box'),
  brackets('{{', '}}', 'box'),
  brackets('{', '}', 'decision'),
  brackets('>', ']', 'box'),
];

export const pipes: Brackets = brackets('|', '|', 'box');
export const squares: Brackets = brackets('[', ']', 'box');

/** The brackets that open here; nothing is taken. */
export const bracketsAt = (c: Cursor): Brackets | null =>
  all.find(({ open }) => looksAt(c, open)) ?? null;

const stops: Readonly<Record<Brackets['text'], RegExp>> = {
  plain: /^[[\](){}|"]$/,
  slanted: /^[[\](){}]$/,
  ellipse: /^[[\](){}"]$/,
};

const closes = (c: Cursor, { close }: Brackets): string | undefined =>
  close.find((end) => looksAt(c, end));

const pairs: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };
const arrow = /--[->xo]|==|-\.|\.-|~~~/;

/** End of a label that holds brackets of its own, each closed, on this line; -1 when it is not so. */
const nestedEnd = (c: Cursor, from: number, kind: Brackets): number => {
  const open: string[] = [];
  for (let at = from; at < c.text.length; at += 1) {
    c.steps += 1;
    const char = c.text[at] ?? '';
    if (char === '\n') return -1;
    if (open.length === 0 && kind.close.some((end) => c.text.startsWith(end, at))) {
      return arrow.test(c.text.slice(from, at)) ? -1 : at;
    }
    const closing = pairs[char];
    if (closing !== undefined) open.push(closing);
    else if (/^[\])}]$/.test(char) && open.pop() !== char) return -1;
  }
  return -1;
};

/** From the opening quote to the closing one, both taken. Backticks inside the quotes make it Markdown. */
export const takeQuoted = (c: Cursor, report: Report): RawLabel | null => {
  const at = c.at;
  c.at += 1;
  const text = takeUntil(c, '"');
  if (text === null) return report.error(at, 'A quote is opened and not closed', 'add `"`');
  if (text === '') return report.error(at, 'A label with nothing in it', 'write `" "`');
  if (!text.startsWith('`')) return { text, markdown: false, at };
  if (text.length > 1 && text.endsWith('`')) {
    return { text: text.slice(1, -1), markdown: true, at };
  }
  report.warning(at, 'A backtick behind the quote opens Markdown that nothing closes');
  return { text, markdown: false, at };
};

/** A quoted label up to the closing bracket, both taken. Plain text behind the quotes belongs to it. */
const quotedIn = (c: Cursor, report: Report, kind: Brackets): RawLabel | null => {
  const label = takeQuoted(c, report);
  if (label === null) return null;
  const from = c.at;
  while (!atEnd(c) && closes(c, kind) === undefined && !stops.plain.test(charAt(c))) c.at += 1;
  const behind = c.text.slice(from, c.at);
  const end = closes(c, kind);
  if (end === undefined || (behind.includes('\n') && arrow.test(behind))) {
    return report.error(
      from,
      `Expected \`${kind.close[0]}\` behind the quoted label`,
      'write #quot; for a quote inside a quoted label',
    );
  }
  c.at += end.length;
  return { ...label, text: `${label.text}${behind}` };
};

/**
 * Reads a label from its opening bracket to its closing one, both taken. Null is reported.
 * Unquoted labels may go over line ends, as long as they look like no forgotten bracket.
 */
export const takeLabel = (c: Cursor, report: Report, kind: Brackets): RawLabel | null => {
  const at = c.at;
  c.at += kind.open.length;
  const from = c.at;
  if (charAt(c) === '"') return quotedIn(c, report, kind);
  skipSpaces(c);
  if (charAt(c) === '"' && kind.text === 'plain') {
    report.warning(at, 'Mermaid itself takes no space before a quoted label');
    return quotedIn(c, report, kind);
  }
  c.at = from;
  const stop = stops[kind.text];
  while (!atEnd(c)) {
    const end = closes(c, kind);
    if (end !== undefined) {
      const text = c.text.slice(from, c.at);
      if (text === '') return report.error(at, 'A label with nothing in it', 'write `" "`');
      if (text.includes('\n') && arrow.test(text)) break;
      c.at += end.length;
      return { text, markdown: false, at };
    }
    if (stop.test(charAt(c))) {
      const nested = kind.text === 'plain' ? nestedEnd(c, from, kind) : -1;
      if (nested === -1) break;
      report.warning(at, 'Mermaid itself takes brackets and quotes in a label only inside quotes');
      c.at = nested + (kind.close[0]?.length ?? 1);
      return { text: c.text.slice(from, nested), markdown: false, at };
    }
    c.at += 1;
  }
  c.at = at;
  return report.error(
    at,
    `\`${kind.open}\` is opened and not closed by \`${kind.close[0]}\``,
    kind.text === 'slanted'
      ? 'put a path in quotes: ["/var/lib"]'
      : 'close it, or put the label in quotes if it holds brackets',
  );
};

/** Over the `[|borders:lt|` of a `[|borders:lt|label]`; false, and nothing taken, when it is not there. */
export const takeProperties = (c: Cursor): boolean => {
  const found = looksAt(c, '[|')
    ? /^\[\|[\w-]+:[\w-]+\|/.exec(c.text.slice(c.at, c.at + 80))
    : null;
  c.at += found?.[0].length ?? 0;
  return found !== null;
};
