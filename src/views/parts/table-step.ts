import type { Step } from '../../kernel/lineage.ts';
import type { RowContext, Table } from './table.ts';
import {
  type Choice,
  type Chosen,
  compare,
  filterOf,
  orderOf,
  placeIn,
  type Row,
  type RowMaker,
  widthsOf,
} from './table-rows.ts';

/** A row, and what it is ordered by besides its key; '' where its key alone decides. */
interface Placed<O> {
  readonly row: Row<O>;
  readonly by: number | string;
}

type Objects<O> = ReadonlyMap<string, O>;

/**
 * The same as `choose`, from what was chosen of the objects before: only rows of objects that changed are looked at.
 * `choice` and what the order depends on have to be the same ones as then.
 */
export const chooseAgain = <O extends object>(
  table: Table<O>,
  make: RowMaker<O>,
  before: Chosen<O>,
  { from, to, step }: { readonly from: Objects<O>; readonly to: Objects<O>; readonly step: Step },
  choice: Choice<O>,
  context: RowContext,
): Chosen<O> => {
  const holds = filterOf(table, choice);
  const by = orderOf(table, choice.sort, context);
  const direction = choice.sort.descending ? -1 : 1;
  const placed = (row: Row<O>): Placed<O> => ({ row, by: by === null ? '' : by(row) });
  const inOrder = (a: Placed<O>, b: Placed<O>): number =>
    direction * compare(a.by, b.by) || compare(a.row.key, b.row.key);
  const shown = (key: string, object: O | undefined): Placed<O> | null => {
    if (object === undefined || !choice.belongs(object)) return null;
    const row = make(key, object);
    return holds(row) ? placed(row) : null;
  };
  const at = (i: number): Placed<O> => ({
    row: before.rows[i] as Row<O>,
    by: before.order?.[i] ?? '',
  });
  let { total } = before;
  const gone: Placed<O>[] = [];
  const come: Placed<O>[] = [];
  const swaps = new Map<number, Row<O>>();
  for (const key of new Set([...step.removed, ...step.put])) {
    const [was, is] = [from.get(key), to.get(key)];
    if (was === is) continue;
    if (was !== undefined && choice.belongs(was)) total -= 1;
    if (is !== undefined && choice.belongs(is)) total += 1;
    const [old, now] = [shown(key, was), shown(key, is)];
    if (old !== null && now !== null && inOrder(old, now) === 0) {
      swaps.set(find(before.rows.length, at, old, inOrder), now.row);
      continue;
    }
    if (old !== null) gone.push(old);
    if (now !== null) come.push(now);
  }
  const rows = before.rows.slice();
  const left: Row<O>[] = gone.map(({ row }) => row);
  for (const [i, row] of swaps) {
    left.push(rows[i] as Row<O>);
    rows[i] = row;
  }
  const added = [...swaps.values(), ...come.map(({ row }) => row)];
  const moved =
    gone.length + come.length === 0
      ? { rows, order: before.order }
      : merged(
          rows,
          before.order,
          new Set(gone.map((old) => find(rows.length, at, old, inOrder))),
          come.sort(inOrder),
          inOrder,
        );
  return {
    ...moved,
    pass: before.pass,
    total,
    ...widthsOf(table, widestOf(before.widest, left, added, moved.rows)),
    indexOf: placeIn(moved.rows),
  };
};

/** Where in the order something is that is there. */
const find = <T>(
  length: number,
  at: (i: number) => T,
  wanted: T,
  inOrder: (a: T, b: T) => number,
): number => {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inOrder(at(middle), wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Without those at some places, and with others where they belong: one pass over all rows. */
const merged = <O>(
  rows: readonly Row<O>[],
  order: Chosen<O>['order'],
  without: ReadonlySet<number>,
  come: readonly Placed<O>[],
  inOrder: (a: Placed<O>, b: Placed<O>) => number,
): Pick<Chosen<O>, 'rows' | 'order'> => {
  const all: Row<O>[] = [];
  const by: (number | string)[] = [];
  const put = (one: Placed<O>): void => {
    all.push(one.row);
    if (order !== null) by.push(one.by);
  };
  let next = 0;
  for (let i = 0; i < rows.length; i += 1) {
    if (without.has(i)) continue;
    const here = { row: rows[i] as Row<O>, by: order?.[i] ?? '' };
    for (let one = come[next]; one !== undefined && inOrder(one, here) < 0; one = come[next]) {
      put(one);
      next += 1;
    }
    put(here);
  }
  for (const one of come.slice(next)) put(one);
  return { rows: all, order: order === null ? null : by };
};

/** Columns whose widest text may have gone are measured anew, the others only grow. */
const widestOf = <O>(
  before: readonly number[],
  left: readonly Row<O>[],
  added: readonly Row<O>[],
  rows: readonly Row<O>[],
): readonly number[] =>
  before.map((was, i) => {
    const grown = added.reduce((most, { widths }) => Math.max(most, widths[i] ?? 0), 0);
    if (grown >= was) return grown;
    if (!left.some(({ widths }) => widths[i] === was)) return was;
    return rows.reduce((most, { widths }) => Math.max(most, widths[i] ?? 0), 0);
  });
