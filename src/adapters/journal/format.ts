import zlib from 'node:zlib';
import {
  type Bytes,
  type EpochMs,
  epochMs,
  mib,
  type Revision,
  revision,
} from '../../kernel/units.ts';

/**
 * A recording: a file header, then blocks. Numbers are big-endian.
 *
 *     file header, 16 bytes          block header, 32 bytes, then its payload
 *     0  8  magic                    0  4  magic "MWBK"
 *     8  2  version                  4  1  type: 1 events, 2 snapshot, 3 meta
 *    10  2  zero                     5  1  flags: bit 0 = another part of this payload follows
 *    12  4  CRC32 of 0..11           6  2  entries in the block (events), else 0
 *                                    8  4  length of the payload
 *                                   12  4  CRC32 of the payload
 *                                   16  6  revision: of the first entry, or of the world in a snapshot
 *                                   22  6  latest time of any entry up to the end of this block, ms since 1970
 *                                   28  4  CRC32 of 0..27
 *
 * Every bit is covered by a checksum. A payload is zstd of UTF-8 text: entries one JSON per line, a world as one JSON
 * (in parts when it is large), or one JSON about the recording itself. See docs/recording-format.md for what is promised.
 */
export const formatVersion = 1;
export const fileHeaderSize = 16;
export const blockHeaderSize = 32;

/** As in PNG: a byte above 127, both line ends and end-of-file, so that a transfer as text is noticed. */
const fileMagic = Buffer.from([0x89, 0x4d, 0x57, 0x52, 0x0d, 0x0a, 0x1a, 0x0a]);
export const blockMagic = Buffer.from('MWBK', 'latin1');

/** A block of more entries is not written, and not believed. */
export const maxEntries = 4096;
/** Largest payload, packed or unpacked; a packed one that grows beyond it is refused. */
export const maxPayload: Bytes = mib(64);

const types = { events: 1, snapshot: 2, meta: 3 } as const;
const typeNames = { 1: 'events', 2: 'snapshot', 3: 'meta' } as const;
export type BlockType = keyof typeof types;

export interface BlockHeader {
  readonly type: BlockType;
  /** The payload goes on in the next block. */
  readonly more: boolean;
  readonly count: number;
  readonly length: number;
  readonly crc: number;
  readonly rev: Revision;
  readonly time: EpochMs;
}

/** Last revision in a block of entries. */
export const lastOf = (block: Pick<BlockHeader, 'rev' | 'count'>): Revision =>
  revision(block.rev + block.count - 1);

export const fileHeader = (): Buffer => {
  const bytes = Buffer.alloc(fileHeaderSize);
  fileMagic.copy(bytes);
  bytes.writeUInt16BE(formatVersion, 8);
  bytes.writeUInt32BE(zlib.crc32(bytes.subarray(0, 12)), 12);
  return bytes;
};

/** `damaged` has the magic or the checksum wrong; whether it is a recording at all is told by what follows. */
export const readFileHeader = (
  bytes: Buffer,
): { readonly kind: 'good' } | { readonly kind: 'newer' } | { readonly kind: 'damaged' } => {
  if (bytes.length < fileHeaderSize || !bytes.subarray(0, 8).equals(fileMagic))
    return { kind: 'damaged' };
  if (bytes.readUInt32BE(12) !== zlib.crc32(bytes.subarray(0, 12))) return { kind: 'damaged' };
  if (bytes.readUInt16BE(8) > formatVersion) return { kind: 'newer' };
  return { kind: 'good' };
};

/** A whole block, ready to be written at once. */
export const encodeBlock = (
  header: Pick<BlockHeader, 'type' | 'more' | 'count' | 'rev' | 'time'>,
  payload: Uint8Array,
): Buffer => {
  const bytes = Buffer.alloc(blockHeaderSize + payload.length);
  blockMagic.copy(bytes);
  bytes.writeUInt8(types[header.type], 4);
  bytes.writeUInt8(header.more ? 1 : 0, 5);
  bytes.writeUInt16BE(header.count, 6);
  bytes.writeUInt32BE(payload.length, 8);
  bytes.writeUInt32BE(zlib.crc32(payload), 12);
  bytes.writeUIntBE(header.rev, 16, 6);
  bytes.writeUIntBE(Math.max(0, header.time), 22, 6);
  bytes.writeUInt32BE(zlib.crc32(bytes.subarray(0, 28)), 28);
  bytes.set(payload, blockHeaderSize);
  return bytes;
};

/** Null when the 32 bytes are no header that this version would have written. */
export const decodeBlockHeader = (bytes: Buffer): BlockHeader | null => {
  if (bytes.length < blockHeaderSize || !bytes.subarray(0, 4).equals(blockMagic)) return null;
  if (bytes.readUInt32BE(28) !== zlib.crc32(bytes.subarray(0, 28))) return null;
  const type = typeNames[bytes.readUInt8(4) as 1 | 2 | 3] as BlockType | undefined;
  const flags = bytes.readUInt8(5);
  const header = {
    more: flags === 1,
    count: bytes.readUInt16BE(6),
    length: bytes.readUInt32BE(8),
    crc: bytes.readUInt32BE(12),
    rev: revision(bytes.readUIntBE(16, 6)),
    time: epochMs(bytes.readUIntBE(22, 6)),
  };
  if (type === undefined || flags > 1 || header.length > maxPayload) return null;
  if (type === 'events') {
    if (header.more || header.count === 0 || header.count > maxEntries || header.rev === 0)
      return null;
  } else if (header.count !== 0) return null;
  return { type, ...header };
};
