import type { AlikeGroup } from '../../kernel/alike.ts';
import type { Moment } from '../../kernel/moments.ts';
import type { Change } from '../../kernel/probe.ts';
import type { PlainRow, Target } from '../view.ts';
import { changeKey } from './change-proof.ts';
import { groupWords } from './change-words.ts';
import type { Glyphs } from './glyphs.ts';
import { cutLine, type Line, line, type Span, span } from './line.ts';
import { sign, toneStyle } from './tone.ts';
import { clockUtc } from './words.ts';

const isMark = ({ probe }: Pick<Change, 'probe'>): boolean => probe === '';

const signOf = (change: Change, glyphs: Glyphs): Span =>
  isMark(change) ? span(glyphs.mark, 'title') : sign(change.tone, glyphs);

/** One thing that happened, to one object or to many alike: when, what, and what became of it. */
export const changeLine = (group: AlikeGroup, width: number, glyphs: Glyphs): Line => {
  const [newest] = group;
  const { subject, text } = groupWords(group);
  return cutLine(
    line(
      ' ',
      signOf(newest, glyphs),
      ' ',
      span(clockUtc(newest.at, true), 'dim'),
      '  ',
      ...(subject === '' ? [] : [span(subject, 'title'), '  ']),
      span(text, isMark(newest) ? 'title' : toneStyle(newest.tone)),
    ),
    width,
  );
};

/** A moment that one has come to: when, and what happened first. */
export const momentText = (moment: Moment, glyphs: Glyphs): string => {
  const { subject, text } = groupWords([moment.change]);
  return [moment.kind === 'mark' ? glyphs.mark : '', clockUtc(moment.at, true), subject, text]
    .filter((part) => part !== '')
    .join('  ');
};

/** Where a change leads to: what it is about, as it is now. */
const targetOf = ({ probe, key }: Change): Target => {
  const slash = key.indexOf('/');
  const before = slash < 0 ? '' : key.slice(0, slash);
  const after = key.slice(slash + 1);
  switch (probe as string) {
    case 'etcd':
      return slash < 0
        ? { open: { view: 'etcd', args: { cluster: key } } }
        : { open: { view: 'etcd-member', args: { cluster: before, member: after } } };
    case 'alerts':
    case 'acknowledgements':
      return { open: { view: 'alert', args: { key } } };
    case 'acts':
      return { open: { view: 'acts', args: { act: key } } };
    case 'prometheus':
      return { open: { view: 'alerts', args: {} } };
    default: {
      const object = { resource: probe as string, namespace: before, name: after };
      return { object, open: { view: 'describe', args: object } };
    }
  }
};

/** The same as a row that opens what the newest of them is about. */
export const changeRow = (group: AlikeGroup, width: number, glyphs: Glyphs): PlainRow => {
  const [newest] = group;
  const key = changeKey(newest);
  const target = newest.key === '' ? {} : targetOf(newest);
  return {
    key: `change/${key}`,
    line: changeLine(group, width, glyphs),
    selectable: true,
    target: { ...target, proof: { change: key } },
  };
};
