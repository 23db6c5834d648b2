import { decodeEntities } from './entities.ts';
import { plainMarkdown } from './plain-markdown.ts';
import type { RawLabel } from './scan-label.ts';
import { visibleText } from './visible-text.ts';

/** Longer ones fit no box; in UTF-16 units. */
export const labelKept = 2_000;

/** The tags people write in labels. Others stay: `<pod>` is a placeholder, not markup. */
const tags = new RegExp(
  `</?(?:${[
    'a|abbr|address|article|aside|audio|b|big|blockquote|body|button|canvas|center|cite|code|del|details|dfn|div',
    'dl|dt|dd|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|header|hr|html|head|i|iframe|img|input',
    'ins|kbd|label|legend|li|link|main|mark|math|menu|meta|nav|noscript|object|ol|option|p|param|picture|pre|q|s',
    'samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template',
    'textarea|tfoot|th|thead|tr|tt|u|ul|var|video|wbr',
  ].join('|')})(?:[\\s/][^<>]*)?>|<!--[^<>]*-->`,
  'gi',
);

/** Icons of web fonts, which a terminal has not. */
const icons = /\b(?:fa[bklrs]?|fad):fa-[\w-]+/g;

/** A written `\n` breaks a line too, but not in Markdown. */
const breaks = { plain: /\\n|\n|<br\s*\/?>/i, markdown: /\n|<br\s*\/?>/i };

/** One line as a terminal may show it; what entities stand for is looked at as well. */
const visible = (line: string): string =>
  visibleText(decodeEntities(visibleText(line).replace(icons, '').replace(/\s+/g, ' ')))
    .replace(/\s/g, ' ')
    .trim();

/**
 * Lines of a label as text: tags out, entities decoded, no control, zero-width or bidi character.
 * Empty lines at either end go; a label with nothing to see has no lines.
 */
export const labelLines = ({ text, markdown }: Pick<RawLabel, 'text' | 'markdown'>): string[] => {
  const outer = text.trim();
  const quoted = outer.length > 1 && outer.startsWith('"') && outer.endsWith('"');
  const bare = quoted ? outer.slice(1, -1) : outer;
  const lines = (markdown ? plainMarkdown(bare) : bare)
    .split(breaks[markdown ? 'markdown' : 'plain'])
    .map((line) => visible(line.replace(tags, '')));
  const first = lines.findIndex((line) => line !== '');
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1);
};

/** The same on one line, for arrows and titles. */
export const labelLine = (label: Pick<RawLabel, 'text' | 'markdown'>): string =>
  labelLines(label)
    .filter((line) => line !== '')
    .join(' ');
