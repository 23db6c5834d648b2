import type { ToldAct, ToldReason } from './act-fact.ts';
import type { EpochMs } from './units.ts';

/** What came of an act so far. */
export type ActState =
  /** Planned and written down; not judged yet. */
  | { readonly kind: 'asked'; readonly at: EpochMs }
  /** The guards let it pass, or leave it to a person who has not answered yet. */
  | { readonly kind: 'judged'; readonly at: EpochMs; readonly outcome: 'allow' | 'ask' }
  | { readonly kind: 'confirmed'; readonly at: EpochMs }
  /** The guards said no. */
  | { readonly kind: 'denied'; readonly at: EpochMs; readonly why: string }
  /** The person did not want it after all, or did not agree in the way that was asked for. */
  | { readonly kind: 'declined'; readonly at: EpochMs; readonly why: string }
  | { readonly kind: 'running'; readonly at: EpochMs; readonly progress: string }
  | { readonly kind: 'done'; readonly at: EpochMs; readonly text: string }
  | { readonly kind: 'failed'; readonly at: EpochMs; readonly why: string }
  /** It was sent, and nobody knows what came of it. `found`: what was there when somebody looked; '' until then. */
  | {
      readonly kind: 'unknown';
      readonly at: EpochMs;
      readonly why: string;
      readonly found: string;
    };

/** What belongs to an act besides its beginning. */
export type ActStep = ToldAct<
  'judged' | 'confirmed' | 'declined' | 'started' | 'progress' | 'ended' | 'reconciled'
>;

/** One wish and what came of it. */
export interface Act {
  readonly id: string;
  readonly asked: ToldAct<'asked'>;
  /** In their order; of `progress` only the newest `progressKept`. */
  readonly steps: readonly ActStep[];
  readonly state: ActState;
  /** What the guards said last. */
  readonly reasons: readonly ToldReason[];
}

/** The glass of a context, broken. It mends by itself at `until`. */
export interface Glass {
  /** By which it is mended before its time. */
  readonly act: string;
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
  readonly ticket: string;
  readonly until: EpochMs;
}

export interface ActsState {
  /** By id, in the order in which they were asked; at most `actsKept`. */
  readonly acts: ReadonlyMap<string, Act>;
  /** By context; one that has been mended is not in it, one whose time is over may be. */
  readonly glass: ReadonlyMap<string, Glass>;
}

export const actsKept = 200;
export const progressKept = 20;
/** More than any act has; beyond it the oldest go. */
export const stepsKept = 60;

/** It was started and has not ended. */
export const isRunning = (act: Act): boolean => act.state.kind === 'running';

/** The glass of a context as it is at a time; null when it is whole. */
export const glassAt = ({ glass }: ActsState, context: string, now: EpochMs): Glass | null => {
  const broken = glass.get(context);
  return broken === undefined || broken.until <= now ? null : broken;
};
