import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, plainText } from '../../src/kernel/text.ts';

const control = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]/u;
const hostileUnit = fc.constantFrom(
  ...[
    '\u001b',
    '[',
    ']',
    '31m',
    '0;',
    ';',
    '\u0007',
    '\u001b\\',
    'P',
    '^',
    '_',
    'c',
    '\u009b',
    '\u009d',
    '\r',
    '\n',
  ],
  ...[
    '\t',
    '\u0000',
    '\u007f',
    '\u202e',
    '\u2066',
    '\u2028',
    '\ufeff',
    '\u061c',
    '\ud83d',
    '\ude00',
    '😀',
    'é',
    'a',
  ],
);
const hostile = fc.array(hostileUnit, { maxLength: 60 }).map((units) => units.join(''));

describe('plainText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red', 'colours'],
    ['\u001b]0;title\u0007x', 'x', 'a window title ended by a bell'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link', 'a hyperlink'],
    ['\u001b]52;c;aGk=', '', 'a clipboard write that never ends'],
    ['\u001bP1$r\u001b\\y', 'y', 'a device control string'],
    ['\u001bcx', 'x', 'a terminal reset'],
    ['a\u001b', 'a', 'a lone escape at the end'],
    ['\u009b31mred', '31mred', 'an eight-bit introducer: it goes, what follows is harmless text'],
    ['one\r\ntwo\tthree\rfour', 'one two three four', 'line ends and tabs'],
    ['user\u202egnp.exe', 'usergnp.exe', 'a bidi override'],
    ['a\ud800b', 'a\ufffdb', 'a lone surrogate'],
    ['a\u0000\u007fb', 'ab', 'zero and delete'],
  ])('given %j, then it is %j (%s)', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('given any text, then nothing is left that a terminal obeys, and doing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(control);
        expect(plain.isWellFormed()).toBe(true);
        expect(plainText(plain)).toBe(plain);
      }),
      { numRuns: 3000 },
    );
  });

  it('given text without any of it, then every character survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        if (!control.test(text)) expect(plainText(text)).toBe(text);
      }),
    );
  });
});

describe('clip', () => {
  it('given any text and width, then at most that many units come back, whole and marked when cut', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const plain = plainText(text);
        const clipped = clip(plain, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(clipped.isWellFormed()).toBe(true);
        if (plain.length > max) expect(clipped.endsWith('…')).toBe(true);
        else expect(clipped).toBe(plain);
      }),
    );
  });
});
