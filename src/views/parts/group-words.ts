import { clip, plainText } from '../../kernel/text.ts';

/** Labels of a group are read no further than this. */
const read = 2000;
const wordsKept = 80;

const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** Labels whose values are names of things by themselves, the nearest first. */
const names = ['pod', 'node', 'instance', 'service', 'job', 'cluster'] as const;

/**
 * The labels that a source groups by, as a person would say what the group is about: `kube-system/payments-etcd`,
 * `namespace web`, `severity critical`; '' where they name nothing but the alert. Linear in the length of the text.
 */
export const groupWords = (group: string): string => {
  if (group.startsWith('=')) return '';
  const labels = new Map<string, string>();
  for (const [, name = '', value = ''] of group.slice(0, read).matchAll(pair)) {
    if (name !== 'alertname' && value !== '') labels.set(name, value);
  }
  const name = names.find((n) => labels.has(n));
  const own = name === undefined ? '' : (labels.get(name) ?? '');
  const space = labels.get('namespace') ?? '';
  if (name !== undefined) labels.delete(name);
  if (own !== '') labels.delete('namespace');
  const thing = own === '' || space === '' ? own : `${space}/${own}`;
  const rest = [...labels].map(([label, value]) => `${label} ${value}`);
  return clip(plainText([thing, ...rest].filter((t) => t !== '').join(', ')), wordsKept);
};

const plainWord = (word: string): string => word.toLowerCase().replace(/(?:ing|ed|es|s)$/, '');

const wordsOf = (text: string): readonly string[] =>
  (text.slice(0, 300).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map(plainWord);

/** Words that say nothing by themselves. */
const small = new Set(
  ['a', 'an', 'the', 'is', 'are', 'of', 'in', 'to', 'and', 'has', 'not'].map(plainWord),
);

/** Whether a sentence says no more than the name does: `A pod crash-loops.` of `KubePodCrashLooping`. */
export const repeatsName = (sentence: string, name: string): boolean => {
  const said = wordsOf(sentence);
  const named = new Set(wordsOf(name));
  return said.length <= named.size + 4 && said.every((w) => named.has(w) || small.has(w));
};
