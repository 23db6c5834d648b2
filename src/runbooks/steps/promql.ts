import type { Template, TemplatePart } from '../parameter.ts';
import type { Comparison } from '../runbook.ts';
import { placeholderAt } from './placeholder.ts';
import { joined } from './template.ts';
import type { Name } from './words.ts';

/** Longest query that is read, in UTF-16 units. */
export const queryMost = 8000;

/** A query with its placeholders. `<x>` is one only within quotes: elsewhere it compares. */
export const promqlTemplate = (text: string, name: Name): Template => {
  const parts: TemplatePart[] = [];
  let quote = '';
  for (let at = 0; at < Math.min(text.length, queryMost); ) {
    const c = text.charAt(at);
    const found = placeholderAt(text, at, { angles: quote !== '', dollar: true });
    if (found !== null) {
      parts.push({ kind: 'parameter', name: name(found) });
      at += found.written.length;
      continue;
    }
    if (quote !== '' && quote !== '`' && c === '\\') {
      parts.push({ kind: 'text', text: text.slice(at, at + 2) });
      at += 2;
      continue;
    }
    if (quote === '' && /["'`]/.test(c)) quote = c;
    else if (c === quote) quote = '';
    parts.push({ kind: 'text', text: c });
    at += 1;
  }
  return joined(parts);
};

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');

export interface QueryText {
  readonly text: string;
  /** Lines before it in the fence. */
  readonly before: number;
}

/** Queries of a fence: an empty line stands between them, unless a bracket is open. */
export const queriesIn = (code: string): readonly QueryText[] => {
  const found: { lines: string[]; before: number }[] = [];
  let open = 0;
  let fresh = true;
  for (const [n, line] of withoutComments(code).split('\n').entries()) {
    if (line.trim() === '') {
      if (open <= 0) fresh = true;
      continue;
    }
    if (fresh) found.push({ lines: [], before: n });
    fresh = false;
    found.at(-1)?.lines.push(line);
    open += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
  }
  return found.map(({ lines, before }) => ({ text: lines.join('\n').trim(), before }));
};

/** `up{job="x"} == 0` as what is asked and what it is compared with; null when it does not end so. */
export const comparisonAtEnd = (
  text: string,
): { readonly promql: string; readonly is: Comparison; readonly value: number } | null => {
  const found = /(==|!=|<=|>=|<|>)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*$/i.exec(text);
  const promql = found === null ? '' : text.slice(0, found.index).trim();
  return found === null || promql === ''
    ? null
    : { promql, is: found[1] as Comparison, value: Number(found[2]) };
};
