import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { failure } from '../../kernel/failure.ts';
import { mib } from '../../kernel/units.ts';
import type { ApiAnswer } from './api-client.ts';
import type { Sent } from './connections.ts';
import { ApiError, type Attempt, networkFailure } from './network-failure.ts';

export interface ByteCount {
  bytesReceived: number;
}

/** Longer text is cut: whoever needs more reads the body piece by piece. */
const longestText = mib(8);

/** The response as an answer: body counted, decompressed, and with failures in words. */
export const answerOf = (
  { response, cut }: Sent,
  count: ByteCount,
  attempt: Attempt,
  signal: AbortSignal,
): ApiAnswer => {
  const headers = headersOf(response.headers);
  const gzip = headers['content-encoding'] === 'gzip';
  const body = bodyOf(counted(response.body, count, cut), response.body, gzip, attempt, signal);
  return {
    status: response.statusCode,
    headers,
    body,
    text: async () => {
      const decoder = new TextDecoder();
      let text = '';
      let left: number = longestText;
      for await (const chunk of body) {
        text += decoder.decode(chunk.subarray(0, left), { stream: true });
        left -= chunk.length;
        if (left <= 0) break;
      }
      return text + decoder.decode();
    },
  };
};

const headersOf = (
  raw: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')] as const],
    ),
  );

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: ByteCount,
  cut: () => boolean,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count.bytesReceived += chunk.length;
    yield chunk;
  }
  if (cut()) throw Object.assign(new Error('cut off'), { code: 'ECONNRESET' });
}

async function* bodyOf(
  chunks: AsyncIterable<Uint8Array>,
  source: Readable,
  gzip: boolean,
  attempt: Attempt,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    if (!gzip) {
      yield* chunks;
      return;
    }
    const gunzip = createGunzip();
    // Failures surface where `gunzip` is read; the callback is only there because one is required.
    pipeline(chunks, gunzip, () => {});
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    const why = signal.aborted
      ? failure('ended', attempt.op, 'cancelled by midwatch', { on: attempt.on })
      : networkFailure(error, attempt);
    throw new ApiError(why, error);
  } finally {
    // Ends the request when the reader leaves early.
    source.on('error', () => {});
    source.destroy();
  }
}
