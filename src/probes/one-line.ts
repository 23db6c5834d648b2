import { clip, plainText } from '../kernel/text.ts';

/** Longer words of others are cut in a change; the whole stands in the state. */
const shown = 300;

/**
 * Text from outside as a part of a line of the timeline: printable, without line ends, at most 300 characters.
 * `instead` stands where nothing is left of it.
 */
export const oneLine = (text: string, instead = ''): string =>
  clip(plainText(text), shown).replace(/\s+/g, ' ').trim() || instead;
