import type { ActPlan, ActResult, Challenge, Intent, Verdict } from '../kernel/act.ts';
import type { ActFact } from '../kernel/act-fact.ts';
import type { Clock } from '../kernel/clock.ts';
import type {
  AttachedTerminal,
  EffectPorts,
  EffectReads,
  LogItem,
} from '../kernel/effect-ports.ts';
import { type Failure, failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import type { ActionDefinition, PlanScene, Tools } from './action.ts';
import { planText } from './digest.ts';
import { doorFor } from './door.ts';
import type { Facts, Guard } from './guard.ts';
import { judge } from './judge.ts';
import { requestText } from './request-text.ts';

export interface PipelineDeps {
  readonly actions: readonly ActionDefinition[];
  readonly guards: readonly Guard[];
  readonly clock: Clock;
  /** Resolves when the facts would survive the loss of power. Where it fails, nothing is done. */
  readonly audit: (facts: readonly ActFact[]) => Promise<Result<void>>;
  /** Who is at the keyboard, for every fact. */
  readonly by: string;
  readonly scene: (intent: Intent) => PlanScene;
  /** Finds out all that guards ask for. `fresh`: nothing that is remembered will do. */
  readonly gather: (plan: ActPlan, fresh: boolean, signal: AbortSignal) => Promise<Facts>;
  readonly ports: EffectPorts;
  readonly reads: EffectReads;
  /** A name for an act that no other has. */
  readonly newId: () => string;
}

/** A plan that was judged, and waits for somebody to agree, or for nothing. */
export interface Asked {
  readonly act: string;
  readonly intent: Intent;
  readonly plan: ActPlan;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** What a person says to it. It is about one digest and no other. */
export interface Answer {
  readonly digest: string;
  /** What was typed for the name of the subject; '' where nothing was. */
  readonly name: string;
  readonly reason: string;
}

/** What carrying it out may use of the one who asked. */
export interface Audience {
  readonly terminal: AttachedTerminal | null;
  progress(text: string): void;
  logs(items: readonly LogItem[]): void;
}

export interface Pipeline {
  /** Plans it, writes down that it was asked, finds out what guards need, judges. Sends nothing but reads. */
  ask(intent: Intent, signal: AbortSignal): Promise<Result<Asked>>;
  /** Judges again, writes down that it starts, and only then sends. A refusal is a `failed` result. */
  carryOut(
    asked: Asked,
    answer: Answer,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<ActResult>;
  /** The person does not want it after all. */
  decline(asked: Asked, why: string): Promise<void>;
}

const refusalOf = (verdict: Verdict): Failure => {
  const denials = verdict.reasons.flatMap(({ judgement }) =>
    judgement.kind === 'deny' ? [judgement] : [],
  );
  const hint = denials.find((d) => d.hint !== '')?.hint;
  return failure(
    'forbidden',
    'judge',
    denials.map((d) => d.why).join('; '),
    hint === undefined ? {} : { hint },
  );
};

/** Why the answer does not meet what was asked for; null when it does. */
export const unmet = (
  plan: ActPlan,
  facts: Facts,
  challenges: readonly Challenge[],
  answer: Answer,
): string | null => {
  if (answer.digest !== plan.digest) return 'the agreement is about another plan';
  for (const one of challenges) {
    switch (one.kind) {
      case 'name':
        if (answer.name !== plan.typed) return `type ${plan.typed} to agree`;
        break;
      case 'reason':
        if (answer.reason.trim().length < one.least)
          return `say why, in ${one.least} characters or more`;
        break;
      case 'second-person':
        if (facts.approval.kind !== 'known' || facts.approval.value === null)
          return `another person has to agree: midwatch approve ${plan.digest}`;
        break;
      case 'key':
        break;
    }
  }
  return null;
};

const toldReasons = (verdict: Verdict) =>
  verdict.reasons.map(({ guard, judgement }) => ({
    guard,
    kind: judgement.kind,
    why: judgement.why,
  }));

/** Same request to the letter: what was agreed to and what would be sent now. */
const refusedNow = (why: Failure): ActResult => ({ kind: 'failed', failure: why, bytes: 0 });

/** The one way from a wish to an effect. */
export const openPipeline = (deps: PipelineDeps): Pipeline => {
  const { audit, by, clock, guards } = deps;
  const stamp = (act: string) => ({ act, at: clock.now(), by });
  const actionOf = (id: string): ActionDefinition | undefined =>
    deps.actions.find((a) => a.id === id);

  const planned = async (
    intent: Intent,
    signal: AbortSignal,
  ): Promise<Result<{ readonly plan: ActPlan }>> => {
    const action = actionOf(intent.action);
    if (action === undefined) {
      return failed(failure('absent', 'plan', `there is no action ${intent.action}`));
    }
    const scene = deps.scene(intent);
    const draft = await (action.prepare === undefined
      ? action.plan(intent, scene)
      : action.prepare(intent, scene, deps.reads, signal));
    if (!draft.ok) return draft;
    const whole = {
      subject: intent.subject,
      ...draft.value,
      action: action.id,
      context: scene.context,
      args: intent.args,
    };
    return ok({ plan: { ...whole, digest: scene.digest(planText(whole)) } });
  };

  const askedFact = (act: string, intent: Intent, plan: ActPlan): ActFact => ({
    kind: 'asked',
    ...stamp(act),
    origin: intent.origin,
    action: plan.action,
    title: plan.title,
    effect: plan.effect,
    context: plan.context,
    subject: plan.subject,
    digest: plan.digest,
    requests: plan.requests.slice(0, 100).map(requestText),
    run: intent.step?.run ?? '',
    task: intent.step?.task ?? '',
  });

  const judgedFact = (act: string, stage: 'first' | 'last', verdict: Verdict): ActFact => ({
    kind: 'judged',
    ...stamp(act),
    stage,
    outcome: verdict.outcome,
    reasons: toldReasons(verdict),
  });

  const confirmedFact = ({ act, plan }: Asked, verdict: Verdict, facts: Facts, answer: Answer) => ({
    kind: 'confirmed' as const,
    ...stamp(act),
    digest: plan.digest,
    how: verdict.challenges.map((c) => c.kind),
    reason: answer.reason,
    approvedBy: facts.approval.kind === 'known' ? (facts.approval.value ?? '') : '',
  });

  const performed = async (
    { act, plan }: Asked,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<ActResult> => {
    const action = actionOf(plan.action);
    if (action === undefined) {
      return refusedNow(failure('absent', 'carry out', `there is no action ${plan.action}`));
    }
    const tools: Tools = {
      ports: doorFor(plan, deps.ports),
      reads: deps.reads,
      clock,
      terminal: audience.terminal,
      progress: (text) => {
        audience.progress(text);
        void audit([{ kind: 'progress', ...stamp(act), text: text.slice(0, 4000) }]);
      },
      logs: (items) => audience.logs(items),
    };
    const over = new AbortController();
    const ended = new AbortController();
    void clock.sleep(plan.bounds.time, ended.signal).then(() => over.abort());
    try {
      return await action.perform(plan, tools, AbortSignal.any([signal, over.signal]));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'unknown', why: `it broke off: ${why}`, bytes: 0 };
    } finally {
      ended.abort();
    }
  };

  return {
    ask: async (intent, signal) => {
      const made = await planned(intent, signal);
      if (!made.ok) return made;
      const { plan } = made.value;
      const act = deps.newId();
      const written = await audit([askedFact(act, intent, plan)]);
      const facts = await deps.gather(plan, false, signal);
      const verdict = judge(
        guards,
        plan,
        written.ok
          ? facts
          : { ...facts, audit: { kind: 'unknown', why: failureText(written.failure) } },
        clock.now(),
      );
      await audit([
        judgedFact(act, 'first', verdict),
        ...(verdict.outcome === 'deny'
          ? [{ kind: 'declined' as const, ...stamp(act), why: refusalOf(verdict).message }]
          : []),
      ]);
      return ok({ act, intent, plan, facts, verdict });
    },

    carryOut: async (asked, answer, audience, signal) => {
      const { act, plan } = asked;
      const decline = async (why: Failure): Promise<ActResult> => {
        await audit([{ kind: 'declined', ...stamp(act), why: failureText(why) }]);
        return refusedNow(why);
      };
      const facts = await deps.gather(plan, true, signal);
      const verdict = judge(guards, plan, facts, clock.now());
      if (verdict.outcome === 'deny') {
        await audit([judgedFact(act, 'last', verdict)]);
        return decline(refusalOf(verdict));
      }
      const short = unmet(plan, facts, verdict.challenges, answer);
      if (short !== null) return decline(failure('forbidden', 'confirm', short));
      if (signal.aborted) return decline(failure('ended', 'carry out', 'it was given up'));
      const durable = await audit([
        confirmedFact(asked, verdict, facts, answer),
        judgedFact(act, 'last', verdict),
        { kind: 'started', ...stamp(act), digest: plan.digest },
      ]);
      // No sink, no action.
      if (!durable.ok) return refusedNow(durable.failure);
      const result = await performed(asked, audience, signal);
      await audit([{ kind: 'ended', ...stamp(act), result }]);
      return result;
    },

    decline: async ({ act }, why) => {
      await audit([{ kind: 'declined', ...stamp(act), why }]);
    },
  };
};
