import { type AuditRecord, isTorn, noHash, readRecord } from './audit-record.ts';
import type { AuditFault } from './audit-report.ts';

export interface AuditLine {
  /** From 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
  /** It has a line end. */
  readonly ended: boolean;
  readonly record: AuditRecord | null;
}

const lineEnd = 0x0a;

/** Bytes of a file as lines, each with its record where it is one. */
export const auditLinesOf = (file: Uint8Array): readonly AuditLine[] => {
  const lines: AuditLine[] = [];
  for (let start = 0; start < file.length; ) {
    const found = file.indexOf(lineEnd, start);
    const end = found === -1 ? file.length : found;
    const bytes = file.subarray(start, end);
    lines.push({ line: lines.length + 1, bytes, ended: found !== -1, record: readRecord(bytes) });
    start = end + 1;
  }
  return lines;
};

export interface ChainWalk {
  readonly faults: readonly AuditFault[];
  /** Lines. */
  readonly torn: readonly number[];
}

/** One walk along the lines of a file, from record to record. */
class Walk {
  readonly faults: AuditFault[] = [];
  readonly torn: number[] = [];
  /** Line of the first record of each number. */
  readonly #places = new Map<number, AuditLine>();
  /** What the last record that was in its place leads on to. */
  #seq = 0;
  #sha256 = noHash;
  #chain: string | null = null;
  #last = 0;
  /** Lines since then that are no records. */
  #others: AuditLine[] = [];

  run(lines: readonly AuditLine[]): ChainWalk {
    for (const one of lines) {
      const { record } = one;
      if (record !== null && !this.#places.has(record.seq)) this.#places.set(record.seq, one);
    }
    for (const one of lines) {
      if (one.record === null) this.#others.push(one);
      else this.#accept(one, one.record);
    }
    this.#end();
    return { faults: this.faults.toSorted((a, b) => a.line - b.line), torn: this.torn };
  }

  #fault(kind: AuditFault['kind'], line: number, text: string): void {
    this.faults.push({ kind, line, text });
  }

  #accept(one: AuditLine, record: AuditRecord): void {
    const { line } = one;
    const { seq } = record;
    if (this.#chain !== null && record.chain !== this.#chain) {
      this.#fault('foreign', line, 'this record is of another audit');
      return;
    }
    const first = this.#places.get(seq);
    if (first !== undefined && first.line < line) {
      const same = first.record?.sha256 === record.sha256;
      this.#fault(
        'duplicated',
        line,
        same ? `the record of line ${first.line} once more` : `another record ${seq}`,
      );
      return;
    }
    if (seq <= this.#seq) {
      this.#fault('reordered', line, `record ${seq} stands behind record ${this.#seq}`);
      return;
    }
    if (seq > this.#seq + 1) this.#skipped(one, record);
    else this.#next(one, record);
    this.#chain = record.chain;
    this.#seq = seq;
    this.#sha256 = record.sha256;
    this.#last = line;
    this.#others = [];
  }

  /** It is the next one by its number. */
  #next({ line }: AuditLine, record: AuditRecord): void {
    if (record.prev !== this.#sha256) {
      const text = `it does not join on to line ${this.#last}: one of both was written anew`;
      this.#fault('rewritten', line, text);
    }
    const left = this.#others.reduce((sum, o) => sum + o.bytes.length + 1, 0);
    const innocent = left === (record.torn ?? 0);
    for (const other of this.#others) {
      if (innocent && isTorn(other.bytes)) this.torn.push(other.line);
      else this.#fault('foreign', other.line, 'this line is no record, and stands for none');
    }
    if (left === 0 && record.torn !== undefined) {
      this.#fault('missing', line, 'what was left half written before this record is missing');
    }
  }

  /** Numbers before it are left out: they are changed lines, stand elsewhere, or are gone. */
  #skipped({ line }: AuditLine, record: AuditRecord): void {
    const [from, to] = [this.#seq + 1, record.seq - 1];
    let elsewhere = 0;
    for (let seq = from; seq <= to; seq += 1) elsewhere += Number(this.#places.has(seq));
    for (const other of this.#others) {
      this.#fault('changed', other.line, 'this line is not what was written');
    }
    if (elsewhere > 0) {
      this.#fault('reordered', line, `record ${record.seq} stands before record ${from}`);
    }
    const gone = record.seq - from - elsewhere - this.#others.length;
    if (gone > 0) {
      const which = from === to ? `record ${from} is` : `records ${from} to ${to} are`;
      this.#fault('missing', line, `${which} not all there: ${gone} missing before this line`);
    }
  }

  /** Behind the last record there may be one more that was being written. */
  #end(): void {
    for (const { line, bytes, ended } of this.#others) {
      if (!ended && isTorn(bytes)) this.torn.push(line);
      else this.#fault('changed', line, 'this line is not what was written');
    }
  }
}

/** Follows the chain through the lines of a file, and tells where it breaks. */
export const walkChain = (lines: readonly AuditLine[]): ChainWalk => new Walk().run(lines);
