import { describe, expect, it } from 'vitest';
import { nodesKept } from '../../../src/runbooks/chart.ts';
import { edgesKept, idKept, nestingKept } from '../../../src/runbooks/mermaid/draft.ts';
import { labelKept } from '../../../src/runbooks/mermaid/label-text.ts';
import { parseFlowchart, textKept } from '../../../src/runbooks/mermaid/parse-flowchart.ts';
import { errorsKept } from '../../../src/runbooks/mermaid/report.ts';

const said = (text: string, firstLine = 1): readonly string[] =>
  parseFlowchart(text, firstLine).diagnostics.map(
    ({ severity, line, col, message, hint }) =>
      `${severity} ${line}:${col} ${message}${hint === '' ? '' : ` (${hint})`}`,
  );

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('a flowchart', () => {
  it('given nodes, arrows and groups, when it is read, then all are there, in the order of the text', () => {
    const { chart, diagnostics } = parseFlowchart(
      `flowchart LR
  A["Disk full?<br/>on etcd-0"] -->|yes| B{Which?}
  subgraph fix [Fix it]
    direction TB
    B -. slow .-> C[(Store)] & D([Round])
    subgraph deep
      E[[Call]]
    end
  end
  fix ==> F`,
      10,
    );
    expect(diagnostics).toEqual([]);
    expect(chart).toEqual({
      direction: 'LR',
      nodes: [
        { id: 'A', label: ['Disk full?', 'on etcd-0'], shape: 'box', group: '', line: 11 },
        { id: 'B', label: ['Which?'], shape: 'decision', group: 'fix', line: 11 },
        { id: 'C', label: ['Store'], shape: 'store', group: 'fix', line: 14 },
        { id: 'D', label: ['Round'], shape: 'round', group: 'fix', line: 14 },
        { id: 'E', label: ['Call'], shape: 'subroutine', group: 'deep', line: 16 },
        { id: 'F', label: ['F'], shape: 'box', group: '', line: 19 },
      ],
      edges: [
        {
          from: 'A',
          to: 'B',
          label: 'yes',
          stroke: 'solid',
          head: 'arrow',
          tail: 'none',
          line: 11,
        },
        {
          from: 'B',
          to: 'C',
          label: 'slow',
          stroke: 'dotted',
          head: 'arrow',
          tail: 'none',
          line: 14,
        },
        {
          from: 'B',
          to: 'D',
          label: 'slow',
          stroke: 'dotted',
          head: 'arrow',
          tail: 'none',
          line: 14,
        },
        { from: 'fix', to: 'F', label: '', stroke: 'thick', head: 'arrow', tail: 'none', line: 19 },
      ],
      groups: [
        { id: 'fix', title: 'Fix it', parent: '', direction: 'TB', line: 12 },
        { id: 'deep', title: 'deep', parent: 'fix', direction: null, line: 15 },
      ],
    });
  });

  it('given Windows line ends, front matter, comments and directives, when it is read, then lines count as in the file', () => {
    const text =
      '---\r\ntitle: x\r\n---\r\n%% one\r\n%%{init: {}}%%\r\ngraph TD\r\n\r\n  A --> B\r\n';
    const { chart } = parseFlowchart(text, 5);
    expect(chart?.nodes.map(({ id, line }) => `${id} ${line}`)).toEqual(['A 12', 'B 12']);
    expect(said(text.replace('A -->', 'A ->'), 5)).toEqual([
      'error 12:5 An arrow has two dashes (write `-->`)',
    ]);
  });

  it('given groups that name each other, when it is read, then the outer one stays outside', () => {
    const { chart, diagnostics } = parseFlowchart(
      'graph TD\nsubgraph a\nA --> b\nend\nsubgraph b\nB --> a\nend',
    );
    expect(chart?.groups.map(({ id, parent }) => [id, parent])).toEqual([
      ['a', ''],
      ['b', 'a'],
    ]);
    expect(diagnostics.map(({ severity, line }) => [severity, line])).toEqual([['warning', 5]]);
  });
});

