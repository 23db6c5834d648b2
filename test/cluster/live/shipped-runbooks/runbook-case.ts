import type { Lab } from './lab.ts';
import type { Labels, LogOf } from './walked-book.ts';

/** A condition, and where the rules of the runbook of its alert must lead then. */
export interface RunbookCase {
  readonly alert: string;
  /** In words, after "given". */
  readonly given: string;
  /** As the alert would carry them, without its name. */
  readonly labels: Labels;
  /** Brings the condition about; it need not be seen yet. Nothing where it is there from the beginning. */
  readonly make?: (lab: Lab) => Promise<void>;
  /** Puts right what would be in the way of other cases. */
  readonly undo?: (lab: Lab) => Promise<void>;
  /**
   * Steps with the step that the rules must point to; `asks` where it is for the person to tell. One of several where
   * it depends on how quick this machine is.
   */
  readonly leads: readonly (readonly [step: string, ...to: readonly string[]])[];
  /** Tasks that must fail: that they do is what tells. */
  readonly fails?: readonly string[];
  /** What a person would have to answer. */
  readonly values?: Labels;
  /** Where the log is not one of a pod. */
  readonly log?: LogOf;
}
