import type { Chart, Diagnostic } from '../chart.ts';
import { assemble } from './assemble.ts';
import { cleanText } from './clean-text.ts';
import { atEnd, charAt, cursorOn, looksAt, skipBlank, skipSpaces, wordAt } from './cursor.ts';
import { emptyDraft } from './draft.ts';
import type { Reading } from './read-nodes.ts';
import { readEnd, readStatements, takeDirection } from './read-statement.ts';
import { type Report, reportOn } from './report.ts';

/** Longer texts are no chart; in UTF-16 units. */
export const textKept = 1_000_000;

export interface Parsed {
  /** Null when there is any error. */
  readonly chart: Chart | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Characters looked at, besides. Grows with the length of the text, no faster. */
export interface Counted extends Parsed {
  readonly steps: number;
}

/** Over `flowchart TD` and what ends it. False is reported. */
const readHeader = (reading: Reading): boolean => {
  const { c, draft, report } = reading;
  skipBlank(c);
  const at = c.at;
  const word = wordAt(c);
  if (word !== 'flowchart' && word !== 'graph') {
    const what =
      word === '' ? 'There is no flowchart here' : `${word.slice(0, 40)} is no flowchart`;
    report.error(at, what, 'begin with `flowchart TD` or `graph LR`');
    return false;
  }
  c.at += looksAt(c, 'flowchart-elk') ? 'flowchart-elk'.length : word.length;
  skipSpaces(c);
  if (atEnd(c) || charAt(c) === '\n') return true;
  const direction = takeDirection(c);
  if (direction === null) {
    report.error(c.at, 'A direction is TB, TD, BT, LR or RL', `write \`${word} TD\``);
    return false;
  }
  draft.direction = direction;
  return readEnd(reading);
};

const refuse = (report: Report, steps: number): Counted => ({
  chart: null,
  diagnostics: report.diagnostics(),
  steps,
});

/** The same as `parseFlowchart`, with a count of the work. */
export const parseCounted = (text: string, firstLine = 1): Counted => {
  if (text.length > textKept) {
    const report = reportOn(cleanText(''), firstLine);
    report.error(0, `A chart of more than ${textKept} characters`, 'split it');
    return refuse(report, 0);
  }
  const clean = cleanText(text);
  const report = reportOn(clean, firstLine);
  for (const at of clean.unclosed) report.error(at, '`%%{` is opened and not closed', 'add `}%%`');
  const reading: Reading = { c: cursorOn(clean.text), draft: emptyDraft(), report };
  if (!readHeader(reading)) return refuse(report, reading.c.steps);
  readStatements(reading);
  if (report.failed) return refuse(report, reading.c.steps);
  return {
    chart: assemble(reading.draft, (at) => firstLine + clean.place(at).line),
    diagnostics: report.diagnostics(),
    steps: reading.c.steps,
  };
};

/**
 * Reads a Mermaid `flowchart` or `graph`. Nothing is left out in silence: what is not understood is an
 * error with its place, and a chart with any error is null, as a missing branch misleads.
 * `firstLine` is the line of the file on which the text begins.
 * @throws never, whatever the text.
 */
export const parseFlowchart = (text: string, firstLine = 1): Parsed => {
  const { chart, diagnostics } = parseCounted(text, firstLine);
  return { chart, diagnostics };
};
