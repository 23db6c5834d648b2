import type { EpochMs } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import type { Glyphs } from './glyphs.ts';
import type { Labels } from './label-selector.ts';
import type { Style } from './line.ts';
import type { AnyTone } from './tone.ts';

/** What a cell may look at besides its object. */
export interface RowContext {
  readonly world: World;
  readonly now: EpochMs;
  readonly glyphs: Glyphs;
}

interface AnyColumn<O> {
  /** `name`, `age`: what `sort.<id>` sorts by. */
  readonly id: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** In columns of the terminal, without the title, which always fits. */
  readonly min: number;
  readonly max: number;
  /**
   * 0 is always shown; the rest gives way from the highest rank on when there is no room, and is left out when no
   * row has anything to say in it.
   */
  readonly rank: number;
  /** Begins at `min` and takes room that is left, up to its text and `max`. */
  readonly flex?: true;
  /** Shown on demand, or where everything else has found room. */
  readonly wide?: true;
  /** Shown only where the world can fill it. */
  readonly when?: (world: World) => boolean;
  /** Ascending order of this shows first what is looked for first; without it the column's text is sorted. */
  readonly sort?: (object: O, context: RowContext) => number | string;
  /** The arrow points down: the first are the largest. */
  readonly largestFirst?: true;
  readonly tone?: (object: O, context: RowContext) => Style;
}

/** Its text is a function of the object alone: computed once per object, searched by filters. */
interface SettledColumn<O> extends AnyColumn<O> {
  readonly volatile?: false;
  readonly value: (object: O) => string;
}

/**
 * Its text depends on the time or on other parts of the world: computed when it is painted, never searched.
 * It stands at the right, so that a change rewrites little of a line, and is always `max` wide.
 */
interface VolatileColumn<O> extends AnyColumn<O> {
  readonly volatile: true;
  /** The part of the world that the order depends on; without it the object alone decides. */
  readonly from?: (world: World) => unknown;
  readonly value: (object: O, context: RowContext) => string;
}

export type Column<O> = SettledColumn<O> | VolatileColumn<O>;

/** How an object is doing, as one sign. */
export type RowTone = Exclude<AnyTone, 'stale'>;

/** What is shown of the objects of a kind: its columns, and how a row is judged. */
export interface Table<O> {
  readonly columns: readonly Column<O>[];
  tone(object: O): RowTone;
  labels(object: O): Labels;
}

export interface Layout<O> {
  /** From left to right, with their widths. */
  readonly cells: readonly { readonly column: Column<O>; readonly width: number }[];
  readonly gap: number;
}

/** Room for the cursor, the sign and a blank. */
export const signWidth = 3;

const titleWidth = (column: Column<never>, sorted: string): number =>
  column.title.length + (column.id === sorted ? 1 : 0);

/**
 * Which columns are shown and how wide. Names are not squeezed while another column can give way instead; only when
 * what is always shown does not fit, the widest of it is cut down.
 * @param natural widest text of each column, 0 where none has any
 * @param sorted id of the column that carries the arrow
 */
export const layout = <O>(
  columns: readonly Column<O>[],
  natural: ReadonlyMap<string, number>,
  options: { readonly width: number; readonly wide: boolean; readonly sorted: string },
): Layout<O> => {
  const gap = options.width >= 140 ? 2 : 1;
  const wanted = (c: Column<O>): number => {
    const content = c.volatile === true ? c.max : Math.min(c.max, natural.get(c.id) ?? 0);
    return Math.max(c.min, content, titleWidth(c, options.sorted));
  };
  const room = options.width - signWidth;
  const widths = new Map<Column<O>, number>();
  let used = -gap;
  const add = (c: Column<O>, width: number): void => {
    widths.set(c, width);
    used += width + gap;
  };
  const fits = (width: number): boolean => used + gap + width <= room;
  for (const c of columns) if (c.rank === 0) add(c, wanted(c));
  used = squeeze(widths, used, room);
  const least = (c: Column<O>): number =>
    c.flex === true ? Math.max(c.min, c.title.length) : wanted(c);
  const optional = columns
    .filter((c) => c.rank > 0 && (c.volatile === true || (natural.get(c.id) ?? 0) > 0))
    .sort((a, b) => rankOf(a, options.wide) - rankOf(b, options.wide));
  const spare = (c: Column<O>): boolean => c.wide === true && !options.wide;
  const grow = (c: Column<O>): void => {
    const width = widths.get(c);
    if (c.flex !== true || width === undefined) return;
    const more = Math.max(0, Math.min(wanted(c) - width, room - used));
    widths.set(c, width + more);
    used += more;
  };
  // What comes later never stands where something of more value had no room: the room goes to texts instead.
  const place = (some: readonly Column<O>[]): boolean => {
    const all = some.every((c) => {
      const room = fits(least(c));
      if (room) add(c, least(c));
      return room;
    });
    for (const c of some) grow(c);
    return all;
  };
  if (place(optional.filter((c) => !spare(c)))) place(optional.filter(spare));
  const cells = columns.flatMap((column) => {
    const width = widths.get(column);
    return width === undefined ? [] : [{ column, width }];
  });
  return { cells, gap };
};

/** Who asks for more columns wants to see those, and gives up others that are not always shown. */
const rankOf = (c: Column<never>, wide: boolean): number =>
  wide && c.wide === true && c.flex !== true ? asked : c.rank;
const asked = 2.5;

/** Takes from the widest column until all fit or all are at their least. Returns the room used then. */
const squeeze = <O>(widths: Map<Column<O>, number>, used: number, room: number): number => {
  let now = used;
  while (now > room) {
    let widest: Column<O> | undefined;
    for (const [c, w] of widths) {
      if (w > c.min && (widest === undefined || w > (widths.get(widest) ?? 0))) widest = c;
    }
    if (widest === undefined) return now;
    widths.set(widest, (widths.get(widest) ?? 0) - 1);
    now -= 1;
  }
  return now;
};
