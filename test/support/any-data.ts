import fc from 'fast-check';
import { z } from 'zod';
import type { AnyProbe, Observed } from '../../src/kernel/probe.ts';
import { epochMs, minutes, revision } from '../../src/kernel/units.ts';

/** As far as JSON Schema is used by the schemas of probes. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

// Few, so that facts meet: about the same member, alert or object.
const texts = ['a', 'a', 'b', 'b', 'c', '', '__proto__', 'größer als 1'];
const numbers = [0, 1, 3, 7, 40, 5000, 48_213, 1_300_000_000];

const any = (schema: JsonSchema): fc.Arbitrary<unknown> => {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const one = schema.anyOf ?? schema.oneOf;
  if (one !== undefined) return fc.oneof(...one.map(any));
  if (typeof schema.type === 'object') {
    return fc.oneof(...schema.type.map((type) => any({ ...schema, type })));
  }
  // A check of its own, which JSON Schema has no words for: with us always a number with a unit.
  if (schema.type === undefined) return fc.constantFrom(...numbers);
  switch (schema.type) {
    case 'string':
      return fc.constantFrom(...texts);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'number':
    case 'integer': {
      const least = schema.exclusiveMinimum === undefined ? (schema.minimum ?? -1) : 1;
      return fc.constantFrom(...numbers.filter((n) => n >= least));
    }
    case 'array':
      return schema.prefixItems === undefined
        ? fc.array(any(schema.items ?? {}), { maxLength: 3 })
        : fc.tuple(...schema.prefixItems.map(any));
    case 'object':
      return anyRecord(schema);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
};

const anyRecord = ({ properties, additionalProperties, required }: JsonSchema) => {
  if (properties === undefined) {
    const values = any(typeof additionalProperties === 'object' ? additionalProperties : {});
    return fc.dictionary(fc.constantFrom(...texts), values, { maxKeys: 3, noNullPrototype: true });
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([k, s]) => [k, any(s)]));
  const optional = Object.keys(fields).filter((key) => !required?.includes(key));
  return fc.record(fields, {
    noNullPrototype: true,
    requiredKeys: Object.keys(fields).filter((key) => !optional.includes(key)),
  });
};

/** Anything that the probe's own schema lets through, with few different words in it. */
export const anyData = (probe: AnyProbe): fc.Arbitrary<unknown> =>
  any(z.toJSONSchema(probe.schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema).map(
    (data) => probe.schema.parse(data),
  );

/** Facts of a probe in their order, up to twenty minutes apart, of few scopes. */
export const anyBatch = (
  probe: AnyProbe,
  maxLength = 30,
): fc.Arbitrary<readonly Observed<unknown>[]> =>
  fc
    .array(
      fc.record({
        data: anyData(probe),
        scope: fc.constantFrom('', 'a', 'b'),
        settled: fc.boolean(),
        wait: fc.nat(minutes(20)),
      }),
      { maxLength },
    )
    .map((all) => {
      let at = Date.UTC(2026, 10, 23, 21, 43);
      return all.map(({ wait, ...observed }, i) => {
        at += wait;
        return { ...observed, rev: revision(i + 1), at: epochMs(at) };
      });
    });
