import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Chart } from '../../../src/runbooks/chart.ts';
import { parseFlowchart } from '../../../src/runbooks/mermaid/parse-flowchart.ts';
import { differences } from './differences.ts';

const answer = z.object({
  direction: z.string(),
  nodes: z.array(
    z.object({ id: z.string(), label: z.array(z.string()), shape: z.string(), group: z.string() }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      label: z.string(),
      stroke: z.string(),
      head: z.string(),
      tail: z.string(),
    }),
  ),
  groups: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      parent: z.string(),
      direction: z.string().nullable(),
    }),
  ),
});
type Answer = z.infer<typeof answer>;

const fixtures = join(import.meta.dirname, '../../fixtures/mermaid');
const asked = z
  .array(z.object({ name: z.string(), text: z.string(), answer: answer.nullable() }))
  .parse(JSON.parse(readFileSync(join(fixtures, 'oracle.json'), 'utf8')));

/** Mermaid's names of shapes that are more than a box here. */
const shapes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'roundedRect rounded stadium circle doublecircle dbl-circ ellipse',
      'sm-circ fr-circ f-circ cross-circ',
    ]
      .join(' ')
      .split(' ')
      .map((name) => [name, 'round']),
  ),
  diamond: 'decision',
  diam: 'decision',
  subroutine: 'subroutine',
  'fr-rect': 'subroutine',
  cylinder: 'store',
  cyl: 'store',
  'h-cyl': 'store',
  'lin-cyl': 'store',
  'bow-rect': 'store',
};

const byId = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const bare = (lines: readonly string[]): readonly string[] =>
  lines.slice(
    lines.findIndex((line) => line !== ''),
    lines.findLastIndex((line) => line !== '') + 1,
  );

const theirs = ({ direction, nodes, edges, groups }: Answer) => ({
  direction,
  nodes: nodes.map(({ label, shape, ...node }) => ({
    ...node,
    label: bare(label),
    shape: shapes[shape] ?? 'box',
  })),
  edges,
  groups: byId(groups),
});

const ours = ({ direction, nodes, edges, groups }: Chart) => ({
  direction,
  nodes: nodes.map(({ line: _, ...node }) => node),
  edges: edges.map(({ line: _, ...edge }) => edge),
  groups: byId(groups).map(({ line: _, ...group }) => group),
});

describe('a chart that Mermaid 12 was asked about', () => {
  for (const { name, text, answer: given } of asked) {
    const difference = differences[name];
    if (difference !== undefined) continue;
    it(`given ${name}, when it is read, then it is what Mermaid reads`, () => {
      const { chart, diagnostics } = parseFlowchart(text);
      if (given === null) {
        expect(chart).toBeNull();
        expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      } else {
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(chart === null ? null : ours(chart)).toEqual(theirs(given));
      }
    });
  }

  it('given the charts of the tests, when they are compared with what was asked, then none is missing', () => {
    const charts = readFileSync(join(fixtures, 'charts.txt'), 'utf8')
      .split(/^#### /m)
      .slice(1);
    const names = charts.map((chart) => chart.slice(0, chart.indexOf('\n')));
    expect(asked.map(({ name }) => name)).toEqual(names);
    expect(asked.map(({ text }) => text)).toEqual(
      charts.map((chart) => chart.slice(chart.indexOf('\n') + 1)),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a chart that is read otherwise on purpose', () => {
  it('given the list of them, when it is held against what was asked, then each is in it', () => {
    const names = new Set(asked.map(({ name }) => name));
    expect(Object.keys(differences).filter((name) => !names.has(name))).toEqual([]);
  });

  for (const { name, text, answer: given } of asked) {
    const difference = differences[name];
    if (difference === undefined) continue;
    it(`given ${name}, when it is read, then ${difference.why}`, () => {
      const { chart, diagnostics } = parseFlowchart(text);
      const severities = [...new Set(diagnostics.map(({ severity }) => severity))];
      expect(given === null ? 'refused' : 'read').toBe(difference.mermaid);
      if (difference.here === null) {
        expect(chart).toBeNull();
        expect(severities).toContain('error');
        return;
      }
      expect(severities).toEqual(difference.warns ? ['warning'] : []);
      expect(chart).toMatchObject(difference.here);
      if (chart !== null && given !== null) expect(ours(chart)).not.toEqual(theirs(given));
    });
  }
});
