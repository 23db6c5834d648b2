import type { Change } from '../../kernel/probe.ts';
import type { PlainRow, Target } from '../view.ts';
import { changeKey } from './change-proof.ts';
import type { Glyphs } from './glyphs.ts';
import { cutLine, type Line, line, span } from './line.ts';
import { sign, toneStyle } from './tone.ts';
import { clockUtc } from './words.ts';

/**
 * What a change is about, where its text does not say it: an event's own name is a number, what it is about stands in
 * its text, all but the namespace; the key of an alert is a fingerprint; members of etcd name themselves.
 */
const subject = ({ probe, key, text }: Change): string => {
  switch (probe as string) {
    case 'events':
      return key.slice(0, Math.max(0, key.indexOf('/')));
    case 'etcd': {
      const cluster = key.split('/')[0] ?? '';
      return text.startsWith(cluster) ? '' : cluster;
    }
    case 'alerts':
    case 'acknowledgements':
    case 'prometheus':
      return '';
    default:
      return key;
  }
};

/** One change: when, what, and what became of it; `times`: how many like it there are. */
export const changeLine = (change: Change, width: number, glyphs: Glyphs, times = 1): Line =>
  cutLine(
    line(
      ' ',
      sign(change.tone, glyphs),
      ' ',
      span(clockUtc(change.at, true), 'dim'),
      '  ',
      ...(subject(change) === '' ? [] : [span(subject(change), 'title'), '  ']),
      ...(times > 1 ? [span(`x${times}`, 'dim'), '  '] : []),
      span(change.text, toneStyle(change.tone)),
    ),
    width,
  );

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
    case 'prometheus':
      return { open: { view: 'alerts', args: {} } };
    default: {
      const object = { resource: probe as string, namespace: before, name: after };
      return { object, open: { view: 'describe', args: object } };
    }
  }
};

/** The same as a row that opens what it is about. */
export const changeRow = (change: Change, width: number, glyphs: Glyphs, times = 1): PlainRow => {
  const key = changeKey(change);
  const target = change.key === '' ? {} : targetOf(change);
  return {
    key: `change/${key}`,
    line: changeLine(change, width, glyphs, times),
    selectable: true,
    target: { ...target, proof: { change: key } },
  };
};
