import type { Chart, Direction } from '../chart.ts';
import type { Box, Drawing } from '../drawing.ts';
import { flowOf } from './flow.ts';

/** Where the arrow keys lead from a node; null where they lead nowhere. */
export interface Keys {
  readonly up: string | null;
  readonly down: string | null;
  readonly left: string | null;
  readonly right: string | null;
}

type Key = keyof Keys;

interface Turned {
  readonly back: Key;
  readonly on: Key;
  readonly less: Key;
  readonly more: Key;
}

const turned: Readonly<Record<Direction, Turned>> = {
  TB: { back: 'up', on: 'down', less: 'left', more: 'right' },
  BT: { back: 'down', on: 'up', less: 'left', more: 'right' },
  LR: { back: 'left', on: 'right', less: 'up', more: 'down' },
  RL: { back: 'right', on: 'left', less: 'up', more: 'down' },
};

/**
 * Walking by arrow keys, as it is drawn: in a chart that runs down, up is where one came from, down the next step (the
 * first that is told, of several), left and right change between branches of the same step.
 */
export const walkKeys = (
  chart: Chart,
  drawing: Pick<Drawing, 'boxes' | 'direction'>,
): ReadonlyMap<string, Keys> => {
  const flow = flowOf(chart);
  const hops = flow.hops.filter((hop) => hop.from !== hop.to);
  const onwards = (back: boolean) => hops.filter((hop) => flow.backHops.has(hop) === back);
  // Retries come last: they are taken where there is no other way.
  const ways = [...onwards(false), ...onwards(true)];
  const out = Map.groupBy(ways, (hop) => hop.from);
  const into = Map.groupBy(ways, (hop) => hop.to);
  const turn = turned[drawing.direction];
  const sideways = drawing.direction === 'LR' || drawing.direction === 'RL';
  const middle = ({ x, y, width, height }: Box): number =>
    sideways ? 2 * y + height : 2 * x + width;
  const placeOf = (id: string): number => {
    const box = drawing.boxes.get(id);
    return box === undefined ? 0 : middle(box);
  };
  return new Map(
    flow.nodes.map(({ id }): [string, Keys] => {
      const before = into.get(id) ?? [];
      const forward = before.filter((hop) => !flow.backHops.has(hop));
      const beside = [...new Set(forward.flatMap((hop) => out.get(hop.from) ?? []))]
        .filter((hop) => !flow.backHops.has(hop))
        .map((hop) => hop.to);
      const own = placeOf(id);
      const row = [...new Set(beside)]
        .filter((other) => other !== id)
        .sort((a, b) => placeOf(a) - placeOf(b));
      const keys: Record<Key, string | null> = { up: null, down: null, left: null, right: null };
      keys[turn.back] = before[0]?.from ?? null;
      keys[turn.on] = out.get(id)?.[0]?.to ?? null;
      keys[turn.less] = row.findLast((other) => placeOf(other) < own) ?? null;
      keys[turn.more] = row.find((other) => placeOf(other) > own) ?? null;
      return [id, keys];
    }),
  );
};
