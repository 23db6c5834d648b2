/**
 * Asks Mermaid itself what it reads in the charts of the tests, and keeps its answers, as it is too large
 * to be installed with the others. Mermaid goes into a directory of its own, outside of this one.
 *
 *     node scripts/mermaid-oracle.ts [directory with mermaid, parse5 and marked installed]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';

const fixtures = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test/fixtures/mermaid');

const install = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'mermaid-oracle-'));
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', 'mermaid@12.3.0', 'parse5@8', 'marked@16.4.2'],
    {
      cwd: directory,
      stdio: 'inherit',
    },
  );
  return directory;
};

const given = process.argv[2];
const directory = given ?? install();

/** Everything is imported from inside the directory, so that Mermaid and this file share one purifier. */
const imported = async (): Promise<unknown> => {
  const entry = join(directory, 'libraries.mjs');
  writeFileSync(
    entry,
    `export { default as mermaid } from 'mermaid';
export { default as purifier } from 'dompurify';
export { parseFragment as html } from 'parse5';
export { lexer as markdown } from 'marked';
`,
  );
  return import(pathToFileURL(entry).href);
};

const end = z.enum(['none', 'arrow_point', 'arrow_circle', 'arrow_cross']);
const data = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      label: z.unknown(),
      labelType: z.string().optional(),
      isGroup: z.boolean(),
      parentId: z.string().optional(),
      shape: z.string(),
      dir: z.string().optional(),
    }),
  ),
  edges: z.array(
    z.object({
      start: z.string(),
      end: z.string(),
      label: z.string(),
      labelType: z.string(),
      pattern: z.string(),
      arrowTypeStart: end,
      arrowTypeEnd: end,
    }),
  ),
});

interface Tree {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly Tree[];
}
interface Markdown {
  readonly type: string;
  readonly raw: string;
  readonly text?: string;
  readonly tokens?: readonly Markdown[];
}
interface Libraries {
  readonly diagram: (text: string) => Promise<{
    readonly type: string;
    readonly db: { getData(): unknown; getDirection(): string | undefined };
  }>;
  readonly html: (text: string) => Tree;
  readonly markdown: (text: string) => readonly Markdown[];
}

const fn = <T>() => z.custom<T>((value) => typeof value === 'function');
const shape = z.object({
  mermaid: z.object({
    initialize: fn<(config: unknown) => void>(),
    mermaidAPI: z.object({ getDiagramFromText: fn<Libraries['diagram']>() }),
  }),
  purifier: fn<object>(),
  html: fn<Libraries['html']>(),
  markdown: fn<Libraries['markdown']>(),
});

const libraries = async (): Promise<Libraries> => {
  const { mermaid, purifier, html, markdown } = shape.parse(await imported());
  // Without a browser it has no methods; what it would take out of a label is compared as text anyway.
  Object.assign(purifier, { addHook: () => undefined, sanitize: (text: string) => text });
  mermaid.initialize({ startOnLoad: false });
  return { diagram: mermaid.mermaidAPI.getDiagramFromText, html, markdown };
};

const lib = await libraries();

const fromMarkdown = (token: Markdown): string => {
  switch (token.type) {
    case 'text':
      return (token.text ?? '').replace(/\n */g, '<br/>');
    case 'strong':
    case 'em':
    case 'paragraph':
      return (token.tokens ?? []).map(fromMarkdown).join('');
    case 'space':
      return '';
    case 'html':
    case 'escape':
      return token.text ?? '';
    default:
      return token.raw;
  }
};

const textOf = (tree: Tree): string => {
  if (tree.nodeName === 'br') return '\n';
  if (tree.nodeName === '#text') return (tree.value ?? '').replace(/[\s\n]+/g, ' ');
  return (tree.childNodes ?? []).map(textOf).join('');
};

/** Lines of a label as a browser would show them. */
const lines = (label: unknown, type: string | undefined): readonly string[] => {
  const text = String(label ?? '');
  const html =
    type === 'markdown'
      ? lib.markdown(text).map(fromMarkdown).join('')
      : text.replace(/\\n|\n/g, '<br />');
  const decoded = html.replace(/ﬂ°°/g, '&#').replace(/ﬂ°/g, '&').replace(/¶ß/g, ';');
  return textOf(lib.html(decoded))
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim());
};

const ends = { none: 'none', arrow_point: 'arrow', arrow_circle: 'circle', arrow_cross: 'cross' };

const ask = async (text: string): Promise<unknown> => {
  try {
    const diagram = await lib.diagram(text);
    if (!diagram.type.startsWith('flowchart')) return null;
    const { nodes, edges } = data.parse(diagram.db.getData());
    return {
      direction: diagram.db.getDirection() ?? 'TB',
      nodes: nodes
        .filter(({ isGroup }) => !isGroup)
        .map(({ id, label, labelType, parentId = '', shape }) => ({
          id,
          label: lines(label, labelType),
          shape,
          group: parentId,
        })),
      edges: edges.map(
        ({ start, end, label, labelType, pattern, arrowTypeStart, arrowTypeEnd }) => ({
          from: start,
          to: end,
          label: lines(label, labelType).filter(Boolean).join(' '),
          stroke: pattern === 'normal' ? 'solid' : pattern,
          head: ends[arrowTypeEnd],
          tail: ends[arrowTypeStart],
        }),
      ),
      groups: nodes
        .filter(({ isGroup }) => isGroup)
        .map(({ id, label, labelType, parentId = '', dir }) => ({
          id,
          title: lines(label, labelType).filter(Boolean).join(' '),
          parent: parentId,
          direction: dir === 'TD' ? 'TB' : (dir ?? null),
        })),
    };
  } catch {
    return null;
  }
};

const charts = readFileSync(join(fixtures, 'charts.txt'), 'utf8')
  .split(/^#### /m)
  .slice(1)
  .map((chart) => {
    const behind = chart.indexOf('\n');
    return { name: chart.slice(0, behind), text: chart.slice(behind + 1) };
  });

const answers: string[] = [];
let refused = 0;
for (const chart of charts) {
  const answer = await ask(chart.text);
  if (answer === null) refused += 1;
  answers.push(JSON.stringify({ ...chart, answer }));
}
if (refused === charts.length) throw new Error('It refuses everything: it is not set up');
writeFileSync(join(fixtures, 'oracle.json'), `[\n${answers.join(',\n')}\n]\n`);
process.stdout.write(`${charts.length} charts, ${refused} refused\n`);
if (given === undefined) rmSync(directory, { recursive: true });
// Mermaid keeps timers that nobody waits for.
process.exit(0);
