import { requestText } from '../../actions/request-text.ts';
import type { ActPlan } from '../../kernel/act.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { blank, fit, type Line, line, lineWidth, span } from '../parts/line.ts';
import { wrap } from '../parts/wrap.ts';
import { wrapExact } from '../parts/wrap-exact.ts';

const numberWidth = 3;

/** Every request to the letter, in the order in which they are sent; nothing of it is left out. */
export const requestLines = ({ requests }: ActPlan, width: number): readonly Line[] =>
  requests.length === 0
    ? [line('   ', span('nothing is sent', 'dim'))]
    : requests.flatMap((request, i) => {
        const room = Math.max(10, width - numberWidth - 2);
        return wrapExact(requestText(request), room, room).map(({ text }, part) =>
          line(
            span(part === 0 ? fit(String(i + 1), numberWidth, 'right') : '   ', 'dim'),
            ' ',
            span(text, part === 0 ? 'plain' : 'dim'),
          ),
        );
      });

/** What to know before agreeing, and what could not be found out. */
export const dangerLines = (
  { dangers, weight }: ActPlan,
  width: number,
  glyphs: Glyphs,
): readonly Line[] => {
  const signed = (text: string, sign: string) =>
    wrap(span(text).text, Math.max(10, width - 4)).map((part, i) =>
      line(' ', span(i === 0 ? sign : ' ', 'warn'), ' ', span(part)),
    );
  return [
    ...dangers.flatMap((text) => signed(text, glyphs.warn)),
    ...weight.unknown.flatMap((text) => signed(`not known: ${text}`, glyphs.unknown)),
  ];
};

/** Two blocks beside each other, with room between them. */
export const beside = (
  left: readonly Line[],
  right: readonly Line[],
  leftWidth: number,
): readonly Line[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const l = left[i] ?? blank;
    const used = lineWidth(l);
    const r = right[i];
    return r === undefined ? l : line(l, ' '.repeat(Math.max(1, leftWidth - used)), r);
  });
