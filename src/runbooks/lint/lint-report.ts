import { type LintFinding, type LintRule, ruleWords } from './finding.ts';

export interface LintCounts {
  readonly runbooks: number;
  readonly rules: number;
}

const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

const counted = (findings: readonly LintFinding[], severity: LintFinding['severity']): number =>
  findings.filter((f) => f.severity === severity).length;

/** One finding a line, as editors and people read it, and a line on all of it. */
export const lintText = (
  findings: readonly LintFinding[],
  { runbooks, rules }: LintCounts,
): string => {
  const lines = findings.map((f) => {
    const hint = f.hint === '' ? '' : ` (${f.hint})`;
    return `${f.path}:${f.line}:${f.col}: ${f.severity} ${f.rule}: ${f.message}${hint}`;
  });
  const looked = [
    plural(runbooks, 'runbook'),
    ...(rules > 0 ? [plural(rules, 'alert rule')] : []),
  ].join(' and ');
  const found = `${plural(counted(findings, 'error'), 'error')}, ${plural(counted(findings, 'warning'), 'warning')}`;
  return `${[...lines, `${looked} looked at: ${found}`].join('\n')}\n`;
};

export const lintJson = (findings: readonly LintFinding[], counts: LintCounts): string =>
  `${JSON.stringify({
    schema: 'midwatch.runbook-lint/v1',
    ...counts,
    errors: counted(findings, 'error'),
    warnings: counted(findings, 'warning'),
    findings,
  })}\n`;

/** A path as SARIF wants it. */
const uriOf = (path: string): string => {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
};

/** SARIF 2.1.0, which code hosts show beside the lines of a change. */
export const lintSarif = (findings: readonly LintFinding[], version: string): string => {
  const used = [...new Set(findings.map((f) => f.rule))].sort();
  const ruleOf = (id: LintRule) => ({ id, shortDescription: { text: ruleWords[id] } });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'midwatch runbook lint', version, rules: used.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((f) => ({
          ruleId: f.rule,
          ruleIndex: used.indexOf(f.rule),
          level: f.severity,
          message: { text: f.hint === '' ? f.message : `${f.message} (${f.hint})` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(f.path) },
                region: { startLine: f.line, startColumn: f.col },
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
