import type { GuardReason, Verdict } from '../../kernel/act.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { fit, type Line, line, type Style, span } from '../parts/line.ts';
import { wrap } from '../parts/wrap.ts';

const signs = { deny: 'bad', ask: 'unknown', allow: 'good' } as const;
const styles: Readonly<Record<keyof typeof signs, Style>> = {
  deny: 'bad',
  ask: 'warn',
  allow: 'plain',
};

/** Names of guards are as long as this at most; a longer one is cut. */
const nameWidth = 14;
/** A reason that goes on for longer is the server's, and stands in the audit. */
const linesKept = 8;

/** One guard's word: its sign, its name, why, and what to try. */
export const reasonLines = (
  { guard, judgement }: GuardReason,
  width: number,
  glyphs: Glyphs,
): readonly Line[] => {
  const { kind, why } = judgement;
  const hint = judgement.kind === 'deny' ? judgement.hint : '';
  const room = Math.max(10, width - nameWidth - 5);
  const indent = ' '.repeat(nameWidth + 4);
  const [first = '', ...more] = wrap(span(why).text, room, linesKept);
  return [
    line(
      ' ',
      span(glyphs[signs[kind]], kind === 'allow' ? 'good' : styles[kind]),
      ' ',
      span(fit(guard, nameWidth), 'dim'),
      ' ',
      span(first, styles[kind]),
    ),
    ...more.map((text) => line(indent, span(text, styles[kind]))),
    ...(hint === '' ? [] : wrap(span(hint).text, room - 2, linesKept)).map((text, i) =>
      line(indent, span(i === 0 ? `${glyphs.arrow} ` : '  ', 'dim'), span(text)),
    ),
  ];
};

/** Every guard's word, denials first: nobody has to be refused twice to know all of it. */
export const verdictLines = (
  { reasons }: Verdict,
  width: number,
  glyphs: Glyphs,
): readonly Line[] => reasons.flatMap((reason) => reasonLines(reason, width, glyphs));
