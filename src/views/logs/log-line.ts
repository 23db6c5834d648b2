import { cleanText } from '../../kernel/redact.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Matcher } from '../filter.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import {
  cut,
  cutLine,
  fit,
  type Line,
  line,
  lineWidth,
  type Style,
  span,
  widthOf,
} from '../parts/line.ts';
import { mark } from '../parts/mark.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogLabel } from './log-label.ts';
import { warnsOf } from './log-lens.ts';
import { prettyLine } from './log-pretty.ts';
import { isFault, type Severity } from './log-severity.ts';
import { type StampMode, stampText } from './log-time.ts';
import { wrappedRow } from './log-wrap.ts';

/** How lines are looked at. */
export interface LogLook {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly now: EpochMs;
  readonly stamps: StampMode;
  readonly raw: boolean;
  readonly wrap: boolean;
  /** Columns that are scrolled away to the left, where lines are not wrapped. */
  readonly shift: number;
  readonly faults: boolean;
  readonly matcher: Matcher;
  readonly labels: ReadonlyMap<string, LogLabel>;
  readonly labelWidth: number;
  readonly marks: ReadonlySet<string>;
}

/** More of one line is not painted: nobody reads to the end of it, and it costs at each key. */
const paintedMost = 4096;

/** What of a line may be seen, copied and written down: without secrets. */
export const shownText = ({ text, note, source }: LogEntry): string =>
  note === ''
    ? cleanText(text)
    : `-- ${note}${source === '' ? '' : ` ${source}`}: ${cleanText(text)}`;

const signs: Readonly<Record<Severity, readonly ['bad' | 'warn' | 'plain', Style]>> = {
  none: ['plain', 'plain'],
  debug: ['plain', 'plain'],
  info: ['plain', 'plain'],
  warn: ['warn', 'warn'],
  error: ['bad', 'bad'],
  fatal: ['bad', 'bad'],
};

/** What stands before the text: mark, sign, time and source. */
export const gutterOf = (entry: LogEntry, key: string, look: LogLook): Line => {
  const { glyphs, labels, labelWidth, marks, stamps, now } = look;
  const [tone, style] = signs[entry.severity];
  const stamp = stampText(entry.at, stamps, now);
  const label = labels.get(entry.source);
  return line(
    ' ',
    marks.has(key) ? span(glyphs.mark, 'here') : ' ',
    tone === 'plain' ? ' ' : span(glyphs[tone], style),
    ' ',
    span(stamp === '' ? '' : `${stamp} `, 'dim'),
    labelWidth === 0
      ? ''
      : line(span(fit(label?.text ?? '', labelWidth), label?.style ?? 'dim'), ' '),
  );
};

/** Columns of the text, which is as wide for every line. */
export const textColumns = ({ width, stamps, labelWidth, now }: LogLook): number =>
  Math.max(
    8,
    width -
      4 -
      (stamps === 'off' ? 0 : widthOf(stampText(now, stamps, now)) + 1) -
      (labelWidth === 0 ? 0 : labelWidth + 1),
  );

let last: { readonly entry: LogEntry; readonly text: string } | null = null;

/** The whole of a line without secrets; its rows ask for it one after the other. */
const wholeText = (entry: LogEntry): string => {
  if (last?.entry !== entry) last = { entry, text: cleanText(entry.text) };
  return last.text;
};

const noteLine = (entry: LogEntry, look: LogLook): Line => {
  const bad = warnsOf(entry.note);
  const text = `${look.glyphs.rule}${look.glyphs.rule} ${entry.note}: ${cleanText(entry.text)}`;
  return line(span(text, bad ? 'warn' : 'dim'));
};

const bodyOf = (entry: LogEntry, look: LogLook): Line => {
  const text = cleanText(entry.text.slice(0, look.shift + paintedMost));
  const isContext = look.faults && !isFault(entry.severity);
  const style = isContext || entry.severity === 'debug' ? 'dim' : 'plain';
  const whole = look.raw || look.wrap || look.shift > 0 ? null : prettyLine(text);
  const body = whole ?? [span(text.slice(look.shift), style)];
  return mark(body, look.matcher).line;
};

const cutSign = (entry: LogEntry, look: LogLook): Line =>
  entry.cut && look.shift + paintedMost > entry.text.length
    ? [span(` ${look.glyphs.ellipsis} cut here`, 'warn')]
    : [];

/** One row of an entry; `part` counts its rows where it is wrapped. */
export const entryLine = (entry: LogEntry, key: string, part: number, look: LogLook): Line => {
  const gutter = gutterOf(entry, key, look);
  if (entry.note !== '') return cutLine(line(gutter, noteLine(entry, look)), look.width);
  if (!look.wrap)
    return cutLine(line(gutter, bodyOf(entry, look), cutSign(entry, look)), look.width);
  const text = wrappedRow(wholeText(entry), part, textColumns(look));
  const style =
    entry.severity === 'debug' || (look.faults && !isFault(entry.severity)) ? 'dim' : 'plain';
  const row = mark([span(text, style)], look.matcher).line;
  const before = part === 0 ? gutter : [span(' '.repeat(lineWidth(gutter)))];
  return cutLine(line(before, row), look.width);
};

/** For a notice: the beginning of a line. */
export const brief = (entry: LogEntry, columns: number): string => cut(shownText(entry), columns);
