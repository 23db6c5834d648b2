import { actHint, actSign } from '../act/act-prompt.ts';
import type { Prompt } from '../session.ts';
import type { Glyphs } from './glyphs.ts';
import { cut, type Line, line, lineWidth, span, widthOf } from './line.ts';

/** Less of a sentence says nothing. */
const leastWrong = 12;

const signs = { command: ':', filter: '/', seek: 'go to ', note: 'note ' } as const;
const hints = {
  command: 'a resource, a view or q; tab completes',
  filter: 'regex, !not, -l app=x, -f fuzzy',
  seek: 'a time 21:43:05, a revision r1200, or -5m',
  note: 'optional; enter acknowledges, esc leaves it',
} as const;

/** What stands before the typed text, and what may be typed. */
const wordsOf = (prompt: Prompt, filterHint?: string): { sign: string; hint: string } => {
  switch (prompt.kind) {
    case 'input':
    case 'agree':
    case 'glass':
      return { sign: `${actSign(prompt)} `, hint: actHint(prompt) };
    case 'log':
    case 'words':
      return { sign: `${prompt.sign} `, hint: prompt.hint };
    case 'filter':
      return { sign: signs.filter, hint: filterHint ?? hints.filter };
    default:
      return { sign: signs[prompt.kind], hint: hints[prompt.kind] };
  }
};

/** Why what was typed is not taken stays while it is mended; a hint goes with the first letter. */
const isWrong = (prompt: Prompt): boolean => 'wrong' in prompt && prompt.wrong !== '';

/** The end of what is typed: where more is typed than there is room, one sees what one types. */
const tailOf = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  const characters = [...text].slice(-Math.max(1, columns));
  while (characters.length > 1 && widthOf(characters.join('')) >= columns) characters.shift();
  return `…${characters.join('')}`;
};

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
  const { sign, hint } = wordsOf(prompt, filterHint);
  const typed = line(
    ' ',
    span(sign, 'key'),
    span(tailOf(prompt.text, columns - widthOf(sign) - 3)),
    span(glyphs.caret, 'here'),
    span(ghost, 'dim'),
  );
  const wrong = isWrong(prompt);
  const more = prompt.text === '' || wrong ? hint : suggestions.slice(0, 6).join('  ');
  const room = columns - lineWidth(typed) - 4;
  if (widthOf(more) <= room) return line(typed, '   ', span(more, wrong ? 'warn' : 'dim'));
  // Why it is not taken must be seen; a mere hint gives way.
  return wrong && room >= leastWrong ? line(typed, '   ', span(cut(more, room), 'warn')) : typed;
};
