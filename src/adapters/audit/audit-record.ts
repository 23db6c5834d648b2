import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalText } from '../../kernel/canonical-text.ts';

/** Which file it is: drawn when its first record is written, and in every record and seal of it. */
export type ChainId = string;

/** Where the next record joins on. */
export interface ChainHead {
  readonly chain: ChainId;
  /** Of the last record; 0 before the first. */
  readonly seq: number;
  /** SHA-256 of the last record, hexadecimal. */
  readonly sha256: string;
}

/** Stands where the hash of a record before the first would. */
export const noHash = '0'.repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.strictObject({
  chain: z.string().regex(/^[0-9a-f]{16}$/),
  fact: z.unknown(),
  /** Hash of the record before. */
  prev: hash,
  seq: z.number().int().positive(),
  /** Of the canonical text of all the rest. */
  sha256: hash,
  /** Bytes between the record before and this one that somebody left who was killed while writing. */
  torn: z.number().int().positive().optional(),
});
export type AuditRecord = Readonly<z.infer<typeof recordSchema>>;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** One line without its end: canonical JSON, so that whoever takes `sha256` out of it can compute it again. */
export const recordLine = (
  head: ChainHead,
  fact: unknown,
  torn: number,
): { readonly line: string; readonly head: ChainHead } => {
  const body = {
    chain: head.chain,
    fact,
    prev: head.sha256,
    seq: head.seq + 1,
    ...(torn > 0 ? { torn } : {}),
  };
  const made = sha256(canonicalText(body));
  return {
    line: canonicalText({ ...body, sha256: made }),
    head: { chain: head.chain, seq: body.seq, sha256: made },
  };
};

/** The record of a line, when the line is, byte by byte, what was written; else null. */
export const readRecord = (line: Uint8Array): AuditRecord | null => {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const record = recordSchema.safeParse(parsed);
  if (!record.success) return null;
  const { sha256: told, ...body } = record.data;
  if (sha256(canonicalText(body)) !== told) return null;
  // The same data can be written in other ways; only one of them is ours.
  return Buffer.from(canonicalText(record.data), 'utf8').equals(line) ? record.data : null;
};

const opening = '{"chain":"';
const whole = /"sha256":"[0-9a-f]{64}"(?:,"torn":\d+)?\}/;

/** Whether it can be the beginning of a record whose writer was killed, or that a machine without power lost. */
export const isTorn = (line: Uint8Array): boolean => {
  if (line.every((byte) => byte === 0)) return true;
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  if (!text.startsWith(opening) && !opening.startsWith(text)) return false;
  return !whole.test(text);
};
