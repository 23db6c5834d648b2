import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntries, pack, parseClean, unpack } from '../../../src/adapters/journal/codec.ts';
import { maxPayload } from '../../../src/adapters/journal/format.ts';
import { cleanText } from '../../../src/kernel/redact.ts';
import { plainText } from '../../../src/kernel/text.ts';
import { epochMs, revision } from '../../../src/kernel/units.ts';
import { toyMap } from '../../support/recording-bytes.ts';

const at = epochMs(5000);
const decode = async (lines: readonly unknown[], count = lines.length) => {
  const text = lines.map((l) => (typeof l === 'string' ? l : JSON.stringify(l))).join('\n');
  return decodeEntries({ rev: revision(11), count }, await pack(text), toyMap, at);
};
const observed = (rev: number, data: unknown, probe = 'toys') => ({
  rev,
  at: 6000,
  fact: { kind: 'observed', probe, scope: 'a', data },
});

describe('payloads', () => {
  it('given a bomb, then it is refused without being unpacked', () => {
    const bomb = zlib.zstdCompressSync(Buffer.alloc(maxPayload + 1));
    expect(bomb.length).toBeLessThan(20_000);
    expect(unpack(bomb)).toMatchObject({ ok: false, failure: { kind: 'undecodable' } });
    expect(decodeEntries({ rev: revision(1), count: 3 }, bomb, toyMap, at).unreadable).toBe(3);
  });

  it('given as much as is allowed, then it is unpacked', () => {
    const packed = zlib.zstdCompressSync(Buffer.alloc(maxPayload));
    const unpacked = unpack(packed);
    expect(unpacked.ok && unpacked.value.length).toBe(maxPayload);
  });

  it('given bytes that are not packed text, then it is a failure, not an exception', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), zlib.gzipSync('x')]) {
      expect(unpack(bytes).ok).toBe(false);
    }
  });
});

describe('entries that do not fit', () => {
  it('given data that the probe refuses, then a gap of its scope stands there', async () => {
    const { entries, unreadable } = await decode([observed(11, { put: 'a', value: 'NaN' })]);
    expect(unreadable).toBe(1);
    expect(entries).toEqual([
      {
        rev: 11,
        at: 6000,
        fact: {
          kind: 'gap',
          probe: 'toys',
          scope: 'a',
          why: 'an entry of this recording cannot be read',
        },
      },
    ]);
  });

  it('given a run of lines that are no entries, then one mark stands for it and revisions go on', async () => {
    const good = observed(14, { put: 'a', value: 1 });
    const { entries, unreadable } = await decode([
      'not json',
      { rev: 12, at: 1, fact: { kind: 'teleported' } },
      '',
      good,
    ]);
    expect(unreadable).toBe(3);
    expect(entries.map((e) => [e.rev, e.fact.kind])).toEqual([
      [11, 'mark'],
      [12, 'heard'],
      [13, 'heard'],
      [14, 'observed'],
    ]);
  });

  it('given a wrong revision, or fewer lines than announced, then they are not taken', async () => {
    const wrong = await decode([observed(99, { del: 'a' })]);
    expect([wrong.unreadable, wrong.entries[0]?.rev]).toEqual([1, 11]);
    const few = await decode([observed(11, { del: 'a' })], 3);
    expect([few.unreadable, few.entries.map((e) => e.rev)]).toEqual([2, [11, 12, 13]]);
  });

  it('given data of a probe that is not known, then they are passed on as they are', async () => {
    const { entries, unreadable } = await decode([observed(11, { any: ['thing'] }, 'later')]);
    expect([unreadable, entries[0]?.fact]).toMatchObject([0, { data: { any: ['thing'] } }]);
  });
});

describe('a recording that somebody else has made', () => {
  it.each([
    ['an escape sequence', '\u001b]0;owned\u0007name'],
    ['a raw control of C1', '\u009bname'],
    ['a bidi override', '\u202ename'],
    ['a line end', 'na\nme'],
    ['a lone surrogate', 'name\ud800'],
  ])('given %s in its text, then it does not reach the screen', async (_, hostile) => {
    const { entries, unreadable } = await decode([observed(11, { put: hostile, value: 1 })]);
    expect(unreadable).toBe(0);
    expect(JSON.stringify(entries)).not.toMatch(/[\p{Cc}\u202e]|\\[^"\\]|\ud800/u);
    expect(JSON.stringify(entries)).toMatch(/na ?me/);
  });

  it('given any text at all in a payload, then what comes out is what cleaning it gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseClean(JSON.stringify([text]))).toEqual([cleanText(text)]);
      }),
      { numRuns: 3000 },
    );
    // Every character that there is, so that no byte sequence is overlooked.
    for (let c = 0; c < 0x3000; c += 1) {
      const text = `a${String.fromCharCode(c)}b`;
      expect(parseClean(JSON.stringify(text))).toBe(plainText(text));
    }
  });

  it('given clean text with quotes and backslashes, then it is not touched', () => {
    const text = '{"a":"C:\\\\new \\"x\\""}';
    expect(parseClean(text)).toEqual({ a: 'C:\\new "x"' });
  });
});
