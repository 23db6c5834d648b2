import type { Box, NodeState, Piece, Role } from '../drawing.ts';
import type { Arms, Canvas, Cell } from './canvas.ts';
import { borders, frames, heads, lineGlyph, pinGlyph, stateSigns } from './glyphs.ts';

const space: Role = { kind: 'space' };

/** Columns of the upper border that a state's sign may take: nothing meets the border there. */
interface SignPlace {
  readonly x: number;
  readonly room: number;
}

const signPlace = (canvas: Canvas, box: Box, wanted: number): SignPlace => {
  const free = (x: number): boolean => {
    const cell = canvas.at({ x, y: box.y });
    return cell?.kind === 'border' && cell.part.kind === 'glyph' && cell.part.glyph === 'across';
  };
  for (const room of [wanted, 1])
    for (const inset of [2, 1, 3, 4, 5, 6])
      if (
        inset + room < box.width &&
        Array.from({ length: room }, (_, i) => box.x + inset + i).every(free)
      )
        return { x: box.x + inset, room };
  return { x: box.x + 1, room: 1 };
};

const textOf = (
  cell: Cell,
  current: string | null,
  taken: ReadonlySet<number>,
  ascii: boolean,
): string => {
  const set = ascii ? 'ascii' : 'unicode';
  switch (cell.kind) {
    case 'text':
      return cell.text;
    case 'rest':
      return '';
    case 'line':
      return lineGlyph(cell.strand, taken, ascii);
    case 'gate':
      return pinGlyph(cell.strand, cell.arm, false, taken, ascii);
    case 'head':
      return cell.end === 'none' ? ' ' : heads[set][cell.end][cell.arm];
    case 'frame':
      return frames[set][cell.glyph];
    case 'border': {
      const here = cell.node === current;
      if (cell.part.kind === 'pin')
        return pinGlyph(cell.part.strand, cell.part.arm, here, taken, ascii);
      return borders[set][here ? 'current' : 'plain'][cell.part.glyph];
    }
  }
};

const none: ReadonlySet<number> = new Set();

/** Arms of the line in the cell, if there is one. */
const armsOf = (cell: Cell): Arms | null => {
  if (cell.kind === 'line' || cell.kind === 'gate') return cell.strand.arms;
  return cell.kind === 'border' && cell.part.kind === 'pin' ? cell.part.strand.arms : null;
};

/** Whether neighbours are one piece. */
const isSame = (a: Role, b: Role): boolean => {
  if (a.kind === 'space' || b.kind === 'space') return a.kind === b.kind;
  if (a.part !== b.part) return false;
  if (a.kind === 'edge')
    return (
      b.kind === 'edge' &&
      a.edges.length === b.edges.length &&
      a.edges.every((edge, i) => edge === b.edges[i])
    );
  return a.kind === b.kind && a.id === b.id;
};

interface Sign {
  readonly text: string;
  readonly role: Role;
}

/** What has happened in a chart. */
interface Now {
  /** By index of the cell. */
  readonly signs: ReadonlyMap<number, Sign>;
  readonly current: ReadonlySet<string>;
  readonly taken: ReadonlySet<number>;
}

/** Rows that a line passes, or in which it meets a border. */
const edgeRows = (canvas: Canvas): ReadonlyMap<number, ReadonlySet<number>> => {
  const rows = new Map<number, Set<number>>();
  for (const [index, cell] of canvas.cells.entries()) {
    const arms = cell === null ? null : armsOf(cell);
    if (arms === null) continue;
    const y = Math.floor(index / canvas.width);
    for (const edges of [arms.up, arms.down, arms.left, arms.right])
      for (const edge of edges) rows.set(edge, (rows.get(edge) ?? new Set()).add(y));
  }
  return rows;
};

/** Turns cells into lines of text. The layout is not touched: only signs, borders and the weight of lines change. */
export const painter = (
  canvas: Canvas,
  boxes: ReadonlyMap<string, Box>,
  ascii: boolean,
): ((
  states: ReadonlyMap<string, NodeState>,
  taken: ReadonlySet<number>,
) => readonly (readonly Piece[])[]) => {
  const { cells } = canvas;
  const places = new Map(
    [...boxes].map(([id, box]) => [id, { box, place: signPlace(canvas, box, ascii ? 3 : 1) }]),
  );
  // Only asked for once something has been walked.
  let rowsOf: ReadonlyMap<number, ReadonlySet<number>> | null = null;

  const paintRow = (y: number, now: Now): readonly Piece[] => {
    const pieces: Piece[] = [];
    let text = '';
    let role: Role = space;
    for (let x = 0; x < canvas.width; x += 1) {
      const index = y * canvas.width + x;
      const cell = cells[index] ?? null;
      const sign = now.signs.get(index);
      const next = sign?.role ?? cell?.role ?? space;
      if (next !== role && !isSame(next, role)) {
        if (text !== '') pieces.push({ text, role });
        text = '';
        role = next;
      }
      if (sign !== undefined) text += sign.text;
      else if (cell === null) text += ' ';
      else {
        const here = cell.kind === 'border' && now.current.has(cell.node) ? cell.node : null;
        text += textOf(cell, here, now.taken, ascii);
      }
    }
    if (text !== '') pieces.push({ text, role });
    return pieces;
  };
  // Rows in which nothing has happened are painted once.
  const untouched: (readonly Piece[] | undefined)[] = [];
  const idle: Now = { signs: new Map(), current: new Set(), taken: none };

  return (states, taken) => {
    const signs = new Map<number, Sign>();
    const current = new Set<string>();
    const touched = new Set<number>();
    for (const [id, state] of states) {
      const there = places.get(id);
      if (there === undefined || state === 'open') continue;
      const { place, box } = there;
      touched.add(box.y);
      if (state === 'current') {
        current.add(id);
        for (let y = box.y; y < box.y + box.height; y += 1) touched.add(y);
      }
      const full = stateSigns[ascii ? 'ascii' : 'unicode'][state];
      const text = full.length > place.room ? full.slice(1, 2) : full;
      const role: Role = { kind: 'node', id, part: 'sign' };
      for (const [i, sign] of [...text].entries())
        signs.set(box.y * canvas.width + place.x + i, { text: sign, role });
    }
    if (taken.size > 0) {
      rowsOf ??= edgeRows(canvas);
      for (const edge of taken) for (const y of rowsOf.get(edge) ?? []) touched.add(y);
    }
    const now: Now = { signs, current, taken };
    return Array.from({ length: canvas.height }, (_, y) => {
      if (touched.has(y)) return paintRow(y, now);
      const row = untouched[y] ?? paintRow(y, idle);
      untouched[y] = row;
      return row;
    });
  };
};
