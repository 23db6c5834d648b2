import { line, span } from '../parts/line.ts';
import { rule } from '../parts/wrap.ts';
import type { Opening, PlainRow, ViewInput } from '../view.ts';

/** A part of the first screen: it knows how few lines make sense of it, and fills what it is given. */
export interface Section {
  readonly name: string;
  readonly least: number;
  /** With so many lines it says enough; the others have their turn before it gets more. */
  readonly enough: number;
  /** It is shown in what the others leave when they have enough. */
  readonly spare: boolean;
  readonly most: number;
  /** Lines it gets at a time while there are any left. */
  readonly share: number;
  rows(room: number): readonly PlainRow[];
}

export const titleRow = (text: string, { width, glyphs }: ViewInput, right = ''): PlainRow => ({
  key: `title/${text}`,
  line: rule(text, width, glyphs.rule, right),
});

/** Leads to where all of them are. */
export const moreRow = (key: string, hidden: number, open: Opening): PlainRow => ({
  key: `more/${key}`,
  selectable: true,
  line: line('   ', span(`${hidden} more`, 'here'), span(': enter shows all', 'dim')),
  target: { open },
});

/**
 * A title and rows of equal weight, of which at least so many are shown. With more room than that, a line at the end
 * leads to the others.
 */
export const listSection = (
  name: string,
  rows: readonly PlainRow[],
  least: number,
  input: ViewInput,
  more?: {
    readonly right?: string;
    readonly all?: Opening;
    readonly title?: string;
    readonly enough?: number;
    readonly spare?: boolean;
  },
): Section => ({
  name,
  least: 1 + Math.min(least, rows.length),
  enough: 1 + Math.min(more?.enough ?? least, rows.length),
  spare: more?.spare ?? false,
  most: 1 + rows.length,
  share: 1,
  rows: (room) => {
    const title = titleRow(more?.title ?? name, input, more?.right);
    const hidden = rows.length - (room - 1);
    if (hidden <= 0 || more?.all === undefined || room <= least + 1) {
      return [title, ...rows.slice(0, room - 1)];
    }
    return [title, ...rows.slice(0, room - 2), moreRow(name, hidden + 1, more.all)];
  },
});

/**
 * Every section gets its least, the most important first, as long as there is room, and then what is enough for it;
 * those that are shown in what is left come after that. What is left then goes round by shares until nobody wants
 * more. A section without room for its least is left out.
 */
export const fill = (
  sections: readonly Section[],
  importance: readonly string[],
  height: number,
): readonly PlainRow[] => {
  const given = new Map<Section, number>();
  let left = height;
  const ranked = importance.flatMap((name) => sections.filter((s) => s.name === name));
  const raise = (s: Section, to: number): void => {
    const more = Math.min(left, to - (given.get(s) ?? 0));
    given.set(s, (given.get(s) ?? 0) + more);
    left -= more;
  };
  for (const spare of [false, true]) {
    const these = ranked.filter((s) => s.spare === spare);
    for (const s of these) {
      if (s.least <= left) raise(s, s.least);
      // What is left over goes to those that are there, not to what is worth less than what found no room.
      else if (spare) break;
    }
    for (const s of these) if (given.has(s)) raise(s, s.enough);
  }
  for (let before = -1; before !== left; ) {
    before = left;
    for (const s of ranked) {
      const had = given.get(s);
      if (had === undefined) continue;
      const more = Math.max(0, Math.min(left, s.share, s.most - had));
      given.set(s, had + more);
      left -= more;
    }
  }
  return sections.flatMap((s) => {
    const room = given.get(s);
    return room === undefined ? [] : s.rows(room);
  });
};
