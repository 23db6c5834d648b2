import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogSplitter, longestLine } from '../../../src/adapters/logs/log-splitter.ts';
import { epochMs } from '../../../src/kernel/units.ts';

const start = epochMs(Date.UTC(2026, 10, 20, 3));
const stamp = '2026-11-20T03:00:01.123456789Z';

const split = (chunks: readonly Uint8Array[]) => {
  const splitter = new LogSplitter('shop/cart/app', start);
  const lines = chunks.flatMap((c) => splitter.push(c));
  const end = splitter.end();
  return end === null ? lines : [...lines, end];
};

const line = fc.oneof(
  fc.string({ unit: 'binary' }).map((t) => `${stamp} ${t.replace(/[\r\n]/g, '')}`),
  fc.constant(stamp),
  fc.constant(''),
  fc.constant('no time'),
);

describe('bytes of a log', () => {
  it('given any lines, when they arrive in any pieces, then the same lines come out as in one', () => {
    const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), cuts, (lines, at) => {
        const whole = Buffer.from(lines.map((l) => `${l}\n`).join(''));
        const edges = [0, ...at.map((n) => Math.min(n, whole.length)), whole.length].sort(
          (a, b) => a - b,
        );
        const pieces = edges.slice(1).map((to, i) => whole.subarray(edges[i], to));
        expect(split(pieces)).toEqual(split([whole]));
        expect(split([whole]).length).toBe(lines.length);
        const sizes = split(pieces).reduce((sum, l) => sum + l.size, 0);
        expect(sizes).toBe(whole.length);
      }),
    );
  });

  it('given a line of many megabytes, when it arrives, then its beginning is kept and no character is split', () => {
    const splitter = new LogSplitter('s', start);
    const part = Buffer.from('é'.repeat(1 << 19));
    const first = splitter.push(Buffer.concat([Buffer.from(`${stamp} x`), part]));
    const lines = [...first, ...splitter.push(part), ...splitter.push(Buffer.from('\nnext\n'))];
    expect(lines.length).toBe(2);
    expect(lines[0]?.line.cut).toBe(true);
    expect(Buffer.byteLength(lines[0]?.line.text ?? '')).toBe(longestLine - 1);
    expect(lines[0]?.line.text).not.toContain('\ufffd');
    expect(lines[0]?.size).toBe(31 + 1 + 2 * part.length + 1);
  });

  it('given a time with an offset, when it is read, then the moment is right', () => {
    const [read] = split([Buffer.from('2026-11-20T05:00:01.5+02:00 hello\n')]);
    expect(read?.line.at).toBe(Date.UTC(2026, 10, 20, 3, 0, 1, 500));
    expect(read?.line.text).toBe('hello');
  });

  it('given a line without a time, when it follows one, then it is of the same time', () => {
    const [, second] = split([Buffer.from(`${stamp} one\ntwo\n`)]);
    expect(second?.stamped).toBe(false);
    expect(second?.line.stamp).toBe(stamp);
    expect(second?.line.text).toBe('two');
  });
});
