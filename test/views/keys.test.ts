import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyNames, type RawKey, typedBy } from '../../src/views/keys.ts';

const cases: readonly (readonly [string, string, RawKey, readonly string[]])[] = [
  ['a letter', 'j', {}, ['j']],
  ['several in one read', 'jjj', {}, ['j', 'j', 'j']],
  ['a command with its end', 'po\r', {}, ['p', 'o', 'enter']],
  ['a line feed', '\n', {}, ['enter']],
  [
    'space, tab and backspace in a read',
    ' \t\u007f\b',
    {},
    ['space', 'tab', 'backspace', 'backspace'],
  ],
  ['a capital', 'G', { shift: true }, ['G']],
  ['an arrow', '', { upArrow: true }, ['up']],
  ['an arrow with a modifier', '', { leftArrow: true, meta: true, ctrl: true }, ['left']],
  ['page down', '', { pageDown: true }, ['pagedown']],
  ['enter', '\r', { return: true }, ['enter']],
  ['esc', '', { escape: true, meta: true }, ['esc']],
  ['tab', '\t', { tab: true }, ['tab']],
  ['shift and tab', '', { tab: true, shift: true }, ['shift-tab']],
  ['what the backspace key sends', '', { delete: true }, ['backspace']],
  ['a control letter', 'd', { ctrl: true }, ['ctrl-d']],
  ['a control letter behind others', 'jj\u0004', {}, ['j', 'j', 'ctrl-d']],
  ['control and space', ' ', { ctrl: true }, ['ctrl- ']],
  ['esc and a key in one read', ':', { meta: true }, ['esc', ':']],
  ['a report of the mouse', '[<0;10;10M', {}, []],
  ['the focus coming and going', '[I', {}, []],
  ['a function key without a name', '[25~', {}, []],
  ['a sequence the library took for control keys', '[200x', { ctrl: true, meta: true }, []],
  ['a bracket and a letter typed at once', '[j', {}, ['[', 'j']],
  ['two brackets', '[[', {}, ['[', '[']],
  ['a bidi override', '\u202ej', {}, ['j']],
  ['a letter outside of ASCII', 'ж漢', {}, ['ж', '漢']],
  ['nothing', '', {}, []],
];

describe('keyNames', () => {
  it.each(cases)('given %s, then the keys have their names', (_, input, key, names) => {
    expect(keyNames(input, key)).toEqual(names);
  });

  it('given any input, then no name holds a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        fc.boolean(),
        (input, ctrl, meta) => {
          for (const name of keyNames(input, { ctrl, meta })) {
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
            expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          }
        },
      ),
    );
  });
});

describe('typedBy', () => {
  it('given a key, then it types itself, and named keys type nothing', () => {
    expect(['j', 'space', 'ж', 'enter', 'ctrl-d', 'esc'].map(typedBy)).toEqual([
      'j',
      ' ',
      'ж',
      '',
      '',
      '',
    ]);
  });
});
