import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { failure } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { mib } from '../../kernel/units.ts';
import { ApiError } from '../kubernetes/network-failure.ts';

const messageSchema = z.union([
  z.object({
    result: z.object({
      blob: z.base64().default(''),
      header: z
        .object({
          revision: z
            .string()
            .regex(/^\d{1,20}$/)
            .optional(),
        })
        .optional(),
    }),
  }),
  z.object({ error: z.object({ message: z.string() }) }),
]);

/** A piece of the backend; etcd sends 32 KiB at a time, a third more as text. */
const longestMessage = mib(8);
const digestLength = 32;

const op = 'read the snapshot';
const broken = (message: string): ApiError => new ApiError(failure('undecodable', op, message));

const messageIn = (line: string): { readonly blob: Buffer; readonly revision: string } => {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw broken('what etcd sends is no JSON');
  }
  const parsed = messageSchema.safeParse(data);
  if (!parsed.success) throw broken('what etcd sends is no piece of a snapshot');
  if ('error' in parsed.data) {
    throw new ApiError(failure('broken', op, clip(plainText(parsed.data.error.message), 500)));
  }
  const { blob, header } = parsed.data.result;
  return { blob: Buffer.from(blob, 'base64'), revision: header?.revision ?? '' };
};

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestMessage) throw broken('a piece of the snapshot is too long');
    yield* lines;
  }
  yield rest + decoder.decode();
}

export interface SnapshotEnd {
  /** Of the file, with the hash at its end. */
  readonly bytes: number;
  /** Of everything before the hash at its end, hexadecimal: the hash itself. */
  readonly sha256: string;
  /** That etcd has told with it; '' where it tells none. */
  readonly revision: string;
}

/**
 * Hands on the backend that a member streams, and checks what the member has written at its end: the SHA-256 of all
 * before it.
 * @throws ApiError when the stream breaks, ends early, or does not fit its hash.
 */
export const readSnapshot = async (
  body: AsyncIterable<Uint8Array>,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<SnapshotEnd> => {
  const hash = createHash('sha256');
  let held = Buffer.alloc(0);
  let bytes = 0;
  let revision = '';
  for await (const line of linesOf(body)) {
    if (line.trim() === '') continue;
    const { blob, revision: told } = messageIn(line);
    revision = told === '' || told === '0' ? revision : told;
    await write(blob);
    bytes += blob.length;
    // The last 32 bytes are not of the backend; which are the last is known at the end.
    const all = Buffer.concat([held, blob]);
    const cut = Math.max(0, all.length - digestLength);
    hash.update(all.subarray(0, cut));
    held = Buffer.from(all.subarray(cut));
  }
  // A backend is whole pages.
  if (bytes % 512 !== digestLength) throw broken(`the snapshot ends early, after ${bytes} bytes`);
  const computed = hash.digest();
  if (!timingSafeEqual(computed, held)) throw broken('the snapshot does not fit its own hash');
  return { bytes, sha256: computed.toString('hex'), revision };
};
