import { workloadOf } from '../actions/logs.ts';
import { logcliText } from '../actions/loki-query.ts';
import type { Asked, Pipeline } from '../actions/pipeline.ts';
import { absurd } from '../kernel/absurd.ts';
import type { Challenge, EffectRequest } from '../kernel/act.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { milliseconds } from '../kernel/units.ts';
import type { Io } from './io.ts';
import { type LogsFlags, logsIntent } from './logs-intent.ts';
import { type LogPrinter, logFilter, logPrinter } from './logs-print.ts';

export interface RunLogs {
  readonly target: string | undefined;
  readonly flags: LogsFlags;
  readonly io: Pick<Io, 'out' | 'err' | 'env' | 'paints'>;
  readonly pipeline: Pipeline;
  /** Of the context. */
  readonly namespace: string;
}

const usage = 64;
/** Something was read, and something that was asked for is missing. */
const partly = 1;
/** Nothing was read: refused, or it could not be. */
const couldNot = 2;

/** What is asked of a person and not given on the command line; null when all of it is. */
const notGiven = (one: Challenge, { flags }: RunLogs, { plan }: Asked): string | null => {
  switch (one.kind) {
    case 'reason':
      return (flags.reason ?? '').trim().length >= one.least
        ? null
        : `say why with --reason, in ${one.least} characters or more`;
    case 'key':
      return flags.yes === true || flags.reason !== undefined ? null : 'agree with --yes';
    case 'name':
      return 'this has to be agreed to on the screen, by typing a name';
    case 'second-person':
      return `another person has to agree: midwatch approve ${plan.digest}`;
    default:
      return absurd(one);
  }
};

type LogsRequest = Extract<EffectRequest, { kind: 'logs' }>;

const logsRequest = ({ plan }: Asked): LogsRequest | null =>
  plan.requests.find((r) => r.kind === 'logs') ?? null;

/** What to try where nothing was found. */
const elsewhere = (asked: Asked, { flags }: RunLogs): string => {
  const request = logsRequest(asked);
  if (request === null) return 'ask for a longer time with --since';
  const { since, previous } = request.bounds;
  if (since.kind === 'newest' || previous) return '';
  return `${flags.follow === true ? '' : 'the last lines whenever they were: --newest=20; '}what the nodes no longer have: ${logcliText(
    request.target,
    since.kind === 'age' ? since.age : milliseconds(3_600_000),
    1000,
    flags.grep,
    asked.plan.subject.kind === 'object' ? workloadOf(asked.plan.subject) : '',
  )}`;
};

/**
 * `midwatch logs`: asks, and prints what comes. Exit 0 when all of it was read, 1 when something is missing, 2 when
 * nothing could be read or it was refused, 64 for what makes no sense.
 */
export const runLogs = async (options: RunLogs, signal: AbortSignal): Promise<number> => {
  const { target, flags, io, pipeline, namespace } = options;
  const say = (text: string): void => io.err(`midwatch: ${plainText(text)}\n`);
  const fail = (why: Failure): number => {
    say(failureText(why));
    if (why.hint !== undefined) io.err(`${plainText(why.hint)}\n`);
    return why.kind === 'misconfigured' ? usage : couldNot;
  };
  const filter = logFilter(flags);
  if (!filter.ok) return fail(filter.failure);
  const intent = logsIntent(target, flags, namespace);
  if (!intent.ok) return fail(intent.failure);
  const asked = await pipeline.ask(intent.value, signal);
  if (!asked.ok) return fail(asked.failure);
  const { verdict, plan } = asked.value;
  if (verdict.outcome === 'deny') {
    for (const { guard, judgement } of verdict.reasons) {
      if (judgement.kind !== 'deny') continue;
      say(`${judgement.why} (${guard})`);
      if (judgement.hint !== '') io.err(`${plainText(judgement.hint)}\n`);
    }
    return couldNot;
  }
  const open = verdict.challenges.flatMap((c) => notGiven(c, options, asked.value) ?? []);
  if (open.length > 0) {
    for (const { judgement } of verdict.reasons) {
      if (judgement.kind === 'ask') say(judgement.why);
    }
    for (const text of open) io.err(`${text}\n`);
    await pipeline.decline(asked.value, open.join('; '));
    return couldNot;
  }
  if (io.paints && flags.json !== true) io.err(`${plainText(plan.title)}\n`);
  const printer = logPrinter({
    out: io.out,
    err: io.err,
    colour: io.paints && (io.env.NO_COLOR ?? '') === '',
    flags,
    filter: filter.value,
  });
  const result = await pipeline.carryOut(
    asked.value,
    { digest: plan.digest, name: '', reason: flags.reason ?? '' },
    { terminal: null, progress: () => {}, logs: printer.print },
    signal,
  );
  switch (result.kind) {
    case 'failed':
      return fail(result.failure);
    case 'unknown':
      say(result.why);
      return couldNot;
    case 'done':
      tellEmpty(printer, options, asked.value);
      return printer.missing ? partly : 0;
  }
};

const tellEmpty = ({ count }: LogPrinter, options: RunLogs, asked: Asked): void => {
  const { io, flags } = options;
  if (count.printed > 0 || flags.json === true) return;
  const what =
    count.read === 0 ? 'no lines' : `none of ${count.read} line${count.read === 1 ? '' : 's'} fit`;
  const hint = count.read === 0 ? elsewhere(asked, options) : '';
  io.err(`${what}: ${plainText(asked.plan.title)}\n${hint === '' ? '' : `${plainText(hint)}\n`}`);
};
