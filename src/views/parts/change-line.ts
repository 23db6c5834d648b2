import type { Change } from '../../kernel/probe.ts';
import type { PlainRow } from '../view.ts';
import type { Glyphs } from './glyphs.ts';
import { cutLine, type Line, line, span } from './line.ts';
import { sign, toneStyle } from './tone.ts';
import { clockUtc } from './words.ts';

/** An event's own name is a number; what it is about stands in its text, all but the namespace. */
const subject = ({ probe, key }: Change): string =>
  (probe as string) === 'events' ? key.slice(0, Math.max(0, key.indexOf('/'))) : key;

/** One change: when, what, and what became of it. */
export const changeLine = (change: Change, width: number, glyphs: Glyphs): Line =>
  cutLine(
    line(
      ' ',
      sign(change.tone, glyphs),
      ' ',
      span(clockUtc(change.at, true), 'dim'),
      '  ',
      ...(subject(change) === '' ? [] : [span(subject(change), 'title'), '  ']),
      span(change.text, toneStyle(change.tone)),
    ),
    width,
  );

/** The same as a row that opens the object it is about. */
export const changeRow = (change: Change, width: number, glyphs: Glyphs): PlainRow => {
  const key = `change/${change.rev}/${change.key}/${change.text}`;
  const row = { key, line: changeLine(change, width, glyphs), selectable: true };
  if (change.key === '') return row;
  const slash = change.key.indexOf('/');
  const object = {
    resource: change.probe as string,
    namespace: slash < 0 ? '' : change.key.slice(0, slash),
    name: change.key.slice(slash + 1),
  };
  return { ...row, target: { object, open: { view: 'describe', args: object } } };
};
