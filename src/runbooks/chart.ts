/** What the parser has to say about a line. An `error` means that the chart is neither drawn nor walked. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** From 1, in the file that was given. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly col: number;
  readonly message: string;
  /** What to write instead; '' when there is nothing to say. */
  readonly hint: string;
}

export type Direction = 'TB' | 'BT' | 'LR' | 'RL';

/** Mermaid has many shapes; a terminal tells five apart. */
export type NodeShape = 'box' | 'round' | 'decision' | 'subroutine' | 'store';

export interface ChartNode {
  readonly id: string;
  /** Lines of plain text: no control characters, no markup. At least one. */
  readonly label: readonly string[];
  readonly shape: NodeShape;
  /** Id of the innermost group it is in; '' for none. */
  readonly group: string;
  /** Where it is first told, for messages. */
  readonly line: number;
}

export interface ChartEdge {
  /** Id of a node or of a group. */
  readonly from: string;
  readonly to: string;
  /** '' for none. */
  readonly label: string;
  readonly stroke: 'solid' | 'dotted' | 'thick' | 'invisible';
  readonly head: 'arrow' | 'none' | 'circle' | 'cross';
  readonly tail: 'arrow' | 'none' | 'circle' | 'cross';
  readonly line: number;
}

export interface ChartGroup {
  readonly id: string;
  readonly title: string;
  /** Id of the group around it; '' for none. */
  readonly parent: string;
  readonly direction: Direction | null;
  readonly line: number;
}

/** A flowchart, in the order of its text. */
export interface Chart {
  readonly direction: Direction;
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
  readonly groups: readonly ChartGroup[];
}

/** More than this nobody follows, and no terminal shows. */
export const nodesKept = 500;
