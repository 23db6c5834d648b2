import type { ActionDefinition, PlanScene } from '../actions/action.ts';
import { definitionOf } from '../actions/catalogue.ts';
import type { Asked, Audience, Pipeline } from '../actions/pipeline.ts';
import type { ActResult, Intent } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AttachedTerminal } from '../kernel/effect-ports.ts';
import { failure, failureText, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { milliseconds, seconds } from '../kernel/units.ts';
import type { InputAsked } from '../views/act/act-prompt.ts';
import type { ActEffects, GuardStatus } from '../views/act/effects.ts';
import { type ActEvent, titleOf } from '../views/act/flow.ts';
import { questionPrompt } from '../views/act/question-prompt.ts';
import { type Given, nothingGiven, questionsOf } from '../views/act/questions.ts';
import { placeNow, type SessionStore } from '../views/session.ts';
import { type PreviewDeps, rememberedPreviews } from './remembered-previews.ts';

/** The terminal of this program, lent to what runs over there. */
export interface LentTerminal {
  readonly terminal: AttachedTerminal;
  /** Takes it back and paints the screen anew. */
  end(): Promise<void>;
}

export interface ActEffectsDeps extends PreviewDeps {
  readonly pipeline: Pipeline;
  readonly session: SessionStore;
  readonly clock: Clock;
  readonly status: () => GuardStatus;
  /** Why nothing can ever be agreed to here; '' where it can. */
  readonly sealed: string;
  /** Null where there is no terminal to lend. */
  readonly lend: ((signal: AbortSignal) => Promise<LentTerminal>) | null;
  /**
   * Who else has agreed to a plan: by a code of theirs, or, where it is '', by what is written down. Null: nobody yet.
   */
  readonly approved: (asked: Asked, code: string) => Promise<Result<string | null>>;
  readonly breakGlass: (reason: string, ticket: string) => Promise<Result<void>>;
  readonly mendGlass: () => Promise<Result<void>>;
  /** Told what came of a wish, with what was told meanwhile; for a step of a runbook that asked for it. */
  readonly ended?: (intent: Intent, result: ActResult, lines: readonly string[]) => void;
}

const encode = new TextEncoder();

/** How often, and how many times, the world is looked at for what was just written down: three seconds. */
const look = milliseconds(50);
const looks = 60;

/** Of what an action has told, for whoever asked for it; the newest. */
const linesKept = 2000;

/** While something runs, its time moves on the screen. */
const beat = seconds(1);

/** The first input that nobody has given yet, with what usually stands there; null when all are given. */
const missing = (action: ActionDefinition, intent: Intent, scene: PlanScene): InputAsked | null => {
  const input = action.inputs.find(({ name }) => intent.args[name] === undefined);
  if (input === undefined) return null;
  const { name, title, hint, required } = input;
  return { name, title, hint, required, usual: input.usual(scene, intent.subject) };
};

/** Joins the screen to the pipeline: what a person says goes in, what comes of it is told to the session. */
export const actEffects = (deps: ActEffectsDeps, signal: AbortSignal): ActEffects => {
  const { pipeline, session, clock } = deps;
  /** Of what is asked or runs now; another wish ends what is being asked. */
  let current = new AbortController();

  const say = (tone: 'bad' | 'warn' | 'info', text: string): void => {
    if (!signal.aborted) session.dispatch({ kind: 'notice', notice: { tone, text } });
  };
  const tell = (event: ActEvent): void => {
    if (!signal.aborted) session.dispatch({ kind: 'act', event });
  };
  const isOnScreen = (): boolean => placeNow(session.get()).view === 'act';
  const show = (): void => {
    if (!isOnScreen()) session.dispatch({ kind: 'go', view: 'act' });
    else session.dispatch({ kind: 'cursor', cursor: { key: '', index: 0 }, top: 0 });
  };
  const askNext = (wrong = ''): void => {
    const prompt = questionPrompt(session.get().act);
    // Whoever types something else is not interrupted: enter opens it then.
    if (prompt !== null && isOnScreen() && session.get().prompt === null) {
      session.dispatch({ kind: 'prompt', prompt: { ...prompt, wrong } });
    }
  };

  /** What waits for somebody is declined, once. */
  const letGo = (why: string): void => {
    const flow = session.get().act;
    if (flow?.kind === 'asking') current.abort();
    if (flow?.kind !== 'asked' || flow.sealed !== '' || flow.asked.verdict.outcome === 'deny')
      return;
    void pipeline.decline(flow.asked, why);
  };

  /** It is written down first, and guards read it from the world, where it comes a moment later. */
  const untilGlass = async (state: 'broken' | 'whole'): Promise<void> => {
    for (let i = 0; i < looks && !signal.aborted; i += 1) {
      if ((deps.status().glass === null) === (state === 'whole')) return;
      await clock.sleep(look, signal);
    }
  };

  const carryOut = async (asked: Asked, given: Given): Promise<void> => {
    const { act, plan } = asked;
    const over = new AbortController();
    current = over;
    const until = AbortSignal.any([signal, over.signal]);
    tell({ kind: 'started', asked, at: clock.now() });
    const ended = new AbortController();
    const ticking = (async () => {
      for (;;) {
        await clock.sleep(beat, ended.signal);
        if (ended.signal.aborted) return;
        tell({ kind: 'tick', act, at: clock.now() });
      }
    })();
    let lent: LentTerminal | null = null;
    const kept: string[] = [];
    const told = (lines: readonly string[]) => {
      kept.push(...lines);
      if (kept.length > 2 * linesKept) kept.splice(0, kept.length - linesKept);
      tell({ kind: 'told', act, lines: lines.map((text) => ({ at: clock.now(), text })) });
    };
    let result: ActResult;
    try {
      if (plan.effect === 'session' && deps.lend !== null) lent = await deps.lend(until);
      const audience: Audience = {
        terminal: lent?.terminal ?? null,
        progress: (text) => {
          told([text]);
          // Whoever has lent the terminal sees no screen until it comes back.
          lent?.terminal.write(encode.encode(`${plainText(text)}\r\n`));
        },
        logs: (items) => told(items.map((i) => i.text)),
      };
      const { name, reason } = given;
      result = await pipeline.carryOut(
        asked,
        { digest: plan.digest, name, reason },
        audience,
        until,
      );
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      result = { kind: 'unknown', why: `it broke off: ${why}`, bytes: 0 };
    } finally {
      ended.abort();
      await Promise.all([ticking, lent?.end()]);
    }
    tell({ kind: 'ended', act, at: clock.now(), result });
    deps.ended?.(asked.intent, result, kept.slice(-linesKept));
    if (isOnScreen()) return;
    const tone = { done: 'info', failed: 'bad', unknown: 'warn' } as const;
    const word = {
      done: 'done',
      failed: 'failed',
      unknown: 'nobody knows what came of it',
    } as const;
    say(tone[result.kind], `${plan.title}: ${word[result.kind]}; :act tells`);
  };

  const ask = async (action: ActionDefinition, intent: Intent): Promise<void> => {
    const mine = new AbortController();
    current = mine;
    tell({ kind: 'asking', intent, title: action.title });
    show();
    const asked = await pipeline.ask(intent, AbortSignal.any([signal, mine.signal])).catch(
      (cause: unknown): Result<never> => ({
        ok: false,
        failure: failure('broken', 'plan', cause instanceof Error ? cause.message : String(cause)),
      }),
    );
    if (mine.signal.aborted || signal.aborted) {
      if (asked.ok && asked.value.verdict.outcome !== 'deny') {
        await pipeline.decline(asked.value, 'it was given up before it was judged');
      }
      return;
    }
    if (!asked.ok) return tell({ kind: 'unplanned', failure: asked.failure });
    tell({ kind: 'asked', asked: asked.value, sealed: deps.sealed });
    if (deps.sealed !== '') return;
    const { plan, verdict } = asked.value;
    if (verdict.outcome === 'deny') return;
    if (questionsOf(plan, verdict).length > 0) return askNext();
    await carryOut(asked.value, nothingGiven);
  };

  const begin = (intent: Intent): string | null => {
    const flow = session.get().act;
    if (flow?.kind === 'running') return `${titleOf(flow)} runs; :act shows it`;
    const action = definitionOf(intent.action);
    if (action === null) return `there is no action ${intent.action}`;
    const input = missing(action, intent, deps.scene(intent));
    if (input !== null) {
      const prompt = { kind: 'input', text: '', wrong: '', intent, input } as const;
      session.dispatch({ kind: 'prompt', prompt });
      return null;
    }
    letGo('something else was asked for instead');
    void ask(action, intent);
    return null;
  };

  return {
    begin,
    agree: (act, given) => {
      const flow = session.get().act;
      if (flow?.kind !== 'asked' || flow.asked.act !== act)
        return 'this plan is not waiting any more';
      if (flow.sealed !== '') return flow.sealed;
      void carryOut(flow.asked, given);
      return null;
    },
    approve: (act, code) => {
      const flow = session.get().act;
      if (flow?.kind !== 'asked' || flow.asked.act !== act || flow.sealed !== '') return;
      const { asked, given } = flow;
      void deps.approved(asked, code).then((found) => {
        if (found.ok && found.value !== null) {
          tell({ kind: 'given', act, given: { ...given, approvedBy: found.value } });
          return askNext();
        }
        askNext(found.ok ? 'nobody else has agreed yet' : failureText(found.failure));
      });
    },
    leave: () => {
      letGo('whoever asked for it left');
      tell({ kind: 'left' });
    },
    abort: (act) => {
      tell({ kind: 'aborted', act });
      current.abort();
    },
    breakGlass: (reason, ticket) => {
      if (deps.sealed !== '') return deps.sealed;
      void deps.breakGlass(reason, ticket).then(async (done) => {
        if (!done.ok) return say('bad', `the glass is whole: ${failureText(done.failure)}`);
        await untilGlass('broken');
        say('warn', 'the glass is broken; :mend-glass mends it before its time');
        const flow = session.get().act;
        if (flow?.kind === 'asked' && flow.asked.verdict.breakable) begin(flow.asked.intent);
      });
      return null;
    },
    mendGlass: () => {
      if (deps.sealed !== '') return deps.sealed;
      void deps
        .mendGlass()
        .then((done) =>
          done.ok
            ? say('info', 'the glass is mended')
            : say('bad', `not mended: ${failureText(done.failure)}`),
        );
      return null;
    },
    status: deps.status,
    preview: rememberedPreviews(deps),
  };
};
