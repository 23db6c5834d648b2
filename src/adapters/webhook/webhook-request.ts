import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Bytes, mib } from '../../kernel/units.ts';

/** A notification with 10 000 alerts has about 6 MiB. */
export const longestBody: Bytes = mib(8);

/** Status and reason with which a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly why: string;
}

const refuse = (status: number, why: string): Refusal => ({ status, why });

/** Names and addresses that lead to this machine only. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the same time whatever the difference. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const tokenIn = ({ headers }: IncomingMessage, url: URL): string =>
  /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? url.searchParams.get('token') ?? '';

/**
 * Why a request is not listened to, or null. Without a token only this machine may ask, and no page in its browser:
 * those name the page's own origin or host.
 */
export const refusalOf = (request: IncomingMessage, token: string | null): Refusal | null => {
  const { method, url = '/', headers } = request;
  const asked = URL.canParse(url, 'http://here') ? new URL(url, 'http://here') : null;
  if (asked === null || asked.pathname !== '/') return refuse(404, 'only / is here');
  if (token !== null && !same(tokenIn(request, asked), token)) {
    return refuse(401, 'the token is missing or wrong');
  }
  if (headers.origin !== undefined) return refuse(403, 'browsers are not listened to');
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (token === null && !isLoopback(host)) {
    return refuse(403, 'without a token it must be addressed as localhost');
  }
  if (method !== 'POST') return refuse(405, 'only POST is understood');
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return refuse(415, 'only application/json is understood');
  }
  if (Number(headers['content-length'] ?? 0) > longestBody) return refuse(413, tooLong);
  return null;
};

const tooLong = `the body is longer than ${longestBody / (1 << 20)} MiB`;

/** The whole body as text, or why it is refused. Null when the sender went away. */
export const bodyOf = async (request: IncomingMessage): Promise<string | Refusal | null> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > longestBody) return refuse(413, tooLong);
      text += decoder.decode(chunk, { stream: true });
    }
    return request.complete ? text + decoder.decode() : null;
  } catch (error) {
    return error instanceof TypeError ? refuse(400, 'the body is not UTF-8') : null;
  }
};
