import { type Failure, type FailureKind, failure } from '../../kernel/failure.ts';
import { plainText } from '../../kernel/text.ts';
import { milliseconds } from '../../kernel/units.ts';
import type { ApiAnswer } from './api-client.ts';
import type { Outcome } from './reflector-plan.ts';
import type { ServerStatus } from './watch-decoder.ts';

/** What was asked for, in words and as a path. */
export interface Asked {
  readonly op: string;
  readonly path: string;
}

const kindOf = (status: number): FailureKind => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  return status >= 500 ? 'broken' : 'refused';
};

/** Longest wait that a server may ask for. */
const longestRetryAfter = 300;

/** Seconds of a Retry-After header; a date there, or none, is 0. */
const retryAfterOf = (header: string | undefined): number => {
  const n = Number(header);
  return Number.isFinite(n) && n > 0 ? Math.min(n, longestRetryAfter) : 0;
};

/** The server's refusal as a failure, with its own message. */
export const refusalOf = ({ op, path }: Asked, { code, message }: ServerStatus): Failure =>
  failure(kindOf(code), op, plainText(message === '' ? `status ${code}` : message), {
    on: path.split('?')[0] ?? path,
    status: code,
  });

/** Outcome of an ERROR event, or of an answer that is not 200. */
export const refusedBy = (asked: Asked, status: ServerStatus): Outcome => ({
  kind: 'refused',
  status: status.code,
  failure: refusalOf(asked, status),
  expired: status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone',
  retryAfter: milliseconds(status.retryAfterSeconds * 1000),
});

/** What an answer's body says: a Status, or the text that proxies send. */
export const statusIn = (code: number, body: string, retryAfterSeconds = 0): ServerStatus => {
  try {
    const status: unknown = JSON.parse(body);
    if (typeof status === 'object' && status !== null && 'message' in status) {
      const reason = 'reason' in status ? String(status.reason) : '';
      return { code, reason, retryAfterSeconds, message: String(status.message) };
    }
  } catch {
    // Not a Status: plain text or HTML.
  }
  const message = body
    .replace(/<[^>]*>|[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
  return { code, reason: '', retryAfterSeconds, message };
};

export const statusOf = async (answer: ApiAnswer): Promise<ServerStatus> =>
  statusIn(answer.status, await answer.text(), retryAfterOf(answer.headers['retry-after']));
