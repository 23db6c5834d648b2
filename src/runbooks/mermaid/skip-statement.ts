import {
  atEnd,
  type Cursor,
  charAt,
  skipLine,
  skipSpaces,
  skipWhile,
  take,
  takeUntil,
} from './cursor.ts';
import type { Reading } from './read-nodes.ts';
import { takeId } from './scan-id.ts';
import { linkAt } from './scan-link.ts';

const isEnd = (char: string): boolean => char === '\n' || char === ';' || char === '';

const notAName = ({ c, report }: Reading, at: number, word: string): false => {
  c.at = at;
  report.error(at, `\`${word}\` is a word of the language`, `name the node ${word}_ or so`);
  return false;
};

/** What stands behind a `;` when it is one more property and not a statement. */
const property =
  /^;\s*(?:fill|stroke|color|font|opacity|background|border|text|rx|ry|padding|margin|width|height)[a-z-]*\s*:\s*[^\s:]/;

/** Over properties or names, to the end of their statement; false when there is an arrow or nothing. */
const skipRest = (c: Cursor): boolean => {
  const from = c.at;
  skipWhile(c, (char) => !isEnd(char));
  const rest = c.text.slice(from, c.at);
  return rest.trim() !== '' && !/->|---|==[=>]|-\.+-|~~~/.test(rest);
};

/** Over `class`, `style`, `linkStyle` and `classDef`, which change looks only. False is reported. */
export const skipStyle = (reading: Reading, at: number, word: string): boolean => {
  const { c, draft, report } = reading;
  c.at = at + word.length;
  skipSpaces(c);
  const id = takeId(c);
  if (id === '') return notAName(reading, at, word);
  if (word === 'style') draft.styled.push({ id, at });
  for (;;) {
    if (!skipRest(c)) return notAName(reading, at, word);
    if (word === 'class' || !property.test(c.text.slice(c.at, c.at + 80))) return true;
    report.warning(c.at, 'Mermaid itself wants a comma between two properties');
    c.at += 1;
  }
};

/** Over `click A "url" "tip" _blank` and its like; quotes and brackets may hold `;`. False is reported. */
export const skipClick = (reading: Reading, at: number): boolean => {
  const { c, report } = reading;
  c.at = at + 'click'.length;
  skipSpaces(c);
  if (isEnd(charAt(c))) return notAName(reading, at, 'click');
  while (!atEnd(c) && !isEnd(charAt(c))) {
    if (linkAt(c, c.at)?.kind === 'whole') return notAName(reading, at, 'click');
    const open = charAt(c);
    const from = c.at;
    c.at += 1;
    if (
      (open === '"' && takeUntil(c, '"') === null) ||
      (open === '(' && takeUntil(c, ')') === null)
    ) {
      report.error(from, `\`${open}\` is opened and not closed`);
      return false;
    }
    if (open !== '"' && open !== '(') skipWhile(c, (char) => !/^[\s;"(]$/.test(char));
    skipSpaces(c);
  }
  return true;
};

/** Over `accTitle: …`, `accDescr: …` and `accDescr { … }`. Null when it is a node after all. */
export const skipAccessible = ({ c, report }: Reading, word: string): boolean | null => {
  const at = c.at;
  c.at += word.length;
  skipSpaces(c);
  if (take(c, ':')) {
    skipLine(c);
    return true;
  }
  if (word === 'accDescr' && take(c, '{')) {
    if (takeUntil(c, '}') !== null) return true;
    report.error(at, '`accDescr {` is opened and not closed', 'add `}`');
    return false;
  }
  c.at = at;
  return null;
};
