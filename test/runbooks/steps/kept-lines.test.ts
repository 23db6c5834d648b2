import { describe, expect, it } from 'vitest';
import { planLines } from '../../../src/runbooks/machine/plan-lines.ts';
import { parseRunbook } from '../../../src/runbooks/parse-runbook.ts';
import { keptLines } from '../../../src/runbooks/steps/kept-lines.ts';

const taskOf = (...fence: readonly string[]) => {
  const { runbook } = parseRunbook(['# T', '', '## S', '', ...fence].join('\n'), 't.md');
  const [task] = runbook.steps[0]?.tasks ?? [];
  if (task === undefined) throw new Error('there is no task');
  return task;
};

describe('lines as they are written', () => {
  it('given several, then each stays one, without what must not reach a terminal', () => {
    expect(keptLines('\n  a \u001b[31mred\r\n\n\tb\n\n')).toEqual(['  a red', '', ' b']);
    expect(keptLines('  \n ')).toEqual([]);
    expect(keptLines('')).toEqual([]);
  });

  it('given more than is kept, then the end is cut and says so', () => {
    const lines = keptLines(Array.from({ length: 50 }, () => 'x'.repeat(99)).join('\n'));
    expect(lines.join('\n').length).toBeLessThanOrEqual(2000);
    expect(keptLines('x'.repeat(3000))[0]).toMatch(/…$/);
  });

  it('given a task by hand of several lines, then it is shown and copied line by line', () => {
    const task = taskOf('```sh {type=manual}', '# on the node', 'du -sh /a', 'cp -a /a /b', '```');
    const lines = ['# on the node', 'du -sh /a', 'cp -a /a /b'];
    expect(task.source).toEqual(lines);
    expect(planLines(task.plan)).toEqual(['done by hand; to copy:', ...lines]);
  });

  it('given a command that is cut for the eye, then it keeps its cuts, and is one command', () => {
    const task = taskOf('```sh', 'kubectl delete pod \\', '  -n a \\', '  b', '```');
    expect(task.source).toEqual(['kubectl delete pod \\', '  -n a \\', '  b']);
    expect(task.plan).toEqual({ kind: 'manual', copy: task.source });
    const read = taskOf('```sh', 'kubectl get pod \\', '  -n a b', '```');
    expect(planLines(read.plan)).toEqual(['get pod b in a']);
  });

  it('given an exec whose words are on several lines, then it is found all the same', () => {
    const fence = ['```sh', 'for p in a b; do kubectl \\', '  exec $p -- sh; done', '```'];
    const { diagnostics } = parseRunbook(['# T', '', '## S', '', ...fence].join('\n'), 't.md');
    expect(diagnostics.map((d) => d.rule)).toContain('exec');
  });
});
