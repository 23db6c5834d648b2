import stringWidth from 'string-width';
import type { Drawing, Piece, Role } from '../../../src/runbooks/drawing.ts';

export interface SeenCell {
  /** '' behind a wide glyph. */
  readonly glyph: string;
  readonly role: Role;
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

export const textOf = (row: readonly Piece[]): string => row.map((piece) => piece.text).join('');

/** What a terminal would show in each column. */
export const cellsOf = (drawing: Drawing): readonly (readonly SeenCell[])[] =>
  drawing.rows(new Map(), new Set()).map((row) =>
    row.flatMap(({ text, role }) =>
      [...segments.segment(text)].flatMap(({ segment }): SeenCell[] =>
        Array.from({ length: stringWidth(segment) }, (_, i) => ({
          glyph: i === 0 ? segment : '',
          role,
        })),
      ),
    ),
  );

export type Way = 'up' | 'down' | 'left' | 'right';

export const step: Readonly<Record<Way, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};

export const opposite: Readonly<Record<Way, Way>> = {
  up: 'down',
  down: 'up',
  left: 'right',
  right: 'left',
};

const upright = '│┆║├┤┼╠╣╬╟╢╞╡';
const level = '─┄═┬┴┼╦╩╬╤╧╥╨';
const arms: Readonly<Record<Way, string>> = {
  up: `${upright}└┘┴╚╝╩╨╧`,
  down: `${upright}┌┐┬╔╗╦╥╤`,
  left: `${level}┐┘┤╗╝╣╡╢`,
  right: `${level}┌└├╔╚╠╞╟`,
};

/** Whether the glyph has a line that leaves its cell in that direction. */
export const hasArm = (glyph: string, way: Way): boolean =>
  glyph !== '' && arms[way].includes(glyph);

/** Whether a line that comes this way runs below the glyph: it is seen again behind it. */
export const isBridge = (glyph: string, way: Way): boolean =>
  (way === 'left' || way === 'right') && '│┆║'.includes(glyph) && glyph !== '';
