import type { Diagnostic } from '../chart.ts';
import type { CleanText } from './clean-text.ts';
import { visibleText } from './visible-text.ts';

/** After so many errors nobody reads on, and recovery from each costs a look at the text. */
export const errorsKept = 50;
/** Warnings beyond these are counted only. */
const warningsKept = 100;

/** Collects what there is to say about a text, by offset into its clean form. */
export interface Report {
  /** Returns null, so that a reader can report and give up in one expression. */
  error(at: number, message: string, hint?: string): null;
  warning(at: number, message: string, hint?: string): void;
  readonly failed: boolean;
  /** No use to read on. */
  readonly full: boolean;
  /** In the order of the text. */
  diagnostics(): readonly Diagnostic[];
}

export const reportOn = (clean: CleanText, firstLine: number): Report => {
  const kept: Diagnostic[] = [];
  let errors = 0;
  let warnings = 0;
  const add = (severity: Diagnostic['severity'], at: number, message: string, hint: string) => {
    const { line, col } = clean.place(at);
    kept.push({ severity, line: firstLine + line, col, message: visibleText(message), hint });
  };
  return {
    error: (at, message, hint = '') => {
      errors += 1;
      if (errors <= errorsKept) add('error', at, message, hint);
      return null;
    },
    warning: (at, message, hint = '') => {
      warnings += 1;
      if (warnings <= warningsKept) add('warning', at, message, hint);
    },
    get failed() {
      return errors > 0;
    },
    get full() {
      return errors >= errorsKept;
    },
    diagnostics: () => {
      if (warnings > warningsKept) {
        add('warning', clean.text.length, `${warnings - warningsKept} more warnings`, '');
        warnings = warningsKept;
      }
      return kept.toSorted((a, b) => a.line - b.line || a.col - b.col);
    },
  };
};

/** A character as a message can show it. */
export const shown = (char: string): string => {
  const code = char.codePointAt(0);
  if (code === undefined) return 'the end of the chart';
  if (char === '\n') return 'the end of the line';
  const visible = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(char) && visibleText(char) !== '';
  return visible ? `\`${char}\`` : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
};
