import type { Plan } from '../plan.ts';
import { fillSlot } from './fill-slot.ts';
import { mapPlan, type Slot } from './map-plan.ts';
import { literal } from './template.ts';

export type FilledPlan =
  /** No parameter is left in it. */
  | { readonly kind: 'filled'; readonly plan: Plan }
  /** Values that are not there yet, by name, and values that must not go where they should. */
  | {
      readonly kind: 'open';
      readonly missing: readonly string[];
      readonly refused: readonly {
        readonly name: string;
        readonly slot: Slot;
        readonly why: string;
      }[];
    };

/** A plan with values in it. Pure; a value that does not fit is told, never bent. */
export const fillPlan = (plan: Plan, values: ReadonlyMap<string, string>): FilledPlan => {
  const missing = new Set<string>();
  const refused: { name: string; slot: Slot; why: string }[] = [];
  const filled = mapPlan(plan, (template, slot) => {
    const all = template.flatMap((part) => (part.kind === 'parameter' ? [part.name] : []));
    for (const name of all) if (!values.has(name)) missing.add(name);
    const put = fillSlot(template, slot, values);
    if (put.kind === 'filled') return literal(put.text);
    if (put.kind === 'refused') refused.push({ name: put.name, slot, why: put.why });
    return template;
  });
  return missing.size === 0 && refused.length === 0
    ? { kind: 'filled', plan: filled }
    : { kind: 'open', missing: [...missing], refused };
};
