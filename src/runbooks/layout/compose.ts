import type { Chart, Direction } from '../chart.ts';
import type { Box, Role } from '../drawing.ts';
import {
  type Arm,
  addArm,
  armTo,
  Canvas,
  opposite,
  type Spot,
  strandOf,
  turnOf,
} from './canvas.ts';
import type { Channel, Route } from './channel.ts';
import { drawFrames } from './draw-frames.ts';
import { drawNode, putText } from './draw-node.ts';
import type { Chain, Item, Layering, Pin } from './item.ts';
import { columnsOf } from './label-wrap.ts';
import type { Stations } from './stations.ts';

/** Everything that has been decided about a chart. */
export interface Arrangement {
  readonly chart: Chart;
  readonly direction: Direction;
  readonly ascii: boolean;
  readonly layering: Layering;
  readonly channels: readonly Channel[];
  readonly stations: Stations;
  /** Borders of frames, across. */
  readonly borders: ReadonlyMap<string, readonly [number, number]>;
  readonly across: number;
}

export interface Composition {
  readonly canvas: Canvas;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly frames: ReadonlyMap<string, Box>;
}

interface Step {
  readonly across: number;
  readonly along: number;
  /** Strands of one owner join; those of two may only cross. */
  readonly owner: number;
}

/** Cells from the end of the upper item to the beginning of the lower one, both borders included. */
class Walk {
  readonly steps: Step[] = [];

  go(across: number, along: number, owner: number): void {
    const last = this.steps.at(-1);
    if (last === undefined) {
      this.steps.push({ across, along, owner });
      return;
    }
    let { across: c, along: m } = last;
    while (c !== across || m !== along) {
      if (m !== along) m += Math.sign(along - m);
      else c += Math.sign(across - c);
      this.steps.push({ across: c, along: m, owner });
    }
  }
}

const endAlong = (item: Item, pin: Pin, stations: Stations): number => {
  const start = stations.starts[item.layer] ?? 0;
  if (item.kind === 'port') {
    const frame = stations.frames.get(item.id);
    return (pin.side === 'before' ? frame?.begin : frame?.end) ?? start;
  }
  return pin.side === 'before' ? start : start + item.length - 1;
};

const walkOf = (
  chain: Chain,
  routes: ReadonlyMap<string, Route>,
  nets: readonly number[],
  stations: Stations,
  own: number,
): readonly Step[] => {
  const walk = new Walk();
  const last = chain.items.length - 1;
  const { items } = chain;
  for (const [i, item] of items.entries()) {
    if (i === last) break;
    const { layer } = item;
    const route = routes.get(`${layer} ${chain.edge}`);
    const net = (nets[layer] ?? 0) + (route?.net ?? 0);
    const next = items[i + 1] ?? item;
    const from = item.at + (i === 0 ? chain.from.offset : 0);
    const to = next.at + (i + 1 === last ? chain.to.offset : 0);
    if (i === 0) walk.go(from, endAlong(item, chain.from, stations), net);
    else if (item.length + (stations.lengths[layer] ?? 0) > 0)
      walk.go(from, (stations.starts[layer] ?? 0) + (stations.lengths[layer] ?? 0) - 1, own);
    const begin = stations.tracks[layer] ?? 0;
    if (route !== undefined && route.track >= 0) {
      walk.go(from, begin + route.track * stations.pitch, net);
      walk.go(route.turn, begin + route.track * stations.pitch, net);
      walk.go(route.turn, begin + route.second * stations.pitch, net);
      walk.go(to, begin + route.second * stations.pitch, net);
    }
    const goal =
      i + 1 === last ? endAlong(next, chain.to, stations) : (stations.starts[next.layer] ?? 0) - 1;
    const here = walk.steps.at(-1)?.along ?? 0;
    if (goal > here) walk.go(to, goal, net);
  }
  return walk.steps;
};

