import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counted, parseCounted } from '../../../src/runbooks/mermaid/parse-flowchart.ts';
import { visibleText } from '../../../src/runbooks/mermaid/visible-text.ts';

const charts = readFileSync(join(import.meta.dirname, '../../fixtures/mermaid/charts.txt'), 'utf8')
  .split(/^#### .*\n/m)
  .slice(1);

/** Looks at each character are bounded by the length, not by what the text holds. */
const stepsPerCharacter = 60;

const pieces = [
  ...'[](){}|"`;:&@#%-=.~<>xov \n\t\r\\/,*^!?Aé告',
  ...['-->', '---', '--o', '--x', '<-->', '-.->', '-.', '==>', '==', '~~~', '--', '->', ' & '],
  ...[
    'graph LR\n',
    'flowchart TD;',
    'subgraph a\n',
    'end',
    'end\n',
    'direction TB',
    'A[a]',
    'B{b}',
  ],
  ...[
    '@{',
    '@{ shape: cyl }',
    '@{ label: "x" }',
    '}',
    '%%',
    '%%{',
    '}%%',
    '---\n',
    ':::c',
    'e1@-->',
  ],
  ...['style A fill:red', 'click A "x"', 'class A c', 'accDescr {', '"`', '`"', '<br/>', '#quot;'],
  ...['\u001b[31m', '\u202e', '\u200b', '\ud800', '\u3164', '🔥', '\u0000', '\u2028'],
];
const piece = fc.constantFrom(...pieces);

const mutated = fc
  .tuple(
    fc.constantFrom(...charts),
    fc.array(fc.record({ at: fc.nat(), drop: fc.nat(6), put: fc.array(piece, { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([chart, changes]) =>
    changes.reduce((text, { at, drop, put }) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put.join('') + text.slice(place + drop);
    }, chart),
  );
const pieced = fc.array(piece, { maxLength: 60 }).map((parts) => `graph LR\n${parts.join('')}`);
const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));

const check = (text: string, { chart, diagnostics, steps }: Counted): void => {
  expect(steps).toBeLessThanOrEqual(stepsPerCharacter * (text.length + 10));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  expect(chart === null).toBe(failed);
  const count = text.split(/\r\n?|\n/).length;
  for (const { line, col, message } of diagnostics) {
    expect(line >= 1 && line <= count && col >= 1).toBe(true);
    expect(visibleText(message)).toBe(message);
  }
  if (chart === null) return;
  const groups = new Map(chart.groups.map(({ id, parent }) => [id, parent]));
  const known = new Set([...chart.nodes.map(({ id }) => id), ...groups.keys()]);
  expect(known.size).toBe(chart.nodes.length + groups.size);
  for (const { id, label, group } of chart.nodes) {
    expect(visibleText(id)).toBe(id);
    expect(label.length).toBeGreaterThan(0);
    expect(label.map(visibleText)).toEqual(label);
    expect(group === '' || groups.has(group)).toBe(true);
  }
  for (const { from, to, label } of chart.edges) {
    expect(known.has(from) && known.has(to)).toBe(true);
    expect(visibleText(label)).toBe(label);
  }
  for (const { id, title } of chart.groups) {
    expect(visibleText(id)).toBe(id);
    expect(visibleText(title)).toBe(title);
    let around = groups.get(id) ?? '';
    for (let depth = 0; around !== ''; depth += 1) {
      expect(depth).toBeLessThan(groups.size);
      around = groups.get(around) ?? '';
    }
    expect(chart.nodes.some(({ group }) => group === id) || [...groups.values()].includes(id)).toBe(
      true,
    );
  }
};

describe('any text', () => {
  it.each([
    ['real charts with mistakes', mutated, 6_000],
    ['pieces of charts', pieced, 3_000],
    ['anything', any, 1_000],
  ])(
    'given %s, when it is read, then it is a sound chart or an error, in bounded work',
    (_, texts, numRuns) => {
      fc.assert(
        fc.property(texts, (text) => check(text, parseCounted(text))),
        { numRuns },
      );
    },
  );

  const openings = [
    '',
    'graph LR\n',
    'graph LR\nA["',
    'graph LR\nA["`',
    'graph LR\nA[',
    'graph LR\nA@{ a: ',
  ];
  it.each(openings)(
    'given a long repetition behind %j, when it is read, then work grows no faster than its length',
    (opening) => {
      const repeated = [
        ...pieces,
        ...[
          'A[\n',
          'A["\n',
          'A@{"\n',
          'A@{a: [',
          'A-- x\n',
          'A e1@--> ',
          'A[(((',
          'A[a(b',
          '<a="',
          'A -->|',
          ...['A@{\n', 'accDescr {\n', 'A -- "\n', 'click A (\n', 'subgraph "\n'],
        ],
      ];
      for (const part of repeated) {
        const text = opening + part.repeat(Math.ceil(20_000 / part.length));
        const { steps } = parseCounted(text);
        expect(steps, JSON.stringify(part)).toBeLessThanOrEqual(stepsPerCharacter * text.length);
      }
    },
  );
});
