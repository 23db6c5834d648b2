import type { Asked } from '../../actions/pipeline.ts';
import { absurd } from '../../kernel/absurd.ts';
import type { ActResult, Intent } from '../../kernel/act.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Given } from '../act/questions.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { LogLens } from './log-lens.ts';

/** What is read, or was. */
export interface LogReading {
  readonly intent: Intent;
  readonly asked: Asked;
  /** How far back was asked for at first, in a word: what is taken up later only goes on. */
  readonly window: string;
  /** Both change beside the session; `version` of the flow says when. */
  readonly buffer: LogBuffer;
  readonly lens: LogLens;
  /** When new lines are not waited for any longer; null where only what is there was asked for. */
  readonly until: EpochMs | null;
  /** Null while it goes on. */
  readonly result: ActResult | null;
  /** When it ended; null while it goes on. */
  readonly endedAt: EpochMs | null;
}

/** What was asked for and is not read: not yet, or not at all. */
export type LogQuestion = { readonly intent: Intent } & (
  | { readonly kind: 'asking' }
  | { readonly kind: 'unplanned'; readonly failure: Failure }
  | { readonly kind: 'refused'; readonly asked: Asked }
  /** Guards want words, a name, or another person. */
  | { readonly kind: 'waiting'; readonly asked: Asked; readonly given: Given }
  /** A recording: this would have been asked. */
  | { readonly kind: 'sealed'; readonly asked: Asked; readonly why: string }
);

/** The logs that this person looks at. */
export interface LogFlow {
  readonly reading: LogReading | null;
  readonly question: LogQuestion | null;
  /** Moves on whenever lines came, or time has passed. */
  readonly version: number;
  readonly at: EpochMs;
  /** Keys of entries that are marked. */
  readonly marks: ReadonlySet<string>;
}

export type LogEvent =
  | { readonly kind: 'question'; readonly question: LogQuestion | null; readonly at: EpochMs }
  | { readonly kind: 'reading'; readonly reading: LogReading; readonly at: EpochMs }
  | { readonly kind: 'touched'; readonly at: EpochMs }
  | {
      readonly kind: 'ended';
      readonly act: string;
      readonly result: ActResult;
      readonly at: EpochMs;
    }
  | { readonly kind: 'marks'; readonly marks: ReadonlySet<string> }
  | { readonly kind: 'left' };

const nothing = { reading: null, question: null, version: 0, marks: new Set<string>() };

export const reduceLogs = (flow: LogFlow | null, event: LogEvent): LogFlow | null => {
  switch (event.kind) {
    case 'question':
      return { ...nothing, ...flow, question: event.question, at: event.at };
    case 'reading': {
      const same = flow?.reading?.buffer === event.reading.buffer;
      const marks = same ? (flow?.marks ?? nothing.marks) : nothing.marks;
      const version = (flow?.version ?? 0) + 1;
      return { reading: event.reading, question: null, version, at: event.at, marks };
    }
    case 'touched':
      return flow === null ? null : { ...flow, version: flow.version + 1, at: event.at };
    case 'ended': {
      if (flow?.reading == null || flow.reading.asked.act !== event.act) return flow;
      const reading = { ...flow.reading, result: event.result, endedAt: event.at };
      return { ...flow, reading, version: flow.version + 1, at: event.at };
    }
    case 'marks':
      return flow === null ? null : { ...flow, marks: event.marks };
    case 'left':
      return null;
    default:
      return absurd(event);
  }
};

/** The bounds of what is asked of the nodes; null for another source. */
export const boundsOf = ({ plan }: Asked) => {
  const request = plan.requests.find((r) => r.kind === 'logs');
  return request?.kind === 'logs' ? request.bounds : null;
};

export const isLogsAction = (id: string): boolean => id === 'logs' || id === 'logs-previous';
