import type { Evidence } from '../../kernel/run-fact.ts';
import type { EpochMs, Milliseconds } from '../../kernel/units.ts';
import type { Runbook } from '../runbook.ts';

/** A runbook, and the hash of the text that it was read from. */
export interface Book {
  readonly hash: string;
  readonly runbook: Runbook;
}

/** Who does it, and when. */
export interface Doer {
  readonly at: EpochMs;
  readonly by: string;
}

/** What somebody wants to do in a run. */
export type Intent =
  /** On to the next step, where there is nothing to choose. */
  | { readonly kind: 'next' }
  /** One of the branches of the step, by its index. */
  | { readonly kind: 'choose'; readonly branch: number }
  /** The same step once more. */
  | { readonly kind: 'again' }
  /** Any step, by its id. */
  | { readonly kind: 'jump'; readonly step: string }
  /** The step is not done, for a reason. Without branches the run goes on to the next one. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** What a task of a visit has brought. */
  | { readonly kind: 'attach'; readonly visit: number; readonly evidence: Evidence }
  /** A manual task, an item of a checklist, or, with '' as task, a step that has nothing to do but be done. */
  | { readonly kind: 'tick'; readonly task: string; readonly item: number; readonly done: boolean }
  | { readonly kind: 'note'; readonly text: string }
  /** Look again after a while. */
  | { readonly kind: 'wait'; readonly wait: Milliseconds; readonly why: string }
  | { readonly kind: 'stopWaiting' }
  /** A value for a parameter of the runbook. */
  | { readonly kind: 'value'; readonly name: string; readonly value: string }
  /** The file has changed: go on with the text of the beginning. The book is the new one. */
  | { readonly kind: 'keep' }
  /** The file has changed: go on with the new text, at `step` where the current one is not in it any more. */
  | { readonly kind: 'adopt'; readonly step: string | null }
  | { readonly kind: 'finish'; readonly note: string }
  | { readonly kind: 'abandon'; readonly reason: string };
