import type { Asked } from '../../actions/pipeline.ts';
import { absurd } from '../../kernel/absurd.ts';
import type { ActResult, Intent } from '../../kernel/act.ts';
import type { Failure } from '../../kernel/failure.ts';
import { type EpochMs, seconds } from '../../kernel/units.ts';
import { type Given, nothingGiven } from './questions.ts';

/** A line of what goes on. */
export interface Told {
  readonly at: EpochMs;
  readonly text: string;
}

/** What an action that is under way has told so far. */
interface Course {
  readonly asked: Asked;
  readonly startedAt: EpochMs;
  /** The latest, oldest first, at most `toldKept`. */
  readonly told: readonly Told[];
  /** Earlier ones that are not kept here. */
  readonly dropped: number;
}

/** Whether it is to be given up. The second press within `offerStands` does it. */
export type Abort =
  | { readonly kind: 'no' }
  | { readonly kind: 'offered'; readonly at: EpochMs }
  | { readonly kind: 'yes' };

/** The one action that a person is about, from the wish to what came of it. */
export type ActFlow =
  | { readonly kind: 'asking'; readonly intent: Intent; readonly title: string }
  | {
      readonly kind: 'unplanned';
      readonly intent: Intent;
      readonly title: string;
      readonly failure: Failure;
    }
  | {
      readonly kind: 'asked';
      readonly asked: Asked;
      readonly given: Given;
      /** Why it can never be agreed to here, e.g. in a recording; '' when it can. */
      readonly sealed: string;
    }
  | ({ readonly kind: 'running'; readonly at: EpochMs; readonly abort: Abort } & Course)
  | ({ readonly kind: 'ended'; readonly endedAt: EpochMs; readonly result: ActResult } & Course);

export type ActEvent =
  | { readonly kind: 'asking'; readonly intent: Intent; readonly title: string }
  | { readonly kind: 'unplanned'; readonly failure: Failure }
  | { readonly kind: 'asked'; readonly asked: Asked; readonly sealed: string }
  | { readonly kind: 'given'; readonly act: string; readonly given: Given }
  | { readonly kind: 'started'; readonly asked: Asked; readonly at: EpochMs }
  | { readonly kind: 'told'; readonly act: string; readonly lines: readonly Told[] }
  /** Time has passed while it runs. */
  | { readonly kind: 'tick'; readonly act: string; readonly at: EpochMs }
  | { readonly kind: 'offered'; readonly act: string; readonly at: EpochMs }
  | { readonly kind: 'aborted'; readonly act: string }
  | {
      readonly kind: 'ended';
      readonly act: string;
      readonly at: EpochMs;
      readonly result: ActResult;
    }
  | { readonly kind: 'left' };

/** A defragmentation of many members tells a line for each step. */
export const toldKept = 200;
/** An offer to abort that nobody takes up lapses: a later esc is about something else. */
export const offerStands = seconds(10);

/** Whether it is the act of that id that is under way. */
const runs = (flow: ActFlow | null, act: string): flow is Extract<ActFlow, { kind: 'running' }> =>
  flow?.kind === 'running' && flow.asked.act === act;

/** The next state. What is about another act than the present one changes nothing: it came late. */
export const reduceAct = (flow: ActFlow | null, event: ActEvent): ActFlow | null => {
  switch (event.kind) {
    case 'asking':
      return event;
    case 'unplanned':
      return flow?.kind === 'asking' ? { ...flow, ...event } : flow;
    case 'asked':
      return flow?.kind === 'asking' ? { ...event, given: nothingGiven } : flow;
    case 'given':
      return flow?.kind === 'asked' && flow.asked.act === event.act
        ? { ...flow, given: event.given }
        : flow;
    case 'started': {
      const { asked, at } = event;
      const course = { asked, startedAt: at, told: [], dropped: 0 };
      return { kind: 'running', at, abort: { kind: 'no' }, ...course };
    }
    case 'told': {
      if (!runs(flow, event.act)) return flow;
      const all = [...flow.told, ...event.lines];
      const over = Math.max(0, all.length - toldKept);
      return { ...flow, told: all.slice(over), dropped: flow.dropped + over };
    }
    case 'tick': {
      if (!runs(flow, event.act)) return flow;
      const lapsed = flow.abort.kind === 'offered' && event.at - flow.abort.at > offerStands;
      return { ...flow, at: event.at, ...(lapsed ? { abort: { kind: 'no' } } : {}) };
    }
    case 'offered':
      return runs(flow, event.act) ? { ...flow, abort: { kind: 'offered', at: event.at } } : flow;
    case 'aborted':
      return runs(flow, event.act) ? { ...flow, abort: { kind: 'yes' } } : flow;
    case 'ended': {
      if (!runs(flow, event.act)) return flow;
      const { asked, startedAt, told, dropped } = flow;
      const course = { asked, startedAt, told, dropped };
      return { kind: 'ended', endedAt: event.at, result: event.result, ...course };
    }
    case 'left':
      return flow?.kind === 'running' ? flow : null;
    default:
      return absurd(event);
  }
};

/** Its name for people. */
export const titleOf = (flow: ActFlow): string =>
  flow.kind === 'asking' || flow.kind === 'unplanned' ? flow.title : flow.asked.plan.title;

export const intentOfFlow = (flow: ActFlow): Intent =>
  flow.kind === 'asking' || flow.kind === 'unplanned' ? flow.intent : flow.asked.intent;
