import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, readJson } from '../../../../src/adapters/kubernetes/wire/json-reader.ts';
import {
  bool,
  flag,
  inline,
  int,
  intOrString,
  msg,
  msgs,
  quantity,
  quantityMap,
  str,
  strMap,
  strs,
  time,
} from '../../../../src/kernel/shape.ts';
import { objectKinds } from '../../../../src/probes/index.ts';
import { got } from './fixtures.ts';

const fields = {
  text: str(1),
  yes: bool(2),
  said: flag(3),
  number: int(4),
  at: time(5),
  port: intOrString(6),
  many: strs(7),
  map: strMap(8),
  some: strMap(9, ['kept']),
  sizes: quantityMap(10),
  size: quantity(11),
  inner: msg(12, { text: str(1) }),
  list: msgs(13, { text: str(1) }),
  embedded: inline(14, { outside: str(1) }),
} as const;

describe('readJson', () => {
  it.each<[object, object]>([
    [{ text: 'pod', other: { deep: [1] } }, { text: 'pod' }],
    [{ text: '', yes: false, number: 0, many: [], map: {}, list: [] }, {}],
    [{ text: null, yes: null, at: null, inner: null, list: null }, {}],
    [{ said: false }, { said: false }],
    [{ at: '2026-03-20T16:06:24.001999Z' }, { at: 1_774_022_784_001 }],
    [{ at: '2026-03-20T16:06:24Z' }, { at: 1_774_022_784_000 }],
    [{ port: 80 }, { port: '80' }],
    [{ port: 'http' }, { port: 'http' }],
    [
      { size: '1Gi', sizes: { cpu: 2, memory: '1Gi' } },
      { size: '1Gi', sizes: { cpu: '2', memory: '1Gi' } },
    ],
    [
      { map: { a: '' }, some: { kept: '1', other: '2' } },
      { map: { a: '' }, some: { kept: '1' } },
    ],
    [{ some: { other: '2' } }, {}],
    [
      { inner: {}, list: [{}, { text: 'x' }] },
      { inner: {}, list: [{}, { text: 'x' }] },
    ],
    [{ outside: 'o' }, { embedded: { outside: 'o' } }],
  ])('given %j, when read, then it is %j', (json, expected) => {
    // An embedded message is always there; it is left out of the rows above where it is empty.
    expect(got(readJson(fields, json))).toStrictEqual({ embedded: {}, ...expected });
  });

  it('given a key that no plain object holds, when read, then it is left out', () => {
    expect(got(readJson(fields, JSON.parse('{"map":{"__proto__":"x"}}')))).toEqual({
      embedded: {},
    });
  });

  it.each<[unknown, string]>([
    [[], 'object is not an object'],
    ['text', 'object is not an object'],
    [{ text: 1 }, 'text is not text'],
    [{ yes: 'true' }, 'yes is not true or false'],
    [{ number: '1' }, 'number is not a number'],
    [{ at: 'yesterday' }, 'at is not a time'],
    [{ at: 17 }, 'at is not a time'],
    [{ many: 'a' }, 'many is not a list'],
    [{ many: [1] }, 'many has something that is not text'],
    [{ map: ['a'] }, 'map is not an object'],
    [{ map: { a: 1 } }, 'map of a is not text'],
    [{ inner: 1 }, 'inner is not an object'],
    [{ list: [1] }, 'list is not an object'],
  ])('given %j, when read, then the failure is: %s', (json, message) => {
    const result = readJson(fields, json);
    expect(result).toMatchObject({ ok: false, failure: { kind: 'undecodable', message } });
  });

  it('given any JSON, when read as any kind, then it ends in a value or a failure', () => {
    const names = ['metadata', 'spec', 'status', 'containers', 'labels', 'conditions', 'state'];
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constantFrom(null, '', 'x', 0, 7, true, '2026-03-20T16:06:24Z'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, fc.constantFrom(...objectKinds), (value, kind) => {
        const result = readJson(kind.fields, value);
        if (result.ok) kind.schema.parse(kind.slim(result.value));
      }),
      { numRuns: 1000 },
    );
  });

  it('given text that is not JSON, or is nested a million deep, when parsed, then nothing is thrown', () => {
    expect(parseJson('{"a":').ok).toBe(false);
    expect(() => parseJson('['.repeat(1_000_000))).not.toThrow();
  });
});
