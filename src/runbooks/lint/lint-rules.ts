import {
  commitAgrees,
  commitAnnotations,
  runbookAnnotations,
} from '../resolve/commit-annotation.ts';
import type { Library, LibraryEntry } from '../resolve/library.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { type ResolveSettings, resolveRunbook } from '../resolve/resolve-runbook.ts';
import { type LintFinding, lintFinding } from './finding.ts';
import type { AlertRuleAt } from './rule-file.ts';

const nameOf = (entry: LibraryEntry): string => `${entry.source.name}/${entry.path}`;

const addKey = `add ${runbookAnnotations[0]}, or name the alert in "alerts:" of a runbook`;

/** The template of a rule may stand in its address: that is filled in when it fires, and cannot be followed before. */
const isTemplated = (text: string): boolean => text.includes('{{');

const linkFindings = (rule: AlertRuleAt, found: Resolution): readonly LintFinding[] => {
  const { dead } = found;
  if (dead !== null && !isTemplated(dead.url)) {
    const at = rule.placeOf(dead.annotation);
    const message = `${rule.name}: ${dead.annotation} leads nowhere: ${dead.why}`;
    return [lintFinding(at.path, at, 'error', 'dead-link', message, dead.hint)];
  }
  if (found.kind === 'missing' && dead === null) {
    return [
      lintFinding(rule.path, rule, 'error', 'no-runbook', `${rule.name} has no runbook`, addKey),
    ];
  }
  if (found.kind === 'found' && found.by.rule === 'category') {
    const message = `${rule.name} has no runbook of its own: ${nameOf(found.entry)} is the default for its kind`;
    return [lintFinding(rule.path, rule, 'warning', 'no-runbook', message, addKey)];
  }
  if (found.kind === 'several') {
    const names = found.entries.map(nameOf).join(', ');
    const message = `${rule.name}: several runbooks are as good as each other: ${names}`;
    return [lintFinding(rule.path, rule, 'error', 'several-runbooks', message, addKey)];
  }
  return [];
};

const commitFindings = (rule: AlertRuleAt, found: Resolution): readonly LintFinding[] => {
  const { commit } = found;
  if (commit.kind === 'missing') {
    const message = `${rule.name} does not tell the commit of its runbook`;
    const hint = `add the annotation ${commitAnnotations[0]}, or a commit in the address`;
    return [lintFinding(rule.path, rule, 'error', 'no-commit', message, hint)];
  }
  if (commit.kind === 'wrong') {
    const at = rule.placeOf(commit.by);
    const message = `${rule.name}: ${commit.by} is no commit: "${commit.written}"`;
    return [lintFinding(at.path, at, 'error', 'no-commit', message, 'write 7 to 40 hex digits')];
  }
  const source = found.kind === 'found' ? found.entry.source.commit : null;
  if (source?.kind === 'commit' && commitAgrees(commit, source) === false) {
    const at = rule.placeOf(commit.by);
    const short = source.id.slice(0, 7);
    const message = `${rule.name} is of ${commit.id.slice(0, 7)}, and the runbooks here are of ${short}`;
    return [
      lintFinding(at.path, at, 'warning', 'other-commit', message, 'bring one of them up to date'),
    ];
  }
  return [];
};

/** Whether every alert rule has a runbook that is there, and tells its commit. */
export const lintRules = (
  rules: readonly AlertRuleAt[],
  library: Library,
  settings: ResolveSettings,
): readonly LintFinding[] =>
  rules.flatMap((rule) => {
    const found = resolveRunbook(rule, library, settings);
    return [...linkFindings(rule, found), ...commitFindings(rule, found)];
  });
