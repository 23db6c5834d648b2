import type { Prompt } from '../session.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, line, span, widthOf } from './line.ts';

const signs = { command: ':', filter: '/', seek: 'go to ', note: 'note ' } as const;
const hints = {
  command: 'a resource, a view or q; tab completes',
  filter: 'regex, !not, -l app=x, -f fuzzy',
  seek: 'a time 21:43:05, a revision r1200, or -5m',
  note: 'optional; enter acknowledges, esc leaves it',
} as const;

/** What is being typed, in place of the last line; the first completion stands dim behind the caret. */
export const promptLine = (
  prompt: Prompt,
  suggestions: readonly string[],
  columns: number,
  glyphs: Glyphs,
  filterHint?: string,
): Line => {
  const first = suggestions.find((s) => s.startsWith(prompt.text) && s !== prompt.text);
  const ghost = prompt.text === '' ? '' : (first?.slice(prompt.text.length) ?? '');
  const typed = line(
    ' ',
    span(prompt.kind === 'words' ? `${prompt.sign} ` : signs[prompt.kind], 'key'),
    span(prompt.text),
    span(glyphs.caret, 'here'),
    span(ghost, 'dim'),
  );
  const own = prompt.kind === 'filter' ? filterHint : undefined;
  const hint = prompt.kind === 'words' ? prompt.hint : (own ?? hints[prompt.kind]);
  const more = prompt.text === '' ? hint : suggestions.slice(0, 6).join('  ');
  const sign = prompt.kind === 'words' ? widthOf(prompt.sign) : 5;
  const used = 3 + widthOf(prompt.text) + ghost.length + sign;
  return used + more.length + 4 <= columns ? line(typed, '   ', span(more, 'dim')) : typed;
};
