import { clip, plainText } from '../../kernel/text.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import {
  blank,
  cutLine,
  fit,
  type Line,
  line,
  type Span,
  type Style,
  span,
} from '../parts/line.ts';
import { type AnyTone, sign, toneStyle } from '../parts/tone.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { ObjectRef, PlainRow, Target } from '../view.ts';

/** What the parts of a description are written with. */
export interface Pen {
  readonly world: World;
  readonly now: EpochMs;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** One entry of a section: a line, or a few that belong together. */
export interface Detail {
  readonly lines: readonly Line[];
  readonly target?: Target;
}

export interface Section {
  readonly title: string;
  /** Stands at the right end of the rule. */
  readonly right?: string;
  readonly details: readonly Detail[];
}

const labelWidth = 14;

/** Longer values are cut off after this many lines: the YAML has all of it. */
const linesKept = 12;

/** The start of a text as the few lines that are shown of it; what is never shown costs no time. */
const folded = (text: string, columns: number): readonly string[] => {
  const room = Math.max(10, columns);
  return wrap(clip(plainText(text), room * linesKept), room, linesKept);
};

/** `label   value`, with a long value going on below itself. */
export const field = (pen: Pen, label: string, value: string | Span, target?: Target): Detail => {
  const { text, style } = typeof value === 'string' ? span(value) : value;
  const lines = folded(text, pen.width - labelWidth - 4).map((part, i) =>
    line('   ', span(fit(i === 0 ? label : '', labelWidth), 'dim'), ' ', span(part, style)),
  );
  return target === undefined ? { lines } : { lines, target };
};

/** A field only where there is something to say. */
export const fieldIf = (pen: Pen, label: string, value: string): readonly Detail[] =>
  value === '' ? [] : [field(pen, label, value)];

/** A line that begins with the sign of a state; what follows below it is indented. */
export const item = (
  pen: Pen,
  tone: AnyTone,
  text: Line,
  below: readonly string[] = [],
  target?: Target,
): Detail => {
  const lines = [
    line(' ', sign(tone, pen.glyphs), ' ', text),
    ...below
      .filter((t) => t !== '')
      .flatMap((t) => folded(span(t).text, pen.width - 5))
      .map((t) => line('     ', span(t, 'dim'))),
  ];
  return target === undefined ? { lines } : { lines, target };
};

/** Text in the colour of a tone. */
export const toned = (tone: AnyTone, text: string): Span => {
  const style: Style = tone === 'good' ? 'plain' : toneStyle(tone);
  return span(text, style);
};

/** Opens the description of another object. */
export const toObject = (ref: ObjectRef): Target => ({
  open: { view: 'describe', args: { ...ref } },
  object: ref,
});

export const section = (
  title: string,
  details: readonly Detail[],
  right?: string,
): readonly Section[] =>
  details.length === 0 ? [] : [{ title, details, ...(right === undefined ? {} : { right }) }];

/** Sections as rows of a view: every line can be under the cursor, so that all of them can be reached. */
export const rowsOfSections = (sections: readonly Section[], pen: Pen): readonly PlainRow[] =>
  sections.flatMap((s, n): readonly PlainRow[] => [
    ...(n === 0 ? [] : [{ key: `${s.title}/blank`, line: blank }]),
    {
      key: `${s.title}/rule`,
      line: cutLine(rule(s.title, pen.width, pen.glyphs.rule, s.right), pen.width),
    },
    ...s.details.flatMap(({ lines, target }, i) =>
      lines.map(
        (l, j): PlainRow => ({
          key: `${s.title}/${i}/${j}`,
          line: cutLine(l, pen.width),
          selectable: true,
          ...(target === undefined ? {} : { target }),
        }),
      ),
    ),
  ]);
