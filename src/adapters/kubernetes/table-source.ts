import { type ResourceRef, resourcePath } from '../../kernel/kind.ts';
import type { TableRow } from '../../kernel/ports.ts';
import { type TableNote, tableListDecoder, tableWatchDecoder } from './table-decoder.ts';
import type { WatchSource } from './watch-decoder.ts';

/** The server's own table, and the plain objects where it cannot make one of an error. */
const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/**
 * Any resource as the table that the API server makes of it, with the metadata of each object.
 * Cells are the server's words at the time of the event: an age in them is not kept up to date.
 */
export const tableSource = (
  ref: ResourceRef,
  namespace: string,
): WatchSource<TableRow, TableNote> => ({
  title: ref.resource,
  path: resourcePath(ref, namespace),
  query: 'includeObject=Metadata',
  encodings: ['json'],
  accept: () => accept,
  watchDecoder: tableWatchDecoder,
  listDecoder: tableListDecoder,
  news: (row) => row,
});
