import { plainText } from '../kernel/text.ts';

/** What the terminal library says of one read of keys, as far as we use it. */
export interface RawKey {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly tab?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

const named: readonly (readonly [keyof RawKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  // Most terminals send for the backspace key what the library calls delete.
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

/**
 * What is left of an escape sequence that the library does not know, after the escape: a report of the mouse or of
 * the focus, a function key without a name. Its letters are no keys; `[j`, typed at once, is two.
 */
const leftover = /^\[(?:[<=>?][\d;:]*|[\d;:]+)[ -/]*[@-~]$|^\[[IO]$/;

const nameOf = (c: string): readonly string[] => {
  if (c === ' ') return ['space'];
  if (c === '\r' || c === '\n') return ['enter'];
  if (c === '\t') return ['tab'];
  if (c === '\u007f' || c === '\b') return ['backspace'];
  // The control characters are the letters a to z, less what makes them capitals.
  if (c >= '\u0001' && c <= '\u001a') {
    return [`ctrl-${String.fromCharCode(c.charCodeAt(0) + 96)}`];
  }
  return plainText(c) === '' || c < ' ' ? [] : [c];
};

/**
 * Names of the keys in one read. A slow line delivers several presses at once (`jjj`): each is one key. So are Esc
 * and a key right behind it, which cannot be told from Alt and that key: nothing here is bound to Alt.
 * Control and bidi characters that are no key here are dropped.
 */
export const keyNames = (input: string, key: RawKey): readonly string[] => {
  for (const [flag, name] of named) {
    if (key[flag] === true) return [key.shift === true && name === 'tab' ? 'shift-tab' : name];
  }
  if (leftover.test(input)) return [];
  if (key.ctrl === true) {
    return input.length === 1 && plainText(input) === input ? [`ctrl-${input.toLowerCase()}`] : [];
  }
  const names = [...input].flatMap(nameOf);
  return key.meta === true && names.length > 0 ? ['esc', ...names] : names;
};

/** The character that a key types in a prompt; '' when it types none. */
export const typedBy = (key: string): string =>
  key === 'space' ? ' ' : [...key].length === 1 ? key : '';
