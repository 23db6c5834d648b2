declare const plain: unique symbol;
/** Text from outside that can be painted: no control, escape or bidi-override characters in it. */
export type PlainText = string & { readonly [plain]: true };

// C0, DEL, C1, line and paragraph separators, bidi marks, embeddings, overrides, isolates
// and deprecated format characters, and the byte order mark.
const hostile =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]/;
/** One of the characters that `plainText` removes, as the source of a regular expression. */
export const hostileCharacter = hostile.source;
const hostileAll = new RegExp(hostile.source, 'g');
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// CSI, OSC (ended by BEL or ST) and two-byte escapes: removed whole, so that no tail like "[31m" is left behind.
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;

/**
 * Removes escape sequences, turns tabs and line ends into a space, drops other control and bidi
 * characters and replaces lone surrogates. Clean text is returned as it is, without a copy.
 */
export const plainText = (text: string): PlainText => {
  if (!hostile.test(text)) {
    return (text.isWellFormed() ? text : text.replace(lone, '\ufffd')) as PlainText;
  }
  return text
    .replace(escapes, '')
    .replace(/\r\n?|[\n\t\u2028\u2029]/g, ' ')
    .replace(hostileAll, '')
    .replace(lone, '\ufffd') as PlainText;
};

/** Cuts to at most `max` UTF-16 units and says so with an ellipsis; never splits a surrogate pair. */
export const clip = (text: PlainText, max: number): PlainText => {
  if (text.length <= max) return text;
  const cut = text.slice(0, Math.max(0, max - 1));
  return `${cut.replace(/[\ud800-\udbff]$/, '')}…` as PlainText;
};
