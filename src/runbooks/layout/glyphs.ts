import type { ChartEdge } from '../chart.ts';
import type { NodeState } from '../drawing.ts';
import type { Arm, BorderGlyph, Strand } from './canvas.ts';

/** Signs of a state on the upper border of a node. */
export const stateSigns: Readonly<
  Record<'unicode' | 'ascii', Readonly<Record<NodeState, string>>>
> = {
  unicode: { open: '', done: '✓', current: '►', failed: '✗', skipped: '–', waiting: '…' },
  ascii: { open: '', done: '[x]', current: '[>]', failed: '[!]', skipped: '[-]', waiting: '[~]' },
};

export const heads: Readonly<
  Record<
    'unicode' | 'ascii',
    Readonly<Record<Exclude<ChartEdge['head'], 'none'>, Readonly<Record<Arm, string>>>>
  >
> = {
  unicode: {
    arrow: { up: '▲', down: '▼', left: '◄', right: '►' },
    circle: { up: '○', down: '○', left: '○', right: '○' },
    cross: { up: '×', down: '×', left: '×', right: '×' },
  },
  ascii: {
    arrow: { up: '^', down: 'v', left: '<', right: '>' },
    circle: { up: 'o', down: 'o', left: 'o', right: 'o' },
    cross: { up: 'x', down: 'x', left: 'x', right: 'x' },
  },
};

interface BorderSet {
  readonly plain: Readonly<Record<BorderGlyph, string>>;
  readonly current: Readonly<Record<BorderGlyph, string>>;
}

const names: readonly BorderGlyph[] = [
  'across',
  'upright',
  'topLeft',
  'topRight',
  'bottomLeft',
  'bottomRight',
  'roundTopLeft',
  'roundTopRight',
  'roundBottomLeft',
  'roundBottomRight',
  'teeDown',
  'teeUp',
  'teeLeft',
  'teeRight',
  'rising',
  'falling',
  'wideLeft',
  'wideRight',
];

const setOf = (glyphs: string): Readonly<Record<BorderGlyph, string>> => {
  const all = [...glyphs];
  return Object.fromEntries(names.map((name, i) => [name, all[i] ?? ' '])) as Record<
    BorderGlyph,
    string
  >;
};

export const borders: Readonly<Record<'unicode' | 'ascii', BorderSet>> = {
  unicode: { plain: setOf('─│┌┐└┘╭╮╰╯┬┴┤├╱╲<>'), current: setOf('═║╔╗╚╝╔╗╚╝╦╩╣╠╱╲<>') },
  ascii: { plain: setOf("-|++++..''++||/\\<>"), current: setOf('=#############/\\<>') },
};

/** Frames of groups: dashed, so that they are never taken for a node. */
export const frames: Readonly<Record<'unicode' | 'ascii', Readonly<Record<BorderGlyph, string>>>> =
  {
    unicode: setOf('╌╎┌┐└┘┌┐└┘┬┴┤├╱╲<>'),
    ascii: setOf('~!++++++++++++/\\<>'),
  };

/** 0 none, 1 light, 2 heavy (taken), 3 double (thick). */
export type Weight = 0 | 1 | 2 | 3;

