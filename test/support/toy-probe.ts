import { z } from 'zod';
import { probeId } from '../../src/kernel/fact.ts';
import type { Change, Probe } from '../../src/kernel/probe.ts';
import { minutes } from '../../src/kernel/units.ts';

export type ToyData = { readonly put: string; readonly value: number } | { readonly del: string };

export type ToyProbe = Probe<ToyData, ReadonlyMap<string, number>>;

/**
 * A probe small enough to see through: numbers by name. A rise is good, a fall is bad, anything else is a remark,
 * and a value that does not change is no change.
 */
export const toyProbe = (
  name = 'toys',
  observe: ToyProbe['observe'] = async () => undefined,
): ToyProbe => ({
  id: probeId(name),
  title: name,
  patience: minutes(1),
  schema: z.union([
    z.object({ put: z.string(), value: z.number() }),
    z.object({ del: z.string() }),
  ]),
  empty: new Map(),
  fold: (state, batch) => {
    const next = new Map(state);
    const changes: Change[] = [];
    for (const { rev, at, data, settled } of batch) {
      const key = 'put' in data ? data.put : data.del;
      const before = next.get(key);
      const after = 'put' in data ? data.value : undefined;
      if (after === undefined) next.delete(key);
      else next.set(key, after);
      if (!settled || before === after) continue;
      const tone =
        before === undefined || after === undefined ? 'info' : after > before ? 'good' : 'bad';
      const text = `${before ?? 'nothing'} → ${after ?? 'nothing'}`;
      changes.push({ rev, at, probe: probeId(name), key, tone, text });
    }
    return { state: next, changes };
  },
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, number][]),
  observe,
});
