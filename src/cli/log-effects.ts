import type { Asked, Pipeline } from '../actions/pipeline.ts';
import type { Intent } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { failure, failureText, type Result } from '../kernel/failure.ts';
import { type Milliseconds, milliseconds, seconds } from '../kernel/units.ts';
import { answerTo, type Given, nextQuestion, nothingGiven } from '../views/act/questions.ts';
import type { LogEffects } from '../views/logs/effects.ts';
import type { LogEvent, LogReading } from '../views/logs/flow.ts';
import { wished } from '../views/logs/log-content.ts';
import { without } from '../views/logs/log-intent.ts';
import { logPrompt } from '../views/logs/log-prompt.ts';
import { placeNow, type SessionStore } from '../views/session.ts';
import type { ActEffectsDeps } from './act-effects.ts';
import { readInto } from './read-into.ts';
import type { Saved } from './save-lines.ts';

export interface LogEffectsDeps {
  readonly pipeline: Pipeline;
  readonly session: SessionStore;
  readonly clock: Clock;
  /** Why nothing can be read here, e.g. in a recording; '' where it can. */
  readonly sealed: string;
  readonly approved: ActEffectsDeps['approved'];
  readonly save: (
    path: string,
    lines: Iterable<string>,
    signal: AbortSignal,
  ) => Promise<Result<Saved>>;
  /** Attaches lines to the run of a runbook, and says to which; null where there are none. */
  readonly attach:
    | ((asked: string, lines: readonly string[], truncated: boolean) => Promise<Result<string>>)
    | null;
}

/** Between two parts of a search through all lines. */
const breath: Milliseconds = milliseconds(5);

/** Clocks differ, and lines are late: what was heard last is asked for once more, and shown once. */
const overlap = seconds(30);

const onlyNamed = 'a log that has ended has nothing to follow';