// By weights of up, down, left and right; light and heavy ones in every mixture.
const mixed: Readonly<Record<string, string>> = Object.fromEntries(
  (
    '0011─ 0022━ 1100│ 2200┃ 0101┌ 0102┍ 0201┎ 0202┏ 0110┐ 0120┑ 0210┒ 0220┓ ' +
    '1001└ 1002┕ 2001┖ 2002┗ 1010┘ 1020┙ 2010┚ 2020┛ ' +
    '1101├ 1102┝ 2101┞ 1201┟ 2201┠ 2102┡ 1202┢ 2202┣ ' +
    '1110┤ 1120┥ 2110┦ 1210┧ 2210┨ 2120┩ 1220┪ 2220┫ ' +
    '0111┬ 0121┭ 0112┮ 0122┯ 0211┰ 0221┱ 0212┲ 0222┳ ' +
    '1011┴ 1021┵ 1012┶ 1022┷ 2011┸ 2021┹ 2012┺ 2022┻ ' +
    '1111┼ 1121┽ 1112┾ 1122┿ 2111╀ 1211╁ 2211╂ 2121╃ 2112╄ 1221╅ 1212╆ 2122╇ 1222╈ 2221╉ 2212╊ 2222╋ ' +
    '1000╵ 2000╹ 0100╷ 0200╻ 0010╴ 0020╸ 0001╶ 0002╺ 2100╿ 1200╽ 0021╾ 0012╼ ' +
    '0033═ 3300║ 0303╔ 0330╗ 3003╚ 3030╝ 3303╠ 3330╣ 0333╦ 3033╩ 3333╬ 3000║ 0300║ 0030═ 0003═ ' +
    // Pins: a double line at a single border and the other way round.
    '0311╥ 3011╨ 1130╡ 1103╞ 0133╤ 1033╧ 3310╢ 3301╟'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 4), entry.slice(4)]),
);

/** The box-drawing glyph for arms of these weights. Double mixed with heavy is not in Unicode: heavy wins. */
export const boxGlyph = (up: Weight, down: Weight, left: Weight, right: Weight): string => {
  const exact = mixed[`${up}${down}${left}${right}`];
  if (exact !== undefined) return exact;
  const flat = [up, down, left, right].map((weight) => (weight === 3 ? 1 : weight)).join('');
  return mixed[flat] ?? '·';
};

const dotted: Readonly<Record<string, string>> = {
  '0011': '┄',
  '1100': '┆',
  '0022': '┅',
  '2200': '┇',
};

const weightOf = (edges: readonly number[], thick: boolean, taken: ReadonlySet<number>): Weight => {
  if (edges.length === 0) return 0;
  if (taken.size > 0 && edges.some((edge) => taken.has(edge))) return 2;
  return thick ? 3 : 1;
};

const asciiLine = (strand: Strand, weights: readonly Weight[]): string => {
  const [up = 0, down = 0, left = 0, right = 0] = weights;
  if (weights.includes(2)) return '#';
  const level = left + right > 0;
  if (level && up + down > 0) return '+';
  if (strand.stroke === 'dotted') return level ? '.' : ':';
  if (strand.stroke === 'thick') return level ? '=' : '"';
  return level ? '-' : '|';
};

/** How a line looks; taken edges are heavy, or `#` in ASCII. */
export const lineGlyph = (strand: Strand, taken: ReadonlySet<number>, ascii: boolean): string => {
  const thick = strand.stroke === 'thick';
  const { arms } = strand;
  const up = weightOf(arms.up, thick, taken);
  const down = weightOf(arms.down, thick, taken);
  const left = weightOf(arms.left, thick, taken);
  const right = weightOf(arms.right, thick, taken);
  if (ascii) return asciiLine(strand, [up, down, left, right]);
  if (strand.stroke === 'dotted') {
    const special = dotted[`${up}${down}${left}${right}`];
    if (special !== undefined) return special;
  }
  return boxGlyph(up, down, left, right);
};

/** How a line that leaves a border in that direction looks. */
export const pinGlyph = (
  strand: Strand,
  arm: Arm,
  current: boolean,
  taken: ReadonlySet<number>,
  ascii: boolean,
): string => {
  if (ascii) return current ? '#' : '+';
  const line = weightOf(strand.arms[arm], strand.stroke === 'thick', taken);
  // There is no glyph for a heavy line at a double border.
  const own: Weight = current ? 3 : 1;
  const shown: Weight = current && line === 2 ? 1 : line;
  const upright = arm === 'left' || arm === 'right';
  return boxGlyph(
    arm === 'up' ? shown : upright ? own : 0,
    arm === 'down' ? shown : upright ? own : 0,
    arm === 'left' ? shown : upright ? 0 : own,
    arm === 'right' ? shown : upright ? 0 : own,
  );
};
