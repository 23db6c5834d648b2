import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortMoves } from '../../../src/views/parts/short-moves.ts';

const esc = '\u001b';
const next = `${esc}[E`;
const many = new RegExp(`${esc}\\[(\\d+)E`, 'g');

describe('moves over rows that have not changed', () => {
  it('given many in a row, then they are one move over as many lines', () => {
    expect(shortMoves(`${next.repeat(7)}a\n${next.repeat(34)}b`)).toBe('\u001b[7Ea\n\u001b[34Eb');
  });

  it('given one alone, then it is left as it is', () => {
    expect(shortMoves(`a${next}b`)).toBe(`a${next}b`);
  });

  it('given any output, when the moves are written out again, then it is the same output', () => {
    const piece = fc.oneof(fc.constant(next), fc.constant('\u001b[2K'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const output = pieces.join('');
        const long = shortMoves(output).replace(many, (whole, n) =>
          output.includes(whole) ? whole : next.repeat(Number(n)),
        );
        expect(long).toBe(output);
      }),
    );
  });
});
