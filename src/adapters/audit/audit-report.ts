import type { EpochMs } from '../../kernel/units.ts';

/** Something that is not as it was written. */
export interface AuditFault {
  readonly kind: /** The content of a record is not what it was. */
    | 'changed'
    /** A line that was no record. */
    | 'foreign'
    /** A record says of the one before it what is not so: one of both was written anew. */
    | 'rewritten'
    | 'reordered'
    | 'duplicated'
    /** Records between two others, or before the first, are missing. */
    | 'missing'
    /** Records that were sealed are missing at the end. */
    | 'truncated'
    /** A seal was made of another record, or of another file in this place. */
    | 'unlike-seal';
  /** From 1; where what is missing would stand. */
  readonly line: number;
  readonly text: string;
}

export interface AuditReport {
  readonly lines: number;
  readonly records: number;
  /** Time of the first and of the last fact; null without any. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** Number of facts by who is named in them, most first. */
  readonly by: readonly { readonly name: string; readonly records: number }[];
  /** The newest seal that agrees with the file; null without one. */
  readonly sealed: { readonly seq: number; readonly at: EpochMs } | null;
  /** In the order of their lines. [] is sound. */
  readonly faults: readonly AuditFault[];
  /** Lines that were left half written by who was killed: innocent. */
  readonly torn: readonly number[];
  /** Records whose content this version does not know; they are whole. */
  readonly unknown: number;
}
