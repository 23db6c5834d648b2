import type { Clock } from '../../kernel/clock.ts';
import {
  type Failure,
  type FailureKind,
  failed,
  failure,
  ok,
  type Result,
} from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { type Milliseconds, mib, seconds } from '../../kernel/units.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import type { HttpAnswer, HttpSource } from './http-source.ts';

/** Longest answer that is read: 20 000 alerts take about 15 MB. */
export const longestAnswer = mib(64);
/** An answer must have begun within this, and again have ended. */
export const answerWithin: Milliseconds = seconds(10);
const longestRefusal = 16 * 1024;

export interface Asked {
  readonly text: string;
  /** The source's clock minus ours, in whole seconds as milliseconds; null when it does not say. */
  readonly skew: number | null;
}

/** GET of JSON, not parsed yet. Every other answer is a failure in words. */
export const askText = async (
  source: HttpSource,
  path: string,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<Result<Asked>> => {
  const request = { method: 'GET', path, timeout: answerWithin, limit: longestAnswer } as const;
  const began = clock.now();
  const result = await source.request(request, signal);
  if (!result.ok) return result;
  const answer = result.value;
  const on = path.split('?')[0] ?? path;
  const skew = skewOf(answer.headers.date, began, clock.now());
  if (answer.status < 200 || answer.status > 299) {
    return failed(refusal(answer.status, await firstOf(answer), on));
  }
  const read = await answer.text();
  if (!read.ok) return failed({ ...read.failure, on });
  const type = answer.headers['content-type'] ?? '';
  const strange = foreign(type, read.value, on);
  return strange === null ? ok({ text: read.value, skew }) : failed(strange);
};

/** Text as JSON; a failure tells a broken answer from one that never was JSON. */
export const parsedJson = (text: string, on: string): Result<unknown> => {
  try {
    return ok(JSON.parse(text));
  } catch {
    const broken = /^\s*[[{]/.test(text) && !/[\]}]\s*$/.test(text.slice(-200));
    return failed(
      failure(
        'undecodable',
        'read',
        broken ? 'the answer ends in the middle' : 'the answer is not valid JSON',
        { on },
      ),
    );
  }
};

/** The header has no parts of a second, so the middle of it is meant, and less than a second is nothing. */
const skewOf = (date: string | undefined, began: number, ended: number): number | null => {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return null;
  const off = at + 500 - (began + ended) / 2;
  const unsure = 500 + (ended - began) / 2;
  return Math.abs(off) <= unsure ? 0 : Math.round(off / 1000) * 1000;
};

const loginPage = 'a login page or another program answers there; check the URL and its path';

const foreign = (type: string, text: string, on: string): Failure | null => {
  const start = text.slice(0, 200).trimStart();
  if (type.includes('html') || start.startsWith('<')) {
    return failure('undecodable', 'read', 'it answers with a web page instead of JSON', {
      on,
      hint: loginPage,
    });
  }
  if (type.includes('json') || (type === '' && /^[[{]/.test(start))) return null;
  const what = type === '' ? 'something' : clip(plainText(type), 60);
  return failure('undecodable', 'read', `it answers with ${what} instead of JSON`, {
    on,
    hint: loginPage,
  });
};

/** The beginning of a body that nobody wants all of. */
const firstOf = async ({ body }: HttpAnswer): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= longestRefusal) break;
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return text.slice(0, longestRefusal);
};

const kindOf = (status: number): FailureKind => {
  if (status >= 300 && status < 400) return 'unauthorized';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  return status >= 500 ? 'broken' : 'refused';
};

const ownUrl = 'give its URL with --alertmanager or --prometheus, or in the configuration';

const hintOf = (status: number, fromApiServer: boolean, message: string): string | undefined => {
  if (fromApiServer && status === 403) {
    const right = /(services|pods)\/proxy/.exec(message)?.[0] ?? 'services/proxy';
    return `ask for the right to get ${right} in its namespace, or ${ownUrl}`;
  }
  if (fromApiServer && status === 503) return 'look at the pods behind it: none of them is ready';
  if (status === 400 && /HTTPS server/.test(message)) return 'write its address with https';
  if (status >= 300 && status < 400) return loginPage;
  if (status === 401) return 'set a login or a token for it in the configuration';
  if (status === 403) return 'the login or token that is set for it may not read this';
  if (status === 404) return 'check the path in its URL: it may be served under a prefix';
  return undefined;
};

/** An answer that is not the one that was asked for, in the words of who gave it. */
const refusal = (status: number, body: string, on: string): Failure => {
  const { message, fromApiServer } = wordsIn(body);
  const redirected = status >= 300 && status < 400;
  const said = redirected ? 'it sends us elsewhere, as a login page does' : message;
  const hint = hintOf(status, fromApiServer, message);
  return failure(kindOf(status), 'get', said === '' ? `it answers HTTP ${status}` : said, {
    on,
    status,
    ...(hint === undefined ? {} : { hint }),
  });
};

/** A Status of the API server, the errors of Alertmanager and Prometheus, or what is left of a page. */
const wordsIn = (body: string): { readonly message: string; readonly fromApiServer: boolean } => {
  const line = (text: string): string => clip(plainText(text.trim()), 300);
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said === 'string') return { message: line(said), fromApiServer: false };
    if (typeof said === 'object' && said !== null) {
      const { kind, message, error } = said as Readonly<Record<string, unknown>>;
      const text = [message, error].find((t) => typeof t === 'string');
      if (typeof text === 'string') {
        return { message: line(text), fromApiServer: kind === 'Status' };
      }
    }
  } catch {
    // Text or a page.
  }
  const page = /<\s*(?:html|!doctype|body|head)/i.test(body.slice(0, 1000));
  return { message: page ? '' : line(body.slice(0, 1000)), fromApiServer: false };
};
