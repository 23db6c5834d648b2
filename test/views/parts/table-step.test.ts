import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepTo } from '../../../src/kernel/lineage.ts';
import { emptyWorld } from '../../../src/kernel/world.ts';
import { type Pod, pods } from '../../../src/probes/pods.ts';
import { matcherOf } from '../../../src/views/filter.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { type Choice, type Chosen, choose, rowMaker } from '../../../src/views/parts/table-rows.ts';
import { chooseAgain } from '../../../src/views/parts/table-step.ts';
import { podTable } from '../../../src/views/resources/pods.ts';
import { batchesOf, foldSteps, type ObjectStep } from '../../support/object-steps.ts';
import { now, pod } from '../../support/objects.ts';

const context = { world: emptyWorld, now, glyphs: unicodeGlyphs };

const anyStep: fc.Arbitrary<ObjectStep<Pod>> = fc
  .record({
    n: fc.integer({ min: 0, max: 30 }),
    kept: fc.boolean(),
    restarts: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom('Running', 'CrashLoopBackOff', 'Pending'),
    node: fc.constantFrom('', 'worker-1', 'a-node-with-a-long-name'),
  })
  .map(({ n, kept, ...over }) => {
    const [namespace, name] = [`team-${n % 3}`, `app-${n}`];
    return kept ? { put: pod(name, { namespace, ...over }) } : { del: `${namespace}/${name}` };
  });

const anyChoice: fc.Arbitrary<Choice<Pod>> = fc
  .record({
    column: fc.constantFrom('namespace', 'status', 'restarts', 'node', 'ready'),
    descending: fc.boolean(),
    faults: fc.boolean(),
    wide: fc.boolean(),
    filter: fc.constantFrom('', 'app-1', '!Running', 'long'),
    namespace: fc.constantFrom('', 'team-1'),
  })
  .map(({ column, descending, filter, namespace, ...rest }) => ({
    ...rest,
    sort: {
      column: podTable.columns.find((c) => c.id === column) as Choice<Pod>['sort']['column'],
      descending,
    },
    matcher: matcherOf(filter),
    belongs: (object) => namespace === '' || object.namespace === namespace,
  }));

const told = (chosen: Chosen<Pod>) => ({
  rows: chosen.rows.map((row) => [row.key, row.object]),
  order: chosen.order,
  total: chosen.total,
  natural: [...chosen.natural],
  places: chosen.rows.map((row) => chosen.indexOf(row.key)),
});

describe('a table of objects that change', () => {
  it('given any changes, when the rows are chosen from those before, then they are the ones chosen anew', () => {
    fc.assert(
      fc.property(batchesOf(anyStep), anyChoice, (batches, choice) => {
        const make = rowMaker(podTable);
        let objects = pods.empty;
        let chosen = choose(podTable, make, objects, choice, context);
        for (const batch of batches) {
          const next = foldSteps(pods, objects, batch);
          const born = stepTo(next);
          if (born === null) throw new Error('a fold tells what it did');
          expect(born.from).toBe(objects);
          chosen = chooseAgain(podTable, make, chosen, { ...born, to: next }, choice, context);
          objects = next;
          const anew = choose(podTable, rowMaker(podTable), objects, choice, context);
          expect(told(chosen)).toEqual(told(anew));
          expect(chosen.indexOf('team-9/nobody')).toBe(-1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
