import type { Matcher } from './alert-fact.ts';
import { type MatchersRead, matcherOf, trimSpace } from './matchers-utf8.ts';

const form = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)([\s\S]*)$/;
const edges = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;

/** Unescapes what stands behind the operator; null when there is a quote that is no edge of it. */
const unescaped = (raw: string): string | null => {
  const quoted = raw.startsWith('"');
  const chars = [...(quoted ? raw.slice(1) : raw)];
  let closed = !quoted;
  let value = '';
  for (let i = 0; i < chars.length; i += 1) {
    const c = chars[i];
    if (c === '\\' && i < chars.length - 1) {
      i += 1;
      const then = chars[i];
      value += then === 'n' ? '\n' : then === '"' || then === '\\' ? then : `\\${then}`;
    } else if (c === '"') {
      if (closed || i < chars.length - 1) return null;
      closed = true;
    } else value += c;
  }
  return closed ? value : null;
};

interface Piece {
  readonly text: string;
  /** Characters before it. */
  readonly from: number;
}

/** Commas part, but not within quotes. Nothing behind the last one is no piece. */
const piecesOf = (text: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  const open = text.startsWith('{') ? 1 : 0;
  const chars = [...text.slice(open, text.endsWith('}') && text.length > open ? -1 : undefined)];
  let inside = false;
  let escaped = false;
  let from = 0;
  chars.forEach((c, i) => {
    if (c === ',' && !inside) {
      pieces.push({ text: chars.slice(from, i).join(''), from: from + open });
      from = i + 1;
      return;
    }
    if (c === '"' && !escaped) inside = !inside;
    // A comma within quotes leaves a backslash before it in force, as Alertmanager does.
    if (c !== ',') escaped = c === '\\' && !escaped;
  });
  const last = trimSpace(chars.slice(from).join(''));
  return last === '' ? pieces : [...pieces, { text: last, from: from + open }];
};

/** The syntax of Alertmanager up to 0.26: names are of ASCII, values may hold nearly anything without quotes. */
export const readMatchersClassic = (text: string): MatchersRead => {
  const matchers: Matcher[] = [];
  for (const { text: piece, from } of piecesOf(text)) {
    const [, name = '', operator = '', rest = ''] = form.exec(piece) ?? [];
    const value = operator === '' ? null : unescaped(rest.replace(edges, ''));
    if (value === null) {
      const why = operator === '' ? `"${piece.trim()}" is no matcher` : 'a quote is out of place';
      return { kind: 'wrong', column: from + 1, why, hint: 'severity="critical"' };
    }
    matchers.push(matcherOf(name, operator, value));
  }
  return { kind: 'read', matchers };
};
