import { plainText } from '../../kernel/text.ts';
import { isChanged, shortCommit } from '../../runbooks/resolve/library.ts';
import type { Resolution } from '../../runbooks/resolve/resolution.ts';
import { matchedText } from '../../runbooks/resolve/resolution.ts';
import { asciiGlyphs } from '../parts/glyphs.ts';
import {
  blank,
  cutLine,
  type Line,
  line,
  lineWidth,
  span,
  spread,
  widthOf,
} from '../parts/line.ts';
import { age, ago, clockUtc, many } from '../parts/words.ts';
import { type Content, type PlainRow, rowsOf, textRows, type ViewInput } from '../view.ts';
import { chartPane, drawingOf, isReadable } from './chart-pane.ts';
import { type Choice, choicesOf, chosenIn } from './choices.ts';
import { entryKey, type Shelf } from './desk.ts';
import { logPane } from './log-pane.ts';
import { missingLines } from './missing-lines.ts';
import { pageLines } from './page-lines.ts';
import { railPane } from './rail-pane.ts';
import { openRuns, situationOf, type Walking } from './situation.ts';
import { stepPane } from './step-pane.ts';
import { waitingShort } from './waiting.ts';
import { type Ground, walkAct } from './walk-acts.ts';

/** From this width on, the way stands beside the step; below it, above. */
const sideBySide = 100;
/** Columns that a step needs to be read beside a chart. */
const stepLeast = 46;
const railMost = 44;
/** From this width on, what the run has brought so far stands beside the step. */
const threeColumns = 180;
const logWidth = 56;
/** A smaller screen shows the step and no more than a few lines of the way. */
const railRows = 0.3;

/** Which version of which file this is, and which rule has led to it. */
const sourceText = (at: Walking, { now }: ViewInput): string => {
  const { entry, resolution, book, page } = at;
  if (page !== null) {
    const by = resolution?.kind === 'page' ? '; the alert links it' : '';
    const copy =
      page.kind === 'read'
        ? `copy of ${ago(Math.max(0, now - page.fetchedAt))}`
        : `text ${book.hash.slice(0, 8)} kept with the run`;
    return `${copy} @ ${plainText(book.runbook.path)}${by}`;
  }
  const commit = entry === null ? '' : shortCommit(entry.source.commit);
  const from = entry === null ? 'kept with the run' : entryKey(entry);
  const by = resolution?.kind === 'found' ? `; ${matchedText(resolution.by)}` : '';
  return `${from} @ ${commit === '' ? `text ${book.hash.slice(0, 8)}` : commit}${by}`;
};

const standing = ({ run, current, looked, book }: Walking, { now, world }: ViewInput): string => {
  const { length } = book.runbook.steps;
  if (run === null) return `not begun, ${many(length, 'step')}`;
  if (run.ended !== null) {
    return `${run.ended.how} ${clockUtc(run.ended.at)} by ${run.ended.by}`;
  }
  const number = current?.step.number ?? looked?.number ?? 0;
  const all = openRuns(world);
  const which =
    all.length > 1 ? [`run ${all.findIndex((r) => r.id === run.id) + 1} of ${all.length}`] : [];
  const timer = current?.visit.timer ?? null;
  return [
    ...which,
    `step ${number} of ${length}`,
    ...(timer === null ? [] : [waitingShort(timer, now)]),
    `${run.startedBy}, ${age(Math.max(0, now - run.startedAt))}`,
  ].join('  ');
};

