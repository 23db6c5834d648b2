import { z } from 'zod';
import { probeId } from '../kernel/fact.ts';
import {
  type AnyKind,
  keyOf,
  type ObjectData,
  type ObjectKind,
  type Slim,
} from '../kernel/kind.ts';
import { noteStep, StepDraft } from '../kernel/lineage.ts';
import type { Change, Probe } from '../kernel/probe.ts';
import { minutes } from '../kernel/units.ts';

export type Objects<S> = ReadonlyMap<string, S>;
export type ObjectProbe<S extends Slim> = Probe<ObjectData<S>, Objects<S>> & {
  readonly kind: ObjectKind<S>;
};

/** A quiet watch says so about once a minute (bookmarks); two missed ones are worth a word. */
const patience = minutes(2.5);

/** The probe that watches a built-in kind: its slice is every object by `namespace/name`. */
export const objectProbe = <S extends Slim>(
  kind: ObjectKind<S, never> | AnyKind,
): ObjectProbe<S> => {
  const id = probeId(kind.ref.resource);
  return {
    id,
    kind: kind as ObjectKind<S>,
    title: kind.ref.resource,
    patience,
    schema: z.union([
      z.object({ put: kind.schema as z.ZodType<S> }),
      z.object({ del: z.string() }),
    ]),
    empty: new Map(),
    fold: (state, batch) => {
      const next = new Map(state);
      const step = new StepDraft();
      const changes: Change[] = [];
      for (const { rev, at, data, settled } of batch) {
        const key = 'put' in data ? keyOf(data.put) : data.del;
        const before = next.get(key);
        const after = 'put' in data ? data.put : undefined;
        if (after === undefined) {
          next.delete(key);
          step.delete(key);
        } else {
          next.set(key, after);
          step.set(key);
        }
        // What is deleted twice, or before it was seen, is no news.
        if (!settled || (before === undefined && after === undefined)) continue;
        const change = (kind as ObjectKind<S>).change(before, after);
        if (change !== null) changes.push({ rev, at, probe: id, key, ...change });
      }
      noteStep(state, next, step);
      return { state: next, changes };
    },
    save: (state) => [...state.values()],
    load: (saved) => new Map((saved as S[]).map((object) => [keyOf(object), object])),
    observe: (ports, emit, signal) =>
      ports.kubernetes.watch(kind.ref.resource, (s) => emit(s as never), signal),
  };
};
