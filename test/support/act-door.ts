import type { ActionDefinition, Tools } from '../../src/actions/action.ts';
import type { Answer } from '../../src/actions/agreement.ts';
import type { Facts, Guard } from '../../src/actions/guard.ts';
import { auditSink } from '../../src/actions/guards/audit-sink.ts';
import { type Asked, openPipeline } from '../../src/actions/pipeline.ts';
import type {
  ActPlan,
  ActResult,
  Challenge,
  EffectRequest,
  Intent,
  Judgement,
} from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import type { EffectPorts } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { noPorts, noReads, sceneOf } from './act-on.ts';
import { aPlan, goodFacts } from './any-plan.ts';
import { FakeClock } from './fake-clock.ts';

export const never = new AbortController().signal;

/** A request that no other is like. */
export const patchNumber = (n: number): Extract<EffectRequest, { kind: 'kubernetes' }> => ({
  kind: 'kubernetes',
  method: 'PATCH',
  path: `/api/v1/namespaces/shop/pods/cart-${n}`,
  contentType: 'application/merge-patch+json',
  body: '{}',
});

type Perform = (plan: ActPlan, tools: Tools, signal: AbortSignal) => Promise<ActResult>;

const sendAll: Perform = async (plan, { ports }, signal) => {
  for (const request of plan.requests) {
    if (request.kind !== 'kubernetes') continue;
    const answer = await ports.kubernetes(request, signal);
    if (!answer.ok) return { kind: 'failed', failure: answer.failure, bytes: 0 };
  }
  return { kind: 'done', text: 'all sent', bytes: 2 };
};

export interface ActDoorOptions {
  readonly plan?: Partial<ActPlan>;
  readonly perform?: Perform;
  readonly prepare?: ActionDefinition['prepare'];
  /** What the guard says, by the number of the judgement, from 1. */
  readonly judge?: (n: number) => Judgement;
  /** By the number of the write, from 1. */
  readonly audit?: (n: number, facts: readonly ActFact[]) => Result<void> | Promise<Result<void>>;
  readonly gather?: (n: number, fresh: boolean) => Promise<Facts>;
  readonly ports?: Partial<EffectPorts>;
}

export const asks = (challenge: Challenge): Judgement => ({
  kind: 'ask',
  why: 'it changes',
  challenge,
});
export const denies: Judgement = {
  kind: 'deny',
  why: 'not now',
  hint: 'wait for the window',
  opens: 'never',
};
export const full: Result<void> = failed(failure('broken', 'write the audit', 'no space is left'));

/** The pipeline with one action, one guard besides the one of the audit, and notes of all that leaves and is written. */
export const actDoor = (options: ActDoorOptions = {}) => {
  const { plan = {}, perform = sendAll, prepare } = options;
  /** What happened, in order: kinds of facts that are safe, `send` for requests. */
  const log: string[] = [];
  const written: ActFact[] = [];
  const sent: EffectRequest[] = [];
  const told: string[] = [];
  const clock = new FakeClock();
  const count = { judge: 0, audit: 0, gather: 0, act: 0 };
  const { action: id, context: _c, subject: _s, args: _a, digest: _d, ...draft } = aPlan(plan);
  const action: ActionDefinition = {
    id,
    title: id,
    keys: [],
    aliases: [],
    resources: [],
    effect: draft.effect,
    shown: false,
    elsewhere: '',
    inputs: [],
    plan: () => ok(draft),
    ...(prepare === undefined ? {} : { prepare }),
    perform,
  };
  const guard: Guard = {
    id: 'scripted',
    title: 'says what the test says',
    judge: () => {
      count.judge += 1;
      return options.judge?.(count.judge) ?? asks({ kind: 'name' });
    },
  };
  const pipeline = openPipeline({
    actions: [action],
    guards: [guard, auditSink],
    clock,
    audit: async (facts) => {
      count.audit += 1;
      const done = (await options.audit?.(count.audit, facts)) ?? ok(undefined);
      if (!done.ok) return done;
      written.push(...facts);
      log.push(...facts.map((f) => f.kind));
      return done;
    },
    by: 'ana on bastion',
    process: '1/a@bastion',
    scene: () => sceneOf(emptyWorld),
    gather: async (_plan, fresh) => {
      count.gather += 1;
      return options.gather === undefined ? goodFacts() : await options.gather(count.gather, fresh);
    },
    ports: {
      ...noPorts,
      kubernetes: async (request) => {
        log.push('send');
        sent.push(request);
        return ok({ status: 200, body: '{}' });
      },
      ...options.ports,
    },
    reads: noReads,
    newId: () => `act-${++count.act}`,
  });
  const intent: Intent = { action: id, subject: aPlan(plan).subject, args: {}, origin: 'screen' };
  const ask = async (signal = never): Promise<Asked> => {
    const asked = await pipeline.ask(intent, signal);
    if (!asked.ok) throw new Error(asked.failure.message);
    return asked.value;
  };
  const carryOut = (
    asked: Asked,
    answer: Partial<Answer> = {},
    signal: AbortSignal = never,
  ): Promise<ActResult> =>
    pipeline.carryOut(
      asked,
      { digest: asked.plan.digest, name: asked.plan.typed, reason: '', ...answer },
      { terminal: null, progress: (text) => void told.push(text), logs: () => {} },
      signal,
    );
  return { pipeline, intent, ask, carryOut, log, written, sent, told, clock, count };
};
