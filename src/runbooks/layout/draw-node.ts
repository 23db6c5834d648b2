import type { Role } from '../drawing.ts';
import type { BorderGlyph, Canvas, Cell } from './canvas.ts';
import type { Face, FaceRow } from './face.ts';
import { columnsOf, glyphsOf } from './label-wrap.ts';

interface Corners {
  readonly top: readonly [BorderGlyph, BorderGlyph];
  readonly bottom: readonly [BorderGlyph, BorderGlyph];
}

const square: Corners = {
  top: ['topLeft', 'topRight'],
  bottom: ['bottomLeft', 'bottomRight'],
};
const round: Corners = {
  top: ['roundTopLeft', 'roundTopRight'],
  bottom: ['roundBottomLeft', 'roundBottomRight'],
};
const slanted: Corners = { top: ['rising', 'falling'], bottom: ['falling', 'rising'] };

/** Text from a column on; a wide glyph takes a cell and the rest of it. */
export const putText = (canvas: Canvas, x: number, y: number, text: string, role: Role): void => {
  let at = x;
  for (const glyph of glyphsOf(text)) {
    canvas.put({ x: at, y }, { kind: 'text', text: glyph.text, role });
    for (let i = 1; i < glyph.columns; i += 1) canvas.put({ x: at + i, y }, { kind: 'rest', role });
    at += glyph.columns;
  }
};

/** Draws a node with its left upper corner at the place. */
export const drawNode = (canvas: Canvas, id: string, face: Face, x: number, y: number): void => {
  const border: Role = { kind: 'node', id, part: 'border' };
  const label: Role = { kind: 'node', id, part: 'label' };
  const right = x + face.width - 1;
  const cellOf = (glyph: BorderGlyph): Cell => ({
    kind: 'border',
    node: id,
    part: { kind: 'glyph', glyph },
    role: border,
  });
  const across = cellOf('across');
  const blank: Cell = { kind: 'text', text: ' ', role: label };
  const glyph = (at: number, row: number, one: BorderGlyph): void =>
    canvas.put({ x: at, y: row }, cellOf(one));
  const rule = (
    row: number,
    from: number,
    to: number,
    ends: readonly [BorderGlyph, BorderGlyph],
  ) => {
    for (let at = from + 1; at < to; at += 1) canvas.put({ x: at, y: row }, across);
    glyph(from, row, ends[0]);
    glyph(to, row, ends[1]);
  };
  const fill = (row: number, from: number, to: number) => {
    for (let at = from; at <= to; at += 1) canvas.put({ x: at, y: row }, blank);
  };
  const write = (row: number, { text, edge }: FaceRow) => {
    const inside = x + Math.floor((face.width - columnsOf(text)) / 2);
    const role: Role = edge < 0 ? label : { kind: 'edge', edges: [edge], part: 'label' };
    putText(canvas, inside, row, text, role);
  };

  if (face.shape === 'decision') {
    const inset = (face.rows[0]?.inset ?? 0) + 1;
    rule(y, x + inset, right - inset, slanted.top);
    rule(y + face.height - 1, x + inset, right - inset, slanted.bottom);
    for (const [i, row] of face.rows.entries()) {
      const at = y + 1 + i;
      fill(at, x + row.inset, right - row.inset);
      const [from, to]: readonly [BorderGlyph, BorderGlyph] =
        row.sides === 'opening'
          ? ['rising', 'falling']
          : row.sides === 'closing'
            ? ['falling', 'rising']
            : ['wideLeft', 'wideRight'];
      glyph(x + row.inset, at, from);
      glyph(right - row.inset, at, to);
      write(at, row);
    }
    return;
  }
  const corners = face.shape === 'round' || face.shape === 'store' ? round : square;
  rule(y, x, right, corners.top);
  rule(y + face.height - 1, x, right, corners.bottom);
  const first = face.shape === 'store' ? y + 2 : y + 1;
  if (face.shape === 'store') rule(y + 1, x, right, ['teeRight', 'teeLeft']);
  for (const [i, row] of face.rows.entries()) {
    fill(first + i, x, right);
    glyph(x, first + i, 'upright');
    glyph(right, first + i, 'upright');
    if (face.shape === 'subroutine') {
      glyph(x + 1, first + i, 'upright');
      glyph(right - 1, first + i, 'upright');
    }
    write(first + i, row);
  }
  if (face.shape === 'subroutine') {
    for (const at of [x + 1, right - 1]) {
      glyph(at, y, 'teeDown');
      glyph(at, y + face.height - 1, 'teeUp');
    }
  }
};
