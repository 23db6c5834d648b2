import type { ActPlan, ActRight, Judgement } from '../kernel/act.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { PolicyClass } from './policy.ts';

/** Something that had to be asked for: an answer, or why there is none. What is unknown is never taken for a yes. */
export type Gathered<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

export const known = <T>(value: T): Gathered<T> => ({ kind: 'known', value });
export const unknown = (why: string): { readonly kind: 'unknown'; readonly why: string } => ({
  kind: 'unknown',
  why,
});

/** A calendar's word about an object: an Argo CD project's, or one of the configuration. */
export interface WindowWord {
  /** `AppProject argocd/payments`, `window "weekend" of the configuration` */
  readonly source: string;
  readonly allowed: boolean;
  /** With the rule that decided. */
  readonly why: string;
  /** When that changes next; null when it does not, or cannot be computed. */
  readonly changesAt: EpochMs | null;
}

/** The glass, broken: until then what only it opens is open. */
export interface BrokenGlass {
  readonly by: string;
  readonly reason: string;
  readonly ticket: string;
  readonly until: EpochMs;
}

/** All that is found out about a plan before it is judged. */
export interface Facts {
  /** `read-only` lets nothing leave that could change anything. */
  readonly mode: 'read-only' | 'guarded';
  readonly production: boolean;
  readonly policy: PolicyClass;
  /** Who the server says that we are. */
  readonly identity: Gathered<string>;
  /** By `rightText`. */
  readonly rights: ReadonlyMap<string, Gathered<boolean>>;
  /** uid of the subject as it is now; '' when it is gone. */
  readonly uid: Gathered<string>;
  /** Words of all calendars that are about the subject; [] when none is. */
  readonly windows: Gathered<readonly WindowWord[]>;
  /** Of this session. */
  readonly used: { readonly bytes: number; readonly streams: number };
  /** Times of earlier writes of this session, newest last. */
  readonly writes: readonly EpochMs[];
  readonly glass: BrokenGlass | null;
  /** Whether another person has agreed to this very plan, and who. */
  readonly approval: Gathered<string | null>;
  /** The audit file can be written. */
  readonly audit: Gathered<true>;
}

/** The right of a plan, as far as it is known. */
export const rightOf = (facts: Facts, key: string): Gathered<boolean> =>
  facts.rights.get(key) ?? unknown('it was not asked for');

export type RightKey = (right: ActRight) => string;

/**
 * One reason why something may or may not be done. Pure, total, and independent of the others: all of them are asked,
 * and all that they say is shown.
 */
export interface Guard {
  /** Kebab-case; stands beside its reasons. */
  readonly id: string;
  /** For people, what it watches over: one line of `midwatch policy explain`. */
  readonly title: string;
  judge(plan: ActPlan, facts: Facts, now: EpochMs): Judgement;
}

export const silent: Judgement = { kind: 'silent' };
