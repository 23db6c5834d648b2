import type { Parameter } from '../parameter.ts';
import type { Plan } from '../plan.ts';
import { fillSlot } from './fill-slot.ts';
import { mapPlan } from './map-plan.ts';
import type { ParameterValue } from './parameter-value.ts';
import { joined, literal } from './template.ts';

/** Values that may stand in a plan, by name. */
export const knownOf = (values: ReadonlyMap<string, ParameterValue>): ReadonlyMap<string, string> =>
  new Map(
    [...values].flatMap(([name, value]) =>
      value.kind === 'known' ? [[name, value.value] as const] : [],
    ),
  );

/** A plan for reading, never to be run: with the values that there are; the others stand as `<name>`. */
export const knownPlan = (plan: Plan, known: ReadonlyMap<string, string>): Plan =>
  mapPlan(plan, (template, slot) => {
    const put = fillSlot(template, slot, known);
    if (put.kind === 'filled') return literal(put.text);
    return joined(
      template.map((part) =>
        part.kind === 'text' ? part : { kind: 'text', text: `<${part.name}>` },
      ),
    );
  });

const placeOf = (parameter: Parameter | undefined): string => {
  const from = parameter?.from.find(({ kind }) => kind !== 'asked');
  switch (from?.kind) {
    case 'label':
      return `the label ${from.name} of the alert`;
    case 'annotation':
      return `the annotation ${from.name} of the alert`;
    case 'world':
      return `what is known of the cluster (${from.key})`;
    default:
      return '';
  }
};

/** In words, where a value that is not there yet comes from, or why the one that is there is not taken. */
export const unknownText = (
  name: string,
  parameter: Parameter | undefined,
  value: ParameterValue | undefined,
): string => {
  if (value?.kind === 'refused') return `<${name}> is not “${value.value}”: ${value.why}`;
  if (value?.kind === 'missing' && value.waitsFor !== '') {
    return `<${name}> is what ${value.waitsFor} brings`;
  }
  const place = placeOf(parameter);
  return place === ''
    ? `<${name}> is asked for`
    : `<${name}> is asked for: ${place} does not tell it`;
};
