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

/** Comments go by looking for their ends: a pattern would look for each of many ends that are not there. */
const withoutComments = (html: string): string => {
  let left = '';
  let at = 0;
  for (;;) {
    const begins = html.indexOf('<!--', at);
    if (begins === -1) return left + html.slice(at);
    const ends = html.indexOf('-->', begins + 4);
    left += html.slice(at, begins);
    if (ends === -1) return left;
    at = ends + 3;
  }
};

/** Text with HTML in it: tags go, comments too. */
export const withoutTags = (html: string): string =>
  html.includes('<')
    ? withoutComments(html)
        .replace(/<br\s*\/?>/gi, '\n')
        .replace(/<\/?[A-Za-z][^<>]{0,2000}>/g, '')
    : html;
