import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProtobuf } from '../../../../src/adapters/kubernetes/wire/protobuf-reader.ts';
import {
  bool,
  flag,
  int,
  intOrString,
  msg,
  msgs,
  quantityMap,
  str,
  strMap,
  strs,
  time,
} from '../../../../src/kernel/shape.ts';
import { objectKinds } from '../../../../src/probes/index.ts';
import { podFields } from '../../../../src/probes/pod-fields.ts';
import { got, protobufItems } from './fixtures.ts';

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
  inner: msg(11, { text: str(1) }),
  list: msgs(12, { text: str(1) }),
} as const;

const read = (...bytes: readonly number[]) => readProtobuf(fields, Uint8Array.from(bytes));
const value = (...bytes: readonly number[]) => got(read(...bytes));
const text = (s: string) => [...Buffer.from(s)];
const delimited = (number: number, inner: readonly number[]) => [
  number * 8 + 2,
  inner.length,
  ...inner,
];
const why = (...bytes: readonly number[]): string => {
  const result = read(...bytes);
  return result.ok ? 'ok' : `${result.failure.kind}: ${result.failure.message}`;
};

describe('readProtobuf', () => {
  it.each<[string, readonly number[], object]>([
    ['text', delimited(1, text('pod')), { text: 'pod' }],
    ['empty text', delimited(1, []), {}],
    ['text that is not ASCII', delimited(1, text('é→😀')), { text: 'é→😀' }],
    ['text that is not UTF-8', delimited(1, [0xff, 0x41]), { text: '\ufffdA' }],
    ['true', [16, 1], { yes: true }],
    ['false', [16, 0], {}],
    ['false where it is not nothing', [24, 0], { said: false }],
    ['a number', [32, 0xac, 0x02], { number: 300 }],
    ['zero', [32, 0], {}],
    ['a negative number', [32, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], { number: -1 }],
    [
      'the largest exact number',
      [32, 255, 255, 255, 255, 255, 255, 255, 15],
      { number: 2 ** 53 - 1 },
    ],
    [
      'a time',
      delimited(5, [8, 0x80, 0xe1, 0xb5, 0xce, 0x06, 16, 0xbf, 0x84, 0x3d]),
      { at: 1_775_071_360_000 },
    ],
    ['no time', delimited(5, []), {}],
    ['a port by number', delimited(6, [8, 0, 16, 80, 26, 0]), { port: '80' }],
    [
      'a port by name',
      delimited(6, [8, 1, 16, 0, ...delimited(3, text('http'))]),
      { port: 'http' },
    ],
    ['texts', [...delimited(7, text('a')), ...delimited(7, text('b'))], { many: ['a', 'b'] }],
    ['a map', delimited(8, [...delimited(1, text('k')), ...delimited(2, [])]), { map: { k: '' } }],
    [
      'a key that no plain object holds',
      delimited(8, [...delimited(1, text('__proto__')), ...delimited(2, text('x'))]),
      {},
    ],
    [
      'one key of a map',
      [
        ...delimited(9, [...delimited(1, text('kept')), ...delimited(2, text('1'))]),
        ...delimited(9, [...delimited(1, text('other')), ...delimited(2, text('2'))]),
      ],
      { some: { kept: '1' } },
    ],
    [
      'quantities',
      delimited(10, [...delimited(1, text('cpu')), ...delimited(2, delimited(1, text('1')))]),
      { sizes: { cpu: '1' } },
    ],
    ['a message', delimited(11, delimited(1, text('x'))), { inner: { text: 'x' } }],
    ['an empty message', delimited(11, []), { inner: {} }],
    [
      'messages',
      [...delimited(12, []), ...delimited(12, delimited(1, text('x')))],
      { list: [{}, { text: 'x' }] },
    ],
    [
      'unknown fields of every type',
      [
        ...[0xa0, 0x06, 0x80, 0x01],
        ...[0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8],
        ...[0xa2, 0x06, 2, 9, 9],
        ...[0xa5, 0x06, 1, 2, 3, 4],
        ...delimited(1, text('pod')),
      ],
      { text: 'pod' },
    ],
  ])('given %s, when read, then it is that', (_, bytes, expected) => {
    expect(value(...bytes)).toStrictEqual(expected);
  });

  it.each<[string, readonly number[], RegExp]>([
    ['a length beyond the end', [10, 200, 1, 65], /claims 200 bytes where 1 are left/],
    ['a length of 2^63', [10, 255, 255, 255, 255, 255, 255, 255, 255, 127], /claims/],
    ['a negative length', [10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], /claims -1 bytes/],
    [
      'a number that never ends',
      [32, ...Array.from({ length: 40 }, () => 0x80)],
      /longer than 64 bits/,
    ],
    ['an end inside a number', [32, 0x80], /ends inside a number/],
    ['an end inside a fixed field', [0xa1, 0x06, 1, 2], /ends inside a field/],
    ['a number where text is expected', [8, 1], /text has wire type 0 instead of 2/],
    ['text where a number is expected', delimited(4, [1]), /number has wire type 2 instead of 0/],
    ['a group', [0xa3, 0x06], /unknown wire type 3/],
    ['field number zero', [0, 1], /no field has number 0/],
    ['an inner message that reaches beyond itself', delimited(11, [10, 5, 65]), /claims 5 bytes/],
    ['a map entry that reaches beyond itself', delimited(8, [10, 9]), /claims 9 bytes/],
  ])('given %s, when read, then it is a failure that says so', (_, bytes, message) => {
    expect(why(...bytes)).toMatch(message);
    expect(why(...bytes)).toMatch(/^undecodable/);
  });

  it('given a span of a larger buffer, when read, then nothing outside of it is', () => {
    const bytes = Uint8Array.from([
      9,
      9,
      ...delimited(1, text('in')),
      ...delimited(1, text('out')),
    ]);
    expect(got(readProtobuf(fields, bytes, 2, 6))).toEqual({ text: 'in' });
  });

  it('given repeated short texts, when read again and again, then each is right', () => {
    // At most 127 bytes each, so that a length is one byte.
    const texts = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.string({ unit: fc.constantFrom('a', '/', 'é', '→', '😀', '\ud800'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 30 }), (once) => {
        const all = [...once, ...once];
        const bytes = Buffer.concat(all.map((s) => Buffer.from(delimited(7, text(s)))));
        expect(got(readProtobuf(fields, bytes)).many ?? []).toEqual(
          all.map((s) => s.toWellFormed()),
        );
      }),
    );
  });

  it('given any bytes, when read as any kind, then it ends in a value or a failure', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(...objectKinds),
        (bytes, kind) => {
          const result = readProtobuf(kind.fields, bytes);
          if (result.ok) kind.schema.parse(kind.slim(result.value));
          else expect(result.failure.kind).toBe('undecodable');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('given a real pod with some bytes changed or cut off, when read, then it ends in a value or a failure', () => {
    const real = protobufItems('pods');
    fc.assert(
      fc.property(
        fc.constantFrom(...real),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(4000),
        (pod, changes, cut) => {
          const bytes = pod.slice(0, 1 + (cut % pod.length));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const result = readProtobuf(podFields, bytes);
          if (!result.ok) expect(result.failure.kind).toBe('undecodable');
        },
      ),
      { numRuns: 3000 },
    );
  });
});
