import { nearest } from '../kernel/spelling.ts';
import type { Chart } from './chart.ts';
import { diagnostic, inOrder, type Report } from './diagnose.ts';
import type { Link } from './document.ts';
import type { Fence } from './markdown/blocks.ts';
import { clean } from './markdown/clean.ts';
import { type FrontMatterRead, frontMatter } from './markdown/front-matter.ts';
import { exceeded, runbookBytes } from './markdown/limits.ts';
import { prepared } from './markdown/prepare.ts';
import { finder, type Section, type Sections, sectionsOf } from './markdown/sections.ts';
import { parseFlowchart } from './mermaid/parse-flowchart.ts';
import {
  type BrokenChart,
  type Panel,
  type ParsedRunbook,
  type Runbook,
  type RunbookDiagnostic,
  stepsKept,
} from './runbook.ts';
import { assembleSteps } from './steps/assemble-steps.ts';
import { outlineOf } from './steps/outline.ts';
import { ParameterBook } from './steps/parameters.ts';
import { type Reading, textBlocks } from './steps/step-draft.ts';
import { checkStepNames, stepSettings } from './steps/step-settings.ts';
import { TaskBook } from './steps/task-book.ts';
import { checkWalk } from './steps/walk-checks.ts';

/** Tabs matter to Markdown; of the other characters that cannot be painted none gets in. */
const cleanLine = (line: string): string =>
  line.includes('\t') ? line.split('\t').map(clean).join('\t') : clean(line);

const linesOf = (text: string): readonly string[] =>
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map(cleanLine);

/** Nobody indents farther, and the lexer takes quadratic time over it. */
const indentMost = 200;

const indented = (line: string): string => {
  const depth = line.search(/[^ \t]/);
  const most = depth === -1 ? 0 : depth;
  return most > indentMost ? line.slice(most - indentMost) : depth === -1 ? '' : line;
};

const nameOf = (path: string): string =>
  path.replace(/^.*[/\\]/, '').replace(/\.(?:md|markdown)$/i, '');

const empty = (path: string): Runbook => ({
  path,
  title: clean(nameOf(path)),
  alerts: [],
  aliases: [],
  owner: clean(''),
  panels: [],
  steps: [],
  chart: null,
  brokenChart: null,
  parameters: [],
  links: [],
});

/** Only what stands under one heading, up to the next of its level. Null: there is no such heading. */
const onlyUnder = ({ sections, ...rest }: Sections, slug: string): Sections | null => {
  const from = sections.findIndex(
    (s) => s.depth > 0 && (s.slug === slug || s.ids.some((named) => named.id === slug)),
  );
  const first = sections[from];
  if (first === undefined) return null;
  const length = sections.slice(from + 1).findIndex((s) => s.depth <= first.depth);
  const mine = sections.slice(from, length === -1 ? undefined : from + 1 + length);
  const outer = first.under.length;
  const raised = mine.map((s) => ({
    ...s,
    under: s.under.slice(outer),
    depth: s.depth - first.depth + 1,
  }));
  const lines = mine.flatMap((s) => s.content.map((c) => c.line));
  const last = Math.max(first.line, ...lines);
  const fences = rest.fences.filter((f) => f.line >= first.line && f.line <= last + 1);
  return { ...rest, sections: raised, fences };
};

const isFlow = ({ info, text }: Fence): boolean =>
  info.language === 'mermaid' &&
  /^\s*(?:---\n[\s\S]{0,2000}?\n---\s*\n)?(?:\s*%%[^\n]*\n)*\s*(?:graph|flowchart)(?:-elk)?\b/.test(
    text,
  );

interface ChartRead {
  readonly chart: Chart | null;
  readonly broken: BrokenChart | null;
  /** Line of its fence; 0 when there is none. */
  readonly line: number;
}

const chartOf = (fences: readonly Fence[], report: Report): ChartRead => {
  const fence = fences.find(isFlow);
  if (fence === undefined) return { chart: null, broken: null, line: 0 };
  const { chart, diagnostics } = parseFlowchart(fence.text, fence.first);
  for (const d of diagnostics) {
    report({
      ...diagnostic(d.severity, 'chart', d, d.message, d.hint),
      col: d.col + fence.col - 1,
    });
  }
  if (chart !== null) return { chart, broken: null, line: fence.line };
  const source = fence.text.split('\n').map((line) => clean(line.replaceAll('\t', '    ')));
  return { chart: null, broken: { source, line: fence.line, diagnostics }, line: fence.line };
};

const panelsOf = (
  sections: readonly Section[],
  kindOf: (section: Section) => Panel['kind'] | null,
  reading: Reading,
): readonly Panel[] =>
  sections.flatMap((section): readonly Panel[] => {
    const kind = kindOf(section);
    if (kind === null) return [];
    const blocks = textBlocks(section.content, reading);
    const title = clean(section.title);
    return blocks.length === 0 ? [] : [{ kind, title, blocks, line: section.line }];
  });

