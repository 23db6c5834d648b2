import type { ChartEdge, Direction, NodeShape } from '../chart.ts';
import { nodesKept } from '../chart.ts';
import type { Report } from './report.ts';

/** More arrows than this no terminal can tell apart. */
export const edgesKept = 2_000;
/** An id is shown where there is no label; in UTF-16 units. */
export const idKept = 200;
/** Groups in groups. */
export const nestingKept = 20;

export interface DraftNode {
  readonly id: string;
  readonly at: number;
  /** Null until it is given one; then the id is shown. */
  label: readonly string[] | null;
  shape: NodeShape;
  /** False while it was only seen as `id@{ … }`, which may as well be about an arrow. */
  real: boolean;
}

export interface DraftGroup {
  /** Empty while it has no name of its own: it is numbered when it ends. */
  readonly id: string;
  readonly title: string;
  readonly at: number;
  direction: Direction | null;
  /** Nodes and groups named inside, in order. */
  readonly members: Set<string>;
}

export interface DraftEdge extends Omit<ChartEdge, 'line'> {
  readonly at: number;
}

/** A chart while it is read. */
export interface Draft {
  direction: Direction;
  readonly nodes: Map<string, DraftNode>;
  readonly edges: DraftEdge[];
  /** Names of arrows (`e1@-->`), and where each was told. */
  readonly edgeIds: Map<string, number>;
  /** In the order in which they ended. */
  readonly groups: Map<string, DraftGroup>;
  /** Those that are open, outermost first. */
  readonly open: DraftGroup[];
  /** Innermost group of a node or group: the first that ended with it inside. */
  readonly owners: Map<string, string>;
  /** What was given a style, and where. */
  readonly styled: { readonly id: string; readonly at: number }[];
  /** How many groups ended; unnamed ones are numbered by it. */
  ended: number;
}

export const emptyDraft = (): Draft => ({
  direction: 'TB',
  nodes: new Map(),
  edges: [],
  edgeIds: new Map(),
  groups: new Map(),
  open: [],
  owners: new Map(),
  styled: [],
  ended: 0,
});

/** Notes a node where it is named. Null, reported, when there are too many. */
export const mention = (draft: Draft, report: Report, id: string, at: number): DraftNode | null => {
  const known = draft.nodes.get(id);
  if (known !== undefined) return known;
  const node: DraftNode = { id, at, label: null, shape: 'box', real: false };
  // `e1@{ … }` behind the arrow of that name is about the arrow.
  if (draft.edgeIds.has(id)) return node;
  if (id.length > idKept) return report.error(at, `An id of more than ${idKept} characters`);
  if (draft.nodes.size === nodesKept) {
    return report.error(at, `More than ${nodesKept} nodes`, 'split it into several runbooks');
  }
  draft.nodes.set(id, node);
  return node;
};

/** The group around the one inside, and so on; true when `outer` is among them. */
const isInside = (draft: Draft, inner: string, outer: string): boolean => {
  const seen = new Set<string>();
  for (let id = inner; id !== '' && !seen.has(id); id = draft.owners.get(id) ?? '') {
    if (id === outer) return true;
    seen.add(id);
  }
  return false;
};

/** Ends the innermost open group. What it names and no earlier group has is inside it. */
export const endGroup = (draft: Draft, report: Report): boolean => {
  const group = draft.open.pop();
  if (group === undefined) return false;
  const id = group.id === '' ? `subGraph${draft.ended}` : group.id;
  draft.ended += 1;
  const known = draft.groups.get(id);
  if (known === undefined) draft.groups.set(id, { ...group, id });
  for (const member of group.members) {
    if (member === id || draft.owners.has(member)) continue;
    if (isInside(draft, id, member)) {
      report.warning(
        group.at,
        `The groups ${member} and ${id} name each other; ${id} stays outside`,
      );
    } else draft.owners.set(member, id);
  }
  draft.open.at(-1)?.members.add(id);
  return true;
};
