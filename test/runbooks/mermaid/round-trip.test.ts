import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFlowchart } from '../../../src/runbooks/mermaid/parse-flowchart.ts';

const id = fc.constantFrom('A', 'B', 'n_1', '2', 'a.b', 'k-v', 'e::f', '告警', 'x', 'o', 'endless');
const word = fc.constantFrom(
  'yes',
  'no',
  'max',
  'a-b',
  '5 > 3',
  '90%',
  'fine; ok',
  "it's",
  '成功',
  'v3,5+',
);
const label = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));

const strokes = {
  solid: { bare: ['--', '---', '-----'], open: '--', close: '--' },
  dotted: { bare: ['-.-', '-..-'], open: '-.', close: '.-' },
  thick: { bare: ['==', '===', '====='], open: '==', close: '==' },
} as const;
const heads = { arrow: '>', circle: 'o', cross: 'x' } as const;

/** An arrow, and one of the ways to write it. */
const arrow = fc
  .record({
    stroke: fc.constantFrom('solid', 'dotted', 'thick'),
    head: fc.constantFrom('arrow', 'circle', 'cross'),
    label: fc.option(label, { nil: '' }),
    length: fc.nat(),
    piped: fc.boolean(),
    quoted: fc.boolean(),
  })
  .map(({ stroke, head, label: text, length, piped, quoted }) => {
    const { bare, open, close } = strokes[stroke];
    const line = `${bare[length % bare.length]}${heads[head]}`;
    const shown = quoted ? `"${text}"` : text;
    const written = piped ? `${line}|${shown}|` : `${open} ${shown} ${close}${heads[head]}`;
    return { stroke, head, label: text, text: text === '' ? line : written };
  });

const gap = fc.constantFrom(' ', '  ', '\n  ');
const end = fc.constantFrom('\n', ';', ' ;\n', '\n%% A --> B\n', '\n\n  ');

const chain = fc
  .record({
    first: id,
    links: fc.array(fc.record({ arrow, to: id, before: gap, behind: gap }), { maxLength: 5 }),
    end,
  })
  .map(({ first, links, end: behind }) => ({
    text: `${first}${links.map((l) => `${l.before}${l.arrow.text}${l.arrow.text.endsWith('|') ? ' ' : l.behind}${l.to}`).join('')}${behind}`,
    edges: links.map(({ arrow: a, to }, i) => ({
      from: links[i - 1]?.to ?? first,
      to,
      label: a.label,
      stroke: a.stroke,
      head: a.head,
    })),
    nodes: [first, ...links.map(({ to }) => to)],
  }));

describe('a chart that is written from what it says', () => {
  it('given chains of arrows written in any way, when they are read, then every one is there', () => {
    fc.assert(
      fc.property(fc.array(chain, { minLength: 1, maxLength: 6 }), (chains) => {
        const { chart, diagnostics } = parseFlowchart(
          `flowchart TD\n${chains.map(({ text }) => text).join('')}`,
        );
        expect(diagnostics).toEqual([]);
        expect(chart?.edges.map(({ line: _, tail: __, ...edge }) => edge)).toEqual(
          chains.flatMap(({ edges }) => edges),
        );
        expect(chart?.nodes.map((node) => node.id)).toEqual([
          ...new Set(chains.flatMap(({ nodes }) => nodes)),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  const brackets = [
    ['[', ']', 'box'],
    ['(', ')', 'round'],
    ['([', '])', 'round'],
    ['((', '))', 'round'],
    ['(((', ')))', 'round'],
    ['(-', '-)', 'round'],
    ['[[', ']]', 'subroutine'],
    ['[(', ')]', 'store'],
    ['{', '}', 'decision'],
    ['{{', '}}', 'box'],
    ['>', ']', 'box'],
    ['[/', '/]', 'box'],
    ['[/', '\\]', 'box'],
    ['[\\', '\\]', 'box'],
    ['[\\', '/]', 'box'],
  ] as const;

  it('given labels in any brackets, when they are read, then label and shape are there', () => {
    const hard = fc.constantFrom(
      'a (b) [c] {d}',
      'x --> y',
      'p | q',
      '<pod>',
      'one; two',
      '/var/lib',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            bracket: fc.constantFrom(...brackets),
            label: fc.oneof(
              label.map((text) => ({ text, written: text })),
              hard.map((text) => ({ text, written: `"${text}"` })),
            ),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (nodes) => {
          const text = nodes
            .map(
              ({ bracket: [open, close], label: { written } }, i) =>
                `n${i}${open}${written}${close}`,
            )
            .join(' --> ');
          const { chart, diagnostics } = parseFlowchart(`graph LR\n${text}`);
          expect(diagnostics).toEqual([]);
          expect(chart?.nodes.map(({ label: [line], shape }) => [line, shape])).toEqual(
            nodes.map(({ bracket: [, , shape], label: { text: shown } }) => [shown, shape]),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
