import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { type Failure, failed, failure, ok } from '../../kernel/failure.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import type { HttpAnswer } from './http-source.ts';

export interface AnswerOptions {
  /** Bytes of the body, decompressed. */
  readonly limit: number;
  /** What an error while reading means. */
  readonly words: (error: unknown) => Failure;
  /** Called once, when the body has ended or has been left. */
  readonly done: () => void;
}

type Raw = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

/** The response as an answer: decompressed, bounded, and with failures in words. */
export const sourceAnswer = (response: Raw, options: AnswerOptions): HttpAnswer => {
  const headers = headersOf(response.headers);
  const { body: source } = response;
  // Nobody may ever read it; it then ends with the time of the request, and its error must not end the process.
  source.on('error', () => {});
  source.once('close', options.done);
  const body = bodyOf(source, headers['content-encoding'] === 'gzip', options);
  return {
    status: response.statusCode,
    headers,
    body,
    text: async () => {
      const decoder = new TextDecoder();
      let text = '';
      try {
        for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
      } catch (error) {
        if (error instanceof ApiError) return failed(error.failure);
        throw error;
      }
      return ok(text + decoder.decode());
    },
  };
};

const headersOf = (raw: Raw['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')] as const],
    ),
  );

async function* bodyOf(
  source: Readable,
  gzip: boolean,
  { limit, words }: AnswerOptions,
): AsyncGenerator<Uint8Array> {
  try {
    let left = limit;
    for await (const chunk of gzip ? gunzipped(source) : source) {
      left -= chunk.length;
      if (left < 0) throw new ApiError(tooLong(limit));
      yield chunk;
    }
  } catch (error) {
    throw new ApiError(words(error), error);
  } finally {
    source.destroy();
  }
}

const gunzipped = (source: Readable): AsyncIterable<Uint8Array> => {
  const gunzip = createGunzip();
  // Failures surface where it is read; the callback is only there because one is required.
  pipeline(source, gunzip, () => {});
  return gunzip;
};

const tooLong = (limit: number): Failure =>
  failure('undecodable', 'read', `the answer is longer than ${sizeText(limit)}`, {
    hint: 'something else may answer there',
  });

const sizeText = (size: number): string =>
  size >= 1 << 20 ? `${(size / (1 << 20)).toFixed(1)} MiB` : `${Math.ceil(size / 1024)} KiB`;
