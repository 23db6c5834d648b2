import { nearest } from '../../kernel/spelling.ts';

/** Names listed in an error: more than fit into a few lines help nobody. */
const mostNames = 8;

/** The name that was probably meant: near in letters, or one that contains the word (`prod` in `prod-eu`). */
const meant = (word: string, names: readonly string[]): string | undefined =>
  word === ''
    ? undefined
    : (nearest(word, names) ?? names.find((n) => n.toLowerCase().includes(word.toLowerCase())));

/** Sentence that ends an error about a name: what was probably meant, and what there is. */
export const didYouMean = (word: string, names: readonly string[]): string => {
  if (names.length === 0) return 'there is none';
  const near = meant(word, names);
  const shown = [...names].sort().slice(0, mostNames).join(', ');
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${near === undefined ? '' : `did you mean "${near}"? `}there is: ${shown}${more}`;
};
