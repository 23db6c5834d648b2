import type { ActSubject, Intent } from '../../kernel/act.ts';
import { requestLines } from '../act/request-lines.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { blank, cutLine, type Line, line, span, widthOf } from '../parts/line.ts';
import { indent, rule, wrap } from '../parts/wrap.ts';
import type { Place } from '../session.ts';
import { type Content, textRows, type ViewInput } from '../view.ts';
import type { LogFlow, LogQuestion, LogReading } from './flow.ts';
import { headLines, questionLines, refusalLines } from './log-head.ts';
import { logLabels } from './log-label.ts';
import type { LogLook } from './log-line.ts';
import { logRows } from './log-rows.ts';
import { stampModeOf } from './log-time.ts';

const subjectText = (subject: ActSubject, { selector, match }: Intent['args']): string => {
  if (subject.kind !== 'object') return '';
  const name = subject.name === '' ? (selector ?? match ?? '') : subject.name;
  const kind = subject.resource === 'pods' ? '' : `${subject.resource} `;
  return `${kind}${subject.namespace}/${name}`;
};

const isPrevious = ({ action, args }: Intent): boolean =>
  action === 'logs-previous' || args.previous === 'true';

const titleOf = (intent: Intent, window: string): string => {
  const container = intent.args.container === undefined ? '' : ` ${intent.args.container}`;
  const before = isPrevious(intent) ? 'previous ' : '';
  return `${before}logs ${subjectText(intent.subject, intent.args)}${container}${window === '' ? '' : ` [${window}]`}`;
};

const sealedLines = (
  { asked, why }: Extract<LogQuestion, { kind: 'sealed' }>,
  glyphs: Glyphs,
  width: number,
): readonly Line[] => [
  ...wrap(why, width - 4, 4).map((l) => indent(l, 3)),
  blank,
  line('   ', span(asked.plan.title, 'title')),
  ...requestLines(asked.plan, width - 3).map((l) => line('   ', l)),
  blank,
  ...refusalLines(asked, glyphs, width),
];

/** Nothing was said, and nothing is on its way. */
const isSilent = ({ buffer, result, until }: LogReading): boolean =>
  buffer.received === 0 && (result !== null || until !== null);

const silentLines = ({ asked, intent, window }: LogReading): readonly Line[] => {
  const { newest } = asked.facts.policy.logs;
  return [
    line('   ', span(`nothing was said in this window [${window}]`)),
    newest > 0 && intent.args.newest === undefined
      ? line(
          '   ',
          span('L', 'key'),
          span(` reads the newest ${newest} lines, whenever they were`, 'dim'),
        )
      : line('   ', span('3 4 5 6', 'key'), span(' look further back', 'dim')),
  ];
};

const emptyLines = (flow: LogFlow, glyphs: Glyphs, width: number): readonly Line[] => {
  const { reading, question } = flow;
  if (reading === null) {
    if (question === null) return [];
    return question.kind === 'sealed'
      ? sealedLines(question, glyphs, width)
      : [...questionLines(question, glyphs, width)];
  }
  if (reading.buffer.length > 0)
    return [line('   ', span('no line is left by what is looked for; esc clears it', 'dim'))];
  return isSilent(reading)
    ? silentLines(reading)
    : [line('   ', span('nothing has come yet', 'dim'))];
};

/** Makes what is shown fit what this place wants to see. */
export const wished = ({ lens }: LogReading, place: Place): void =>
  lens.look({ filter: place.filter, faults: place.faults, source: place.args.source ?? '' });

export const lookOf = (
  flow: LogFlow,
  input: Pick<ViewInput, 'place' | 'width' | 'glyphs'>,
): LogLook => {
  const { place, width, glyphs } = input;
  const { args } = place;
  const { reading, marks, at } = flow;
  const labels = logLabels(args.source === undefined ? (reading?.buffer.sources.keys() ?? []) : []);
  const widest = Math.max(0, ...[...labels.values()].map((l) => widthOf(l.text)));
  return {
    width,
    glyphs,
    now: at,
    stamps: stampModeOf(args.stamps),
    raw: args.raw === 'yes',
    wrap: args.wrap === 'yes',
    shift: args.wrap === 'yes' ? 0 : Number(args.shift ?? '0'),
    faults: place.faults,
    matcher: reading?.lens.matcher ?? {
      active: false,
      note: '',
      matches: () => true,
      ranges: () => [],
    },
    labels,
    labelWidth: Math.min(widest, Math.floor(width / 4)),
    marks,
  };
};

/** Where the cursor stands when it is to stay at the end whatever comes. */
export const atEnd = { key: '', index: Number.MAX_SAFE_INTEGER } as const;
export const staysAtEnd = ({ cursor }: Place): boolean =>
  cursor.key === '' && cursor.index === atEnd.index;

const edge = ({ place }: ViewInput, reading: LogReading, look: LogLook): string =>
  [
    ...(reading.result === null && reading.until !== null
      ? [staysAtEnd(place) ? 'at the end' : 'held here; G goes to the end']
      : []),
    ...(look.marks.size === 0 ? [] : [`${look.marks.size} marked`]),
    ...(look.shift === 0 ? [] : [`from column ${look.shift + 1}`]),
    ...(look.stamps === 'off' ? [] : [look.stamps]),
    ...(look.wrap ? ['wrapped'] : look.raw ? ['raw'] : []),
  ].join(', ');

/** The logs that this person looks at. */
export const logContent = (input: ViewInput): Content => {
  const { session, place, width, glyphs } = input;
  const flow = session.logs;
  if (flow === null || (flow.reading === null && flow.question === null)) {
    return {
      title: 'logs',
      head: [],
      rows: textRows([]),
      empty: [
        line('   ', span('no logs are read; put the cursor on a pod and press l,', 'dim')),
        line('   ', span('or type :logs deploy/name since=15m', 'dim')),
      ].map((l) => cutLine(l, width)),
    };
  }
  const { reading, question } = flow;
  if (reading === null) {
    const title = question === null ? 'logs' : titleOf(question.intent, '');
    const empty = emptyLines(flow, glyphs, width).map((l) => cutLine(l, width));
    return { title, head: [], rows: textRows([]), empty };
  }
  wished(reading, place);
  const look = lookOf(flow, input);
  const head = [
    ...headLines(flow, glyphs, width),
    ...(isSilent(reading) && reading.buffer.length > 0 ? silentLines(reading) : []).map((l) =>
      cutLine(l, width),
    ),
    rule('', width, glyphs.rule, edge(input, reading, look)),
  ];
  return {
    title: titleOf(reading.intent, reading.window),
    head,
    rows: logRows(reading.lens.entries, reading.lens.version, look),
    empty: emptyLines(flow, glyphs, width).map((l) => cutLine(l, width)),
  };
};
