import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, layout, signWidth } from '../../../src/views/parts/table.ts';

const column = (id: string, more: Partial<Column<string>> = {}): Column<string> =>
  ({
    id,
    title: id.toUpperCase(),
    min: 4,
    max: 30,
    rank: 0,
    value: (o: string) => o,
    ...more,
  }) as Column<string>;

const shown = (
  columns: readonly Column<string>[],
  natural: Record<string, number>,
  width: number,
  wide = false,
) =>
  Object.fromEntries(
    layout(columns, new Map(Object.entries(natural)), { width, wide, sorted: '' }).cells.map(
      (c) => [c.column.id, c.width],
    ),
  );

const columns = [
  column('name'),
  column('state'),
  column('node', { rank: 4 }),
  column('age', { rank: 1, volatile: true, min: 4, max: 4 }),
  column('why', { rank: 3, min: 10, flex: true }),
  column('zone', { rank: 30, wide: true }),
];

describe('layout', () => {
  it('given room for all, when it is laid out, then texts have what they need and nothing is stretched', () => {
    expect(shown(columns, { name: 20, state: 7, node: 8, why: 25, zone: 6 }, 200)).toEqual({
      name: 20,
      state: 7,
      node: 8,
      age: 4,
      why: 25,
      zone: 6,
    });
  });

  it('given less room, when it is laid out, then the least wanted go first and names keep their width', () => {
    const natural = { name: 20, state: 7, node: 8, why: 25, zone: 6 };
    expect(Object.keys(shown(columns, natural, 60))).toEqual([
      'name',
      'state',
      'node',
      'age',
      'why',
    ]);
    expect(Object.keys(shown(columns, natural, 50))).toEqual(['name', 'state', 'age', 'why']);
    expect(shown(columns, natural, 40)).toEqual({ name: 20, state: 7, age: 4 });
  });

  it('given wide columns are asked for, when room is short, then they go before what is not always shown', () => {
    const natural = { name: 20, state: 7, node: 8, why: 25, zone: 6 };
    expect(Object.keys(shown(columns, natural, 50, true))).toEqual([
      'name',
      'state',
      'age',
      'zone',
    ]);
  });

  it('given nothing to say, when it is laid out, then the column is left out', () => {
    expect(Object.keys(shown(columns, { name: 5, state: 5 }, 200))).toEqual([
      'name',
      'state',
      'age',
    ]);
  });

  it('given any texts and any width that is enough for the least, when it is laid out, then it fits', () => {
    const sizes = fc.record({
      name: fc.nat(80),
      state: fc.nat(80),
      node: fc.nat(80),
      why: fc.nat(200),
      zone: fc.nat(50),
    });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 20, max: 250 }),
        fc.boolean(),
        (natural, width, wide) => {
          const all = new Map(Object.entries(natural));
          const { cells, gap } = layout(columns, all, { width, wide, sorted: 'name' });
          const used =
            cells.reduce((sum, c) => sum + c.width, 0) + gap * (cells.length - 1) + signWidth;
          expect(used).toBeLessThanOrEqual(width);
          for (const c of cells)
            expect(c.width).toBeLessThanOrEqual(Math.max(c.column.max, c.column.title.length + 1));
        },
      ),
    );
  });
});