/** Joins the screen of logs to the pipeline: lines go into a buffer beside the session, which is told at times. */
export const logEffects = (deps: LogEffectsDeps, signal: AbortSignal): LogEffects => {
  const { pipeline, session, clock } = deps;
  let asking = new AbortController();
  let running = new AbortController();
  /** What goes on where it was left, once the guards agree. */
  let onto: LogReading | null = null;
  let isSearching = false;

  const tell = (event: LogEvent): void => {
    if (!signal.aborted) session.dispatch({ kind: 'logs', event });
  };
  const say = (tone: 'bad' | 'warn' | 'info', text: string): void => {
    if (!signal.aborted) session.dispatch({ kind: 'notice', notice: { tone, text } });
  };
  const isOnScreen = (): boolean => placeNow(session.get()).view === 'logs';
  const question = () => session.get().logs?.question ?? null;

  /** The rest of what is here is looked through in parts. */
  const search = async (reading: LogReading): Promise<void> => {
    if (isSearching) return;
    isSearching = true;
    while (!signal.aborted && reading.lens.advance()) {
      tell({ kind: 'touched', at: clock.now() });
      await clock.sleep(breath, signal);
    }
    isSearching = false;
    tell({ kind: 'touched', at: clock.now() });
  };

  const off = session.subscribe(() => {
    const now = session.get();
    const reading = now.logs?.reading ?? null;
    if (now.logs === null) return;
    if (isOnScreen()) {
      if (reading === null) return;
      wished(reading, placeNow(now));
      if (!reading.lens.whole) void search(reading);
      return;
    }
    // Nobody looks: nothing is read.
    asking.abort();
    running.abort();
    if (now.logs.question !== null && now.logs.question.kind !== 'asking') letGo();
    if (!now.stack.some((p) => p.view === 'logs')) tell({ kind: 'left' });
  });
  signal.addEventListener('abort', off, { once: true });

  /** What waits for words is declined, once. */
  const letGo = (): void => {
    const waiting = question();
    if (waiting?.kind === 'waiting')
      void pipeline.decline(waiting.asked, 'whoever asked for it left');
    if (waiting !== null) tell({ kind: 'question', question: null, at: clock.now() });
  };

  const read = (asked: Asked, given: Given, intent: Intent): void => {
    running.abort();
    running = new AbortController();
    const until = AbortSignal.any([signal, running.signal]);
    void readInto({ pipeline, clock, session, tell }, { asked, given, intent, onto }, until);
  };

  const askNext = (asked: Asked, given: Given, hint: string): void => {
    const next = nextQuestion(asked.plan, asked.verdict, given);
    if (next === null || !isOnScreen() || session.get().prompt !== null) return;
    const prompt = logPrompt('agree', next, asked.plan.typed);
    session.dispatch({ kind: 'prompt', prompt: hint === '' ? prompt : { ...prompt, hint } });
  };

  const ask = async (intent: Intent, shown: Intent): Promise<void> => {
    asking.abort();
    const mine = new AbortController();
    asking = mine;
    if (!isOnScreen()) session.dispatch({ kind: 'go', view: 'logs' });
    tell({ kind: 'question', question: { kind: 'asking', intent }, at: clock.now() });
    const asked = await pipeline.ask(intent, AbortSignal.any([signal, mine.signal])).catch(
      (cause: unknown): Result<never> => ({
        ok: false,
        failure: failure('broken', 'plan', cause instanceof Error ? cause.message : String(cause)),
      }),
    );
    if (mine.signal.aborted || signal.aborted) {
      if (asked.ok && asked.value.verdict.outcome !== 'deny')
        await pipeline.decline(asked.value, 'it was given up before it was judged');
      return;
    }
    const at = clock.now();
    if (!asked.ok)
      return tell({
        kind: 'question',
        question: { kind: 'unplanned', intent, failure: asked.failure },
        at,
      });
    const { value } = asked;
    if (deps.sealed !== '') {
      const sealed = { kind: 'sealed', intent, asked: value, why: deps.sealed } as const;
      return tell({ kind: 'question', question: sealed, at });
    }
    if (value.verdict.outcome === 'deny')
      return tell({ kind: 'question', question: { kind: 'refused', intent, asked: value }, at });
    if (nextQuestion(value.plan, value.verdict, nothingGiven) !== null) {
      const waiting = {
        kind: 'waiting',
        intent: shown,
        asked: value,
        given: nothingGiven,
      } as const;
      tell({ kind: 'question', question: waiting, at });
      return askNext(value, nothingGiven, '');
    }
    read(value, nothingGiven, shown);
  };

  const given = (asked: Asked, more: Given, intent: Intent): void => {
    if (nextQuestion(asked.plan, asked.verdict, more) === null) {
      return read(asked, more, intent);
    }
    tell({
      kind: 'question',
      question: { kind: 'waiting', intent, asked, given: more },
      at: clock.now(),
    });
    askNext(asked, more, '');
  };

  return {
    open: (intent) => {
      letGo();
      onto = null;
      void ask(intent, intent);
      return null;
    },
    answer: (text) => {
      const waiting = question();
      if (waiting?.kind !== 'waiting') return 'nothing is waited for any more';
      const { asked, intent } = waiting;
      const next = nextQuestion(asked.plan, asked.verdict, waiting.given);
      if (next === null) return null;
      if (next.kind === 'second-person') {
        void deps.approved(asked, text.trim()).then((found) => {
          if (found.ok && found.value !== null)
            return given(asked, { ...waiting.given, approvedBy: found.value }, intent);
          askNext(
            asked,
            waiting.given,
            found.ok ? 'nobody else has agreed yet' : failureText(found.failure),
          );
        });
        return null;
      }
      const said = answerTo(next, asked.plan, waiting.given, text);
      if ('wrong' in said) return said.wrong;
      given(asked, said.given, intent);
      return null;
    },
    letGo: () => {
      asking.abort();
      letGo();
    },
    follow: (on) => {
      const reading = session.get().logs?.reading ?? null;
      if (reading === null) return 'no logs are read';
      if (!on) {
        running.abort();
        return null;
      }
      const { intent, buffer } = reading;
      if (intent.action === 'logs-previous' || intent.args.previous === 'true') return onlyNamed;
      running.abort();
      letGo();
      onto = reading;
      // Until it ended nothing was missed: a log that was silent is not asked for all of its silence.
      const heard = (reading.endedAt ?? clock.now()) - overlap;
      const last = buffer.takeUp();
      const from = last === null ? null : Math.max(last, heard);
      const base = without(intent.args, 'newest', 'tail');
      const args =
        from === null
          ? { ...base, follow: 'yes' }
          : {
              ...without(base, 'since', 'sinceTime'),
              sinceTime: new Date(from).toISOString(),
              follow: 'yes',
            };
      void ask({ ...intent, args }, intent);
      return null;
    },
    save: (path, lines) => {
      void deps
        .save(path, lines, signal)
        .then((saved) =>
          saved.ok
            ? say('info', `${saved.value.lines} lines are in ${saved.value.path}`)
            : say('bad', `not saved: ${failureText(saved.failure)}`),
        );
    },
    attach: (asked, lines, truncated) => {
      if (deps.attach === null) return 'no runbook is walked here';
      void deps
        .attach(asked, lines, truncated)
        .then((put) =>
          put.ok
            ? say(
                'info',
                `${lines.length === 1 ? 'the line is' : `${lines.length} lines are`} attached to ${put.value}`,
              )
            : say('warn', `not attached: ${failureText(put.failure)}`),
        );
      return null;
    },
  };
};
