import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hours } from '../../src/kernel/units.ts';
import { drawChart } from '../../src/runbooks/layout/draw-chart.ts';
import type { Plan } from '../../src/runbooks/plan.ts';
import type { Step } from '../../src/runbooks/runbook.ts';
import { branchRule } from '../../src/runbooks/steps/branch-rule.ts';
import { mapPlan } from '../../src/runbooks/steps/map-plan.ts';
import { shipped } from '../support/shipped-runbooks.ts';

const files = shipped.map(({ name }) => name);

/** `etcdGRPCRequestsSlow` as a file is called: `etcd-grpc-requests-slow`. */
const kebab = (alert: string): string =>
  alert
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

const everyTask = shipped.flatMap(({ name, runbook }) =>
  runbook.steps.flatMap((step) => step.tasks.map((task) => ({ name, step: step.id, task }))),
);
const at = ({ name, step, task }: (typeof everyTask)[number]): string =>
  `${name} ${step} ${task.id}`;

const targets = (step: Step): readonly string[] =>
  step.branches.length > 0 ? step.branches.map((b) => b.to) : step.next === null ? [] : [step.next];

/** What a step leads to, directly or by others; itself too. */
const reached = (steps: readonly Step[], from: string): ReadonlySet<string> => {
  const seen = new Set([from]);
  for (const id of seen) {
    const step = steps.find((s) => s.id === id);
    for (const to of step === undefined ? [] : targets(step)) seen.add(to);
  }
  return seen;
};

const queriesOf = (plan: Plan): readonly string[] => {
  const found: string[] = [];
  const filled = mapPlan(plan, (template, slot) => {
    const value = template.map((p) => (p.kind === 'text' ? p.text : 'x')).join('');
    if (slot === 'promql') found.push(value);
    return template;
  });
  return filled.kind === 'query' || filled.kind === 'watch' ? found : [];
};

