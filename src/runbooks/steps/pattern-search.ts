import { absurd } from '../../kernel/absurd.ts';
import { compilePattern, type Pattern } from '../../kernel/pattern.ts';
import { type PatternNode, readPattern } from '../../kernel/pattern-syntax.ts';

export type Searched =
  | { readonly kind: 'found' }
  | { readonly kind: 'none' }
  /** Not in the beginning that was looked at; the rest would take too long. */
  | { readonly kind: 'unsure' };

/** Steps times characters: about a quarter of a second on a slow machine. */
const workMost = 20_000_000;

const sizeOf = (node: PatternNode): number => {
  switch (node.kind) {
    case 'char':
    case 'place':
      return 1;
    case 'row':
    case 'either':
      return node.of.reduce((sum, n) => sum + sizeOf(n) + 1, 1);
    case 'repeat':
      return (
        Math.max(1, Number.isFinite(node.most) ? node.most : node.least + 1) * (sizeOf(node.of) + 2)
      );
    default:
      return absurd(node);
  }
};

interface Search {
  readonly matches: Pattern;
  readonly steps: number;
}

const searchOf = (pattern: string): Search | null => {
  const syntax = readPattern(pattern);
  // Flags of the pattern stay within its brackets.
  const compiled = compilePattern(`(?s:.*)(?:${pattern})(?s:.*)`);
  return syntax.kind === 'read' && compiled.ok
    ? { matches: compiled.value, steps: sizeOf(syntax.node) + 8 }
    : null;
};

/**
 * Looks for a pattern anywhere in a text. The time is bounded, whatever both are: ways are followed side by side, and
 * of a text that is too long for its pattern only the beginning is looked at.
 */
export const searchPattern = (pattern: string, text: string): Searched => {
  const search = searchOf(pattern);
  if (search === null) return { kind: 'unsure' };
  const most = Math.max(1000, Math.floor(workMost / search.steps));
  if (search.matches(text.slice(0, most))) return { kind: 'found' };
  return text.length > most ? { kind: 'unsure' } : { kind: 'none' };
};
