import type { PlainText } from '../kernel/text.ts';
import type { Milliseconds } from '../kernel/units.ts';
import type { Chart, Diagnostic } from './chart.ts';
import type { Block, Link } from './document.ts';
import type { Parameter } from './parameter.ts';
import type { Plan } from './plan.ts';

/**
 * What a step may do, from harmless to final. `manual` is a thing that a person does elsewhere; nothing is known of it.
 */
export const risks = ['read', 'manual', 'change', 'disruptive', 'destructive'] as const;
export type Risk = (typeof risks)[number];

/** What a rule compares. */
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A test on what a step has brought, as data; `branchRule` judges it. */
export type Rule =
  /** Somewhere in the text, a regular expression in Go's syntax that takes linear time. */
  | { readonly kind: 'text'; readonly pattern: string }
  /** The first number behind `after` in the text; '' is the beginning. Units such as GiB, % and ms count. */
  | {
      readonly kind: 'number';
      readonly after: string;
      readonly is: Comparison;
      readonly value: number;
    }
  /** A value in JSON, found by a path such as `$.items[0].status.phase`; with `[*]`, any of them. */
  | {
      readonly kind: 'json';
      readonly path: string;
      readonly is: Comparison;
      readonly value: string | number | boolean | null;
    }
  /** The value of a query; of several, any of them. */
  | { readonly kind: 'value'; readonly is: Comparison; readonly value: number }
  | { readonly kind: 'ended'; readonly well: boolean }
  | { readonly kind: 'not'; readonly of: Rule }
  /** All of them. */
  | { readonly kind: 'all'; readonly of: readonly Rule[] };

/** A way out of a step. The operator takes it; a rule only preselects. */
export interface Branch {
  /** '' where there is nothing to say. */
  readonly label: PlainText;
  /** Id of the step it leads to. */
  readonly to: string;
  /** Index in the edges of the chart; null without a chart. */
  readonly edge: number | null;
  readonly when: Rule | null;
  /** Name of the plan whose result the rule is about; '' is any of the step's. */
  readonly from: string;
  readonly line: number;
}

/** One thing to do in a step. */
export interface Task {
  /** Unique in the runbook: the name of its fence, else `<step>.<n>`. */
  readonly id: string;
  readonly plan: Plan;
  /** The higher of what is declared and what the plan is. */
  readonly risk: Risk;
  readonly timeout: Milliseconds;
  /** What must hold of the result for it to be well; null when anything is. */
  readonly expect: Rule | null;
  /** As it is written, line by line, for showing and copying; never to be run. */
  readonly source: readonly PlainText[];
  readonly line: number;
  readonly col: number;
}

export interface Step {
  /** Of the node in the chart where there is one, else from the heading; unique, and the same in the next reading. */
  readonly id: string;
  /** From 1, in walking order. */
  readonly number: number;
  readonly title: PlainText;
  /** Titles of the headings around it, the outermost first. */
  readonly under: readonly PlainText[];
  readonly blocks: readonly Block[];
  readonly tasks: readonly Task[];
  /** Ways out when there is more than one, or a rule; else []. */
  readonly branches: readonly Branch[];
  /** Where it goes on without branches; null is the end. */
  readonly next: string | null;
  /** It has a node in the chart. */
  readonly inChart: boolean;
  /** It has a section in the text; a node without one is ticked off by hand. */
  readonly inText: boolean;
  readonly line: number;
}

/** Text beside the steps: what it means, what it affects, what is only good to know. */
export interface Panel {
  readonly kind: 'about' | 'meaning' | 'impact' | 'appendix';
  readonly title: PlainText;
  readonly blocks: readonly Block[];
  readonly line: number;
}

/** A chart that cannot be trusted is neither drawn nor walked; it is shown with its errors. */
export interface BrokenChart {
  readonly source: readonly PlainText[];
  readonly line: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Runbook {
  /** As it was given; for people. */
  readonly path: string;
  readonly title: PlainText;
  /** Names of alerts it is for, with * as wildcard; from the front matter. */
  readonly alerts: readonly string[];
  /** Addresses under which it is known too, without host; from the front matter. */
  readonly aliases: readonly string[];
  readonly owner: PlainText;
  readonly panels: readonly Panel[];
  readonly steps: readonly Step[];
  readonly chart: Chart | null;
  readonly brokenChart: BrokenChart | null;
  readonly parameters: readonly Parameter[];
  readonly links: readonly Link[];
}

/** What lint knows a finding by. */
export const runbookRules = [
  'limit',
  'front-matter',
  'chart',
  'binding',
  'branch',
  'unreachable',
  'dead-end',
  'no-steps',
  'attribute',
  'parameter',
  'exec',
  'secret',
  'shell',
  'unbounded-logs',
  'unknown-action',
  'risk',
  'image',
  'link',
  'markup',
] as const;
export type RunbookRule = (typeof runbookRules)[number];

export interface RunbookDiagnostic extends Diagnostic {
  readonly rule: RunbookRule;
}

export interface ParsedRunbook {
  /** Always there; without steps when nothing can be made of the text. */
  readonly runbook: Runbook;
  /** In the order of the text. */
  readonly diagnostics: readonly RunbookDiagnostic[];
}

/** More than this is no step list that somebody walks. */
export const stepsKept = 500;
