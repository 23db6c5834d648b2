import type { ChartEdge } from '../chart.ts';
import type { Face } from './face.ts';

/*
 * Words of this folder. A chart is laid out in layers. `along` counts from layer to layer, the way the chart runs;
 * `across` counts within a layer. Only the grid knows which of them are rows and which are columns.
 */

/** Which side of a node, seen along the chart. */
export type Side = 'before' | 'after';

export type End = ChartEdge['head'];

/** Where lines meet a node. Lines that may not be taken for one another have pins of their own. */
export interface Pin {
  readonly side: Side;
  readonly key: string;
  readonly end: End;
  readonly stroke: ChartEdge['stroke'];
  readonly edges: number[];
  /** Across, from the middle of the node. */
  offset: number;
}

/** What takes a place in a layer. */
export interface Item {
  readonly kind: 'node' | 'port' | 'bend';
  /** Id of the node, or of the group whose frame a port is on; '' for a bend. */
  readonly id: string;
  /** Edge that a bend is on; -1 else. */
  readonly edge: number;
  /** Innermost group around it. */
  readonly group: string;
  readonly layer: number;
  /** Lines of the label that stands at a bend. */
  label: readonly string[];
  /** How a node looks; null for the others. */
  face: Face | null;
  readonly pins: Pin[];
  /** Cells that it takes across, before and behind its middle, and along. */
  before: number;
  after: number;
  length: number;
  /** Middle, across. */
  at: number;
}

/** An edge's way through the layers, from the upper item to the lower one. */
export interface Chain {
  readonly edge: number;
  /** It is drawn against its direction: a retry. */
  readonly reversed: boolean;
  /** It passes other nodes on its way. */
  readonly passing: boolean;
  readonly items: readonly Item[];
  readonly from: Pin;
  readonly to: Pin;
}

export interface Layering {
  /** In order, from the first layer on. */
  readonly layers: readonly (readonly Item[])[];
  readonly chains: readonly Chain[];
  /** Places on frames, each with what it stands before or behind; no line is drawn. */
  readonly holds: readonly (readonly [Item, Item])[];
  /** Labels of edges from a node to itself, by node. */
  readonly loops: ReadonlyMap<string, readonly number[]>;
}
