import fc from 'fast-check';
import { type Entry, type Fact, probeId } from '../../src/kernel/fact.ts';
import { failureKinds } from '../../src/kernel/failure.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';

const said = {
  probe: fc.constantFrom('toys', 'toys', 'games', 'unknown').map(probeId),
  scope: fc.constantFrom('', '', 'a', 'b'),
};
const key = fc.constantFrom('x', 'y', 'z');
const data = fc.oneof(
  { weight: 3, arbitrary: fc.record({ put: key, value: fc.integer({ min: 0, max: 9 }) }) },
  fc.record({ del: key }),
);

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('observed' as const), ...said, data }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('synced' as const), ...said }) },
  fc.record({ kind: fc.constant('heard' as const), ...said }),
  fc.record({ kind: fc.constant('gap' as const), ...said, why: fc.constantFrom('late', 'lost') }),
  fc.record({
    kind: fc.constant('failed' as const),
    ...said,
    failure: fc.record({
      kind: fc.constantFrom(...failureKinds),
      op: fc.constant('watch toys'),
      message: fc.constantFrom('no route', 'denied'),
    }),
  }),
  fc.record({ kind: fc.constant('mark' as const), label: fc.constantFrom('here', 'there') }),
  fc.record({
    kind: fc.constant('opened' as const),
    cluster: fc.constantFrom('prod', 'stage'),
    context: fc.constant('c'),
    by: fc.constant('ops'),
  }),
);

/** Facts of the probes `toys` and `games`, of a probe that is not known, and of no probe. */
export const anyFacts = (maxLength = 60): fc.Arbitrary<readonly Fact[]> =>
  fc.array(anyFact, { maxLength });

/** Entries from revision 1 on, `step` milliseconds apart. */
export const entriesOf = (
  facts: readonly Fact[],
  start = Date.UTC(2026, 10, 23, 21, 43),
  step = 700,
): readonly Entry[] =>
  facts.map((fact, i) => ({ rev: revision(i + 1), at: epochMs(start + i * step), fact }));
