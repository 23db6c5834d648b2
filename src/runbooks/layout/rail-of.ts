import type { Chart } from '../chart.ts';
import { dominatorsOf, topological } from './dominators.ts';
import { type Flow, flowOf, type Hop } from './flow.ts';

/** What stands left of a row: a line that goes on below it, or nothing. */
export type Guide = 'bar' | 'gap';

interface OfRail {
  readonly guides: readonly Guide[];
}

/** Where a row leads that is not followed by its step. */
export interface GoTo {
  readonly node: string;
  readonly number: number;
  readonly title: string;
  /** It has been passed before: a retry. */
  readonly back: boolean;
}

/** One row of the step rail. */
export type RailRow =
  | (OfRail & {
      readonly kind: 'step';
      readonly node: string;
      /** From 1, in walking order; the same wherever the step is shown. */
      readonly number: number;
      readonly title: string;
      readonly decision: boolean;
    })
  /** A way out of the step above; with `goTo`, it leads elsewhere, else its steps follow, set in. */
  | (OfRail & {
      readonly kind: 'branch';
      readonly edge: number;
      readonly label: string;
      readonly goTo: GoTo | null;
      /** No other row of its level follows. */
      readonly last: boolean;
    })
  /** What is said on the only way to the next row. */
  | (OfRail & { readonly kind: 'label'; readonly edge: number; readonly label: string })
  /** The steps that follow are in this group. */
  | (OfRail & { readonly kind: 'group'; readonly group: string; readonly title: string });

type Draft =
  | Exclude<RailRow, { kind: 'step' | 'branch' }>
  | (OfRail & { kind: 'step'; node: string })
  | (OfRail & {
      kind: 'branch';
      edge: number;
      label: string;
      hop: Hop | null;
      last: boolean;
      /** The step has no other way out. */
      only: boolean;
    });

/** Writes the rows, but for the numbers: they are only known at the end. */
class Writer {
  readonly rows: Draft[] = [];
  readonly #chart: Chart;
  readonly #flow: Flow;
  readonly #out: ReadonlyMap<string, readonly Hop[]>;
  readonly #into: ReadonlyMap<string, readonly Hop[]>;
  readonly #below: ReadonlyMap<string | null, readonly string[]>;
  readonly #groups: ReadonlyMap<string, string>;
  #group = '';

  constructor(chart: Chart) {
    const flow = flowOf(chart);
    const forward = flow.hops.filter((hop) => !flow.backHops.has(hop) && hop.from !== hop.to);
    const next = Map.groupBy(forward, (hop) => hop.from);
    this.#chart = chart;
    this.#flow = flow;
    this.#out = Map.groupBy(flow.hops, (hop) => hop.from);
    this.#into = Map.groupBy(forward, (hop) => hop.to);
    this.#groups = new Map(flow.nodes.map((node) => [node.id, node.group]));
    const roots = flow.nodes.filter((node) => !this.#into.has(node.id)).map((node) => node.id);
    const order = topological(roots, (id) => (next.get(id) ?? []).map((hop) => hop.to));
    const near = dominatorsOf(order, (id) => (this.#into.get(id) ?? []).map((hop) => hop.from));
    this.#below = Map.groupBy(order, (id) => near.get(id) ?? null);
  }

  write(): readonly Draft[] {
    for (const id of this.#below.get(null) ?? []) this.#step(id, []);
    return this.rows;
  }

  #labelOf(hop: Hop): string {
    return (this.#chart.edges[hop.edge]?.label ?? '').split('\n').join(' ');
  }

  /** Whether the way is the only one to a step that stands directly below. */
  #leadsIn(hop: Hop): boolean {
    return (
      !this.#flow.backHops.has(hop) && this.#into.get(hop.to)?.length === 1 && hop.from !== hop.to
    );
  }

  #step(id: string, guides: readonly Guide[]): void {
    const group = this.#groups.get(id) ?? '';
    if (group !== this.#group && group !== '') {
      const known = this.#chart.groups.find((one) => one.id === group);
      this.rows.push({ kind: 'group', group, title: known?.title || group, guides });
    }
    this.#group = group;
    this.rows.push({ kind: 'step', node: id, guides });
    const out = this.#out.get(id) ?? [];
    const [only] = out;
    if (only === undefined) return;
    if (out.length === 1 && this.#leadsIn(only)) {
      const label = this.#labelOf(only);
      if (label !== '') this.rows.push({ kind: 'label', edge: only.edge, label, guides });
      this.#step(only.to, guides);
      return;
    }
    const inside = new Set(out.filter((hop) => this.#leadsIn(hop)).map((hop) => hop.to));
    const joins = (this.#below.get(id) ?? []).filter((one) => !inside.has(one));
    for (const [i, hop] of out.entries()) {
      const last = i === out.length - 1 && joins.length === 0;
      const leads = this.#leadsIn(hop);
      this.rows.push({
        kind: 'branch',
        edge: hop.edge,
        label: this.#labelOf(hop),
        hop: leads ? null : hop,
        last: last || out.length === 1,
        only: out.length === 1,
        guides,
      });
      if (leads) this.#step(hop.to, [...guides, last ? 'gap' : 'bar']);
    }
    for (const join of joins) this.#step(join, guides);
  }

  isBack(hop: Hop): boolean {
    return this.#flow.backHops.has(hop) || hop.from === hop.to;
  }

  titleOf(id: string): string {
    return (this.#flow.nodes.find((node) => node.id === id)?.label ?? []).join(' ');
  }

  isDecision(id: string): boolean {
    return this.#flow.nodes.find((node) => node.id === id)?.shape === 'decision';
  }
}

/** Only says that the next row is next. */
const isIdle = (row: Draft, next: Draft | undefined): boolean =>
  row.kind === 'branch' &&
  row.only &&
  row.label === '' &&
  row.hop !== null &&
  next?.kind === 'step' &&
  next.guides.length === row.guides.length &&
  next.node === row.hop.to;

/**
 * A chart as a list of steps that fits any width: each node once, in walking order, what only one branch leads to set in
 * below that branch, where branches meet at the level of the step at which they parted.
 */
export const railOf = (chart: Chart): readonly RailRow[] => {
  const writer = new Writer(chart);
  const drafts = writer.write();
  const kept = drafts.filter((row, i) => !isIdle(row, drafts[i + 1]));
  const numbers = new Map<string, number>();
  for (const row of kept) if (row.kind === 'step') numbers.set(row.node, numbers.size + 1);
  return kept.map((row): RailRow => {
    if (row.kind === 'step')
      return {
        ...row,
        number: numbers.get(row.node) ?? 0,
        title: writer.titleOf(row.node),
        decision: writer.isDecision(row.node),
      };
    if (row.kind !== 'branch') return row;
    const { kind, guides, edge, label, last, hop } = row;
    if (hop === null) return { kind, guides, edge, label, last, goTo: null };
    const number = numbers.get(hop.to) ?? 0;
    const title = writer.titleOf(hop.to);
    const goTo = { node: hop.to, number, title, back: writer.isBack(hop) };
    return { kind, guides, edge, label, last, goTo };
  });
};

/** Number of each step, from 1, as the rail counts them. */
export const stepNumbers = (rail: readonly RailRow[]): ReadonlyMap<string, number> =>
  new Map(rail.flatMap((row) => (row.kind === 'step' ? [[row.node, row.number]] : [])));
