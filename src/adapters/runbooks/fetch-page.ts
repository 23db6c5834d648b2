import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Client } from 'undici';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { type Milliseconds, mib, seconds } from '../../kernel/units.ts';
import { deadline } from '../http/deadline.ts';
import { sourceFailure } from '../http/source-failure.ts';
import { refusedAddress } from './refused-address.ts';

/** All of it: connecting, redirects and the text. */
export const pageWithin: Milliseconds = seconds(5);
export const pageMost = mib(1);
const redirectsMost = 3;
const op = 'fetch runbook';

export type FetchedPage =
  | { readonly kind: 'fresh'; readonly text: string; readonly etag: string }
  /** It is still what the ETag stands for. */
  | { readonly kind: 'same' };

export interface FetchOptions {
  readonly url: string;
  /** Of the copy that is there; '' without one. */
  readonly etag: string;
  /** Why an address must not be asked, or null. Asked again for each redirect. */
  readonly refuse: (url: string) => string | null;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

/** Thrown by the look-up below, and caught where the request is made. */
class Refused extends Error {}

const checkedLookup =
  (host: string): LookupFunction =>
  (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, '', 0);
        return;
      }
      const wrong = addresses.map(({ address }) => refusedAddress(host, address));
      const why = wrong.find((w) => w !== null);
      const [first] = addresses;
      if (why !== undefined && why !== null) done(new Refused(why), '', 0);
      else if (options.all === true) done(null, addresses);
      else if (first === undefined) done(new Refused(`${host} has no address`), '', 0);
      else done(null, first.address, first.family);
    });
  };

const refusal = (message: string, url: string, hint: string): Failure =>
  failure('refused', op, message, { on: clip(plainText(url), 300), hint });

const mapIt = 'map its address to a folder with runbooks.prefixes';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const header = (answer: Answer, name: string): string => {
  const value = answer.headers[name];
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
};

/** One request, with its body up to the limit; null when the body is longer. */
const ask = async (
  url: URL,
  { etag, version }: FetchOptions,
  signal: AbortSignal,
): Promise<Answer | null> => {
  const client = new Client(url.origin, {
    connect: { lookup: checkedLookup(url.hostname) },
    allowH2: false,
    maxHeaderSize: 16 * 1024,
  });
  try {
    const response = await client.request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        'user-agent': `midwatch/${version}`,
        accept: 'text/markdown, text/plain;q=0.9, text/*;q=0.5',
        'accept-encoding': 'identity',
        ...(etag === '' ? {} : { 'if-none-match': etag }),
      },
      signal,
    });
    const decoder = new TextDecoder();
    let text = '';
    let length = 0;
    for await (const chunk of response.body) {
      const bytes = chunk as Uint8Array;
      length += bytes.length;
      if (length > pageMost) return null;
      text += decoder.decode(bytes, { stream: true });
    }
    return { status: response.statusCode, headers: response.headers, text };
  } finally {
    await client.destroy();
  }
};

const pageOf = (answer: Answer, url: string): Result<FetchedPage> => {
  const { status, text } = answer;
  if (status === 304) return ok({ kind: 'same' });
  if (status < 200 || status > 299) {
    const kind =
      status === 404
        ? 'absent'
        : status === 403
          ? 'forbidden'
          : status >= 500
            ? 'broken'
            : 'refused';
    const words = status === 404 ? 'there is no such page' : `it answers HTTP ${status}`;
    return failed(
      failure(kind, op, words, { on: url, status, hint: 'check the address in the alert' }),
    );
  }
  const type = header(answer, 'content-type').toLowerCase();
  const page = /html/.test(type) || /^\s*<(?:!doctype\s+html|html)\b/i.test(text.slice(0, 500));
  if (page) return failed(refusal('it is a web page, not the Markdown behind it', url, mapIt));
  if (type !== '' && !/^text\/|^application\/(?:octet-stream|markdown)/.test(type)) {
    return failed(refusal(`it is ${clip(plainText(type), 60)}, not Markdown`, url, mapIt));
  }
  const etag = header(answer, 'etag');
  return ok({ kind: 'fresh', text, etag: /^[\x20-\x7e]{1,200}$/.test(etag) ? etag : '' });
};

/**
 * The text of a page. Bounded in time and size; redirects only where they are allowed; never to the metadata of a cloud,
 * whatever a name resolves to. Nothing is sent but the question: no cookies, no login.
 */
export const fetchPage = async (
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Result<FetchedPage>> => {
  const time = deadline(options.clock, pageWithin, signal);
  let at = options.url;
  try {
    for (let n = 0; n <= redirectsMost; n += 1) {
      const why = options.refuse(at);
      if (why !== null) return failed(refusal(why, at, 'add the host to runbooks.allowHosts'));
      const url = new URL(at);
      const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const wrong = isIP(literal) === 0 ? null : refusedAddress(url.hostname, literal);
      if (wrong !== null) return failed(refusal(wrong, at, mapIt));
      const answer = await ask(url, n === 0 ? options : { ...options, etag: '' }, time.signal);
      if (answer === null) {
        return failed(refusal(`it is larger than ${pageMost / 1024 / 1024} MiB`, at, mapIt));
      }
      const next = header(answer, 'location');
      if (![301, 302, 303, 307, 308].includes(answer.status) || next === '')
        return pageOf(answer, at);
      if (!URL.canParse(next, at)) return failed(refusal('it leads to no address', at, mapIt));
      at = new URL(next, at).href;
    }
    return failed(refusal(`it leads on more than ${redirectsMost} times`, options.url, mapIt));
  } catch (error) {
    return failed(failureOf(error, at, time.late, signal));
  } finally {
    time.end();
  }
};

const failureOf = (error: unknown, url: string, late: boolean, caller: AbortSignal): Failure => {
  if (caller.aborted) return failure('ended', op, 'cancelled by midwatch', { on: url });
  if (late) {
    return failure('timeout', op, `no text within ${pageWithin / 1000} s`, {
      on: url,
      hint: 'check the network; a copy on disk would always be there: map it to a folder',
    });
  }
  if (error instanceof Refused) return refusal(error.message, url, mapIt);
  return sourceFailure(error, { op, on: url, server: new URL(url).host });
};
