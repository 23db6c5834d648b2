import { clip } from '../kernel/text.ts';
import { clean } from './markdown/clean.ts';
import type { RunbookDiagnostic, RunbookRule } from './runbook.ts';

/** Where in the text something stands, from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

export type Report = (diagnostic: RunbookDiagnostic) => void;

const longest = 300;

/** What there is to say of a place. Words of the text in it are made clean and short. */
export const diagnostic = (
  severity: RunbookDiagnostic['severity'],
  rule: RunbookRule,
  { line, col }: Place,
  message: string,
  hint = '',
): RunbookDiagnostic => ({
  severity,
  rule,
  line,
  col,
  message: clip(clean(message), longest),
  hint: clip(clean(hint), longest),
});

/** By place, then by rule and words: the same text gives the same list. */
export const inOrder = (all: readonly RunbookDiagnostic[]): readonly RunbookDiagnostic[] =>
  [...all].sort(
    (a, b) =>
      a.line - b.line ||
      a.col - b.col ||
      (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.message < b.message ? -1 : 1),
  );
