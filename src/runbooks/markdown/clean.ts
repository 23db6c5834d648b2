import { type PlainText, plainText } from '../../kernel/text.ts';

const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['hellip', '…'],
  ['mdash', '—'],
  ['ndash', '–'],
  ['rarr', '→'],
  ['larr', '←'],
  ['copy', '©'],
]);

/** `&amp;`, `&#35;`, `&#x23;` as the characters they stand for. What they make is cleaned like any text. */
export const decoded = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g,
        (whole, ten, hex, name) => {
          if (name !== undefined) return named.get(name) ?? whole;
          const code = ten === undefined ? Number.parseInt(hex, 16) : Number(ten);
          return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
        },
      )
    : text;

// Characters without a width: they hide what is really written, and break the alignment.
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** Text that can be painted: no control, bidi or zero-width characters. */
export const clean = (text: string): PlainText => plainText(text).replace(unseen, '') as PlainText;

/** The same for text in which entities stand for characters. */
export const cleanText = (text: string): PlainText => clean(decoded(text));

/** Text with HTML in it: tags go, comments too. */
export const withoutTags = (html: string): string =>
  html
    .replace(/<!--[\s\S]{0,20000}?-->/g, '')
    .replace(/<(?:br|BR)\s*\/?>/g, '\n')
    .replace(/<\/?[A-Za-z][^<>]{0,2000}>/g, '');
