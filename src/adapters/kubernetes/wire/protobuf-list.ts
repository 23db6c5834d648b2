import { failed, ok, type Result } from '../../../kernel/failure.ts';
import type { Bytes } from '../../../kernel/units.ts';
import { BytePieces } from './byte-pieces.ts';
import { itemLimit } from './item-limit.ts';
import { magic } from './protobuf-envelope.ts';
import { decoding, undecodable, WireError } from './wire-error.ts';

/** The list's own metadata, or one of its items: a message without an envelope. */
export interface ProtobufPart {
  readonly item: boolean;
  readonly bytes: Uint8Array;
}

/** Cuts the answer to a list request in protobuf into its items while it arrives. */
export interface ProtobufList {
  /** Parts that are complete now; they may be views of the chunk. A failure ends the reading for good. */
  push(chunk: Uint8Array): Result<readonly ProtobufPart[]>;
  /** The stream has ended; a failure when it did before the list. */
  end(): Result<null>;
}

/** Of the message around, raw is field 2; of every list, metadata is 1 and items is 2. */
const rawField = 2;
const metaField = 1;
const itemField = 2;

interface Body {
  readonly kind: 'meta' | 'item' | 'other';
  readonly length: number;
}

export const protobufList = (limit: Bytes = itemLimit): ProtobufList => {
  const pieces = new BytePieces();
  let magicSeen = 0;
  /** Bytes left of the list inside the envelope; -1 before it, -2 after it. */
  let left = -1;
  /** Tag of the field whose length is being read; -1 while it is the tag itself. */
  let tag = -1;
  let value = 0;
  let shift = 0;
  let body: Body | null = null;
  let broken: Result<never> | null = null;

  /** One more byte of a tag or of a length. */
  const head = (byte: number): void => {
    if (shift > 28) throw new WireError('a length of more than 32 bits');
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (left > 0) left -= 1;
    if (byte >= 0x80) return;
    const whole = value;
    value = 0;
    shift = 0;
    if (tag < 0) tag = whole;
    else {
      field(tag, whole);
      tag = -1;
    }
  };

  const field = (of: number, length: number): void => {
    const number = Math.floor(of / 8);
    if ((of & 7) !== 2) throw new WireError(`wire type ${of & 7} in a list`);
    if (left < 0) {
      if (left === -1 && number === rawField) left = length === 0 ? -2 : length;
      else body = { kind: 'other', length };
      return;
    }
    if (length > left) throw new WireError('an item reaches beyond its list');
    const kind = number === itemField ? 'item' : number === metaField ? 'meta' : 'other';
    if (kind !== 'other' && length > limit) {
      throw new WireError(`an object of ${length} bytes; the limit is ${limit}`);
    }
    body = { kind, length };
  };

  /** As much of the body as the chunk has; returns the position behind it. */
  const collect = (of: Body, chunk: Uint8Array, pos: number, parts: ProtobufPart[]): number => {
    const keep = of.kind !== 'other';
    const taken = chunk.subarray(pos, pos + of.length - (keep ? pieces.length : 0));
    if (left > 0) left -= taken.length;
    const whole = keep ? pieces.length + taken.length === of.length : taken.length === of.length;
    if (!whole) {
      if (keep) pieces.add(taken);
      else body = { kind: 'other', length: of.length - taken.length };
      return pos + taken.length;
    }
    if (keep) parts.push({ item: of.kind === 'item', bytes: pieces.take(taken) });
    body = null;
    return pos + taken.length;
  };

  const read = (chunk: Uint8Array): readonly ProtobufPart[] => {
    const parts: ProtobufPart[] = [];
    let pos = 0;
    while (pos < chunk.length || body?.length === 0) {
      if (magicSeen < magic.length) {
        if (chunk[pos] !== magic[magicSeen]) throw new WireError('not a list in protobuf');
        magicSeen += 1;
        pos += 1;
      } else if (body !== null) pos = collect(body, chunk, pos, parts);
      else {
        head(chunk[pos] as number);
        pos += 1;
      }
      if (left === 0 && body === null) {
        if (tag >= 0 || shift > 0) throw new WireError('the list ends inside a field');
        left = -2;
      }
    }
    return parts;
  };

  return {
    push: (chunk) => {
      if (broken !== null) return broken;
      const parts = decoding(() => read(chunk));
      if (!parts.ok) broken = parts;
      return parts;
    },
    end: () => {
      if (broken !== null) return broken;
      const whole = left === -2 && body === null && tag < 0 && shift === 0;
      return whole ? ok(null) : failed(undecodable('the answer ends in the middle'));
    },
  };
};
