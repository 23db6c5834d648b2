import { type Bytes, mib } from '../../../kernel/units.ts';

/** An object is at most 1.5 MiB in etcd, and several times that as JSON; a table's row is less. */
export const itemLimit: Bytes = mib(16);
