import { type Line, lineText, lineWidth, type Span, span, widthOf } from './line.ts';
import { wrapExact } from './wrap-exact.ts';

const keyForm = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|[^\s"'#:][^:]*?):(?= |$)(.*)$/;
const itemForm = /^(\s*(?:- )+)(.*)$/;
const number = /^[-+]?\d[\d_.]*(?:e[-+]?\d+)?$/i;

const valueSpan = (text: string): Span => {
  const value = text.trim();
  if (value.startsWith('#') || value === 'null' || /^[|>][-+]?$/.test(value)) {
    return span(text, 'dim');
  }
  if (value.startsWith('"[redacted')) return span(text, 'warn');
  return span(text, number.test(value) || value === 'true' || value === 'false' ? 'good' : 'plain');
};

const lineOf = (text: string): Line => {
  if (text.trimStart().startsWith('#')) return [span(text, 'dim')];
  const keyed = keyForm.exec(text);
  if (keyed !== null) {
    const [, before = '', key = '', value = ''] = keyed;
    return [span(before, 'dim'), span(key, 'here'), span(':', 'dim'), valueSpan(value)];
  }
  const item = itemForm.exec(text);
  return item === null ? [valueSpan(text)] : [span(item[1] ?? '', 'dim'), valueSpan(item[2] ?? '')];
};

const indentOf = (text: string): number => text.length - text.trimStart().length;

/** Which lines are the text of a block scalar, where a colon means nothing. */
const blockLines = (lines: readonly string[]): readonly boolean[] => {
  let block: number | null = null;
  return lines.map((text) => {
    if (block !== null && (text.trim() === '' || indentOf(text) > block)) return true;
    block = null;
    // The dash before a key counts as its indentation; a block that is itself an item goes in from the dash.
    if (/: [|>][-+]?$/.test(text)) block = /^\s*(?:- )*/.exec(text)?.[0].length ?? 0;
    else if (/^\s*(?:- )*[|>][-+]?$/.test(text)) block = text.lastIndexOf('- ');
    return false;
  });
};

/** Lines of YAML in colours. */
export const colourYaml = (lines: readonly string[]): readonly Line[] => {
  const blocks = blockLines(lines);
  return lines.map((text, i) => (blocks[i] === true ? [span(text)] : lineOf(text)));
};

/** A line broken into lines of the screen; what goes on below stands further in. */
export const breakLine = (whole: Line, columns: number): readonly Line[] => {
  if (lineWidth(whole) <= columns) return [whole];
  const hang = Math.min(indentOf(lineText(whole)) + 4, Math.floor(columns / 2));
  const rows: Span[][] = [[]];
  let left = columns;
  for (const { text, style } of whole) {
    for (const part of wrapExact(text, left, columns - hang)) {
      if (part.start) {
        rows.push([span(' '.repeat(hang))]);
        left = columns - hang;
      }
      rows.at(-1)?.push({ text: part.text, style });
      left -= widthOf(part.text);
    }
  }
  return rows;
};
