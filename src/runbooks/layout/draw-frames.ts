import type { Chart, ChartGroup } from '../chart.ts';
import type { Box, Role } from '../drawing.ts';
import type { BorderGlyph, Canvas } from './canvas.ts';
import { putText } from './draw-node.ts';
import { clipText, columnsOf } from './label-wrap.ts';

/** Draws the borders of all groups; whatever comes later may cross them. */
export const drawFrames = (
  canvas: Canvas,
  chart: Chart,
  frames: ReadonlyMap<string, Box>,
): void => {
  for (const group of chart.groups) {
    const box = frames.get(group.id);
    if (box === undefined) continue;
    const role: Role = { kind: 'group', id: group.id, part: 'border' };
    const [right, bottom] = [box.x + box.width - 1, box.y + box.height - 1];
    const put = (x: number, y: number, glyph: BorderGlyph) =>
      canvas.put({ x, y }, { kind: 'frame', glyph, role });
    for (let x = box.x + 1; x < right; x += 1) {
      put(x, box.y, 'across');
      put(x, bottom, 'across');
    }
    for (let y = box.y + 1; y < bottom; y += 1) {
      put(box.x, y, 'upright');
      put(right, y, 'upright');
    }
    put(box.x, box.y, 'topLeft');
    put(right, box.y, 'topRight');
    put(box.x, bottom, 'bottomLeft');
    put(right, bottom, 'bottomRight');
  }
};

interface Run {
  readonly y: number;
  readonly from: number;
  length: number;
}

/** Stretches of a row in which no line crosses the border. */
const runsOf = (canvas: Canvas, box: Box, y: number): readonly Run[] => {
  const runs: Run[] = [];
  for (let x = box.x + 2; x < box.x + box.width - 2; x += 1) {
    if (canvas.at({ x, y })?.kind !== 'frame') continue;
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.length === x) last.length += 1;
    else runs.push({ y, from: x, length: 1 });
  }
  return runs;
};

/** Writes titles into the upper border, or where lines leave no room there into the lower one, or cut. */
export const drawTitles = (
  canvas: Canvas,
  groups: readonly ChartGroup[],
  frames: ReadonlyMap<string, Box>,
  ellipsis: string,
): void => {
  for (const group of groups) {
    const box = frames.get(group.id);
    if (box === undefined || group.title === '') continue;
    const wanted = columnsOf(group.title) + 2;
    const runs = [box.y, box.y + box.height - 1].flatMap((y) => runsOf(canvas, box, y));
    const run = runs.find((one) => one.length >= wanted) ?? longest(runs);
    if (run === null || run.length < 4) continue;
    const text = clipText(group.title, run.length - 2, ellipsis);
    const role = { kind: 'group', id: group.id, part: 'title' } as const;
    putText(canvas, run.from, run.y, ` ${text} `, role);
  }
};

const longest = (runs: readonly Run[]): Run | null =>
  runs.reduce<Run | null>((most, one) => (one.length > (most?.length ?? 0) ? one : most), null);
