import { absurd } from '../kernel/absurd.ts';
import type { ToldAct, ToldReason } from '../kernel/act-fact.ts';
import {
  type Act,
  type ActState,
  type ActStep,
  type Glass,
  progressKept,
  stepsKept,
} from '../kernel/acts.ts';
import { failureText } from '../kernel/failure.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';

const begin = (asked: ToldAct<'asked'>): Act => ({
  id: asked.act,
  asked,
  steps: [],
  state: { kind: 'asked', at: epochMs(asked.at) },
  reasons: [],
});

const isOver = ({ kind }: ActState): boolean =>
  kind === 'done' || kind === 'failed' || kind === 'denied' || kind === 'declined';

const hasStarted = ({ kind }: ActState): boolean =>
  kind === 'running' || kind === 'unknown' || kind === 'done' || kind === 'failed';

/** The first denial, in words; '' when there is none. */
const denialOf = (reasons: readonly ToldReason[]): string =>
  reasons.find((r) => r.kind === 'deny')?.why ?? '';

const endedState = ({ result }: ToldAct<'ended'>, at: EpochMs): ActState => {
  switch (result.kind) {
    case 'done':
      return { kind: 'done', at, text: result.text };
    case 'failed':
      return { kind: 'failed', at, why: failureText(result.failure) };
    case 'unknown':
      return { kind: 'unknown', at, why: result.why, found: '' };
    default:
      return absurd(result);
  }
};

const lost = 'midwatch ended before it was known what came of it';

/** The state after a step; null when the step does not fit: it is late, or of an act that is over. */
const next = ({ state }: Act, step: ActStep): ActState | null => {
  const at = epochMs(step.at);
  if (isOver(state)) return null;
  switch (step.kind) {
    case 'judged':
      if (hasStarted(state)) return null;
      if (step.outcome === 'deny') return { kind: 'denied', at, why: denialOf(step.reasons) };
      // What was agreed to stays agreed to, while it is judged once more.
      return state.kind === 'confirmed' ? state : { kind: 'judged', at, outcome: step.outcome };
    case 'confirmed':
      return hasStarted(state) ? null : { kind: 'confirmed', at };
    case 'declined':
      return hasStarted(state) ? null : { kind: 'declined', at, why: step.why };
    case 'started':
      return hasStarted(state) ? null : { kind: 'running', at, progress: '' };
    case 'progress':
      return state.kind === 'running' ? { ...state, progress: step.text } : null;
    case 'ended':
      return hasStarted(state) ? endedState(step, at) : null;
    case 'reconciled':
      if (state.kind === 'running') return { kind: 'unknown', at, why: lost, found: step.text };
      return state.kind === 'unknown' && state.found === '' ? { ...state, found: step.text } : null;
    default:
      return absurd(step);
  }
};

/** Of progress and of all together only the newest. */
const appended = (steps: readonly ActStep[], step: ActStep): readonly ActStep[] => {
  const told = step.kind === 'progress' ? steps.filter((s) => s.kind === 'progress') : [];
  const oldest = told.length < progressKept ? undefined : told[0];
  const before = oldest === undefined ? steps : steps.filter((s) => s !== oldest);
  return [...before, step].slice(-stepsKept);
};

/** The act after a step; the very same where the step does not fit. */
const take = (act: Act, step: ActStep): Act => {
  const state = next(act, step);
  if (state === null) return act;
  const reasons = step.kind === 'judged' ? step.reasons : act.reasons;
  return { ...act, state, reasons, steps: appended(act.steps, step) };
};

/** Undefined while it was not asked for: what belongs to it came from before what is read. */
export const foldAct = (
  act: Act | undefined,
  fact: ActStep | ToldAct<'asked'>,
): Act | undefined => {
  if (fact.kind === 'asked') return act ?? begin(fact);
  return act === undefined ? undefined : take(act, fact);
};

/** The glass of the fact's own context after the fact; undefined when it is whole. */
export const foldGlass = (
  glass: Glass | undefined,
  fact: ToldAct<'glass-broken' | 'glass-mended'>,
): Glass | undefined => {
  if (fact.kind === 'glass-mended') return undefined;
  const { act, at, by, reason, ticket, until } = fact;
  const same = glass?.act === act && glass.until === until;
  return same ? glass : { act, at: epochMs(at), by, reason, ticket, until: epochMs(until) };
};
