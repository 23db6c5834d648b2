import type { ChartEdge, Direction } from './chart.ts';

/** How a node looks on the way through a chart. */
export type NodeState = 'open' | 'done' | 'current' | 'failed' | 'skipped' | 'waiting';

/** What a piece of a drawn line belongs to; painting maps it to a style. */
export type Role =
  | { readonly kind: 'space' }
  | { readonly kind: 'node'; readonly id: string; readonly part: 'border' | 'label' | 'sign' }
  | {
      readonly kind: 'edge';
      readonly edges: readonly number[];
      readonly part: 'line' | 'head' | 'label';
    }
  | { readonly kind: 'group'; readonly id: string; readonly part: 'border' | 'title' };

export interface Piece {
  readonly text: string;
  readonly role: Role;
}

/** Where a node stands, in columns and rows of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A chart on a grid of characters, laid out once; states only change signs and borders. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  /** Frames of the groups that have one. */
  readonly frames: ReadonlyMap<string, Box>;
  /** The way it runs; a chart that is declared sideways runs down where it would not fit. */
  readonly direction: Direction;
  /** Columns at which labels were wrapped so that it fits. */
  readonly wrap: number;
  /** Cells in which two different edges cannot be told apart; 0 is the aim. */
  readonly ambiguous: number;
  /** The edges as they were laid out; indexes of roles point into it. */
  readonly edges: readonly ChartEdge[];
  /** One line per row, exactly `width` columns wide. */
  rows(
    states: ReadonlyMap<string, NodeState>,
    taken: ReadonlySet<number>,
  ): readonly (readonly Piece[])[];
}

export interface DrawOptions {
  /** Columns there are; null lays out as wide as it wants. */
  readonly width: number | null;
  readonly ascii: boolean;
}
