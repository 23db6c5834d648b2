import { boundedEvidence } from '../../kernel/bounded-evidence.ts';
import type { Failure } from '../../kernel/failure.ts';
import { cleanse } from '../../kernel/redact.ts';
import type { Evidence } from '../../kernel/run-fact.ts';

/** What came of a task, before it is known which one it was. */
export type Brought = Omit<Evidence, 'task'>;

const longestAsked = 2000;

/** Printable, without what looks like a secret, and within the bounds of evidence. */
export const brought = (what: Partial<Brought> & Pick<Brought, 'asked' | 'took'>): Brought => {
  const { task: _, ...bounded } = boundedEvidence(
    cleanse({ task: '', lines: [], data: null, values: [], exit: 'ok', truncated: false, ...what })
      .value as Evidence,
  );
  return { ...bounded, asked: bounded.asked.slice(0, longestAsked) };
};

/** A question without a useful answer is evidence too. */
export const broughtFailure = (asked: string, took: number, failure: Failure): Brought =>
  brought({
    asked,
    took,
    exit: 'failed',
    lines: [failure.message, ...(failure.hint === undefined ? [] : [failure.hint])],
  });

/** Milliseconds since then; a clock that was set back is no reason for less than none. */
export const tookSince = (began: number, now: number): number => Math.max(0, now - began);
