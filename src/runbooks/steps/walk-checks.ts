import { diagnostic, type Report } from '../diagnose.ts';
import type { Step } from '../runbook.ts';

const targetsOf = (step: Step): readonly string[] =>
  step.branches.length > 0 ? step.branches.map((b) => b.to) : step.next === null ? [] : [step.next];

/** Everything that can be reached from some, by ways that lead on. */
const reach = (
  from: readonly string[],
  ways: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> => {
  const seen = new Set(from);
  const todo = [...from];
  while (todo.length > 0) {
    for (const to of ways.get(todo.pop() ?? '') ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  return seen;
};

const turned = (
  ways: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> => {
  const back = new Map<string, string[]>();
  for (const [from, all] of ways) {
    for (const to of all) {
      const had = back.get(to);
      if (had === undefined) back.set(to, [from]);
      else had.push(from);
    }
  }
  return back;
};

/** Whether every step can be come to, and comes to an end. */
export const checkWalk = (steps: readonly Step[], report: Report): void => {
  const [first] = steps;
  if (first === undefined) return;
  const ways = new Map(steps.map((step) => [step.id, targetsOf(step)]));
  const entered = new Set(steps.flatMap((step) => targetsOf(step).filter((to) => to !== step.id)));
  const roots = steps.filter((step) => step === first || !entered.has(step.id));
  const reached = reach([first.id], ways);
  const fromRoots = reach(
    roots.map((r) => r.id),
    ways,
  );
  const ending = reach(
    steps.filter((step) => targetsOf(step).length === 0).map((step) => step.id),
    turned(ways),
  );
  for (const step of steps) {
    const place = { line: step.line, col: 1 };
    if (!fromRoots.has(step.id)) {
      const message = `"${step.title}" is never come to`;
      report(diagnostic('error', 'unreachable', place, message, 'lead a way to it'));
    } else if (!reached.has(step.id) && roots.includes(step)) {
      const message = `"${step.title}" is a second beginning: nothing leads to it from "${first.title}"`;
      const severity = step.inChart ? 'warning' : 'error';
      report(diagnostic(severity, 'unreachable', place, message, 'lead a way to it'));
    }
    if (!ending.has(step.id)) {
      const message = `from "${step.title}" no way comes to an end`;
      report(diagnostic('error', 'dead-end', place, message, 'add a way out of the circle'));
    }
  }
};
