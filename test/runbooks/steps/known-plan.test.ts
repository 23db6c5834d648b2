import { describe, expect, it } from 'vitest';
import { planLines } from '../../../src/runbooks/machine/plan-lines.ts';
import { sourcesBefore, valuesFrom } from '../../../src/runbooks/machine/task-plan.ts';
import { parseRunbook } from '../../../src/runbooks/parse-runbook.ts';
import { knownOf, knownPlan, unknownText } from '../../../src/runbooks/steps/known-plan.ts';

const text = `---
vars:
  ns: { from: labels.namespace }
  rev: { from: steps.status.json, path: '$.revision' }
  who: { description: whom to call }
---
# T

## S

\`\`\`sh {name=status type=etcd}
status
\`\`\`

\`\`\`sh {name=get}
kubectl get pods -n \${ns} \${rev} \${who}
\`\`\`
`;

const shown = (labels: Readonly<Record<string, string>>) => {
  const { runbook } = parseRunbook(text, 't.md');
  const alert = { fingerprint: 'f', name: 'X', labels, annotations: {} };
  const values = valuesFrom(runbook, sourcesBefore(alert, new Map()));
  const task = runbook.steps.flatMap((s) => s.tasks).find(({ id }) => id === 'get');
  if (task === undefined) throw new Error('there is no task');
  const said = (name: string) =>
    unknownText(
      name,
      runbook.parameters.find((p) => p.name === name),
      values.get(name),
    );
  return { lines: planLines(knownPlan(task.plan, knownOf(values))), said };
};

describe('a plan as far as it is known', () => {
  it('given an alert, then its labels stand in it, and each value that is not there says where it comes from', () => {
    const { lines, said } = shown({ namespace: 'pay' });
    expect(lines).toEqual(['get pods <rev>, <who> in pay']);
    expect(said('rev')).toBe('<rev> is what status brings');
    expect(said('who')).toBe('<who> is asked for');
  });

  it('given no such label, or one that is no name, then it is said, and nothing of it stands in the plan', () => {
    expect(shown({}).said('ns')).toBe(
      '<ns> is asked for: the label namespace of the alert does not tell it',
    );
    const { lines, said } = shown({ namespace: '--all' });
    expect(lines).toEqual(['get pods <rev>, <who> in <ns>']);
    expect(said('ns')).toMatch(/^<ns> is not “--all”: it must be a namespace/);
  });
});
