/** Numbers that cross a function border carry their unit in the type. */
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

export type Milliseconds = Unit<'ms'>;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = Unit<'epoch-ms'>;
export type Bytes = Unit<'bytes'>;
/** Position of an entry in a journal: 1 for the first, one more for each next. 0 is "before the first". */
export type Revision = Unit<'revision'>;
/** Thousandths of a CPU core. */
export type MilliCpu = Unit<'millicpu'>;

export const milliseconds = (n: number): Milliseconds => n as Milliseconds;
export const seconds = (n: number): Milliseconds => (n * 1000) as Milliseconds;
export const minutes = (n: number): Milliseconds => (n * 60_000) as Milliseconds;
export const hours = (n: number): Milliseconds => (n * 3_600_000) as Milliseconds;
export const epochMs = (n: number): EpochMs => n as EpochMs;
export const bytes = (n: number): Bytes => n as Bytes;
export const kib = (n: number): Bytes => (n * 1024) as Bytes;
export const mib = (n: number): Bytes => (n * 1024 * 1024) as Bytes;
export const revision = (n: number): Revision => n as Revision;
export const milliCpu = (n: number): MilliCpu => n as MilliCpu;
export const noRevision: Revision = 0 as Revision;

export const since = (from: EpochMs, to: EpochMs): Milliseconds =>
  Math.max(0, to - from) as Milliseconds;
export const after = (at: EpochMs, wait: Milliseconds): EpochMs => (at + wait) as EpochMs;
