import type { ActResult, EffectRequest } from '../kernel/act.ts';
import { type Failure, type FailureKind, failure } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import { statusMessage } from './status-message.ts';

/** Kinds of failures without an answer that say that nothing can have arrived. */
const unsent: ReadonlySet<FailureKind> = new Set([
  'forbidden',
  'misconfigured',
  'unauthorized',
  'unreachable',
  'absent',
]);

/** What a request without an answer comes to: where it may have arrived, nobody knows. */
export const withoutAnswer = (why: Failure, bytes: number): ActResult =>
  unsent.has(why.kind)
    ? { kind: 'failed', failure: why, bytes }
    : {
        kind: 'unknown',
        why: `${why.message}; it was sent, and nobody knows what came of it`,
        bytes,
      };

/** Refusals of an admission webhook are made before anything is done, whatever their number is. */
const beforehand = /failed calling webhook|admission/i;
const inDoubt =
  /timed ?out|timeout|deadline exceeded|leader changed|connection (?:refused|reset)|\bEOF\b/i;

const kindOf = (status: number): FailureKind => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  return status >= 500 ? 'broken' : 'refused';
};

const onOf = (request: EffectRequest): string => {
  switch (request.kind) {
    case 'kubernetes':
      return request.path;
    case 'etcd':
      return `${request.endpoint}${request.path}`;
    case 'alertmanager':
      return `${request.sources[0] ?? request.cluster} ${request.path}`;
    default:
      return '';
  }
};

/** Status of gRPC as its gateway writes it, of the API server, or an Alertmanager's bare string. */
const saidIn = (body: string, status: number): string => {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said === 'string' && said !== '') return clip(plainText(said), 1000);
  } catch {
    // Not JSON: what it is is told by the status.
  }
  return statusMessage(body, status);
};

const hintOf = (request: EffectRequest, status: number, message: string): string | undefined => {
  if (/uid/i.test(message) && (status === 409 || status === 422)) {
    return 'it has been replaced by another of the same name: look at the new one first';
  }
  // Its steps say what has to be there still; the server's words do not say which of them failed.
  if (
    status === 422 &&
    request.kind === 'kubernetes' &&
    request.contentType === 'application/json-patch+json'
  ) {
    return 'it is not what it was when this was planned: look again';
  }
  return undefined;
};

/** What an answer that is no success comes to. Some of the 5xx come after it has been done, or while it is. */
export const refusedWith = (
  request: EffectRequest,
  op: string,
  { status, body }: { readonly status: number; readonly body: string },
  bytes: number,
): ActResult => {
  const message = saidIn(body, status);
  const doubtful = status === 502 || status === 504 || (status >= 500 && inDoubt.test(message));
  if (doubtful && !beforehand.test(message)) {
    return { kind: 'unknown', why: `${message}; whether it was done is not known`, bytes };
  }
  const hint = hintOf(request, status, message);
  return {
    kind: 'failed',
    failure: failure(kindOf(status), op, message, {
      on: onOf(request),
      status,
      ...(hint === undefined ? {} : { hint }),
    }),
    bytes,
  };
};

/** The same, after some requests of a plan were carried out. */
export const after = (done: number, of: number, result: ActResult): ActResult => {
  if (done === 0) return result;
  const before = `${done} of ${of} ${done === 1 ? 'was' : 'were'} done, then: `;
  if (result.kind === 'failed') {
    const { failure: why } = result;
    return { ...result, failure: { ...why, message: `${before}${why.message}` } };
  }
  return result.kind === 'unknown' ? { ...result, why: `${before}${result.why}` } : result;
};
