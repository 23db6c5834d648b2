import { clip, type PlainText } from '../../kernel/text.ts';
import { clean } from '../markdown/clean.ts';
import type { RunbookRule } from '../runbook.ts';

/** What lint knows besides what it knows of a runbook alone. */
export const lintOnlyRules = [
  'rule-file',
  'no-runbook',
  'dead-link',
  'several-runbooks',
  'no-commit',
  'other-commit',
  'same-alert',
  'unreadable',
] as const;
export type LintRule = RunbookRule | (typeof lintOnlyRules)[number];

export interface LintFinding {
  /** As it was given, for people and for editors. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly col: number;
  readonly severity: 'error' | 'warning';
  readonly rule: LintRule;
  readonly message: PlainText;
  /** '' when there is nothing to say. */
  readonly hint: PlainText;
}

export const lintFinding = (
  path: string,
  place: { readonly line: number; readonly col: number },
  severity: LintFinding['severity'],
  rule: LintRule,
  message: string,
  hint = '',
): LintFinding => ({
  path: clean(path),
  line: place.line,
  col: place.col,
  severity,
  rule,
  message: clip(clean(message), 400),
  hint: clip(clean(hint), 400),
});

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By file and place, without repeats: the same input gives the same bytes. */
export const orderedFindings = (all: readonly LintFinding[]): readonly LintFinding[] => {
  const sorted = [...all].sort(
    (a, b) =>
      before(a.path, b.path) ||
      a.line - b.line ||
      a.col - b.col ||
      before(a.rule, b.rule) ||
      before(a.message, b.message),
  );
  const keyOf = (f: LintFinding): string =>
    JSON.stringify([f.path, f.line, f.col, f.rule, f.message]);
  return sorted.filter((f, n) => n === 0 || keyOf(f) !== keyOf(sorted[n - 1] ?? f));
};

/** What each rule is about, for those who see only its name. */
export const ruleWords: Readonly<Record<LintRule, string>> = {
  limit: 'A runbook is within the limits of what can be read',
  'front-matter': 'The front matter can be read',
  chart: 'The flowchart can be read',
  binding: 'Nodes of the chart and sections of the text belong together',
  branch: 'Every branch has a way, and a rule that can be read',
  unreachable: 'Every step can be come to',
  'dead-end': 'Every branch ends',
  'no-steps': 'A runbook has steps',
  attribute: 'Attributes of fences can be read',
  parameter: 'Parameters can be read',
  exec: 'No command is run inside a container',
  secret: 'No Secret is shown',
  shell: 'No shell is needed',
  'unbounded-logs': 'Logs are bounded in time',
  'unknown-action': 'What a step does is known',
  risk: 'The risk that is declared is the real one',
  image: 'Images are pinned',
  link: 'Links within runbooks lead somewhere',
  markup: 'The Markdown can be read',
  'rule-file': 'Files of rules can be read',
  'no-runbook': 'Every alert rule has a runbook',
  'dead-link': 'The runbook of a rule is where its address says',
  'several-runbooks': 'One runbook is the one of a rule',
  'no-commit': 'A rule tells the commit of its runbook',
  'other-commit': 'The runbook is of the commit that the rule tells',
  'same-alert': 'An alert is named by one runbook',
  unreadable: 'Every runbook can be read',
};