const headOf = (at: Walking, input: ViewInput): readonly Line[] => {
  const { width, glyphs } = input;
  const { runbook } = at.book;
  const name = at.alert === null ? '' : `${at.alert.name} / `;
  const dead = at.resolution?.dead ?? null;
  const { abandon } = input.place.args;
  const warnings = [
    ...(abandon === undefined
      ? []
      : [`abandon this run because “${abandon}”? A abandons it for good, any other key does not`]),
    ...(at.newer !== null
      ? ['the file has changed since this run began: it follows the text of its beginning']
      : []),
    ...(dead === null ? [] : [`${dead.annotation} ${dead.url}: ${dead.why}; ${dead.hint}`]),
    ...(at.entry !== null && isChanged(at.entry)
      ? ['this file is not as its commit has it: somebody has changed it here']
      : []),
    ...(at.page?.kind === 'read' && at.page.note !== ''
      ? [`its server cannot be asked now: ${at.page.note}; this is the copy of it`]
      : []),
    ...(runbook.brokenChart === null
      ? []
      : ['its chart has errors: the steps are those of the text']),
  ];
  return [
    spread(
      line(' ', span(name, 'dim'), span(runbook.title, 'title')),
      line(span(standing(at, input), at.current === null ? 'dim' : 'here'), ' '),
      width,
    ),
    line('   ', span(sourceText(at, input), 'dim')),
    ...warnings.map((text) => line(' ', span(glyphs.warn, 'warn'), ' ', span(text, 'warn'))),
  ].map((l) => cutLine(l, width));
};

const padded = (l: Line | undefined, width: number): Line => {
  const shown = cutLine(l ?? blank, width);
  return line(shown, ' '.repeat(Math.max(0, width - lineWidth(shown))));
};

interface Pane {
  readonly lines: readonly Line[];
  readonly ground: Ground;
}

/** The step, scrolled so that the choice under the cursor is seen; the last line says what Enter does. */
const stepWindow = (
  at: Walking,
  choices: readonly Choice[],
  chosen: number,
  shelf: Shelf,
  input: ViewInput,
  size: { readonly width: number; readonly height: number },
): Pane => {
  const { lines, from, to } = stepPane(at, choices, chosen, shelf, input, size.width);
  const room = Math.max(1, size.height - 1);
  const highest = Math.max(0, lines.length - room);
  const { args } = input.place;
  // One begins to read at the top; what was chosen by hand is seen.
  const near =
    args.item === undefined || to < room ? 0 : Math.max(0, Math.min(from, to - room + 1));
  const top = Math.max(0, Math.min(highest, args.top === undefined ? near : Number(args.top)));
  const choice = choices[chosen];
  const { glyphs } = input;
  const below = lines.length - top - room;
  const scroll =
    highest === 0 ? '' : `${top > 0 ? glyphs.up : ''}${below > 0 ? `${glyphs.down}${below}` : ''}`;
  const enter = line(
    span(choice === undefined ? '' : `${glyphs.enter} `, 'key'),
    span(choice?.does ?? '', 'here'),
  );
  const seen = lines.slice(top, top + room).map((l) => cutLine(l, size.width));
  while (seen.length < room) seen.push(blank);
  return {
    lines: [...seen, spread(enter, line(span(scroll, 'dim')), size.width)],
    ground: { drawing: null, on: 'split', top, highest, page: Math.max(1, room - 2) },
  };
};

