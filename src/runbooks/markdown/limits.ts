import { kib, mib } from '../../kernel/units.ts';
import { fenceAfter } from './prepare.ts';

/** Longest runbook that is read. */
export const runbookBytes = mib(1);
/** Deeper than this no list or quote is read by anybody. */
export const nestingMost = 20;
/** A megabyte of text has fewer. */
export const linesMost = 20_000;
/** Lines without an empty one between them: quotes that go on lazily take quadratic time. */
export const blockLinesMost = 2000;
/** A longer line outside a fence, in UTF-16 units, is no text; searching it takes quadratic time. */
export const lineMost = 10_000;
/** A longer paragraph is shown as it is, without marks. */
export const inlineMost: number = kib(16);

export interface Exceeded {
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

/** Quotes and list marks that a line begins with. */
const marks = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))+/;

const depthOf = (line: string): number => {
  const begins = marks.exec(line)?.[0] ?? '';
  if (begins === '') return 0;
  const listed = /[-*+.)]/.test(begins);
  const indent = /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0;
  const count = begins.match(/>|[-*+]|\d+[.)]/g)?.length ?? 0;
  return count + (listed ? Math.floor(indent / 2) : 0);
};

/** The first limit that a text is beyond; null when it is within all of them. */
export const exceeded = (lines: readonly string[]): Exceeded | null => {
  if (lines.length > linesMost) {
    return {
      line: linesMost + 1,
      message: `more than ${linesMost} lines`,
      hint: 'cut it into several runbooks',
    };
  }
  let fence: ReturnType<typeof fenceAfter> = null;
  let run = 0;
  for (const [index, line] of lines.entries()) {
    const was = fence;
    fence = fenceAfter(line, fence);
    if (was !== null || fence !== null) {
      run = 0;
      continue;
    }
    if (line.length > lineMost) {
      return {
        line: index + 1,
        message: `a line of more than ${lineMost} characters`,
        hint: 'break it, or put it into a fence',
      };
    }
    run = line.trim() === '' ? 0 : run + 1;
    if (run > blockLinesMost) {
      return {
        line: index + 1,
        message: `more than ${blockLinesMost} lines without an empty one`,
        hint: 'put an empty line between paragraphs',
      };
    }
    if (depthOf(line) > nestingMost) {
      return {
        line: index + 1,
        message: `nested more than ${nestingMost} deep`,
        hint: 'use headings instead of lists in lists',
      };
    }
  }
  return null;
};
