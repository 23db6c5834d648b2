import { plainText } from '../../kernel/text.ts';
import { type Line, line, span } from '../parts/line.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';
import type { Situation } from './situation.ts';

/** A page that is being read, or could not be: its address, and what to do. */
export const pageLines = (
  { url, page }: Extract<Situation, { kind: 'page' }>,
  { width, glyphs }: Pick<ViewInput, 'width' | 'glyphs'>,
): readonly Line[] => {
  const said = (text: string): readonly Line[] =>
    wrap(plainText(text), width - 4).map((t) => line('   ', span(t)));
  if (page.kind !== 'failed') {
    return [line(' ', span('the page is being fetched', 'dim')), ...said(url)];
  }
  return [
    line(' ', span(glyphs.warn, 'warn'), ' ', span('the page cannot be read', 'title')),
    ...said(url),
    ...said(page.why),
    ...(page.hint === '' ? [] : said(page.hint)),
  ];
};
