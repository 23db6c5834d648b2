import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/adapters/effects/snapshot-stream.ts';

const withHash = (data: Buffer): Buffer =>
  Buffer.concat([data, createHash('sha256').update(data).digest()]);

/** A stream as the gateway sends it: one JSON object a line, cut into pieces anywhere. */
async function* streamOf(file: Buffer, blob = 1000, chunk = 700): AsyncGenerator<Uint8Array> {
  let text = '';
  for (let at = 0; at < file.length; at += blob) {
    const piece = file.subarray(at, at + blob).toString('base64');
    text += `${JSON.stringify({ result: { remaining_bytes: '1', blob: piece } })}\n`;
  }
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}
async function* textOf(...lines: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`);
}

const read = async (body: AsyncIterable<Uint8Array>) => {
  const written: Uint8Array[] = [];
  const end = await readSnapshot(body, async (piece) => {
    written.push(piece);
  });
  return { end, written: Buffer.concat(written) };
};

describe('a snapshot as etcd streams it', () => {
  it('given any backend in any pieces, when read, then it is written whole and its hash is right', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 3000 }),
        async (pages, blob, chunk) => {
          const data = randomBytes(pages * 512);
          const { end, written } = await read(streamOf(withHash(data), blob, chunk));
          expect(written.equals(withHash(data))).toBe(true);
          expect(end).toEqual({
            bytes: data.length + 32,
            sha256: createHash('sha256').update(data).digest('hex'),
            revision: '',
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('given a revision in a header, when read, then it is told', async () => {
    const blob = withHash(Buffer.alloc(512)).toString('base64');
    const { end } = await read(textOf({ result: { header: { revision: '42' }, blob } }));
    expect(end.revision).toBe('42');
  });

  it.each([
    [
      'one byte changed',
      (f: Buffer) =>
        Buffer.concat([f.subarray(0, 5), Buffer.from([f[5] === 0 ? 1 : 0]), f.subarray(6)]),
      /own hash/,
    ],
    ['its end missing', (f: Buffer) => f.subarray(0, -32), /ends early/],
    ['a part missing', (f: Buffer) => f.subarray(0, 700), /ends early/],
    ['nothing in it', () => Buffer.alloc(0), /ends early/],
  ])('given a stream with %s, when read, then it is no snapshot', async (_, harm, why) => {
    await expect(read(streamOf(harm(withHash(Buffer.alloc(1024)))))).rejects.toThrow(why);
  });

  it.each([
    [[{ error: { message: 'no space\u001b[2J' } }], /^no space$/],
    [[{ result: { blob: 'not base 64!' } }], /no piece of a snapshot/],
    [['hello'], /no piece of a snapshot/],
  ])('given %j in the stream, when read, then it ends with why', async (lines, why) => {
    await expect(read(textOf(...lines))).rejects.toThrow(why);
  });

  it('given a line without an end, when read, then it is given up', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1 << 20, 'a');
    }
    await expect(read(endless())).rejects.toThrow(/too long/);
  });
});
