import type { ChartNode, NodeShape } from '../chart.ts';
import { columnsOf } from './label-wrap.ts';

/** The form of a node on the grid; not yet where it stands. */
export interface Face {
  readonly shape: NodeShape;
  readonly width: number;
  readonly height: number;
  /** Text by row inside, each with the columns it is away from the left border cell. */
  readonly rows: readonly FaceRow[];
}

export interface FaceRow {
  readonly text: string;
  /** Edge whose label it is; -1 for the node's own text. */
  readonly edge: number;
  /** Columns that the side of a decision is set in. */
  readonly inset: number;
  /** Left and right side of a decision in this row. */
  readonly sides: 'wide' | 'opening' | 'closing' | 'straight';
}

export interface FaceText {
  readonly text: string;
  readonly edge: number;
}

/** How far the borders of a decision are set in on a row of `count`. */
const insetOf = (row: number, count: number): number => Math.floor(Math.abs(row - (count - 1) / 2));

const sidesOf = (row: number, count: number, sideways: boolean): FaceRow['sides'] => {
  const middle = (count - 1) / 2;
  if (row === middle || (sideways && Math.abs(row - middle) < 1)) return 'wide';
  return row < middle ? 'opening' : 'closing';
};

/** Cells of the border that pins keep free at the ends. */
export const marginOf = (shape: NodeShape, rows: number): number => {
  if (shape === 'decision') return insetOf(0, rows) + 2;
  return shape === 'subroutine' ? 3 : 2;
};

/**
 * @param reach cells that pins need on each side of the middle, across the chart
 * @param sideways whether the chart runs from side to side, so that pins are on the left and right
 */
export const faceOf = (
  node: ChartNode,
  texts: readonly FaceText[],
  reach: number,
  sideways: boolean,
): Face => {
  const decision = node.shape === 'decision';
  const missing = sideways ? Math.max(0, 2 * reach + 1 - texts.length) : 0;
  const blank = { text: '', edge: -1 };
  const above = Array.from({ length: Math.ceil(missing / 2) }, () => blank);
  const below = Array.from({ length: Math.floor(missing / 2) }, () => blank);
  const all = [...above, ...texts, ...below];
  const rows = all.map(
    ({ text, edge }, i): FaceRow => ({
      text,
      edge,
      inset: decision ? insetOf(i, all.length) : 0,
      sides: decision ? sidesOf(i, all.length, sideways) : 'straight',
    }),
  );
  const padding = node.shape === 'subroutine' ? 6 : 4;
  const inner = rows.reduce(
    (most, row) => Math.max(most, columnsOf(row.text) + 2 * row.inset + padding),
    decision ? 2 * insetOf(0, rows.length) + 7 : 5,
  );
  const forPins = sideways ? 0 : 2 * (reach + marginOf(node.shape, rows.length)) + 1;
  const width = Math.max(inner, forPins);
  return {
    shape: node.shape,
    width,
    height: rows.length + (node.shape === 'store' ? 3 : 2),
    rows,
  };
};
