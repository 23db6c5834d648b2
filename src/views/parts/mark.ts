import type { Matcher } from '../filter.ts';
import { type Line, lineText, type Span } from './line.ts';

/** The line with what the filter found in it marked, and how often it did. */
export const mark = (
  line: Line,
  matcher: Matcher,
): { readonly line: Line; readonly found: number } => {
  if (!matcher.active) return { line, found: 0 };
  const text = lineText(line);
  const ranges = matcher.ranges(text);
  if (ranges.length === 0) return { line, found: 0 };
  const out: Span[] = [];
  let at = 0;
  for (const { text: piece, style } of line) {
    const end = at + piece.length;
    let from = at;
    for (const [start, stop] of ranges) {
      const a = Math.max(start, from);
      const b = Math.min(stop, end);
      if (a >= b) continue;
      if (a > from) out.push({ text: text.slice(from, a), style });
      out.push({ text: text.slice(a, b), style: 'match' });
      from = b;
    }
    if (from < end) out.push({ text: text.slice(from, end), style });
    at = end;
  }
  return { line: out, found: ranges.length };
};
