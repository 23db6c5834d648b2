import { podTable } from './pods.ts';
import type { AnyKindTable } from './resource-table.ts';

/** How the built-in kinds are listed, in the order in which command mode knows them. */
export const kindTables: readonly AnyKindTable[] = [podTable];

export const kindTable: ReadonlyMap<string, AnyKindTable> = new Map(
  kindTables.map((table) => [table.resource, table]),
);
