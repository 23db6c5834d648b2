import type { ChartEdge, Direction } from '../chart.ts';
import type { Role } from '../drawing.ts';

export type Arm = 'up' | 'down' | 'left' | 'right';
export type Arms = Record<Arm, readonly number[]>;

/** A stretch of line in a cell: which edges leave it in which direction. */
export interface Strand {
  readonly owner: number;
  readonly stroke: ChartEdge['stroke'];
  readonly arms: Arms;
}

/** Part of a node's border. */
export type BorderPart =
  | { readonly kind: 'glyph'; readonly glyph: BorderGlyph }
  /** A line meets the border here and leaves it in that direction. */
  | { readonly kind: 'pin'; readonly arm: Arm; readonly strand: Strand };

export type BorderGlyph =
  | 'across'
  | 'upright'
  | 'topLeft'
  | 'topRight'
  | 'bottomLeft'
  | 'bottomRight'
  | 'roundTopLeft'
  | 'roundTopRight'
  | 'roundBottomLeft'
  | 'roundBottomRight'
  | 'teeDown'
  | 'teeUp'
  | 'teeLeft'
  | 'teeRight'
  | 'rising'
  | 'falling'
  | 'wideLeft'
  | 'wideRight';

export type Cell =
  | { readonly kind: 'text'; readonly text: string; readonly role: Role }
  | { readonly kind: 'line'; readonly strand: Strand; readonly role: Role }
  | {
      readonly kind: 'head';
      readonly end: ChartEdge['head'];
      readonly arm: Arm;
      readonly role: Role;
    }
  | {
      readonly kind: 'border';
      readonly node: string;
      readonly part: BorderPart;
      readonly role: Role;
    }
  | { readonly kind: 'frame'; readonly glyph: BorderGlyph; readonly role: Role }
  /** A line begins or ends at a frame. */
  | { readonly kind: 'gate'; readonly strand: Strand; readonly arm: Arm; readonly role: Role }
  /** Second half of a wide glyph. */
  | { readonly kind: 'rest'; readonly role: Role };

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** From across and along to columns and rows. */
export interface Turn {
  readonly width: number;
  readonly height: number;
  spot(across: number, along: number): Spot;
}

export const turnOf = (direction: Direction, across: number, along: number): Turn => {
  switch (direction) {
    case 'TB':
      return { width: across, height: along, spot: (c, m) => ({ x: c, y: m }) };
    case 'BT':
      return { width: across, height: along, spot: (c, m) => ({ x: c, y: along - 1 - m }) };
    case 'LR':
      return { width: along, height: across, spot: (c, m) => ({ x: m, y: c }) };
    case 'RL':
      return { width: along, height: across, spot: (c, m) => ({ x: along - 1 - m, y: c }) };
  }
};

export const opposite: Readonly<Record<Arm, Arm>> = {
  up: 'down',
  down: 'up',
  left: 'right',
  right: 'left',
};

export const armTo = (from: Spot, to: Spot): Arm => {
  if (to.x !== from.x) return to.x > from.x ? 'right' : 'left';
  return to.y > from.y ? 'down' : 'up';
};

const nobody: readonly number[] = [];

export const strandOf = (owner: number, stroke: ChartEdge['stroke']): Strand => ({
  owner,
  stroke,
  arms: { up: nobody, down: nobody, left: nobody, right: nobody },
});

/** @param alone the edge and no other: shared by all cells in which it is alone */
export const addArm = ({ arms }: Strand, arm: Arm, alone: readonly [number]): void => {
  arms[arm] = arms[arm].length === 0 ? alone : [...arms[arm], ...alone];
};

/** Edges that pass the cell, ascending. */
const edgesOf = ({ arms }: Strand): readonly number[] => {
  const all = [arms.up, arms.down, arms.left, arms.right].filter((edges) => edges.length > 0);
  const [first = nobody] = all;
  // Most cells are on a straight stretch of one edge, and its list is one and the same.
  if (first.length === 1 && all.every((edges) => edges === first)) return first;
  return [...new Set(all.flat())].sort((a, b) => a - b);
};

const isUpright = ({ arms }: Strand): boolean =>
  arms.left.length + arms.right.length === 0 && arms.up.length > 0 && arms.down.length > 0;
const isLevel = ({ arms }: Strand): boolean =>
  arms.up.length + arms.down.length === 0 && arms.left.length > 0 && arms.right.length > 0;

/** Whether what is in the cell is a head or a label of these very lines. */
const belongs = ({ role }: Cell, strands: readonly Strand[]): boolean =>
  role.kind === 'edge' &&
  strands.length === 1 &&
  strands.every(({ arms }) =>
    Object.values(arms)
      .flat()
      .every((edge) => role.edges.includes(edge)),
  );

/** A grid of cells, first of lines only; what is put on top replaces what is below. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #strands = new Map<number, Strand[]>();
  readonly #cells: (Cell | null)[];
  readonly #unclear: Spot[] = [];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#cells = new Array<Cell | null>(width * height).fill(null);
  }

  #index({ x, y }: Spot): number {
    return x < 0 || y < 0 || x >= this.width || y >= this.height ? -1 : y * this.width + x;
  }

  put(spot: Spot, cell: Cell): void {
    const index = this.#index(spot);
    if (index >= 0) this.#cells[index] = cell;
  }

  at(spot: Spot): Cell | null {
    return this.#cells[this.#index(spot)] ?? null;
  }

  /** The strand of that owner in the cell; made when there is none. */
  strand(spot: Spot, owner: number, stroke: ChartEdge['stroke']): Strand {
    const index = this.#index(spot);
    const here = this.#strands.get(index) ?? [];
    const known = here.find((strand) => strand.owner === owner);
    if (known !== undefined) return known;
    const strand = strandOf(owner, stroke);
    if (index >= 0) this.#strands.set(index, [...here, strand]);
    return strand;
  }

  /** Lines become cells where nothing else is. Where two cross, the upright one is seen whole. */
  settleLines(roleOf: (edges: readonly number[]) => Role): void {
    for (const [index, strands] of this.#strands) {
      const there = this.#cells[index] ?? null;
      const [first, second] = strands;
      if (first === undefined) continue;
      if (there === null && second === undefined) {
        this.#cells[index] = { kind: 'line', strand: first, role: roleOf(edgesOf(first)) };
        continue;
      }
      if (there !== null && there.kind !== 'frame') {
        if (!belongs(there, strands))
          this.#unclear.push({ x: index % this.width, y: Math.floor(index / this.width) });
        continue;
      }
      const upright = strands.find(isUpright);
      const level = strands.find(isLevel);
      const crossing = strands.length === 2 && upright !== undefined && level !== undefined;
      if (second !== undefined && !crossing)
        this.#unclear.push({ x: index % this.width, y: Math.floor(index / this.width) });
      const strand = upright ?? first;
      this.#cells[index] = { kind: 'line', strand, role: roleOf(edgesOf(strand)) };
    }
  }

  /** Cells in which lines cannot be told apart, or are lost below something else. */
  get unclear(): readonly Spot[] {
    return this.#unclear;
  }

  get cells(): readonly (Cell | null)[] {
    return this.#cells;
  }
}
