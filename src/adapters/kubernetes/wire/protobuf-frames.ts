import { failed, ok, type Result } from '../../../kernel/failure.ts';
import type { Bytes } from '../../../kernel/units.ts';
import { BytePieces } from './byte-pieces.ts';
import { itemLimit } from './item-limit.ts';
import { undecodable } from './wire-error.ts';

/** Cuts a byte stream into the frames of a watch in protobuf. */
export interface ProtobufFrames {
  /**
   * Frames that are complete now. They may be views of the chunk: use them before the chunk is.
   * A frame above the limit is a failure, and the stream cannot be read on.
   */
  push(chunk: Uint8Array): Result<readonly Uint8Array[]>;
  /** The stream has ended; a failure when it did inside a frame. */
  end(): Result<null>;
}

const headLength = 4;

/** Frames with a length of four bytes, big-endian, before each: `application/vnd.kubernetes.protobuf;stream=watch`. */
export const protobufFrames = (limit: Bytes = itemLimit): ProtobufFrames => {
  const head = new Uint8Array(headLength);
  let headFilled = 0;
  /** Of the frame that is being collected; -1 while its length is not known. */
  let wanted = -1;
  const pieces = new BytePieces();
  let broken: Result<never> | null = null;

  const readHead = (chunk: Uint8Array, at: number): number => {
    let pos = at;
    while (headFilled < headLength && pos < chunk.length) {
      head[headFilled] = chunk[pos] as number;
      headFilled += 1;
      pos += 1;
    }
    if (headFilled === headLength) wanted = new DataView(head.buffer).getUint32(0);
    return pos;
  };

  return {
    push: (chunk) => {
      if (broken !== null) return broken;
      const frames: Uint8Array[] = [];
      let pos = 0;
      while (pos < chunk.length || wanted === 0) {
        if (wanted < 0) {
          pos = readHead(chunk, pos);
          if (wanted > limit) {
            broken = failed(undecodable(`an event of ${wanted} bytes; the limit is ${limit}`));
            return broken;
          }
          continue;
        }
        const missing = wanted - pieces.length;
        if (chunk.length - pos < missing) {
          pieces.add(chunk.subarray(pos));
          break;
        }
        frames.push(pieces.take(chunk.subarray(pos, pos + missing)));
        pos += missing;
        wanted = -1;
        headFilled = 0;
      }
      return ok(frames);
    },
    end: () =>
      broken ??
      (headFilled === 0 ? ok(null) : failed(undecodable('the stream ends inside an event'))),
  };
};
