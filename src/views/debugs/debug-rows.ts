import type { LedgerEntry } from '../../actions/debug-ledger.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { blank, cut, cutLine, fit, type Line, line, span, widthOf } from '../parts/line.ts';
import { sign, toneStyle } from '../parts/tone.ts';
import { wrap } from '../parts/wrap.ts';
import type { PlainRow, Target } from '../view.ts';
import { byText, debugTone, detailTexts, stateText, whatText, whereText } from './debug-words.ts';

export interface DebugPen {
  readonly now: EpochMs;
  readonly width: number;
  readonly glyphs: Glyphs;
}

const margin = 5;
/** Of the head line: its sign, and what stands between its columns. */
const gaps = 10;
const between = '   ';
/** A reason may be a long one; all of it stands in the description of the pod. */
const textLines = 2;

/** As many pieces on each line as fit; one that is longer than a line is broken. */
const packed = (texts: readonly string[], room: number): readonly string[] => {
  const lines: string[] = [];
  let current = '';
  for (const text of texts) {
    if (current !== '' && widthOf(current) + between.length + widthOf(text) <= room) {
      current += `${between}${text}`;
      continue;
    }
    if (current !== '') lines.push(current);
    const parts = wrap(text, room);
    const [last = '', ...before] = parts.slice(0, textLines).toReversed();
    lines.push(...before.toReversed());
    current = parts.length > textLines ? `${cut(last, room - 2, '')} …` : last;
  }
  return current === '' ? lines : [...lines, current];
};

/** What `s` comes to: it joins, and never adds one more to what is left behind already. */
const joinOf = ({ kind, ours, state, image, target }: LedgerEntry): Target['join'] => {
  if (kind === 'node-pod') return 'a debug pod on a node is joined by whoever started it only';
  if (!ours) return 'it is not of midwatch: kubectl attach joins it';
  if (state !== 'running') return 'it does not run; s on the pod itself adds another one';
  return { image, target: target === '' ? 'none' : target };
};

const targetOf = (entry: LedgerEntry): Target => {
  const object = { resource: 'pods', namespace: entry.namespace, name: entry.pod };
  const join = joinOf(entry);
  return {
    open: { view: 'describe', args: { ...object } },
    object,
    ...(join === undefined ? {} : { join }),
  };
};

interface Widths {
  readonly state: number;
  readonly where: number;
  readonly what: number;
}

const headLine = (entry: LedgerEntry, widths: Widths, { now, glyphs }: DebugPen): Line => {
  const tone = debugTone(entry);
  return line(
    ' ',
    sign(tone, glyphs),
    ' ',
    span(fit(stateText(entry, now), widths.state), toneStyle(tone)),
    '  ',
    span(fit(whereText(entry), widths.where), 'title'),
    '  ',
    fit(whatText(entry), widths.what),
    '  ',
    span(byText(entry), entry.by === '' ? 'dim' : 'plain'),
  );
};

/** Where and what take what they need, and leave room for who. */
const widthsOf = (entries: readonly LedgerEntry[], { now, width }: DebugPen): Widths => {
  const widest = (textOf: (entry: LedgerEntry) => string, most: number): number =>
    Math.min(
      most,
      entries.reduce((n, e) => Math.max(n, widthOf(textOf(e))), 0),
    );
  const state = widest((e) => stateText(e, now), 20);
  const what = widest(whatText, Math.floor(width / 4));
  const room = width - state - what - widest(byText, 20) - gaps;
  return { state, what, where: widest(whereText, Math.max(8, room)) };
};

const keyOf = ({ namespace, pod, uid, container }: LedgerEntry): string =>
  `${namespace}/${pod}/${uid}/${container}`;

/** Each with its details below it; the cursor goes from one to the next. */
export const debugRows = (entries: readonly LedgerEntry[], pen: DebugPen): readonly PlainRow[] => {
  const { now, width } = pen;
  const widths = widthsOf(entries, pen);
  const room = width - margin - 1;
  return entries.flatMap((entry, n): readonly PlainRow[] => {
    const key = keyOf(entry);
    const below = [
      ...(entry.reason === '' ? [] : packed([entry.reason], room).map((text) => span(text))),
      ...packed(detailTexts(entry, now), room).map((text) => span(text, 'dim')),
    ];
    return [
      ...(n === 0 ? [] : [{ key: `${key}/above`, line: blank }]),
      {
        key,
        selectable: true,
        target: targetOf(entry),
        line: cutLine(headLine(entry, widths, pen), width),
      },
      ...below.map(
        (text, i): PlainRow => ({
          key: `${key}/${i}`,
          line: cutLine(line(' '.repeat(margin), text), width),
        }),
      ),
    ];
  });
};
