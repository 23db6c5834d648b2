/** What of RFC 6455 a port-forward needs: binary messages to the server, anything from it. */
export type FrameKind = 'more' | 'text' | 'binary' | 'close' | 'ping' | 'pong';

export interface Frame {
  readonly kind: FrameKind;
  /** False when the rest of the message follows in frames of kind `more`. */
  readonly last: boolean;
  readonly payload: Uint8Array;
}

const opcodes: Readonly<Record<FrameKind, number>> = {
  more: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
};
const kinds = new Map(Object.entries(opcodes).map(([kind, code]) => [code, kind as FrameKind]));

/** Servers send what they read from the pod in pieces of 32 KiB; far longer frames are a mistake or an attack. */
export const longestFrame = 1 << 20;

/** A frame as a client must send it: whole, and masked with four random bytes. */
export const maskedFrame = (kind: FrameKind, payload: Uint8Array, mask: Uint8Array): Buffer => {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const out = Buffer.allocUnsafe(2 + extra + 4 + length);
  out[0] = 0x80 | opcodes[kind];
  out[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) out.writeUInt16BE(length, 2);
  if (extra === 8) out.writeBigUInt64BE(BigInt(length), 2);
  out.set(mask.subarray(0, 4), 2 + extra);
  const at = 6 + extra;
  for (let i = 0; i < length; i += 1) out[at + i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
  return out;
};

/** Cuts what a server sends into frames. Holds at most one frame of `longestFrame` and the chunk at hand. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Frames that are complete now. @throws when the bytes are not frames of a server. */
  push(chunk: Uint8Array): readonly Frame[] {
    const held = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const head = headOf(held, at);
      if (head === null || held.length < head.start + head.length) break;
      const payload = held.subarray(head.start, head.start + head.length);
      frames.push({ kind: head.kind, last: head.last, payload });
      at = head.start + head.length;
    }
    this.#rest = held.subarray(at);
    return frames;
  }
}

interface Head {
  readonly kind: FrameKind;
  readonly last: boolean;
  readonly start: number;
  readonly length: number;
}

/** Null while the head has not arrived as a whole. */
const headOf = (bytes: Buffer, at: number): Head | null => {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return null;
  const kind = kinds.get(first & 0x0f);
  if (kind === undefined || (first & 0x70) !== 0) throw new Error('not a WebSocket frame');
  if ((second & 0x80) !== 0) throw new Error('the server masks its frames');
  const short = second & 0x7f;
  const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
  const start = at + 2 + extra;
  if (bytes.length < start) return null;
  const length =
    extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : sizeOf(bytes, at + 2);
  if (length > longestFrame) throw new Error('a WebSocket frame is too long');
  return { kind, last: (first & 0x80) !== 0, start, length };
};

const sizeOf = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64BE(at));
