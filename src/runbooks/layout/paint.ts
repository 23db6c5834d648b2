import type { Box, NodeState, Piece, Role } from '../drawing.ts';
import type { Canvas, Cell } from './canvas.ts';
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

const same = (a: Role, b: Role): boolean => a === b;

/** Turns cells into lines of text. The layout is not touched: only signs, borders and the weight of lines change. */
export const painter = (
  canvas: Canvas,
  boxes: ReadonlyMap<string, Box>,
  ascii: boolean,
): ((
  states: ReadonlyMap<string, NodeState>,
  taken: ReadonlySet<number>,
) => readonly (readonly Piece[])[]) => {
  const roles = new Map<string, Role>();
  // One object for each role, so that neighbours are joined by identity.
  const shared = (role: Role): Role => {
    const key = JSON.stringify(role);
    const known = roles.get(key);
    if (known !== undefined) return known;
    roles.set(key, role);
    return role;
  };
  const seen = new Map<Role, Role>();
  const cells = canvas.cells.map((cell) => {
    if (cell === null) return null;
    const role = seen.get(cell.role) ?? shared(cell.role);
    seen.set(cell.role, role);
    return { cell, role };
  });
  const places = new Map(
    [...boxes].map(([id, box]) => [id, { box, place: signPlace(canvas, box, ascii ? 3 : 1) }]),
  );
  return (states, taken) => {
    const signs = new Map<number, { text: string; role: Role }>();
    const current = new Set<string>();
    for (const [id, state] of states) {
      const there = places.get(id);
      if (there === undefined) continue;
      if (state === 'current') current.add(id);
      const full = stateSigns[ascii ? 'ascii' : 'unicode'][state];
      const { place, box } = there;
      const text = full.length > place.room ? full.slice(1, 2) : full;
      const role = shared({ kind: 'node', id, part: 'sign' });
      for (const [i, sign] of [...text].entries())
        signs.set(box.y * canvas.width + place.x + i, { text: sign, role });
    }
    const rows: Piece[][] = [];
    for (let y = 0; y < canvas.height; y += 1) {
      const pieces: Piece[] = [];
      let text = '';
      let role: Role = space;
      const flush = (): void => {
        if (text !== '') pieces.push({ text, role });
        text = '';
      };
      for (let x = 0; x < canvas.width; x += 1) {
        const index = y * canvas.width + x;
        const held = cells[index] ?? null;
        const sign = signs.get(index);
        const next = sign?.role ?? held?.role ?? space;
        if (!same(next, role)) {
          flush();
          role = next;
        }
        if (sign !== undefined) text += sign.text;
        else if (held === null) text += ' ';
        else {
          const { cell } = held;
          const here = cell.kind === 'border' && current.has(cell.node) ? cell.node : null;
          text += textOf(cell, here, taken, ascii);
        }
      }
      flush();
      rows.push(pieces);
    }
    return rows;
  };
};
