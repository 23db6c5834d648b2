import fc from 'fast-check';
import type {
  Chart,
  ChartEdge,
  ChartNode,
  Direction,
  NodeShape,
} from '../../../src/runbooks/chart.ts';

const words = [
  'Check',
  'pods',
  '磁盘',
  'é́tat',
  'etcd_disk_quota_exceeded',
  '👩‍🚒',
  'of',
  'x',
  '한국어',
];
const shapes: readonly NodeShape[] = ['box', 'round', 'decision', 'subroutine', 'store'];

const anyLabel = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(' '));

const often = <T>(usual: T, ...rare: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  );

const anyEdge = (ends: readonly string[]): fc.Arbitrary<ChartEdge> =>
  fc.record({
    from: fc.constantFrom(...ends),
    to: fc.constantFrom(...ends),
    label: fc.oneof(
      fc.constant(''),
      fc.constant(''),
      fc.constantFrom('yes', 'no', '是', '< 3 tries, then stop it'),
    ),
    stroke: often<ChartEdge['stroke']>('solid', 'dotted', 'thick', 'invisible'),
    head: often<ChartEdge['head']>('arrow', 'none', 'circle', 'cross'),
    tail: often<ChartEdge['tail']>('none', 'arrow', 'circle', 'cross'),
    line: fc.constant(1),
  });

/** Charts with 1 to 40 nodes, edges between any of them, and groups in groups. */
export const anyChart = (directions: readonly Direction[]): fc.Arbitrary<Chart> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 4 }),
      fc.double({ min: 0, max: 1.4, noNaN: true }),
    )
    .chain(([count, groupCount, density]) => {
      const groupIds = Array.from({ length: groupCount }, (_, i) => `g${i}`);
      const ids = Array.from({ length: count }, (_, i) => `n${i}`);
      const ends = [...ids, ...ids, ...ids, ...groupIds];
      const edgeCount = Math.round(count * density);
      return fc.record({
        direction: fc.constantFrom(...directions),
        nodes: fc.tuple(
          ...ids.map((id) =>
            fc.record({
              id: fc.constant(id),
              label: anyLabel.map((text): readonly string[] => [text]),
              shape: fc.constantFrom(...shapes),
              group: fc.constantFrom('', '', ...groupIds),
              line: fc.constant(1),
            }),
          ),
        ) as fc.Arbitrary<readonly ChartNode[]>,
        edges: fc.array(anyEdge(ends), { minLength: edgeCount, maxLength: edgeCount }),
        groups: fc.tuple(
          ...groupIds.map((id, i) =>
            fc.record({
              id: fc.constant(id),
              title: anyLabel,
              parent: fc.constantFrom('', ...groupIds.slice(0, i)),
              direction: fc.constant(null),
              line: fc.constant(1),
            }),
          ),
        ),
      });
    });
