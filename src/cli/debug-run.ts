import type { Answer } from '../actions/agreement.ts';
import type { Asked, Pipeline } from '../actions/pipeline.ts';
import { requestText } from '../actions/request-text.ts';
import { absurd } from '../kernel/absurd.ts';
import type { ActResult, Challenge } from '../kernel/act.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type DebugFlags, debugIntent } from './debug-intent.ts';
import { detachHint } from './detach-keys.ts';
import type { Io } from './io.ts';
import type { PersonTerminal } from './person-terminal.ts';

export interface RunDebug {
  readonly target: string;
  readonly flags: DebugFlags;
  readonly io: Pick<Io, 'err' | 'paints'>;
  readonly pipeline: Pipeline;
  /** Of the context. */
  readonly namespace: string;
  /** One line of the person; null when they leave instead. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | null>;
  readonly lend: (signal: AbortSignal) => PersonTerminal;
}

const usage = 64;
const couldNot = 2;

/** Wrong words are told and asked for again so often. */
const tries = 3;

/** Asks until it is right; null when the person leaves or never gets it right. */
const asked = async (
  { ask, io }: RunDebug,
  question: string,
  wrong: (said: string) => string | null,
  signal: AbortSignal,
): Promise<string | null> => {
  for (let i = 0; i < tries; i += 1) {
    const said = await ask(question, signal);
    if (said === null) return null;
    const why = wrong(said.trim());
    if (why === null) return said.trim();
    io.err(`${why}\n`);
  }
  return null;
};

/** Everything that is asked for before it is done; null when it is not given. */
const answered = async (
  options: RunDebug,
  { plan, verdict }: Asked,
  signal: AbortSignal,
): Promise<Answer | null> => {
  const { io, flags } = options;
  const answer = { digest: plan.digest, name: '', reason: flags.reason ?? '' };
  const said = async (one: Challenge): Promise<string | null> => {
    switch (one.kind) {
      case 'name': {
        const wrong = (text: string) => (text === plan.typed ? null : 'that is not the name');
        answer.name =
          (await asked(options, `type ${plainText(plan.typed)} to agree: `, wrong, signal)) ?? '';
        return answer.name === '' ? null : answer.name;
      }
      case 'reason': {
        const wrong = (text: string) =>
          text.length >= one.least ? null : `say it in ${one.least} characters or more`;
        if (wrong(answer.reason.trim()) === null) return answer.reason;
        answer.reason = (await asked(options, 'why: ', wrong, signal)) ?? '';
        return answer.reason === '' ? null : answer.reason;
      }
      case 'key': {
        const wrong = (text: string) => (/^(?:y|yes|n|no)$/i.test(text) ? null : 'y or n');
        const word = await asked(options, 'do it? y/n ', wrong, signal);
        return word !== null && /^y/i.test(word) ? word : null;
      }
      case 'second-person':
        io.err('another person has to agree: ask for it on the screen, where their code goes\n');
        return null;
      default:
        return absurd(one);
    }
  };
  for (const one of verdict.challenges) if ((await said(one)) === null) return null;
  return answer;
};

/** What would be sent, and what to know before it is. */
const showPlan = ({ io }: RunDebug, { plan, verdict }: Asked): void => {
  io.err(`${plainText(plan.title)}, on ${plainText(plan.context)}\n`);
  for (const request of plan.requests) {
    // It is the next one to the letter, and once is enough to read it.
    const isDry = request.kind === 'kubernetes' && request.path.includes('dryRun=All');
    const text = isDry ? 'as a dry run first, which leaves nothing:' : requestText(request);
    io.err(`  ${clip(plainText(text), 1000)}\n`);
  }
  for (const danger of plan.dangers) io.err(`! ${plainText(danger)}\n`);
  for (const { judgement } of verdict.reasons) {
    if (judgement.kind === 'ask') io.err(`? ${plainText(judgement.why)}\n`);
  }
};

/**
 * `midwatch debug`: shows what it would do, has the person agree, and lends the terminal. Exit 0 when the session was
 * there, 2 when it could not be or was refused, 64 for what makes no sense.
 */
export const runDebug = async (options: RunDebug, signal: AbortSignal): Promise<number> => {
  const { target, flags, io, pipeline, namespace, lend } = options;
  const say = (text: string): void => io.err(`midwatch: ${plainText(text)}\n`);
  const fail = (why: Failure): number => {
    say(failureText(why));
    if (why.hint !== undefined) io.err(`${plainText(why.hint)}\n`);
    return why.kind === 'misconfigured' ? usage : couldNot;
  };
  const intent = debugIntent(target, flags, namespace);
  if (!intent.ok) return fail(intent.failure);
  if (!io.paints) {
    say('debug needs a terminal to join to the container');
    return usage;
  }
  const one = await pipeline.ask(intent.value, signal);
  if (!one.ok) return fail(one.failure);
  const { plan, verdict } = one.value;
  if (verdict.outcome === 'deny') {
    for (const { guard, judgement } of verdict.reasons) {
      if (judgement.kind !== 'deny') continue;
      say(`${judgement.why} (${guard})`);
      if (judgement.hint !== '') io.err(`${plainText(judgement.hint)}\n`);
    }
    return couldNot;
  }
  showPlan(options, one.value);
  const answer = await answered(options, one.value, signal);
  if (answer === null) {
    await pipeline.decline(one.value, 'it was not agreed to');
    say('nothing was done');
    return couldNot;
  }
  io.err(`${detachHint}\n`);
  const person = lend(signal);
  const result = await pipeline
    .carryOut(
      one.value,
      answer,
      {
        terminal: person.terminal,
        // The terminal does not go back to the first column by itself while it is lent.
        progress: (text) => io.err(`${plainText(text)}\r\n`),
        logs: () => {},
      },
      signal,
    )
    .finally(() => person.close());
  return ended(result, say, fail, plan.action);
};

const ended = (
  result: ActResult,
  say: (text: string) => void,
  fail: (why: Failure) => number,
  action: string,
): number => {
  switch (result.kind) {
    case 'done':
      say(result.text);
      return 0;
    case 'failed':
      return fail(result.failure);
    case 'unknown':
      say(`${action}: ${result.why}`);
      return couldNot;
    default:
      return absurd(result);
  }
};
