import { clip, type PlainText } from '../../kernel/text.ts';
import { clean } from '../markdown/clean.ts';

/** Characters of what is written that are kept. */
const charactersMost = 2000;

/** Lines as they are written, each clean; empty ones at both ends go, and what is too long is cut. */
export const keptLines = (text: string): readonly PlainText[] => {
  const kept: PlainText[] = [];
  let left = charactersMost;
  for (const line of text.replace(/^(?:[^\S\n]*\r?\n)+|\s+$/g, '').split(/\r\n?|\n/)) {
    if (left <= 0) break;
    const own = clip(clean(line), left);
    kept.push(own);
    left -= own.length + 1;
  }
  return kept.length === 1 && kept[0] === '' ? [] : kept;
};

/** Lines that were cut for the eye are one line. */
export const oneLine = (text: string): string => text.replace(/\\\n\s*/g, ' ');
