import { clip, plainText } from '../../kernel/text.ts';
import type { Matcher } from '../filter.ts';
import { widthOf } from './line.ts';
import type { Column, RowContext, RowTone, Table } from './table.ts';

/** Longest text of a cell that is kept; no screen shows more, and a hostile name must not cost time. */
const cellKept = 600;

/** What is computed once per object: objects are immutable, so it holds for as long as the object does. */
export interface Row<O> {
  readonly object: O;
  readonly key: string;
  /** One per column, '' for volatile ones. */
  readonly texts: readonly string[];
  readonly widths: readonly number[];
  /** What filters look at: everything that can be seen without asking for wide columns. */
  readonly text: string;
  readonly tone: RowTone;
}

/** Rows of a kind's objects, remembered for as long as the objects live. */
export type RowMaker<O> = (key: string, object: O) => Row<O>;

export const rowMaker = <O extends object>(table: Table<O>): RowMaker<O> => {
  const made = new WeakMap<O, Row<O>>();
  const columns = searchedColumns(table, false);
  return (key, object) => {
    const known = made.get(object);
    if (known !== undefined && known.key === key) return known;
    const texts = table.columns.map((c) =>
      c.volatile === true ? '' : clip(plainText(c.value(object)), cellKept),
    );
    const text = textOf(texts, columns);
    const row = { object, key, texts, text, widths: texts.map(widthOf), tone: table.tone(object) };
    made.set(object, row);
    return row;
  };
};

export const isFault = (tone: RowTone): boolean =>
  tone === 'bad' || tone === 'warn' || tone === 'unknown';

export interface Choice<O> {
  /** What belongs here at all, e.g. the namespace, the pods of a deployment. */
  readonly belongs: (object: O) => boolean;
  readonly matcher: Matcher;
  readonly faults: boolean;
  readonly sort: { readonly column: Column<O>; readonly descending: boolean };
  readonly wide: boolean;
}

/** What rows are ordered by besides their keys; null where the keys alone decide. */
type Order = readonly (number | string)[] | null;

export interface Chosen<O> {
  readonly rows: readonly Row<O>[];
  /** One for each of the rows. */
  readonly order: Order;
  /** Kept for the next pass, for as long as this choice is. */
  readonly pass: Pass<O>;
  /** How many belong here, before filters. */
  readonly total: number;
  /** Widest text per column. */
  readonly widest: readonly number[];
  /** The same by column id. */
  readonly natural: ReadonlyMap<string, number>;
  indexOf(key: string): number;
}

export const compare = (a: number | string, b: number | string): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Which of its texts a filter looks at: what can be seen without asking for more. */
const searchedColumns = <O>(table: Table<O>, wide: boolean): readonly number[] =>
  table.columns.flatMap((c, i) => (c.volatile !== true && (wide || c.wide !== true) ? [i] : []));

const textOf = (texts: readonly string[], columns: readonly number[]): string => {
  let text = '';
  for (const i of columns) text += `${texts[i]} `;
  return text;
};

export type Pass<O> = readonly (Row<O> | undefined)[];

/**
 * The rows of the pass before, in the order of the objects. Few objects change between two passes and the others keep
 * their place, so most rows are found by place: looking 10 000 objects up by identity takes longer than all the rest.
 */
const passes = new WeakMap<object, WeakRef<Pass<object>>>();

/** Filters and sorts all objects of a kind. One pass each; the texts of unchanged objects are not made again. */
export const choose = <O extends object>(
  table: Table<O>,
  make: RowMaker<O>,
  objects: ReadonlyMap<string, O>,
  choice: Choice<O>,
  context: RowContext,
): Chosen<O> => {
  const rows: Row<O>[] = [];
  const holds = filterOf(table, choice);
  const before = passes.get(make)?.deref() as Pass<O> | undefined;
  const pass: (Row<O> | undefined)[] = [];
  let total = 0;
  for (const [key, object] of objects) {
    const known = before?.[pass.length];
    if (!choice.belongs(object)) {
      pass.push(known);
      continue;
    }
    total += 1;
    const row = known?.object === object && known.key === key ? known : make(key, object);
    pass.push(row);
    if (holds(row)) rows.push(row);
  }
  const order = sortRows(rows, table, choice.sort, context);
  const widest = new Array<number>(table.columns.length).fill(0);
  for (const { widths } of rows) {
    for (let i = 0; i < widths.length; i += 1) {
      const w = widths[i] as number;
      if (w > (widest[i] as number)) widest[i] = w;
    }
  }
  passes.set(make, new WeakRef(pass));
  return { rows, order, pass, total, ...widthsOf(table, widest), indexOf: placeIn(rows) };
};

export const widthsOf = <O>(
  table: Table<O>,
  widest: readonly number[],
): Pick<Chosen<O>, 'widest' | 'natural'> => ({
  widest,
  natural: new Map(table.columns.map((c, i) => [c.id, widest[i] ?? 0])),
});

/** The cursor stays on a row for many frames: where it was found last is looked first. */
export const placeIn = <O>(rows: readonly Row<O>[]): ((key: string) => number) => {
  let last = 0;
  return (key) => {
    if (rows[last]?.key !== key) {
      const found = rows.findIndex((row) => row.key === key);
      if (found < 0) return found;
      last = found;
    }
    return last;
  };
};

/** Whether a row of what belongs here is shown. */
export const filterOf = <O>(
  table: Table<O>,
  { matcher, faults, wide }: Choice<O>,
): ((row: Row<O>) => boolean) => {
  const searched = searchedColumns(table, wide);
  const textIn = (row: Row<O>) => (wide ? textOf(row.texts, searched) : row.text);
  return (row) =>
    (!faults || isFault(row.tone)) &&
    (!matcher.active || matcher.matches(textIn(row), table.labels(row.object)));
};

/** What a row is ordered by besides its key; null where its key alone decides. */
export const orderOf = <O>(
  table: Table<O>,
  { column, descending }: Choice<O>['sort'],
  context: RowContext,
): ((row: Row<O>) => number | string) | null => {
  // The key begins with the namespace.
  if (column.id === 'namespace' && !descending) return null;
  const at = table.columns.indexOf(column);
  const { sort } = column;
  return (row) => (sort === undefined ? (row.texts[at] ?? '') : sort(row.object, context));
};

/** By the column, then by key. Keys come almost in order from the server, where sorting costs next to nothing. */
const sortRows = <O>(
  rows: Row<O>[],
  table: Table<O>,
  sort: Choice<O>['sort'],
  context: RowContext,
): Order => {
  rows.sort((a, b) => compare(a.key, b.key));
  const by = orderOf(table, sort, context);
  if (by === null) return null;
  const keyed = rows.map((row) => ({ row, by: by(row) }));
  const direction = sort.descending ? -1 : 1;
  keyed.sort((a, b) => direction * compare(a.by, b.by));
  for (let i = 0; i < keyed.length; i += 1) rows[i] = (keyed[i] as { row: Row<O> }).row;
  return keyed.map((k) => k.by);
};
