import type { Cursor } from '../session.ts';
import type { Rows } from '../view.ts';

export interface Viewport {
  /** Row under the cursor; -1 when nothing can be selected. */
  readonly index: number;
  /** First row that is seen. */
  readonly top: number;
  readonly height: number;
}

/** The nearest selectable row, looking in the given direction first. */
const settle = (rows: Rows, from: number, step: 1 | -1): number => {
  const limit = rows.length;
  for (let i = from; i >= 0 && i < limit; i += step) if (rows.selectable(i)) return i;
  for (let i = from - step; i >= 0 && i < limit; i -= step) if (rows.selectable(i)) return i;
  return -1;
};

const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));

/**
 * Where the cursor is now that the rows may have changed, and which rows are seen.
 * A cursor that leaves the window turns a page: over a slow line that is far cheaper than scrolling by one.
 */
export const viewport = (rows: Rows, cursor: Cursor, top: number, height: number): Viewport => {
  const h = Math.max(1, height);
  const last = rows.length - 1;
  const highest = Math.max(0, rows.length - h);
  if (last < 0) return { index: -1, top: 0, height: h };
  const found = cursor.key === '' ? -1 : rows.indexOf(cursor.key);
  const index = settle(rows, clamp(found >= 0 ? found : cursor.index, 0, last), 1);
  if (index < 0) return { index, top: clamp(top, 0, highest), height: h };
  let t = clamp(top, 0, highest);
  if (index >= t + h) t = index;
  else if (index < t) t = index - h + 1;
  // The first selectable row shows what stands above it, e.g. the title of its section.
  if (settle(rows, 0, 1) === index && index < h) t = 0;
  return { index, top: clamp(t, 0, highest), height: h };
};

/** The cursor after a move by `delta` rows that can be selected; without any, the window moves. */
export const moved = (
  rows: Rows,
  view: Viewport,
  delta: number,
): { cursor: Cursor; top: number } => {
  const highest = Math.max(0, rows.length - view.height);
  if (view.index < 0) {
    const top = clamp(view.top + delta, 0, highest);
    return { cursor: { key: '', index: top }, top };
  }
  const step = delta < 0 ? -1 : 1;
  let index = clamp(view.index + delta, 0, Math.max(0, rows.length - 1));
  index = settle(rows, index, step);
  // Settling may turn back at an end; staying is right then, but never jump the wrong way.
  if ((index - view.index) * step < 0) index = view.index;
  const next = viewport(rows, { key: rows.key(index), index }, view.top, view.height);
  return { cursor: { key: rows.key(index), index }, top: next.top };
};