describe('shipped runbooks', () => {
  it('given the set, when it is counted, then it is for more than 30 alerts, each in one file', () => {
    const alerts = shipped.flatMap(({ runbook }) => runbook.alerts);
    expect(files.length).toBeGreaterThanOrEqual(34);
    expect(new Set(alerts).size).toBe(alerts.length);
  });

  it('given a file, when it is read, then there is nothing to say of it', () => {
    const said = shipped.flatMap(({ name, diagnostics }) =>
      diagnostics.map((d) => `${name}:${d.line}:${d.col} ${d.rule} ${d.message}`),
    );
    expect(said).toEqual([]);
  });

  it('given a file, when it is looked for, then it is called as its first alert', () => {
    const wrong = shipped.filter(
      ({ name, runbook }) => name !== `${kebab(runbook.alerts[0] ?? '')}.md`,
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('given a file, when it is opened, then meaning, impact and when to stop stand beside the steps', () => {
    for (const { name, runbook, text } of shipped) {
      expect(text, name).toMatch(/^---\nrunbook: v1\n/);
      expect(runbook.owner, name).not.toBe('');
      const panels = runbook.panels.map((p) => p.title);
      expect(panels, name).toEqual(['Meaning', 'Impact', 'When to stop']);
      for (const word of ['Danger', 'Way back', 'Stop when', 'Tell']) {
        expect(text, name).toContain(`- ${word}: `);
      }
    }
  });

  it('given a chart, when it is walked, then each of its 6 to 14 nodes is bound, reached and ends', () => {
    for (const { name, runbook } of shipped) {
      const { chart, steps } = runbook;
      const [first] = steps;
      expect(chart, name).not.toBeNull();
      if (chart === null || first === undefined) continue;
      expect(chart.nodes.length, name).toBeGreaterThanOrEqual(6);
      expect(chart.nodes.length, name).toBeLessThanOrEqual(14);
      expect(steps.map((s) => s.id).sort(), name).toEqual(chart.nodes.map((n) => n.id).sort());
      expect(
        steps.filter((s) => !s.inChart || !s.inText).map((s) => s.id),
        name,
      ).toEqual([]);
      expect(reached(steps, first.id).size, name).toBe(steps.length);
      for (const { id } of steps) {
        const ends = [...reached(steps, id)].some((to) =>
          steps.some((s) => s.id === to && targets(s).length === 0),
        );
        expect(ends, `${name} ${id} comes to an end`).toBe(true);
      }
    }
  });

  it('given a chart, when a step leads to several, then each way is called something of its own', () => {
    for (const { name, runbook } of shipped) {
      for (const { id, branches } of runbook.steps.filter((s) => s.branches.length > 1)) {
        const labels = branches.map((b) => b.label);
        expect(labels, `${name} ${id}`).not.toContain('');
        expect(new Set(labels).size, `${name} ${id}`).toBe(labels.length);
      }
    }
  });

  it('given a terminal of 80 columns, when a chart is drawn in it, then it fits and no two ways are mixed up', () => {
    const drawn = shipped.flatMap(({ name, runbook }) => {
      if (runbook.chart === null) return [`${name} has no chart`];
      const { width, ambiguous } = drawChart(runbook.chart, { width: 78, ascii: false });
      return width > 78 || ambiguous > 0
        ? [`${name}: ${width} columns, ${ambiguous} mixed up`]
        : [];
    });
    expect(drawn).toEqual([]);
  });

  it('given a link to another runbook, when it is followed, then that is shipped too', () => {
    const dead = shipped.flatMap(({ name, runbook }) =>
      runbook.links
        .filter(({ href }) => !files.includes(href.replace(/^\.\//, '')))
        .map(({ href }) => `${name}: ${href}`),
    );
    expect(dead).toEqual([]);
  });
});

describe('what shipped runbooks do', () => {
  it('given any text of them, when it is searched, then nothing is run inside a container', () => {
    const within = shipped.filter(({ text }) =>
      /\b(?:kubectl|oc)\b.*\s(?:exec|cp|attach)\b/.test(text),
    );
    expect(within.map(({ name }) => name)).toEqual([]);
    expect(everyTask.filter(({ task }) => task.plan.kind === 'refused').map(at)).toEqual([]);
  });

  it('given logs, when they are read, then back to a bound of at most a day, and so many lines', () => {
    const logs = everyTask.filter(({ task }) => task.plan.kind === 'logs');
    expect(logs.length).toBeGreaterThan(10);
    for (const one of logs) {
      const { plan } = one.task;
      if (plan.kind !== 'logs') continue;
      expect(plan.bounded, at(one)).toBe(true);
      expect(plan.since, at(one)).toBeLessThanOrEqual(hours(24));
      expect(one.task.source.join(' '), at(one)).toContain('--since=');
      expect(one.task.source.join(' '), at(one)).toContain('--tail=');
    }
  });

  it('given a task that is more than reading, when it is run, then by a person, through etcd, or in a debug container', () => {
    const changing = everyTask.filter(({ task }) => task.risk !== 'read' && task.risk !== 'manual');
    expect(changing.length).toBeGreaterThan(20);
    const kinds = new Set(changing.map(({ task }) => task.plan.kind));
    expect([...kinds].sort()).toEqual(['debug', 'etcd', 'manual']);
  });

  it('given a parameter, when its value comes from an alert, then it is checked', () => {
    const loose = shipped.flatMap(({ name, runbook }) =>
      runbook.parameters
        .filter((p) => p.type === 'text' && p.pattern === '' && p.fallback === null)
        .map((p) => `${name} ${p.name}`),
    );
    expect(loose).toEqual([]);
  });

  it('given rules on the value of one query, when it has any value, then exactly one way is preselected', () => {
    const around = [0, 1, 2, 0.05, 0.1, 0.15, 0.25, 0.3, 0.5, 3, 4, 5, 10, 15, 85, 90, 100, 86_400];
    const values = around.flatMap((v) => [v - 0.001, v, v + 0.001, -v]);
    let looked = 0;
    for (const { name, runbook } of shipped) {
      for (const { id, branches } of runbook.steps) {
        const [first] = branches;
        const all = branches.every((b) => b.when?.kind === 'value' && b.from === first?.from);
        if (first === undefined || !all) continue;
        looked += 1;
        for (const value of values) {
          const result = {
            task: first.from,
            text: '',
            json: undefined,
            values: [value],
            well: true,
          };
          const holding = branches.filter(
            ({ when }) => when !== null && branchRule(when, result) === 'holds',
          );
          // A count is never below 0, nor between 0 and 1.
          if (value < 0 || (value > 0 && value < 1)) {
            expect(holding.length, `${name} ${id} at ${value}`).toBeLessThanOrEqual(1);
          } else expect(holding.length, `${name} ${id} at ${value}`).toBe(1);
        }
      }
    }
    expect(looked).toBeGreaterThan(20);
  });
});

const promtool = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find((path) => existsSync(path));

describe.skipIf(promtool === undefined)('queries of shipped runbooks', () => {
  it('given every query, when promtool reads it as a rule, then it is PromQL', () => {
    const queries = everyTask.flatMap((one) =>
      queriesOf(one.task.plan).map((expr) => ({ expr, where: at(one) })),
    );
    expect(queries.length).toBeGreaterThan(80);
    const rules = queries.map(({ expr }, n) => ({ record: `shipped:query_${n}`, expr }));
    const dir = mkdtempSync(join(tmpdir(), 'midwatch-queries-'));
    try {
      const path = join(dir, 'rules.json');
      writeFileSync(path, JSON.stringify({ groups: [{ name: 'shipped', rules }] }));
      const said = execFileSync(promtool ?? '', ['check', 'rules', path], { encoding: 'utf8' });
      expect(said).toContain(`SUCCESS: ${queries.length} rules found`);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