const walkingPane = (
  at: Walking,
  choices: readonly Choice[],
  chosen: number,
  shelf: Shelf,
  input: ViewInput,
  height: number,
): Pane => {
  const { width, glyphs, place } = input;
  const { chart, steps } = at.book.runbook;
  const layout = place.args.layout ?? 'split';
  const ascii = glyphs === asciiGlyphs;
  const small = width < 60 || height < 15;
  const step = (size: { width: number; height: number }): Pane =>
    stepWindow(at, choices, chosen, shelf, input, size);
  if (steps.length === 0) return step({ width, height });
  if (layout !== 'split') {
    const { ground } = step({ width, height: 1 });
    const room = height - 1;
    const drawing =
      layout === 'chart' && chart !== null ? drawingOf(chart, width - 2, ascii) : null;
    const rows =
      drawing === null
        ? railPane(at, glyphs, width, room)
        : chartPane(drawing, at, width - 2, room).map((l) => line(' ', l));
    const filled = [...rows, ...Array.from({ length: room - rows.length }, () => blank)];
    const does = choices[chosen]?.does ?? '';
    const last = line(' ', span(`${glyphs.enter} `, 'key'), span(does, 'here'));
    const on = drawing === null ? 'rail' : 'chart';
    return { lines: [...filled, last], ground: { ...ground, drawing, on } };
  }
  if (width < sideBySide) {
    const rail = small
      ? []
      : railPane(at, glyphs, width - 1, Math.max(3, Math.floor(height * railRows)));
    const rule = small ? [] : [line(span(glyphs.rule.repeat(width), 'dim'))];
    const own = step({ width: width - 2, height: height - rail.length - rule.length });
    return {
      lines: [...rail, ...rule, ...own.lines].map((l, i) =>
        i < rail.length + rule.length ? l : line(' ', l),
      ),
      ground: own.ground,
    };
  }
  const bar = ` ${glyphs.stem} `;
  const most = Math.min(width - stepLeast, Math.floor(width * 0.55)) - widthOf(bar);
  const drawing = chart === null ? null : drawingOf(chart, most, ascii);
  const readable = drawing !== null && chart !== null && isReadable(drawing, chart, most, height);
  const left = readable ? drawing.width + 1 : Math.min(railMost, most);
  const way = readable
    ? chartPane(drawing, at, drawing.width, height).map((l) => line(' ', l))
    : railPane(at, glyphs, left, height);
  const log = at.run !== null && width >= threeColumns ? logWidth : 0;
  const room = width - left - widthOf(bar) - (log === 0 ? 0 : log + widthOf(bar));
  const own = step({ width: room, height });
  const told = at.run === null || log === 0 ? [] : logPane(at.run, input, log, height);
  return {
    lines: Array.from({ length: height }, (_, i) =>
      line(
        padded(way[i], left),
        span(bar, 'dim'),
        ...(log === 0
          ? [own.lines[i] ?? blank]
          : [padded(own.lines[i], room), span(bar, 'dim'), cutLine(told[i] ?? blank, log)]),
      ),
    ),
    ground: { ...own.ground, drawing: readable ? drawing : null },
  };
};

const severalRows = (
  resolution: Extract<Resolution, { kind: 'several' }>,
  input: ViewInput,
): readonly PlainRow[] =>
  resolution.entries.map((entry) => ({
    key: entryKey(entry),
    selectable: true,
    line: cutLine(
      line('   ', span(entry.title, 'title'), span(`  ${entryKey(entry)}`, 'dim')),
      input.width,
    ),
    target: {
      open: {
        view: 'runbook',
        args: { ...input.place.args, runbook: entryKey(entry) },
        instead: true,
      },
    },
  }));

/** One runbook: from the alert to the step one is on. Arguments: `alert`, `runbook`, `run`, any of them. */
export const runbookContent = (shelf: Shelf, input: ViewInput): Content => {
  const { width, height } = input;
  const at = situationOf(shelf, input);
  if (at.kind === 'textless') {
    const { title, hash } = at.run.runbook;
    const text = ` the text that this run of “${title}” follows (${hash.slice(0, 8)}) is being read, or was not kept`;
    return { title: 'runbook', head: [], rows: textRows([]), empty: [cutLine(line(text), width)] };
  }
  if (at.kind === 'page') {
    const title = `runbook ${at.alert?.name ?? ''}`.trim();
    const empty = pageLines(at, input).map((l) => cutLine(l, width));
    return { title, head: [], rows: textRows([]), empty };
  }
  if (at.kind === 'missing') {
    const { alert, resolution } = at;
    const title = `runbook ${alert?.name ?? ''}`.trim();
    if (resolution?.kind === 'several') {
      const head = [line(' ', span('several runbooks fit as well as each other: choose', 'warn'))];
      return { title, head, rows: rowsOf(severalRows(resolution, input)), empty: [] };
    }
    const empty = missingLines(alert, resolution, shelf, input).map((l) => cutLine(l, width));
    return { title, head: [], rows: textRows([]), empty };
  }
  const head = headOf(at, input);
  const choices = choicesOf(at);
  const chosen = chosenIn(choices, at, input.place.args.item);
  const { lines, ground } = walkingPane(
    at,
    choices,
    chosen,
    shelf,
    input,
    Math.max(2, height - head.length),
  );
  return {
    title: `runbook ${at.alert?.name ?? at.book.runbook.title}`,
    head,
    rows: textRows(lines.map((l) => cutLine(l, width))),
    empty: [],
    act: (command) => walkAct(command, at, choices, ground, shelf, input),
  };
};