describe('a mistake in a flowchart', () => {
  it.each([
    ['', 'error 1:1 There is no flowchart here (begin with `flowchart TD` or `graph LR`)'],
    [
      'sequenceDiagram\nA->>B: hi',
      'error 1:1 sequenceDiagram is no flowchart (begin with `flowchart TD` or `graph LR`)',
    ],
    ['graph td\nA', 'error 1:7 A direction is TB, TD, BT, LR or RL (write `graph TD`)'],
    [
      'graph TD A --> B',
      'error 1:10 Did not expect `A` here (end a statement with a line end or `;`)',
    ],
    [
      'graph TD\n  A[unclosed --> B\n  B --> C',
      'error 2:4 `[` is opened and not closed by `]` (close it, or put the label in quotes if it holds brackets)',
    ],
    [
      'graph TD\nA[/var/lib/etcd] --> B',
      'error 2:2 `[/` is opened and not closed by `/]` (put a path in quotes: ["/var/lib"])',
    ],
    ['graph TD\nA["x] --> B', 'error 2:3 A quote is opened and not closed (add `"`)'],
    ['graph TD\nA[] --> B', 'error 2:2 A label with nothing in it (write `" "`)'],
    [
      'graph TD\nA [x] --> B',
      'error 2:3 A space stands before `[`, or two labels (write A[label])',
    ],
    ['graph TD\nA -> B', 'error 2:3 An arrow has two dashes (write `-->`)'],
    [
      'graph TD\nA --> ',
      'error 2:7 A node is missing behind the arrow (name the node it leads to)',
    ],
    [
      'graph TD\n--> A',
      'error 2:1 An arrow stands where a node is expected (name a node before it)',
    ],
    [
      'graph TD\nA -- yes\nB',
      'error 2:3 An arrow is begun and not ended on its line (write `-->`, or put its label in quotes)',
    ],
    [
      'graph TD\nA --> B |yes| C',
      'error 2:9 A label of an arrow stands behind the arrow (write A -->|label| B)',
    ],
    ['graph TD\nA --> end', 'error 2:7 `end` is a word of the language (name the node end_ or so)'],
    [
      'graph TD\nclass --> A',
      'error 2:1 `class` is a word of the language (name the node class_ or so)',
    ],
    ['graph TD\nend', 'error 2:1 `end` ends no subgraph (write End for a node of that name)'],
    [
      'graph TD\nA;subgraph x\nB',
      'error 2:3 The subgraph x is not ended (write `end` on a line of its own)',
    ],
    [
      'graph TD\nsubgraph Step (1)\nA\nend',
      'error 2:15 Something stands behind the title of a subgraph (put the title in quotes)',
    ],
    [
      'graph TD\nA@{ shape: nope }',
      'error 2:2 Mermaid has no shape nope (write { shape: rect, label: "text" })',
    ],
    ['graph TD\nA@{ shape: rect', 'error 2:2 `@{` is not closed, or holds too much (add `}`)'],
    [
      'graph TD\nA@{ shape: [ }',
      'error 2:2 `@{ … }` does not hold `key: value, …` (put values in quotes)',
    ],
    ['graph TD\nA\n%%{init: x', 'error 3:1 `%%{` is opened and not closed (add `}%%`)'],
    [
      'graph TD\nA e1@--> B\ne1 --> C',
      'error 3:1 e1 is the name of an arrow (give the node another id)',
    ],
    [
      'graph TD\nA e1@--> B\ne1@{ animate: true } --> C',
      'error 3:1 e1 is the name of an arrow (give the node another id)',
    ],
    [
      'graph TD\nA\u3164 --> B',
      'error 2:2 Did not expect U+3164 here (end a statement with a line end or `;`)',
    ],
    [
      'graph TD\nA\u200b --> B',
      'error 2:2 Did not expect U+200B here (end a statement with a line end or `;`)',
    ],
    ['graph TD\nclick A "x', 'error 2:9 `"` is opened and not closed'],
    ['graph TD\naccDescr { x', 'error 2:1 `accDescr {` is opened and not closed (add `}`)'],
  ])('given %j, when it is read, then its place and a way out are told', (text, expected) => {
    expect(said(text)[0]).toBe(expected);
    expect(parseFlowchart(text).chart).toBeNull();
  });

  it('given several, when it is read, then all are told, and lines without one cause none', () => {
    expect(
      said('graph TD\nA -> B\nB --> C\nC [x]\nD --> E').map((line) => line.slice(0, 9)),
    ).toEqual(['error 2:3', 'error 4:3']);
  });

  it('given more than anyone reads, when it is read, then it stops', () => {
    const { diagnostics } = parseFlowchart(`graph TD\n${lines(errorsKept * 3, () => 'A ->')}`);
    expect(diagnostics).toHaveLength(errorsKept);
  });

  it.each([
    ['graph LR\nA---oB', 'warning 2:5 The `o` is read as the head of the arrow'],
    ['graph LR\nA <--x B', 'warning 2:3 Mermaid draws a sign at the start of an arrow'],
    ['graph LR\nA[one]\nA[two]', 'warning 3:2 A has two labels; the last one is shown'],
    ['graph LR\ndirection TB\nA', 'warning 2:1 A direction outside a subgraph changes nothing'],
    ['graph LR\nA\nstyle B fill:red', 'warning 3:1 A style for B, which is no node'],
    ['graph LR\nA\nstyle A fill:red;stroke:blue', 'warning 3:17 Mermaid itself wants a comma'],
  ])('given %j, when it is read, then it is a chart with a warning', (text, expected) => {
    expect(parseFlowchart(text).chart).not.toBeNull();
    expect(said(text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a flowchart of any size', () => {
  it.each([
    ['characters', `graph TD\n${' '.repeat(textKept)}`, 'A chart of more than 1000000 characters'],
    ['nodes', `graph TD\n${lines(nodesKept + 1, (i) => `n${i}`)}`, 'More than 500 nodes'],
    ['arrows', `graph TD\n${lines(edgesKept + 1, () => 'A --> B')}`, 'More than 2000 arrows'],
    [
      'arrows by ampersands',
      `graph TD\n${Array.from({ length: 400 }, (_, i) => `n${i}`).join(' & ')} --> a & b & c & d & e & f`,
      'More than 2000 arrows',
    ],
    [
      'groups in groups',
      `graph TD\n${lines(nestingKept + 1, (i) => `subgraph g${i}`)}\nA\n${lines(nestingKept + 1, () => 'end')}`,
      'More than 20 subgraphs inside each other',
    ],
    ['text in a label', `graph TD\nA[${'x'.repeat(labelKept + 1)}]`, 'A label of more than 2000'],
    [
      'text on an arrow',
      `graph TD\nA -->|${'x'.repeat(labelKept + 1)}| B`,
      'The label of an arrow is too',
    ],
    ['characters in an id', `graph TD\nA --> ${'x'.repeat(idKept + 1)}`, 'An id of more than 200'],
    [
      'characters in the id of a group',
      `graph TD\nsubgraph ${'x'.repeat(idKept + 1)} [T]\nA\nend`,
      'An id of more than 200',
    ],
    [
      'text in a title',
      `graph TD\nsubgraph ${'x'.repeat(labelKept + 1)}\nA\nend`,
      'A title of more',
    ],
    ['quoted metadata', `graph TD\nA@{ label: "${'x'.repeat(5_000)}" }`, '`@{` is not closed'],
    ['metadata', `graph TD\nA@{ ${'x: 1, '.repeat(1_000)} }`, '`@{` is not closed'],
    [
      'collections in metadata',
      `graph TD\nA@{ x: ${'['.repeat(9)}${']'.repeat(9)} }`,
      '`@{ … }` does not hold',
    ],
  ])('given too many %s, when it is read, then that is an error', (_, text, message) => {
    const { chart, diagnostics } = parseFlowchart(text);
    expect(chart).toBeNull();
    expect(diagnostics[0]?.message).toContain(message);
  });

  it('given as much as is allowed, when it is read, then all of it is there', () => {
    const { chart } = parseFlowchart(
      `graph TD\n${lines(nodesKept, (i) => `n${i}`)}\n${lines(edgesKept, (i) => `n${i % nodesKept} --> n0`)}`,
    );
    expect(chart?.nodes).toHaveLength(nodesKept);
    expect(chart?.edges).toHaveLength(edgesKept);
  });
});
