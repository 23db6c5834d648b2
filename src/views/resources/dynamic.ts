import type { ApiResource, TableColumn, TableRow } from '../../kernel/ports.ts';
import { resourceKey } from '../../probes/discovery.ts';
import type { Column, RowTone } from '../parts/table.ts';
import { ageColumn, nameColumn, namespaceColumn, type ResourceTable } from './resource-table.ts';

/** Told by our own columns, which sort and age as they should. */
const ownColumns = new Set(['name', 'namespace', 'age']);
/** Columns in which controllers say how an object is doing. */
const stateColumn = /^(?:ready|available|healthy|health|established|synced|status|phase|state)$/i;

const judge = (cell: string): RowTone => {
  if (/fail|error|degraded|lost|invalid|missing/i.test(cell)) return 'bad';
  if (/^(?:false|notready|outofsync)$/i.test(cell)) return 'warn';
  if (/^unknown$/i.test(cell)) return 'unknown';
  if (/^(?:pending|progressing|terminating|creating|provisioning|waiting)$/i.test(cell)) {
    return 'progress';
  }
  return /^(?:true|ready|healthy|active|bound|running|synced|available|ok)$/i.test(cell)
    ? 'good'
    : 'info';
};

const gravity: readonly RowTone[] = ['bad', 'warn', 'unknown', 'progress', 'good', 'info'];

/** The gravest thing that any of the object's state columns says. */
const toneOf =
  (states: readonly number[]) =>
  (row: TableRow): RowTone => {
    const said = states.map((i) => judge(row.cells[i] ?? ''));
    return gravity.find((tone) => said.includes(tone)) ?? 'info';
  };

const isNumber = (type: string): boolean => type === 'integer' || type === 'number';

const serverColumn = (column: TableColumn, at: number): Column<TableRow> => ({
  // With a prefix, so that a server's column called `age` or `cpu` is not taken for ours.
  id: stateColumn.test(column.name) ? column.name.toLowerCase() : `cell.${at}`,
  title: column.name.toUpperCase(),
  align: isNumber(column.type) ? 'right' : 'left',
  min: 3,
  max: 40,
  rank: 2 + at,
  ...(column.priority > 0 ? { wide: true } : {}),
  ...(isNumber(column.type) ? { sort: (row) => Number(row.cells[at] ?? 0) || 0 } : {}),
  value: (row) => row.cells[at] ?? '',
});

const noLabels = {};
const made = new WeakMap<readonly TableColumn[], ResourceTable<TableRow>>();

/** How a resource without a kind of its own is listed: in the columns that the server gives it. */
export const dynamicTable = (
  resource: ApiResource,
  columns: readonly TableColumn[],
): ResourceTable<TableRow> => {
  const known = made.get(columns);
  const key = resourceKey(resource);
  if (known?.resource === key) return known;
  const states = columns.flatMap((c, i) => (stateColumn.test(c.name) ? [i] : []));
  const served = columns.flatMap((c, i) =>
    ownColumns.has(c.name.toLowerCase()) ? [] : [serverColumn(c, i)],
  );
  const ids = new Set<string>();
  const table: ResourceTable<TableRow> = {
    resource: key,
    singular: resource.singular === '' ? resource.kind.toLowerCase() : resource.singular,
    title: resource.resource,
    namespaced: resource.namespaced,
    shortNames: resource.shortNames,
    sortedBy: resource.namespaced ? 'namespace' : 'name',
    columns: [namespaceColumn, nameColumn, ...served, ageColumn].map((c, i) => {
      const id = ids.has(c.id) ? `${c.id}.${i}` : c.id;
      ids.add(id);
      return { ...c, id };
    }),
    tone: toneOf(states),
    labels: () => noLabels,
  };
  made.set(columns, table);
  return table;
};
