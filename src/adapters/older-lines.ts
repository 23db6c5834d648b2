import type { FileHandle } from 'node:fs/promises';
import { type Bytes, kib, mib } from '../kernel/units.ts';

const lineEnd = 0x0a;
const chunk: Bytes = kib(512);
/** A longer line is none of ours. */
const longestLine: Bytes = mib(1);

/** What of the lines before the window still counts. */
export interface OlderLines {
  /** Lines that begin with this are large, and count only within the window. */
  readonly without: string;
  /** Further back than this nothing is read. */
  readonly most: Bytes;
}

/**
 * Whole lines between two places of a file, without those that only count when they are new. At most `most` bytes of
 * them are kept, the newest. A line that is cut at either end is passed over.
 * @param within True when the first place may be in the middle of a line.
 */
export const olderLines = async (
  file: FileHandle,
  { from, to, within, most }: { from: number; to: number; within: boolean; most: Bytes },
  { without }: Pick<OlderLines, 'without'>,
): Promise<Buffer> => {
  const prefix = Buffer.from(without);
  const kept: Buffer[] = [];
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  let torn = within;
  for (let at = from; at < to; ) {
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(chunk, to - at)),
      position: at,
    });
    if (bytesRead === 0) break;
    at += bytesRead;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, start)) {
      const line = bytes.subarray(start, end + 1);
      start = end + 1;
      const wanted = !torn && line.length > 1 && !line.subarray(0, prefix.length).equals(prefix);
      torn = false;
      if (!wanted) continue;
      // A copy: a line must not keep its whole chunk in memory.
      kept.push(Buffer.from(line));
      size += line.length;
      while (size > most) size -= kept.shift()?.length ?? size;
    }
    rest = bytes.subarray(start);
    if (rest.length > longestLine) {
      rest = Buffer.alloc(0);
      torn = true;
    }
  }
  return Buffer.concat(kept);
};
