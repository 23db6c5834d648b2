import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { cut, widthOf } from '../../../src/views/parts/line.ts';

const signs = [...new Set(Object.values(unicodeGlyphs).flatMap((glyph) => [...glyph]))];
const box = Array.from({ length: 0x259f - 0x2500 + 1 }, (_, i) => String.fromCodePoint(0x2500 + i));
/** What is painted with, and what may stand beside it in a name: marks that join what is before them, and wide ones. */
const character = fc.oneof(
  fc.constantFrom(...signs, ...box, '\u2009', '–', '…', 'a', ' '),
  fc.constantFrom('é', 'e\u0301', '\ufe0f', '\u200d', '😀', '漢', '\u0627'),
);

describe('the width of a text', () => {
  it('given any mixture of signs and letters, then it is what a terminal takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 20 }), (text) => {
        expect(widthOf(text)).toBe(stringWidth(text));
      }),
    );
  });

  it('given any mixture, when cut, then it is no wider than asked, and whole where it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 20 }), fc.nat(24), (text, columns) => {
        const shown = cut(text, columns);
        expect(stringWidth(shown)).toBeLessThanOrEqual(columns);
        if (stringWidth(text) <= columns && columns > 0) expect(shown).toBe(text);
      }),
    );
  });
});
