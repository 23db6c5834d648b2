import type { Chart } from '../../runbooks/chart.ts';
import type { Drawing, NodeState, Piece } from '../../runbooks/drawing.ts';
import { drawChart } from '../../runbooks/layout/draw-chart.ts';
import { walked } from '../../runbooks/machine/walked.ts';
import { type Line, line, type Span, type Style, span, widthOf } from '../parts/line.ts';
import type { Walking } from './situation.ts';

/** Laid out once for each width: a run only changes signs. */
const drawn = new WeakMap<Chart, Map<string, Drawing>>();

/** Widths a terminal has while somebody pulls at its edge. */
const drawingsKept = 8;

export const drawingOf = (chart: Chart, width: number, ascii: boolean): Drawing => {
  const mine = drawn.get(chart) ?? new Map<string, Drawing>();
  drawn.set(chart, mine);
  const key = `${width}/${ascii}`;
  const had = mine.get(key);
  if (had !== undefined) return had;
  const made = drawChart(chart, { width, ascii });
  if (mine.size >= drawingsKept) mine.clear();
  mine.set(key, made);
  return made;
};

/** Narrower labels are hard to read, and more nodes are no picture any more. */
const narrowestWrap = 20;
const nodesMost = 30;

/** Whether a chart says more in this room than a list of its steps. */
export const isReadable = (
  drawing: Drawing,
  chart: Chart,
  width: number,
  height: number,
): boolean =>
  drawing.width <= width &&
  drawing.wrap >= narrowestWrap &&
  drawing.height <= Math.max(2 * height, 60) &&
  chart.nodes.length <= nodesMost;

export const statesOf = ({ run, book, current }: Walking): ReadonlyMap<string, NodeState> =>
  run === null
    ? new Map()
    : new Map(
        [...walked(run, book.runbook.chart).steps].map(([id, { mark }]) => [
          id,
          mark === 'current' && current !== null && current.visit.timer !== null ? 'waiting' : mark,
        ]),
      );

export const takenBy = ({ run, book }: Walking): ReadonlySet<number> =>
  run === null ? new Set() : walked(run, book.runbook.chart).edges;

const stateStyle: Readonly<Record<NodeState, Style>> = {
  open: 'plain',
  done: 'good',
  current: 'title',
  failed: 'bad',
  skipped: 'dim',
  waiting: 'here',
};

/** How a piece of a chart or a rail is painted. */
export const styleOf = (
  { role }: Piece,
  states: ReadonlyMap<string, NodeState>,
  taken: ReadonlySet<number>,
  looked: string,
): Style => {
  if (role.kind === 'node') {
    if (role.id === looked) return 'here';
    const state = states.get(role.id) ?? 'open';
    return role.part === 'label' && state === 'done' ? 'plain' : stateStyle[state];
  }
  if (role.kind === 'edge') {
    if (role.part === 'label') return 'plain';
    return role.edges.some((e) => taken.has(e)) ? 'good' : 'dim';
  }
  return 'dim';
};

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns `from` to `from + width` of a line; of a wide glyph that is cut in half, a space is left. */
const window = (spans: readonly Span[], from: number, width: number): Line => {
  const out: Span[] = [];
  let x = 0;
  for (const { text, style } of spans) {
    let kept = '';
    for (const { segment } of segments.segment(text)) {
      const w = widthOf(segment);
      const inside = Math.max(0, Math.min(x + w, from + width) - Math.max(x, from));
      kept += inside === w ? segment : ' '.repeat(inside);
      x += w;
    }
    if (kept !== '') out.push(span(kept, style));
  }
  return out;
};

/** Where to begin so that what matters is seen, near the middle. */
const beginning = (at: number, size: number, room: number, whole: number): number =>
  Math.max(0, Math.min(whole - room, at + Math.floor(size / 2) - Math.floor(room / 2)));

/** The chart with the state of its steps in it, cropped to the room; the step that is looked at is in view. */
export const chartPane = (
  drawing: Drawing,
  at: Walking,
  width: number,
  height: number,
): readonly Line[] => {
  const states = statesOf(at);
  const taken = takenBy(at);
  const looked = at.looked?.id ?? '';
  const box = drawing.boxes.get(looked);
  const x = box === undefined ? 0 : beginning(box.x, box.width, width, drawing.width);
  const y = box === undefined ? 0 : beginning(box.y, box.height, height, drawing.height);
  return drawing
    .rows(states, taken)
    .slice(y, y + height)
    .map((pieces) =>
      line(
        window(
          pieces.map((p) => span(p.text, styleOf(p, states, taken, looked))),
          x,
          width,
        ),
      ),
    );
};
