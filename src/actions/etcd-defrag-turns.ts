import type { ActPlan, ActResult, EffectRequest } from '../kernel/act.ts';
import { failure, failureText, ok, type Result } from '../kernel/failure.ts';
import { seconds } from '../kernel/units.ts';
import { bytesText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import type { Tools } from './action.ts';
import { counted } from './counted.ts';
import { type EtcdAnswer, etcdAnswerIn } from './etcd-answer.ts';
import { statusPath } from './etcd-standing.ts';
import { refusedWith, withoutAnswer } from './outcome.ts';

type EtcdRequest = Extract<EffectRequest, { kind: 'etcd' }>;

/** One look at all members, and then one that is defragmented; null at the end. */
interface Turn {
  readonly look: readonly EtcdRequest[];
  readonly write: EtcdRequest | null;
}

const turnsOf = (plan: ActPlan): readonly Turn[] => {
  const turns: Turn[] = [];
  let look: EtcdRequest[] = [];
  for (const request of plan.requests) {
    if (request.kind !== 'etcd') continue;
    if (request.path === statusPath) {
      look.push(request);
      continue;
    }
    turns.push({ look, write: request });
    look = [];
  }
  return [...turns, { look, write: null }];
};

/** A member that has just been rewritten opens its file, and is behind for a moment. */
const patience = seconds(60);
/** The others have no such reason; one question may be lost. */
const littlePatience = seconds(4);
const between = seconds(1);
/** Entries that a member may be behind and still be told to follow. */
const lagAllowed = 1000;

const placeOf = ({ endpoint }: EtcdRequest): string =>
  oneLine(endpoint.replace(/^https?:\/\//, ''));

type Looked =
  | { readonly kind: 'well'; readonly answers: readonly EtcdAnswer[] }
  | {
      readonly kind: 'unwell';
      /** Endpoint of the member that does not answer; '' when it is about all of them. */
      readonly at: string;
      readonly why: string;
    };

/** Why members that have answered are not well together; '' when they are. */
const troubleIn = (answers: readonly EtcdAnswer[]): string => {
  const leaders = new Set(answers.map((a) => a.leader));
  if (leaders.has('')) return 'a member knows of no leader';
  if (leaders.size > 1) return 'members follow different leaders';
  const furthest = Math.max(...answers.map((a) => a.index));
  return answers.every((a) => furthest - a.applied <= lagAllowed)
    ? ''
    : 'a member is behind the others';
};

/** The first look is one of the plan's own requests; those after it only read, and are as many as it takes. */
const lookOnce = async (
  { look }: Turn,
  tools: Tools,
  first: boolean,
  signal: AbortSignal,
): Promise<Looked> => {
  const texts = await Promise.all(
    look.map(async (request): Promise<Result<string>> => {
      if (!first) return tools.reads.etcdStatus(request.cluster, request.endpoint, signal);
      const answer = await tools.ports.etcd(request, signal);
      return answer.ok ? ok(answer.value.body) : answer;
    }),
  );
  const answers: EtcdAnswer[] = [];
  for (const [i, text] of texts.entries()) {
    const place = look[i] === undefined ? '' : placeOf(look[i]);
    const answer = text.ok ? etcdAnswerIn(text.value) : null;
    if (answer === null) {
      const why = text.ok ? 'it does not answer as etcd does' : failureText(text.failure);
      return { kind: 'unwell', at: look[i]?.endpoint ?? '', why: `${place}: ${why}` };
    }
    answers.push(answer);
  }
  const why = troubleIn(answers);
  return why === '' ? { kind: 'well', answers } : { kind: 'unwell', at: '', why };
};

/** Looks until all are well, or patience is over. `last` was rewritten before; before the first turn nobody is waited for. */
const lookUntilWell = async (
  turn: Turn,
  tools: Tools,
  last: string | null,
  signal: AbortSignal,
): Promise<Looked> => {
  const { clock } = tools;
  const began = clock.now();
  let looked = await lookOnce(turn, tools, true, signal);
  while (looked.kind === 'unwell' && last !== null && !signal.aborted) {
    const mostly = looked.at === '' || looked.at === last ? patience : littlePatience;
    if (clock.now() - began >= mostly) break;
    tools.progress(`waiting until all are well: ${looked.why}`);
    await clock.sleep(between, signal);
    looked = await lookOnce(turn, tools, false, signal);
  }
  return looked;
};

const sum = (answers: readonly EtcdAnswer[]): number =>
  answers.reduce((all, a) => all + a.dbSize, 0);

/** Carries out the turns, and ends at the first at which a member is not well. */
export const defragmentInTurn = async (
  plan: ActPlan,
  tools: Tools,
  signal: AbortSignal,
): Promise<ActResult> => {
  const turns = turnsOf(plan);
  const of = turns.length - 1;
  const done: string[] = [];
  let bytes = 0;
  let before: number | null = null;
  let last: string | null = null;
  const soFar = (): string =>
    done.length === 0 ? 'nothing was defragmented' : `defragmented so far: ${done.join(', ')}`;
  const stopped = (why: string): ActResult => ({
    kind: 'failed',
    failure: failure('refused', 'defragment', `${why}; ${soFar()}`),
    bytes,
  });
  for (const turn of turns) {
    const looked = await lookUntilWell(turn, tools, last, signal);
    const { write } = turn;
    const next = write === null ? 'at the end' : `before ${placeOf(write)}`;
    if (looked.kind === 'unwell') return stopped(`stopped ${next}: ${looked.why}`);
    before ??= sum(looked.answers);
    if (write === null) {
      const text = `defragmented ${counted(done.length, 'member')}: all files together ${bytesText(before)} → ${bytesText(sum(looked.answers))}`;
      return { kind: 'done', text, bytes };
    }
    const own = looked.answers[turn.look.findIndex((r) => r.endpoint === write.endpoint)];
    const leads = own !== undefined && own.leader === own.memberId;
    if (leads && done.length < of - 1) {
      return stopped(`stopped ${next}: it leads now, and its turn is the last; plan it again`);
    }
    if (signal.aborted) return stopped(`stopped ${next}: it was given up`);
    tools.progress(`defragmenting ${placeOf(write)} (${done.length + 1} of ${of})`);
    const answer = await tools.ports.etcd(write, signal);
    const after = `${placeOf(write)}: `;
    if (!answer.ok) {
      const result = withoutAnswer(answer.failure, bytes);
      return result.kind === 'unknown'
        ? { ...result, why: `${after}${result.why}; ${soFar()}` }
        : stopped(`stopped ${next}: ${failureText(answer.failure)}`);
    }
    bytes += answer.value.body.length;
    if (answer.value.status !== 200) {
      const result = refusedWith(write, plan.action, answer.value, bytes);
      if (result.kind === 'unknown') return { ...result, why: `${after}${result.why}; ${soFar()}` };
      return stopped(
        `${after}${result.kind === 'failed' ? result.failure.message : 'it was refused'}`,
      );
    }
    done.push(placeOf(write));
    last = write.endpoint;
  }
  return stopped('there was nothing to do');
};
