import type { Clock } from '../../kernel/clock.ts';
import type { EtcdStatus } from '../../kernel/etcd-fact.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type Milliseconds, milliseconds, seconds, since } from '../../kernel/units.ts';
import { deadline } from '../http/deadline.ts';
import type { HttpAnswer, HttpSource } from '../http/http-source.ts';
import { decodeMembers, decodeStatus, type ListedMember, refusalIn } from './gateway-answer.ts';
import { membersQuestion, statusQuestion } from './request-guard.ts';

/** A member that needs longer than this is told as not answering; heartbeats of etcd itself are 100 ms apart. */
export const answerWithin: Milliseconds = seconds(2);
/** Of which that much may go by until the end of the answer, when it has begun late. */
const allWithin: Milliseconds = milliseconds(answerWithin + 400);
/** A status is below 1 KiB, and a list of seven members below 2 KiB. */
const longestAnswer = 256 * 1024;

export interface StatusAnswer {
  readonly status: EtcdStatus;
  /** From the question to the end of the answer; the first one includes the connection. */
  readonly latency: Milliseconds;
}

type Question = typeof statusQuestion | typeof membersQuestion;

interface Answered {
  readonly answer: HttpAnswer;
  readonly body: string;
}

const certificates =
  'ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY, or `etcd:` in the configuration';
const waiting =
  'it may be paused, wait for a slow disk, or have been started just now: without the others it serves nobody';

/** The same failure, with what it means for etcd. */
export const etcdFailure = (why: Failure, op: string, where: string): Failure => {
  const on = why.kind === 'misconfigured' && why.on !== undefined ? why.on : where;
  const hint = hintOf(why);
  return { ...why, op, on, ...(hint === undefined ? {} : { hint }) };
};

const hintOf = ({ kind, message, hint }: Failure): string | undefined => {
  if (kind === 'unauthorized' || message.includes('authority')) {
    return `${hint ?? 'set certificates'} (${certificates})`;
  }
  return kind === 'timeout' && message.includes('answer within') ? waiting : hint;
};

const refusal = (op: string, where: string, status: number, body: string): Failure => {
  const said = refusalIn(body);
  const more = { on: where, status };
  if (status === 404) {
    return failure('undecodable', op, `${where} answers, but not to questions for etcd`, {
      ...more,
      hint: 'check address and port; etcd must be 3.4 or newer, with its gRPC gateway (--enable-grpc-gateway) on',
    });
  }
  const message = said === '' ? `${where} answers with HTTP ${status}` : said;
  if (status === 401) return failure('unauthorized', op, message, more);
  if (status === 403) return failure('forbidden', op, message, more);
  return failure(status >= 500 ? 'broken' : 'refused', op, message, more);
};

const ask = async (
  source: HttpSource,
  op: string,
  { path, body }: Question,
  signal: AbortSignal,
): Promise<Result<Answered>> => {
  const { where } = source;
  const sent = await source.request(
    { method: 'POST', path, body, timeout: answerWithin, limit: longestAnswer },
    signal,
  );
  if (!sent.ok) return failed(etcdFailure(sent.failure, op, where));
  const text = await sent.value.text();
  if (!text.ok) return failed(etcdFailure(text.failure, op, where));
  return sent.value.status === 200
    ? ok({ answer: sent.value, body: text.value })
    : failed(refusal(op, where, sent.value.status, text.value));
};

const notEtcd = (op: string, where: string): Failure =>
  failure('undecodable', op, `${where} answers, but not as etcd does`, {
    on: where,
    hint: 'check address and port: something else listens there',
  });

const tooSlow = (op: string, where: string): Failure =>
  failure(
    'timeout',
    op,
    `${where} did not come to the end of its answer within ${allWithin / 1000} s`,
    {
      on: where,
    },
  );

const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Asks one member how it is. */
export const askStatus = async (
  source: HttpSource,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<StatusAnswer>> => {
  const op = 'ask etcd for its status';
  const began = clock.now();
  const time = deadline(clock, allWithin, signal);
  const asked = await ask(source, op, statusQuestion, time.signal);
  time.end();
  if (!asked.ok) return time.late ? failed(tooSlow(op, source.where)) : asked;
  const ended = clock.now();
  const status = decodeStatus(jsonIn(asked.value.body));
  if (status === null) return failed(notEtcd(op, source.where));
  const date = Date.parse(asked.value.answer.headers.date ?? '');
  // A Date header is cut to the second: in the middle of it the error is half a second at most.
  const skew = Number.isNaN(date) ? null : Math.round(date + 500 - (began + ended) / 2);
  return ok({ status: { ...status, clockSkew: skew }, latency: since(began, ended) });
};

/** Asks one member who the members of its cluster are. */
export const askMembers = async (
  source: HttpSource,
  signal: AbortSignal,
): Promise<Result<readonly ListedMember[]>> => {
  const op = 'ask etcd for its members';
  const asked = await ask(source, op, membersQuestion, signal);
  if (!asked.ok) return asked;
  const members = decodeMembers(jsonIn(asked.value.body));
  return members === null ? failed(notEtcd(op, source.where)) : ok(members);
};