export const compose = (given: Arrangement): Composition => {
  const { chart, layering, channels, stations } = given;
  const turn = turnOf(given.direction, given.across, stations.total);
  const canvas = new Canvas(turn.width, turn.height);
  const spotOf = (step: Step): Spot => turn.spot(step.across, step.along);
  const boxes = new Map<string, Box>();
  const sideways = given.direction === 'LR' || given.direction === 'RL';
  const boxOf = (across: readonly [number, number], along: readonly [number, number]): Box => {
    const [a, b] = [turn.spot(across[0], along[0]), turn.spot(across[1], along[1])];
    return {
      x: Math.min(a.x, b.x),
      y: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x) + 1,
      height: Math.abs(a.y - b.y) + 1,
    };
  };

  const frames = new Map<string, Box>();
  for (const [id, frame] of stations.frames) {
    const across = given.borders.get(id);
    if (across !== undefined) frames.set(id, boxOf(across, [frame.begin, frame.end]));
  }
  drawFrames(canvas, chart, frames);

  for (const item of layering.layers.flat()) {
    if (item.face === null) continue;
    const start = stations.starts[item.layer] ?? 0;
    const box = boxOf(
      [item.at - item.before, item.at + item.after],
      [start, start + item.length - 1],
    );
    boxes.set(item.id, box);
    drawNode(canvas, item.id, item.face, box.x, box.y);
  }

  const routes = new Map(
    channels.flatMap((channel, layer) =>
      channel.routes.map((route): [string, Route] => [`${layer} ${route.wire.edge}`, route]),
    ),
  );
  const nets: number[] = [];
  let owners = 0;
  for (const channel of channels) {
    nets.push(owners);
    owners += channel.routes.length + 1;
  }
  const pins = new Map<Pin, ReturnType<typeof strandOf>>();
  const tops: (() => void)[] = [];
  const roles = new Map<string, Role>();
  const roleOf = (edges: readonly number[], part: 'line' | 'head'): Role => {
    const key = `${part} ${edges.join(' ')}`;
    const known = roles.get(key);
    if (known !== undefined) return known;
    const role: Role = { kind: 'edge', edges: [...new Set(edges)].sort((a, b) => a - b), part };
    roles.set(key, role);
    return role;
  };

  for (const chain of layering.chains) {
    const edge = chart.edges[chain.edge];
    if (edge === undefined) continue;
    owners += 1;
    const steps = walkOf(chain, routes, nets, stations, owners);
    const spots = steps.map(spotOf);
    const alone = [chain.edge] as const;
    const touch = (item: Item, pin: Pin, at: Spot, arm: Arm): void => {
      const strand = pins.get(pin) ?? strandOf(0, pin.stroke);
      addArm(strand, arm, alone);
      pins.set(pin, strand);
      if (pin.side === 'before' && pin.end !== 'none') return;
      if (pin.side === 'after' && pin.end !== 'none') return;
      if (item.kind === 'node') {
        // The slanted sides of a decision have no room for a junction.
        const there = canvas.at(at);
        if (item.face?.shape === 'decision' && there?.kind === 'border' && sideways) return;
        const role: Role = { kind: 'node', id: item.id, part: 'border' };
        tops.push(() =>
          canvas.put(at, {
            kind: 'border',
            node: item.id,
            part: { kind: 'pin', arm, strand },
            role,
          }),
        );
      } else
        tops.push(() =>
          canvas.put(at, { kind: 'gate', strand, arm, role: roleOf(strand.arms[arm], 'line') }),
        );
    };
    for (const [i, step] of steps.entries()) {
      const next = steps[i + 1];
      if (next === undefined) break;
      const a = spots[i];
      const b = spots[i + 1];
      if (a === undefined || b === undefined) break;
      const arm = armTo(a, b);
      if (i === 0) touch(chain.items[0] as Item, chain.from, a, arm);
      else addArm(canvas.strand(a, step.owner, edge.stroke), arm, alone);
      if (i + 1 === steps.length - 1) touch(chain.items.at(-1) as Item, chain.to, b, opposite[arm]);
      else addArm(canvas.strand(b, next.owner, edge.stroke), opposite[arm], alone);
    }
    const head = (pin: Pin, at: Step | undefined, from: Step | undefined): void => {
      if (pin.end === 'none' || at === undefined || from === undefined) return;
      const arm = armTo(spotOf(from), spotOf(at));
      const spot = spotOf(at);
      const { end } = pin;
      canvas.put(spot, { kind: 'head', end, arm, role: roleOf(pin.edges, 'head') });
    };
    head(chain.to, steps.at(-2), steps.at(-3) ?? steps[0]);
    head(chain.from, steps[1], steps[2] ?? steps.at(-1));
    labelOf(chain, given, canvas, (across, along) => turn.spot(across, along), sideways);
  }
  canvas.settleLines((edges) => roleOf(edges, 'line'));
  for (const top of tops) top();
  return { canvas, boxes, frames };
};

/** Writes the label of an edge over its line. */
const labelOf = (
  chain: Chain,
  given: Arrangement,
  canvas: Canvas,
  spot: (across: number, along: number) => Spot,
  sideways: boolean,
): void => {
  const item = chain.items.find((one) => one.label.length > 0);
  if (item === undefined) return;
  const role: Role = { kind: 'edge', edges: [chain.edge], part: 'label' };
  const start = given.stations.starts[item.layer] ?? 0;
  const a = spot(item.at, start);
  const b = spot(item.at, start + item.length - 1);
  const [x, y] = [Math.min(a.x, b.x) + (given.direction === 'LR' ? 1 : 0), Math.min(a.y, b.y)];
  for (const [i, text] of item.label.entries()) {
    const columns = columnsOf(text);
    if (sideways) {
      const middle = Math.floor(item.label.length / 2);
      const padded =
        i === middle ? ` ${text.padEnd(text.length + item.length - 3 - columns)} ` : text;
      putText(canvas, i === middle ? x : x + 1, y + i - middle, padded, role);
    } else putText(canvas, x - Math.floor(columns / 2), y + i, text, role);
  }
};
