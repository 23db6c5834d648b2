import fc from 'fast-check';
import type { Slim } from '../../src/kernel/kind.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import type { ObjectProbe, Objects } from '../../src/probes/object-probe.ts';

/** Something that happens to an object: it is put, or it is gone. */
export type ObjectStep<S> = { readonly put: S } | { readonly del: string };

/** Batches of steps, as they are folded one after the other. */
export const batchesOf = <S>(step: fc.Arbitrary<ObjectStep<S>>): fc.Arbitrary<ObjectStep<S>[][]> =>
  fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });

export const foldSteps = <S extends Slim>(
  probe: ObjectProbe<S>,
  state: Objects<S>,
  steps: readonly ObjectStep<S>[],
): Objects<S> =>
  probe.fold(
    state,
    steps.map((data, i) => ({
      rev: revision(i + 1),
      at: epochMs(0),
      scope: '',
      data,
      settled: false,
    })),
  ).state;
