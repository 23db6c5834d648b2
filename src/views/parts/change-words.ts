import { tellingWords } from '../../findings/telling-words.ts';
import { type AlikeGroup, alikeOf } from '../../kernel/alike.ts';
import type { Change } from '../../kernel/probe.ts';

/** A change as its line tells it. */
export interface ChangeWords {
  /** What it is about; '' where the text says so itself. */
  readonly subject: string;
  readonly text: string;
}

/** Beginning of what a process said before it ended. */
const ended = /exit \d{1,5}(?: \([^)]{0,80}\))?: /;

/** Where a log in JSON was quoted, its telling words in its place. */
const legible = (text: string): string => {
  const found = ended.exec(text);
  if (found === null) return text;
  const from = found.index + found[0].length;
  const to = text.lastIndexOf('}') + 1;
  if (to <= from) return text;
  const said = text.slice(from, to);
  const words = tellingWords(said);
  return words === said ? text : `${text.slice(0, from)}${words}${text.slice(to)}`;
};

/**
 * What a change is about, where its text does not say it: an event's own name is a number, what it is about stands in
 * its text, all but the namespace; a slice is made for a service, which the text names; the key of an alert is a
 * fingerprint; members of etcd name themselves.
 */
const subjectOf = ({ probe, key, text }: Change): string => {
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

const changeWords = (change: Change): ChangeWords => {
  if (change.probe === 'endpointslices') {
    const { of, words } = alikeOf(change);
    if (words !== '') return { subject: of, text: words };
  }
  return { subject: subjectOf(change), text: legible(change.text) };
};

/** What many are called together: `payments/gateway x9`, `3 nodes`, `targets of etcd x3`. */
const groupSubject = (change: Change, times: number): string => {
  const { of } = alikeOf(change);
  switch (change.probe as string) {
    case 'nodes':
      return `${times} nodes`;
    case 'control-plane':
      return `${times} ${of}s`;
    case 'etcd':
      return change.key.includes('/') ? `${of}, ${times} members` : `${of} x${times}`;
    case 'prometheus':
      return `targets of ${of} x${times}`;
    default:
      return `${of} x${times}`;
  }
};

const plural: readonly (readonly [RegExp, string])[] = [
  [/^has /, 'have '],
  [/^does /, 'do '],
  [/^is /, 'are '],
  [/^answers /, 'answer '],
  [/^fails$/, 'fail'],
  [/^passes /, 'pass '],
];

/** What one member does, said of several. */
const ofSeveral = (words: string): string => {
  const found = plural.find(([one]) => one.test(words));
  return found === undefined ? words : words.replace(...found);
};

/** One thing that happened, to one object or to many alike, in the words of the newest change of it. */
export const groupWords = (group: AlikeGroup): ChangeWords => {
  const [first] = group;
  const times = group.length;
  const own = changeWords(first);
  if (times === 1) return own;
  const { of, words } = alikeOf(first);
  if (first.probe === 'alerts') {
    return { subject: '', text: `${words} x${times}${of === '' ? '' : `: ${of}`}` };
  }
  const text = group.every((c) => changeWords(c).text === own.text) ? own.text : words;
  const subject = groupSubject(first, times);
  if (first.probe === 'etcd') return { subject, text: ofSeveral(text) };
  if (first.probe === 'control-plane') return { subject, text: ofSeveral(words) };
  return {
    subject,
    text: first.probe === 'prometheus' ? words.replace(/^target is /, '') : text,
  };
};
