import { keyOf, type Slim } from '../../kernel/kind.ts';
import { sliceOf, type World } from '../../kernel/world.ts';
import { type MetricsState, metrics, type Usage } from '../../probes/metrics.ts';
import type { Resources } from '../../probes/pod-resources.ts';
import type { Style } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';
import { byteSize, cpuText, percent } from '../parts/words.ts';

const stateOf = (world: World): MetricsState => sliceOf(world, metrics).state;
const isServed = (world: World): boolean => stateOf(world).served;

/** What an object uses now; null when nobody has measured it. */
export const usageOf = (
  world: World,
  what: 'pods' | 'nodes',
  object: Pick<Slim, 'namespace' | 'name'>,
): Usage | null => stateOf(world)[what].get(keyOf(object)) ?? null;

type Cell<S> = Pick<Extract<Column<S>, { volatile: true }>, 'sort' | 'value' | 'tone'>;

/** Of what there is to use: at nine tenths a container may be killed, or a node evict. */
const toneOf = (part: number, whole: number): Style =>
  whole <= 0 || part < whole * 0.9 ? 'plain' : 'warn';

/**
 * Usage as numbers and as shares of `of`: of what a pod asked for, or of what a node can give.
 * @param short stands behind the percent sign: `R` of requests, `A` of what is allocatable
 */
export const usageColumns = <S extends Slim>(
  what: 'pods' | 'nodes',
  short: string,
  of: (object: S) => Resources,
  judged: (object: S) => Resources,
): readonly Column<S>[] => {
  const shared = {
    align: 'right',
    volatile: true,
    when: isServed,
    from: stateOf,
    largestFirst: true,
  } as const;
  const used = (o: S, world: World, side: keyof Usage) => usageOf(world, what, o)?.[side];
  const amount = (side: keyof Usage, text: (n: number) => string): Cell<S> => ({
    sort: (o, { world }) => -(used(o, world, side) ?? -1),
    value: (o, { world }) => {
      const n = used(o, world, side);
      return n === undefined ? '' : text(n);
    },
    tone: (o, { world }) => toneOf(used(o, world, side) ?? 0, judged(o)[side]),
  });
  const share = (side: keyof Usage): Cell<S> => ({
    sort: (o, { world }) => -((used(o, world, side) ?? 0) / Math.max(1, of(o)[side])),
    value: (o, { world }) => {
      const n = used(o, world, side);
      return n === undefined ? '' : percent(n, of(o)[side]);
    },
  });
  const column = (
    id: string,
    title: string,
    width: number,
    rank: number,
    cell: Cell<S>,
  ): Column<S> => ({ ...shared, ...cell, id, title, min: width, max: width, rank });
  return [
    column('cpu', 'CPU', 6, 3.5, amount('cpu', cpuText)),
    column('memory', 'MEM', 8, 3.6, amount('memory', byteSize)),
    column('cpu.share', `%CPU/${short}`, 6, 7, share('cpu')),
    column('memory.share', `%MEM/${short}`, 6, 7.1, share('memory')),
  ];
};
