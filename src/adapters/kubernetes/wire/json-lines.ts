import { failed, ok, type Result } from '../../../kernel/failure.ts';
import type { Bytes } from '../../../kernel/units.ts';
import { BytePieces } from './byte-pieces.ts';
import { itemLimit } from './item-limit.ts';
import { undecodable } from './wire-error.ts';

/** Cuts a byte stream into lines, as text: a watch in JSON has one event per line. Empty lines are left out. */
export interface JsonLines {
  /** Lines that are complete now. A line above the limit is a failure, and the stream cannot be read on. */
  push(chunk: Uint8Array): Result<readonly string[]>;
  /** The stream has ended; a failure when it did inside a line. */
  end(): Result<null>;
}

const newline = 0x0a;

export const jsonLines = (limit: Bytes = itemLimit): JsonLines => {
  const pieces = new BytePieces();
  let broken: Result<never> | null = null;
  return {
    push: (chunk) => {
      if (broken !== null) return broken;
      const lines: string[] = [];
      let start = 0;
      while (start < chunk.length) {
        const found = chunk.indexOf(newline, start);
        const stop = found < 0 ? chunk.length : found;
        if (pieces.length + stop - start > limit) {
          broken = failed(undecodable(`an event of more than ${limit} bytes`));
          return broken;
        }
        if (found < 0) {
          pieces.add(chunk.subarray(start));
          break;
        }
        const line = utf8(pieces.take(chunk.subarray(start, stop)));
        if (line.trim() !== '') lines.push(line);
        start = stop + 1;
      }
      return ok(lines);
    },
    end: () =>
      broken ??
      (pieces.length === 0 ? ok(null) : failed(undecodable('the stream ends inside an event'))),
  };
};

const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
