import type { ActPlan, ActResult, Intent, Verdict } from '../kernel/act.ts';
import { canonicalText } from '../kernel/canonical-text.ts';
import type {
  AttachedTerminal,
  EffectPorts,
  EffectReads,
  LogItem,
} from '../kernel/effect-ports.ts';
import { type Failure, failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import { actRecord, type RecordDeps } from './act-record.ts';
import type { ActionDefinition, PlanScene } from './action.ts';
import { type Answer, refusalOf, unmet } from './agreement.ts';
import { planText } from './digest.ts';
import type { Facts, Guard } from './guard.ts';
import { judge } from './judge.ts';
import { pacedProgress } from './paced-progress.ts';
import { performPlan } from './perform-plan.ts';

export type { Answer };

export interface PipelineDeps extends RecordDeps {
  readonly actions: readonly ActionDefinition[];
  readonly guards: readonly Guard[];
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

/** What carrying it out may use of the one who asked. */
export interface Audience {
  readonly terminal: AttachedTerminal | null;
  progress(text: string): void;
  logs(items: readonly LogItem[]): void;
}

export interface Pipeline {
  /** Plans it, writes down that it was asked, finds out what guards need, judges. Sends nothing but reads. */
  ask(intent: Intent, signal: AbortSignal): Promise<Result<Asked>>;
  /**
   * Judges again, writes down that it starts, and only then sends. A refusal is a `failed` result. What was asked once
   * is answered once: after that, carried out or not, it has to be asked for anew.
   */
  carryOut(
    asked: Asked,
    answer: Answer,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<ActResult>;
  /** The person does not want it after all. */
  decline(asked: Asked, why: string): Promise<void>;
}

/** Plans that wait for an answer at the same time; the oldest is forgotten, and has to be asked for anew. */
const waitingMost = 100;

const refused = (why: Failure): ActResult => ({ kind: 'failed', failure: why, bytes: 0 });

const brokeOff = (op: string, cause: unknown): Failure =>
  failure('broken', op, `it broke off: ${cause instanceof Error ? cause.message : String(cause)}`);

/** Whoever listens may fail; what is being done goes on. */
const unheard = (tell: () => void): void => {
  try {
    tell();
  } catch {
    // The listener's trouble: the act, and what is written of it, must not depend on it.
  }
};

/** The one way from a wish to an effect. */
export const openPipeline = (deps: PipelineDeps): Pipeline => {
  const { clock, guards } = deps;
  const record = actRecord(deps);
  const { put } = record;
  /** By act; taken out when it is answered, so that no answer counts twice. */
  const waiting = new Map<string, Asked>();
  const actionOf = (id: string): ActionDefinition | undefined =>
    deps.actions.find((a) => a.id === id);
  const absent = (op: string, id: string): Failure =>
    failure('absent', op, `there is no action ${id}`);

  const planned = async (intent: Intent, signal: AbortSignal): Promise<Result<ActPlan>> => {
    const action = actionOf(intent.action);
    if (action === undefined) return failed(absent('plan', intent.action));
    try {
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
      return ok({ ...whole, digest: scene.digest(planText(whole)) });
    } catch (cause) {
      return failed(brokeOff('plan', cause));
    }
  };

  /** What cannot be judged is not allowed. */
  const judged = async (
    plan: ActPlan,
    fresh: boolean,
    sink: Result<void>,
    signal: AbortSignal,
  ): Promise<Result<{ readonly facts: Facts; readonly verdict: Verdict }>> => {
    try {
      const found = await deps.gather(plan, fresh, signal);
      const facts: Facts = sink.ok
        ? found
        : { ...found, audit: { kind: 'unknown', why: failureText(sink.failure) } };
      return ok({ facts, verdict: judge(guards, plan, facts, clock.now()) });
    } catch (cause) {
      return failed(brokeOff('judge', cause));
    }
  };

  const wait = (asked: Asked): void => {
    waiting.set(asked.act, asked);
    const oldest = waiting.size > waitingMost ? waiting.keys().next().value : undefined;
    if (oldest !== undefined) waiting.delete(oldest);
  };

  const carriedOut = async (
    { act, plan }: Asked,
    action: ActionDefinition,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<ActResult> => {
    const paced = pacedProgress(clock, (text) => put([record.progress(act, text)]));
    const tools = {
      reads: deps.reads,
      clock,
      terminal: audience.terminal,
      progress: (text: string) => {
        paced.tell(text);
        unheard(() => audience.progress(text));
      },
      logs: (items: readonly LogItem[]) => unheard(() => audience.logs(items)),
    };
    const result = await performPlan(action, plan, deps.ports, tools, signal);
    await paced.end();
    const ended = [record.ended(act, result)];
    const written = await put(ended);
    // It has happened: all that can be done is to try once more, and to say so.
    const again = written.ok ? written : await put(ended);
    if (!again.ok) {
      const why = failureText(again.failure);
      unheard(() => audience.progress(`how it ended could not be written down: ${why}`));
    }
    return result;
  };

  return {
    ask: async (intent, signal) => {
      const made = await planned(intent, signal);
      if (!made.ok) return made;
      const plan = made.value;
      const act = deps.newId();
      const written = await put([record.asked(act, intent, plan)]);
      const found = await judged(plan, false, written, signal);
      if (!found.ok) {
        await put([record.declined(act, failureText(found.failure))]);
        return found;
      }
      const { facts, verdict } = found.value;
      const asked: Asked = { act, intent, plan, facts, verdict };
      const isDenied = verdict.outcome === 'deny';
      await put([
        record.judged(act, 'first', verdict),
        ...(isDenied ? [record.declined(act, refusalOf(verdict).message)] : []),
      ]);
      // What would be sent stands in `asked`: what is not written down there is not carried out.
      if (!isDenied && written.ok) wait(asked);
      return ok(asked);
    },

    carryOut: async (given, answer, audience, signal) => {
      const asked = waiting.get(given.act);
      waiting.delete(given.act);
      if (asked === undefined) {
        const why = 'this plan does not wait for an answer';
        return refused(failure('forbidden', 'confirm', why, { hint: 'ask for it anew' }));
      }
      const { act, plan } = asked;
      const decline = async (why: Failure): Promise<ActResult> => {
        await put([record.declined(act, failureText(why))]);
        return refused(why);
      };
      if (canonicalText(given.plan) !== canonicalText(plan)) {
        return decline(failure('forbidden', 'confirm', 'the agreement is about another plan'));
      }
      const action = actionOf(plan.action);
      if (action === undefined) return decline(absent('carry out', plan.action));
      const found = await judged(plan, true, ok(undefined), signal);
      if (!found.ok) return decline(found.failure);
      const { facts, verdict } = found.value;
      if (verdict.outcome === 'deny') {
        await put([record.judged(act, 'last', verdict)]);
        return decline(refusalOf(verdict));
      }
      const short = unmet(plan, facts, verdict.challenges, answer);
      if (short !== null) return decline(failure('forbidden', 'confirm', short));
      if (signal.aborted) return decline(failure('ended', 'carry out', 'it was given up'));
      const durable = await put([
        record.confirmed(act, plan, verdict, facts, answer),
        record.judged(act, 'last', verdict),
        record.started(act, plan),
      ]);
      // No sink, no action. Some of it may stand there all the same: where anything can be written, it is ended.
      if (!durable.ok) {
        const result = refused(durable.failure);
        await put([record.declined(act, failureText(durable.failure)), record.ended(act, result)]);
        return result;
      }
      if (signal.aborted) {
        const result = refused(failure('ended', 'carry out', 'it was given up; nothing was sent'));
        await put([record.ended(act, result)]);
        return result;
      }
      return await carriedOut(asked, action, audience, signal);
    },

    decline: async ({ act }, why) => {
      if (waiting.delete(act)) await put([record.declined(act, why)]);
    },
  };
};
