import type { NodeShape } from '../chart.ts';

const names: readonly (readonly [NodeShape, string])[] = [
  [
    'box',
    `rect proc process rectangle squareRect text notch-rect card notched-rectangle lin-rect
    lined-rectangle lined-process lin-proc shaded-process fork join forkJoin hourglass collate brace
    comment brace-l brace-r braces bolt com-link lightning-bolt doc document delay
    half-rounded-rectangle curv-trap curved-trapezoid display div-rect div-proc divided-rectangle
    divided-process tri extract triangle notch-pent loop-limit notched-pentagon flip-tri manual-file
    flipped-triangle sl-rect manual-input sloped-rectangle docs documents st-doc stacked-document
    st-rect procs processes stacked-rectangle tag-doc tagged-document tag-rect tagged-rectangle
    tag-proc tagged-process flag paper-tape odd lin-doc lined-document hex hexagon prepare lean-r
    lean-right in-out lean-l lean-left out-in trap-b priority trapezoid-bottom trapezoid trap-t manual
    trapezoid-top inv-trapezoid folder directory console browser person bang cloud win-pane
    internal-storage window-pane state note composite rectWithTitle icon anchor
    bpmn-activity bpmn-annotation`,
  ],
  [
    'round',
    `rounded event stadium terminal pill circle circ dbl-circ double-circle doublecircle sm-circ
    start small-circle fr-circ stop framed-circle f-circ junction filled-circle cross-circ summary
    crossed-circle bpmn-start bpmn-intermediate bpmn-boundary bpmn-end`,
  ],
  ['decision', 'diam decision diamond question choice bpmn-gateway'],
  ['subroutine', 'fr-rect subprocess subproc framed-rectangle subroutine'],
  [
    'store',
    `cyl db database cylinder datastore data-store bucket h-cyl das horizontal-cylinder lin-cyl disk
    lined-cylinder bow-rect stored-data bow-tie-rectangle bpmn-data bpmn-data-store`,
  ],
];

const shapes: ReadonlyMap<string, NodeShape> = new Map(
  names.flatMap(([shape, list]) => list.split(/\s+/).map((name) => [name, shape] as const)),
);

/** How one of Mermaid's shapes is drawn here; undefined for a name that Mermaid has not. */
export const shapeNamed = (name: string): NodeShape | undefined => shapes.get(name);
