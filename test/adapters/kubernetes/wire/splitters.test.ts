import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../../src/adapters/kubernetes/wire/json-lines.ts';
import { jsonSplitter } from '../../../../src/adapters/kubernetes/wire/json-splitter.ts';
import { protobufFrames } from '../../../../src/adapters/kubernetes/wire/protobuf-frames.ts';
import { protobufList } from '../../../../src/adapters/kubernetes/wire/protobuf-list.ts';
import type { Result } from '../../../../src/kernel/failure.ts';
import { bytes as size } from '../../../../src/kernel/units.ts';
import { chunking, singly } from './chunks.ts';
import { fixture, got } from './fixtures.ts';

interface Splitter {
  push(chunk: Uint8Array): Result<readonly unknown[]>;
  end(): Result<null>;
}

interface Case {
  readonly name: string;
  readonly make: (limit?: ReturnType<typeof size>) => Splitter;
  readonly bytes: Uint8Array;
  /** Longer than one item, shorter than all. */
  readonly limit: number;
  readonly watch: boolean;
}

const cases: readonly Case[] = [
  {
    name: 'protobufFrames',
    make: protobufFrames,
    bytes: fixture('nodes.initial.watch.pb'),
    limit: 3000,
    watch: true,
  },
  {
    name: 'jsonLines',
    make: jsonLines,
    bytes: fixture('nodes.initial.watch.json'),
    limit: 5000,
    watch: true,
  },
  {
    name: 'protobufList',
    make: protobufList,
    bytes: fixture('leases.pb'),
    limit: 800,
    watch: false,
  },
  {
    name: 'jsonSplitter',
    make: (limit) => jsonSplitter(['items'], limit),
    bytes: fixture('leases.json'),
    limit: 1500,
    watch: false,
  },
];

/** Copies, since an item may be a view of its chunk. */
const copied = (items: readonly unknown[]): unknown[] => structuredClone([...items]);

const all = (splitter: Splitter, chunks: readonly Uint8Array[]): unknown[] => {
  const items = chunks.flatMap((chunk) => copied(got(splitter.push(chunk))));
  got(splitter.end());
  return items;
};

describe.each(cases)('$name', ({ make, bytes, limit, watch }) => {
  const whole = all(make(), [bytes]);

  it('given a real answer, when pushed at once, then all its items are there', () => {
    expect(whole.length).toBeGreaterThanOrEqual(2);
  });

  it('given any chunks of it, when pushed, then the items are the same', () => {
    expect(all(make(), singly(bytes))).toEqual(whole);
    fc.assert(
      fc.property(chunking(bytes), (chunks) => {
        expect(all(make(), chunks)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('given an answer that stops anywhere inside, when it ends, then that is a failure', () => {
    for (let cut = 1; cut < bytes.length; cut += 7) {
      const splitter = make();
      const complete = copied(got(splitter.push(bytes.slice(0, cut))));
      expect(whole.slice(0, complete.length)).toEqual(complete);
      const end = splitter.end();
      if (!end.ok) expect(end.failure.kind).toBe('undecodable');
      // Between two events of a watch is a good place to stop, and so is the end of a list inside its envelope.
      else if (watch) expect([...complete, ...all(make(), [bytes.slice(cut)])]).toEqual(whole);
      else expect(complete).toEqual(whole);
    }
  });

  it('given an item above the limit, when pushed, then it fails, and goes on failing', () => {
    for (const chunks of [[bytes], singly(bytes)]) {
      const splitter = make(size(100));
      const results = chunks.map((chunk) => splitter.push(chunk));
      expect(results.at(-1)).toMatchObject({ ok: false, failure: { kind: 'undecodable' } });
      expect(splitter.push(bytes).ok).toBe(false);
      expect(splitter.end().ok).toBe(false);
    }
    expect(all(make(size(limit)), [bytes])).toEqual(whole);
  });

  it('given any bytes, when pushed, then it ends in items or a failure', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (chunks) => {
        const splitter = make(size(1000));
        for (const chunk of chunks) splitter.push(chunk);
        splitter.end();
      }),
      { numRuns: 1000 },
    );
  });

  it('given a real answer with bytes changed, when pushed, then it ends in items or a failure', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const changed = bytes.slice();
          for (const [at, byte] of changes) changed[at] = byte;
          const splitter = make();
          splitter.push(changed);
          splitter.end();
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('jsonSplitter', () => {
  const parts = (text: string, ...split: string[]) =>
    got(jsonSplitter(split).push(Buffer.from(text))).map(
      (p) => `${p.key}${p.item ? '[]' : ''}=${p.text}`,
    );

  it('given brackets and quotes inside texts, when split, then they are not taken for syntax', () => {
    expect(parts('{"items":[{"a":"]}\\\\"},{"b":"\\"},{"}]}', 'items')).toEqual([
      'items[]={"a":"]}\\\\"}',
      'items[]={"b":"\\"},{"}',
    ]);
  });

  it('given spaces, scalars and empty lists, when split, then every value is whole', () => {
    expect(
      parts(
        ' { "a" : 1 , "items" : [ ] , "rows":[ 1,"x", null ],"b":"y" ,\n"c":[[1],2]} \n',
        'items',
        'rows',
      ),
    ).toEqual(['a=1', 'rows[]=1', 'rows[]="x"', 'rows[]=null', 'b="y"', 'c=[[1],2]']);
  });

  it.each(['[1]', '{"a" 1}', '{a:1}', '{"a":1}x', '{"a":1 2}', '<html>'])(
    'given %s, when split, then it is a failure',
    (text) => {
      expect(jsonSplitter().push(Buffer.from(text)).ok).toBe(false);
    },
  );
});

describe('protobufFrames', () => {
  it('given a length of four gigabytes, when pushed, then it fails at once and holds nothing', () => {
    const result = protobufFrames().push(Uint8Array.of(255, 255, 255, 255));
    expect(result).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/4294967295 bytes/) },
    });
  });

  it('given an empty frame at the end of a chunk, when pushed, then it is a frame', () => {
    expect(got(protobufFrames().push(Uint8Array.of(0, 0, 0, 0)))).toHaveLength(1);
  });
});
