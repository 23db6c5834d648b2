import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, viewport } from '../../src/views/parts/viewport.ts';
import { type Rows, rowsOf } from '../../src/views/view.ts';

const rows = (selectable: readonly boolean[]): Rows =>
  rowsOf(selectable.map((s, i) => ({ key: `k${i}`, selectable: s, line: [] })));
const all = (n: number): Rows => rows(Array.from({ length: n }, () => true));
const at = (index: number) => ({ key: `k${index}`, index });

const anyRows = fc.array(fc.boolean(), { maxLength: 60 }).map(rows);
const anyCursor = fc.record({
  key: fc.oneof(
    fc.constant(''),
    fc.nat({ max: 80 }).map((n) => `k${n}`),
  ),
  index: fc.integer({ min: -5, max: 100 }),
});
const anyTop = fc.integer({ min: -10, max: 100 });
const anyHeight = fc.integer({ min: -1, max: 30 });
const selectables = (r: Rows): readonly number[] =>
  Array.from({ length: r.length }, (_, i) => i).filter((i) => r.selectable(i));

describe('viewport', () => {
  it('given a cursor past the window, then a page is turned', () => {
    expect(viewport(all(100), at(10), 0, 10)).toEqual({ index: 10, top: 10, height: 10 });
    expect(viewport(all(100), at(9), 10, 10)).toEqual({ index: 9, top: 0, height: 10 });
  });

  it('given rows that moved, then the cursor stays on its key', () => {
    expect(viewport(all(100), { key: 'k42', index: 3 }, 0, 10).index).toBe(42);
  });

  it('given a key that has gone, then the index stands in for it', () => {
    expect(viewport(all(10), { key: 'gone', index: 7 }, 0, 5).index).toBe(7);
    expect(viewport(all(3), { key: 'gone', index: 7 }, 0, 5).index).toBe(2);
  });

  it('given a title above the first row that can be selected, then it is seen again from there', () => {
    expect(viewport(rows([false, false, true, true, true]), at(2), 2, 3).top).toBe(0);
  });

  it('given any rows, then the index can be selected and is inside, and no empty line is shown at the end', () => {
    fc.assert(
      fc.property(anyRows, anyCursor, anyTop, anyHeight, (r, cursor, top, height) => {
        const seen = viewport(r, cursor, top, height);
        expect(seen.height).toBeGreaterThanOrEqual(1);
        expect(seen.top).toBeGreaterThanOrEqual(0);
        expect(seen.top).toBeLessThanOrEqual(Math.max(0, r.length - seen.height));
        if (selectables(r).length === 0) {
          expect(seen.index).toBe(-1);
          return;
        }
        expect(r.selectable(seen.index)).toBe(true);
        expect(seen.index).toBeGreaterThanOrEqual(seen.top);
        expect(seen.index).toBeLessThan(seen.top + seen.height);
      }),
    );
  });
});

describe('moved', () => {
  it('given any move, then it goes the right way or stays, and the window follows', () => {
    fc.assert(
      fc.property(
        anyRows,
        anyCursor,
        anyTop,
        anyHeight,
        fc.integer({ min: -80, max: 80 }),
        (r, cursor, top, height, delta) => {
          const before = viewport(r, cursor, top, height);
          const { cursor: to, top: next } = moved(r, before, delta);
          if (before.index < 0) {
            expect(next).toBeGreaterThanOrEqual(0);
            expect(next).toBeLessThanOrEqual(Math.max(0, r.length - before.height));
            expect(Math.sign(next - before.top)).toBeOneOf([0, Math.sign(delta)]);
            return;
          }
          expect(r.selectable(to.index)).toBe(true);
          expect(Math.sign(to.index - before.index)).toBeOneOf([0, Math.sign(delta)]);
          const seen = viewport(r, to, next, height);
          expect(seen).toEqual({ index: to.index, top: next, height: before.height });
        },
      ),
    );
  });

  it('given single steps, then every row that can be selected is reached, in order, both ways', () => {
    fc.assert(
      fc.property(anyRows, anyHeight, (r, height) => {
        const walk = (step: 1 | -1): readonly number[] => {
          let seen = viewport(r, { key: '', index: step === 1 ? 0 : r.length }, 0, height);
          const reached = seen.index < 0 ? [] : [seen.index];
          for (;;) {
            const { cursor, top } = moved(r, seen, step);
            if (seen.index < 0 || cursor.index === seen.index) return reached;
            seen = viewport(r, cursor, top, height);
            reached.push(seen.index);
          }
        };
        expect(walk(1)).toEqual(selectables(r));
        expect(walk(-1)).toEqual(selectables(r).toReversed());
      }),
    );
  });
});
