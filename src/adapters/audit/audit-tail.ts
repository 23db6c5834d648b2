import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { kib, mib } from '../../kernel/units.ts';
import { type ChainHead, isTorn, noHash, readRecord } from './audit-record.ts';

const lineEnd = 0x0a;
const firstLook = kib(64);
/** Nobody leaves so much behind in one write: it is no file of ours. */
const farthest = mib(16);

export interface AuditTail {
  /** What the next record joins on to. */
  readonly head: ChainHead;
  /** Bytes behind the last record that are none, as they will be once their line is ended. */
  readonly torn: number;
  /** The last line has no end yet. */
  readonly open: boolean;
}

/** A chain of its own. */
export const newChain = (): ChainHead => ({
  chain: randomBytes(8).toString('hex'),
  seq: 0,
  sha256: noHash,
});

/** The last record in some bytes of the end of a file, with what stands behind it; null when there is none. */
const lastRecord = (bytes: Buffer, atStart: boolean): AuditTail | null => {
  const open = bytes.at(-1) !== lineEnd;
  for (let end = open ? bytes.length : bytes.length - 1; end > 0; ) {
    const start = bytes.lastIndexOf(lineEnd, end - 1) + 1;
    // A line that begins before these bytes cannot be judged.
    if (start === 0 && !atStart) return null;
    const record = readRecord(bytes.subarray(start, end));
    if (record !== null) {
      const behind = bytes.length - Math.min(end + 1, bytes.length);
      const { chain, seq, sha256 } = record;
      return { head: { chain, seq, sha256 }, torn: behind === 0 ? 0 : behind + Number(open), open };
    }
    end = start - 1;
  }
  return null;
};

/**
 * Where the next record of a file joins on. What was left half written stays, and is counted. A file with something in
 * it that no program of ours has written is left alone: `misconfigured`.
 */
export const auditTail = async (
  file: FileHandle,
  size: number,
  path: string,
): Promise<Result<AuditTail>> => {
  if (size === 0) return ok({ head: newChain(), torn: 0, open: false });
  for (let look: number = firstLook; ; look *= 8) {
    const start = Math.max(0, size - look);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(size - start),
      position: start,
    });
    const bytes = buffer.subarray(0, bytesRead);
    const found = lastRecord(bytes, start === 0);
    if (found !== null) return ok(found);
    if (start === 0 && isTorn(bytes)) {
      const open = bytes.at(-1) !== lineEnd;
      return ok({ head: newChain(), torn: size + Number(open), open });
    }
    if (start === 0 || look >= farthest) break;
  }
  return failed(
    failure('misconfigured', 'write the audit', 'the end of this file is no audit of midwatch', {
      on: path,
      hint: 'choose another file for the audit, and keep this one: midwatch audit verify tells more',
    }),
  );
};