const read = (
  all: Sections,
  front: FrontMatterRead,
  lines: readonly string[],
  path: string,
  report: Report,
): Runbook => {
  const { chart, broken, line: chartLine } = chartOf(all.fences, report);
  const outline = outlineOf(all.sections, chartLine);
  const book = new ParameterBook(front, report);
  const links: Link[] = [];
  const reading: Reading = {
    lexer: all.lexer,
    find: finder(lines),
    report,
    book,
    tasks: new TaskBook(report),
    links,
    chartLine,
    settingsOf: stepSettings(front, report),
    otherStep: () => null,
  };
  const { steps, appendix } = assembleSteps({
    chart,
    sections: all.sections,
    outline,
    front,
    reading,
  });
  if (broken === null)
    checkStepNames(
      front,
      steps.map((s) => s.id),
      report,
    );
  const panels = panelsOf(
    all.sections,
    (section) => {
      const use = outline.uses.get(section);
      if (appendix.has(section)) return 'appendix';
      return use?.kind === 'panel' ? use.panel : null;
    },
    reading,
  );
  checkAnchors(links, all, lines, report);
  if (steps.length > stepsKept) {
    const place = { line: steps[stepsKept]?.line ?? 1, col: 1 };
    const hint = 'cut it into several runbooks';
    report(diagnostic('error', 'limit', place, `more than ${stepsKept} steps`, hint));
  } else if (steps.length === 0) {
    const hint = 'write what to do under headings, or as a list';
    report(
      diagnostic('warning', 'no-steps', { line: 1, col: 1 }, 'there are no steps in it', hint),
    );
  } else checkWalk(steps, report);
  const { alerts = [], alert = [], aliases = [], owner = '', title } = front.front;
  return {
    path,
    title: clean(title ?? (outline.title || nameOf(path))),
    alerts: [...new Set([...alerts, ...alert])],
    aliases,
    owner: clean(owner),
    panels,
    steps: steps.length > stepsKept ? [] : steps,
    chart,
    brokenChart: broken,
    parameters: book.all(),
    links,
  };
};

/** Links within the text that lead nowhere. HTML may name places too. */
const checkAnchors = (
  links: readonly Link[],
  { sections }: Sections,
  lines: readonly string[],
  report: Report,
): void => {
  const inside = links.filter((link) => link.href.startsWith('#') && link.href.length > 1);
  if (inside.length === 0) return;
  const places = new Set([
    ...sections.flatMap((s) => [s.slug, ...s.ids.map((named) => named.id)]),
    ...lines.flatMap((line) =>
      [...line.matchAll(/<[A-Za-z][^<>]{0,200}?\s(?:id|name)=["']?([\w.:-]{1,200})/g)].map(
        (found) => found[1] ?? '',
      ),
    ),
  ]);
  for (const link of inside) {
    const name = decodedAnchor(link.href.slice(1));
    if (places.has(name) || places.has(name.toLowerCase())) continue;
    const near = nearest(name, [...places]);
    const hint = near === undefined ? '' : `did you mean "#${near}"?`;
    report(diagnostic('error', 'link', link, `there is no heading "#${name}"`, hint));
  }
};

const decodedAnchor = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const tooLarge = (path: string): ParsedRunbook => ({
  runbook: empty(path),
  diagnostics: [
    diagnostic(
      'error',
      'limit',
      { line: 1, col: 1 },
      `larger than ${runbookBytes / 1024 / 1024} MiB`,
      'cut it into several runbooks',
    ),
  ],
});

/**
 * Any Markdown as a runbook. Pure; never throws, and nothing outside is reached: links stay text. With `fragment`, as it
 * stands behind the `#` of an address, only what is under that heading.
 */
export const parseRunbook = (text: string, path: string, fragment = ''): ParsedRunbook => {
  if (text.length > runbookBytes) return tooLarge(path);
  const found: RunbookDiagnostic[] = [];
  const report: Report = (d) => void found.push(d);
  const finish = (runbook: Runbook): ParsedRunbook => ({ runbook, diagnostics: inOrder(found) });
  const lines = linesOf(text);
  const front = frontMatter(lines, report);
  const blank = lines.map((line, n) => (n < front.lines ? '' : indented(line)));
  const beyond = exceeded(blank);
  if (beyond !== null) {
    report(
      diagnostic('error', 'limit', { line: beyond.line, col: 1 }, beyond.message, beyond.hint),
    );
    return finish(empty(path));
  }
  const sections = readSections(prepared(blank), lines);
  if (sections === null) {
    report(diagnostic('error', 'limit', { line: 1, col: 1 }, 'nested too deep to be read'));
    return finish(empty(path));
  }
  const wanted = fragment === '' ? sections : onlyUnder(sections, fragment);
  if (wanted === null) {
    const message = `there is no heading "#${fragment}"`;
    report(diagnostic('error', 'link', { line: 1, col: 1 }, message, 'the whole text is shown'));
  }
  return finish(read(wanted ?? sections, front, lines, path, report));
};

/** Null: the lexer has given up, which it does on nesting that the limits did not see. */
const readSections = (body: readonly string[], lines: readonly string[]): Sections | null => {
  try {
    return sectionsOf(body.join('\n'), 1, lines);
  } catch {
    return null;
  }
};
