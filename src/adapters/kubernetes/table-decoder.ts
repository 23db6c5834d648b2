import { keyOf } from '../../kernel/kind.ts';
import type { TableColumn, TableRow } from '../../kernel/ports.ts';
import { metadata, type Read } from '../../kernel/shape.ts';
import { plainText } from '../../kernel/text.ts';
import type { Decoder, WatchItem } from './watch-decoder.ts';
import { commonItem, type JsonEvent, jsonWatchDecoder } from './watch-decoder-json.ts';
import { jsonListDecoder, pageOf } from './watch-decoder-list.ts';
import { parseJson, readJson } from './wire/json-reader.ts';

/** What the server says about all rows. */
export interface TableNote {
  readonly columns: readonly TableColumn[];
}
type Item = WatchItem<TableRow, TableNote>;
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const rowFields = { metadata } as const;

const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  return plainText(typeof cell === 'string' ? cell : JSON.stringify(cell));
};

const bad = (why: string): Item => ({ kind: 'bad', why });

const columnOf = (column: unknown): readonly TableColumn[] => {
  if (!isObject(column)) return [];
  const { name, priority, type } = column;
  return [
    {
      name: plainText(String(name ?? '')),
      priority: typeof priority === 'number' ? priority : 0,
      type: String(type ?? 'string'),
    },
  ];
};

/** Only the first table of a watch says what its columns are. */
const columnsOf = (definitions: unknown): readonly Item[] =>
  Array.isArray(definitions) && definitions.length > 0
    ? [{ kind: 'note', note: { columns: definitions.flatMap(columnOf) } }]
    : [];

interface ReadRow {
  readonly metadata: NonNullable<Read<typeof rowFields>['metadata']>;
  readonly row: TableRow;
}

const rowOf = (row: unknown): ReadRow | null => {
  if (!isObject(row)) return null;
  const read = readJson(rowFields, row.object);
  const metadata = read.ok ? read.value.metadata : undefined;
  if (metadata?.name === undefined) return null;
  const cells = Array.isArray(row.cells) ? row.cells.map(cellText) : [];
  const { uid = '', name, namespace = '', creationTimestamp = 0 } = metadata;
  return { metadata, row: { uid, name, namespace, created: creationTimestamp, cells } };
};

const putOf = (row: unknown): Item => {
  const read = rowOf(row);
  if (read === null) return bad('a table row without the metadata of its object');
  const revision = read.metadata.resourceVersion ?? '';
  return { kind: 'put', key: keyOf(read.row), revision, object: read.row };
};

const delOf = (row: unknown): Item => {
  const read = rowOf(row);
  if (read === null) return bad('a table row without the metadata of its object');
  return { kind: 'del', key: keyOf(read.row), revision: read.metadata.resourceVersion ?? '' };
};

const rowsOf = (table: Json): readonly unknown[] => (Array.isArray(table.rows) ? table.rows : []);

/** A bookmark comes as the bare object, or as the one row of a table. */
const bookmarkIn = (event: JsonEvent): Item | null => {
  const table = isObject(event.object) ? event.object : {};
  const [row] = rowsOf(table);
  return commonItem(isObject(row) ? { type: event.type, object: row.object } : event);
};

const itemsOf = (event: JsonEvent): readonly Item[] => {
  const { type, object } = event;
  if (type === 'BOOKMARK' || type === 'ERROR') {
    const item = type === 'BOOKMARK' ? bookmarkIn(event) : commonItem(event);
    // Where there are no rows, the first event, and so the one with the columns, is a bookmark.
    const columns = isObject(object) ? columnsOf(object.columnDefinitions) : [];
    return item === null ? columns : [...columns, item];
  }
  if (!isObject(object)) return [bad('an event without a table')];
  const one = type === 'DELETED' ? delOf : putOf;
  return [...columnsOf(object.columnDefinitions), ...rowsOf(object).map(one)];
};

/** Reads a watch whose events carry tables, usually of one row. */
export const tableWatchDecoder = (): Decoder<TableRow, TableNote> => jsonWatchDecoder(itemsOf);

/** Reads one page of a table. */
export const tableListDecoder = (): Decoder<TableRow, TableNote> =>
  jsonListDecoder<TableRow, TableNote>(['rows'], ({ key, item, text }) => {
    if (!item && key === 'metadata') return [pageOf(text)];
    if (!item && key !== 'columnDefinitions') return [];
    const parsed = parseJson(text);
    if (!parsed.ok)
      return [item ? bad(parsed.failure.message) : { kind: 'broken', why: parsed.failure.message }];
    return item ? [putOf(parsed.value)] : columnsOf(parsed.value);
  });
