import { z } from 'zod';
import { probeId, type Scope, type Signal } from '../kernel/fact.ts';
import { keyOf } from '../kernel/kind.ts';
import type { TableColumn, TableData, TableRow } from '../kernel/ports.ts';
import type { Probe } from '../kernel/probe.ts';
import { minutes } from '../kernel/units.ts';
import { epochSchema } from './schema.ts';

/** The server's own table of a resource that has no kind here, as far as it was looked at. */
export interface TableState {
  readonly columns: readonly TableColumn[];
  /** By `namespace/name`. */
  readonly rows: ReadonlyMap<string, TableRow>;
}

/** What is observed of a table: what the port says, and that a new look at it begins. */
export type TableFact = { readonly begin: true } | TableData;

/** By scope of the table, see `tableScope`. */
export type Tables = ReadonlyMap<Scope, TableState>;

/** Tables that are looked at again are the latest ones; the oldest are forgotten, so that browsing stays bounded. */
const tablesKept = 12;
/** Of one table. Beyond that it is a data store that no person reads as a list. */
export const tableRowsKept = 20_000;

/** Scope of a resource's table: of all its objects, or of those in a namespace. */
export const tableScope = (resource: string, namespace: string): Scope =>
  namespace === '' ? resource : `${resource}@${namespace}`;

const rowSchema = z.object({
  uid: z.string(),
  name: z.string(),
  namespace: z.string(),
  created: epochSchema,
  cells: z.array(z.string()),
});

const columnSchema = z.object({ name: z.string(), priority: z.number(), type: z.string() });

const schema: z.ZodType<TableFact> = z.union([
  z.object({ begin: z.literal(true) }),
  z.object({ columns: z.array(columnSchema) }),
  z.object({ put: rowSchema }),
  z.object({ del: z.string() }),
]);

const empty: TableState = { columns: [], rows: new Map() };

export const tables: Probe<TableFact, Tables> = {
  id: probeId('tables'),
  title: 'tables',
  patience: minutes(2.5),
  schema,
  empty: new Map(),
  fold: (state, batch) => {
    const next = new Map(state);
    const copied = new Map<Scope, Map<string, TableRow>>();
    for (const { scope, data } of batch) {
      if ('begin' in data) {
        // Set anew at the end of the map: the order of the map is the order in which tables are forgotten.
        next.delete(scope);
        next.set(scope, { columns: [], rows: new Map() });
        copied.delete(scope);
        for (const oldest of next.keys()) {
          if (next.size <= tablesKept) break;
          next.delete(oldest);
          copied.delete(oldest);
        }
        continue;
      }
      const table = next.get(scope) ?? empty;
      if ('columns' in data) {
        next.set(scope, { ...table, columns: data.columns });
        continue;
      }
      let rows = copied.get(scope);
      if (rows === undefined) {
        rows = new Map(table.rows);
        copied.set(scope, rows);
      }
      if ('del' in data) rows.delete(data.del);
      else if (rows.size < tableRowsKept || rows.has(keyOf(data.put))) {
        rows.set(keyOf(data.put), data.put);
      }
      next.set(scope, { columns: table.columns, rows });
    }
    return { state: next, changes: [] };
  },
  save: (state) =>
    [...state].map(([scope, { columns, rows }]) => ({ scope, columns, rows: [...rows.values()] })),
  load: (saved) =>
    new Map(
      (
        saved as readonly {
          scope: Scope;
          columns: readonly TableColumn[];
          rows: readonly TableRow[];
        }[]
      ).map(({ scope, columns, rows }) => [
        scope,
        { columns, rows: new Map(rows.map((row) => [keyOf(row), row])) },
      ]),
    ),
  // Nothing is watched until somebody looks at a resource; then the signals of its watch are appended as they come.
  observe: (_ports, _emit, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    }),
};

/** What a table's watch says, as signals of this probe. */
export const tableSignals = (
  resource: string,
  namespace: string,
  signals: readonly Signal<TableData>[],
): readonly Signal<TableFact>[] => {
  const scope = tableScope(resource, namespace);
  return signals.map((signal) => ({ ...signal, scope }));
};

/** Said before a watch of a table begins: what an earlier one left behind may be gone by now. */
export const tableBegins = (resource: string, namespace: string): readonly Signal<TableFact>[] => {
  const scope = tableScope(resource, namespace);
  return [
    { kind: 'gap', scope, why: 'being read' },
    { kind: 'observed', scope, data: { begin: true } },
  ];
};

/** Said when nobody looks at a table any more: from here on it is only what was last known. */
export const tableLeft = (resource: string, namespace: string): readonly Signal<TableFact>[] => [
  {
    kind: 'gap',
    scope: tableScope(resource, namespace),
    why: 'no longer watched, nobody was looking',
  },
];
