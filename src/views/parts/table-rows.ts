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

export interface Chosen<O> {
  readonly rows: readonly Row<O>[];
  /** Kept for the next pass, for as long as this choice is. */
  readonly pass: Pass<O>;
  /** How many belong here, before filters. */
  readonly total: number;
  /** Widest text per column, by column id. */
  readonly natural: ReadonlyMap<string, number>;
  indexOf(key: string): number;
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Which of its texts a filter looks at: what can be seen without asking for more. */
const searchedColumns = <O>(table: Table<O>, wide: boolean): readonly number[] =>
  table.columns.flatMap((c, i) => (c.volatile !== true && (wide || c.wide !== true) ? [i] : []));

const textOf = (texts: readonly string[], columns: readonly number[]): string => {
  let text = '';
  for (const i of columns) text += `${texts[i]} `;
  return text;
};

type Pass<O> = readonly (Row<O> | undefined)[];

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
  const searched = searchedColumns(table, choice.wide);
  const searchedText = (row: Row<O>) => (choice.wide ? textOf(row.texts, searched) : row.text);
  const rows: Row<O>[] = [];
  const { matcher } = choice;
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
    if (choice.faults && !isFault(row.tone)) continue;
    if (matcher.active && !matcher.matches(searchedText(row), table.labels(object))) continue;
    rows.push(row);
  }
  sortRows(rows, table, choice.sort, context);
  const widest = new Array<number>(table.columns.length).fill(0);
  for (const { widths } of rows) {
    for (let i = 0; i < widths.length; i += 1) {
      const w = widths[i] as number;
      if (w > (widest[i] as number)) widest[i] = w;
    }
  }
  let places: Map<string, number> | undefined;
  passes.set(make, new WeakRef(pass));
  return {
    rows,
    pass,
    total,
    natural: new Map(table.columns.map((c, i) => [c.id, widest[i] ?? 0])),
    indexOf: (key) => {
      places ??= new Map(rows.map((row, i) => [row.key, i]));
      return places.get(key) ?? -1;
    },
  };
};

/** By the column, then by key. Keys come almost in order from the server, where sorting costs next to nothing. */
const sortRows = <O>(
  rows: Row<O>[],
  table: Table<O>,
  { column, descending }: Choice<O>['sort'],
  context: RowContext,
): void => {
  rows.sort((a, b) => compare(a.key, b.key));
  const at = table.columns.indexOf(column);
  const { sort } = column;
  if (column.id === 'namespace' && !descending) return;
  const keyed = rows.map((row) => ({
    row,
    by: sort === undefined ? (row.texts[at] ?? '') : sort(row.object, context),
  }));
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => direction * compare(a.by, b.by));
  for (let i = 0; i < keyed.length; i += 1) rows[i] = (keyed[i] as { row: Row<O> }).row;
};
