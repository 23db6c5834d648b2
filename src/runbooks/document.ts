import type { PlainText } from '../kernel/text.ts';

/** A run of text in one style. Text is clean: it can be painted as it is. */
export interface Inline {
  readonly text: PlainText;
  readonly style: 'plain' | 'strong' | 'emphasis' | 'code' | 'strike';
  /** Where it leads; '' nowhere. An address is never followed while reading. */
  readonly href: PlainText;
}

export type AdmonitionTone = 'note' | 'tip' | 'important' | 'warning' | 'caution';

export interface ListItem {
  /** Null where it is no checkbox. */
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
}

/** Text of a runbook as plain data. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'heading'; readonly depth: number; readonly text: readonly Inline[] }
  | {
      readonly kind: 'list';
      /** Number of the first item; null is a list of dots. */
      readonly start: number | null;
      readonly items: readonly ListItem[];
    }
  | {
      readonly kind: 'code';
      /** `sh`, `promql`, `yaml`; '' when nothing is told. */
      readonly language: PlainText;
      readonly lines: readonly PlainText[];
      /** Ids of the tasks that were made of it. */
      readonly tasks: readonly string[];
    }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | {
      readonly kind: 'admonition';
      readonly tone: AdmonitionTone;
      readonly title: PlainText;
      readonly blocks: readonly Block[];
    }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** Behind a summary that can be opened. */
  | { readonly kind: 'details'; readonly summary: PlainText; readonly blocks: readonly Block[] }
  | { readonly kind: 'rule' };

/** A link or an image in the text. */
export interface Link {
  readonly href: PlainText;
  readonly text: PlainText;
  readonly image: boolean;
  readonly line: number;
  readonly col: number;
}
