import { absurd } from './absurd.ts';
import { type Failure, failed, failure, ok, type Result } from './failure.ts';
import { type Accepts, isWord } from './pattern-set.ts';
import { type PatternNode, type Place, readPattern } from './pattern-syntax.ts';

/** Says whether a whole text matches. */
export type Pattern = (text: string) => boolean;

/** Longest pattern that is read, in UTF-16 units. */
export const patternMost = 2000;
/** Steps that a pattern may consist of; `(a{100}){100}` would be ten thousand. */
const stepsMost = 4000;

type Step =
  | { readonly kind: 'char'; readonly accepts: Accepts }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'fork'; readonly to: readonly number[] };

/** How many steps a node takes. */
const stepsOf = (node: PatternNode): number => {
  switch (node.kind) {
    case 'char':
    case 'place':
      return 1;
    case 'row':
      return node.of.reduce((sum, n) => sum + stepsOf(n), 0);
    case 'either':
      return node.of.reduce((sum, n) => sum + stepsOf(n) + 1, 1);
    case 'repeat': {
      const times = Math.max(1, Number.isFinite(node.most) ? node.most : node.least + 1);
      return times * (stepsOf(node.of) + 2);
    }
    default:
      return absurd(node);
  }
};

/** One step after the other; a fork goes on at several places, and the end is behind the last step. */
const compile = (root: PatternNode): readonly Step[] => {
  const steps: Step[] = [];
  const fork = (): number[] => {
    const to: number[] = [];
    steps.push({ kind: 'fork', to });
    return to;
  };
  const add = (node: PatternNode): void => {
    switch (node.kind) {
      case 'char':
      case 'place':
        steps.push(node);
        return;
      case 'row':
        node.of.forEach(add);
        return;
      case 'either': {
        const starts = fork();
        const ends: number[][] = [];
        for (const way of node.of) {
          starts.push(steps.length);
          add(way);
          ends.push(fork());
        }
        for (const end of ends) end.push(steps.length);
        return;
      }
      case 'repeat': {
        for (let n = 0; n < node.least; n += 1) add(node.of);
        if (!Number.isFinite(node.most)) {
          const from = steps.length;
          const again = fork();
          again.push(steps.length);
          add(node.of);
          fork().push(from);
          again.push(steps.length);
          return;
        }
        const skips: number[][] = [];
        for (let n = node.least; n < node.most; n += 1) {
          const skip = fork();
          skip.push(steps.length);
          skips.push(skip);
          add(node.of);
        }
        for (const skip of skips) skip.push(steps.length);
        return;
      }
      default:
        absurd(node);
    }
  };
  add(root);
  return steps;
};

/** `before` and `here` are code points, -1 beyond the ends of the text. */
const holds = (place: Place, before: number, here: number): boolean => {
  switch (place) {
    case 'start':
      return before < 0;
    case 'end':
      return here < 0;
    case 'line start':
      return before < 0 || before === 10;
    case 'line end':
      return here < 0 || here === 10;
    case 'word border':
      return isWord(before) !== isWord(here);
    case 'no word border':
      return isWord(before) === isWord(here);
    default:
      return absurd(place);
  }
};

/** Follows all ways through the steps at once, so that the time is the product of both lengths and never more. */
const runner = (steps: readonly Step[]): Pattern => {
  const end = steps.length;
  const seen = new Uint32Array(end + 1);
  let round = 0;
  return (text) => {
    let reached: number[] = [0];
    let before = -1;
    let at = 0;
    for (;;) {
      const here = at < text.length ? (text.codePointAt(at) ?? -1) : -1;
      round += 1;
      const next: number[] = [];
      // Grows while it is walked: forks and places lead on without a character.
      for (let i = 0; i < reached.length; i += 1) {
        const n = reached[i] ?? end;
        if (seen[n] === round) continue;
        seen[n] = round;
        if (n === end) {
          if (here < 0) return true;
          continue;
        }
        const step = steps[n];
        if (step === undefined) continue;
        if (step.kind === 'fork') for (const to of step.to) reached.push(to);
        else if (step.kind === 'place') {
          if (holds(step.place, before, here)) reached.push(n + 1);
        } else if (here >= 0 && step.accepts(here)) next.push(n + 1);
      }
      if (here < 0 || next.length === 0) return false;
      reached = next;
      before = here;
      at += here > 0xffff ? 2 : 1;
    }
  };
};

/** The text itself, where a pattern is nothing but letters. */
const plainOf = (node: PatternNode): string | null => {
  if (node.kind === 'char') return node.letter === '' ? null : node.letter;
  if (node.kind !== 'row') return null;
  const parts = node.of.map(plainOf);
  return parts.includes(null) ? null : parts.join('');
};

/** `a|b|c`, as most patterns of alerts are, needs no walk. */
const wordsOf = (node: PatternNode): ReadonlySet<string> | null => {
  const words = (node.kind === 'either' ? node.of : [node]).map(plainOf);
  return words.includes(null) ? null : new Set(words as string[]);
};

const wrong = (why: string, on: string): { ok: false; failure: Failure } =>
  failed(failure('misconfigured', 'read pattern', why, { on }));

/**
 * A regular expression in Go's syntax that must match a whole text, as Alertmanager and Prometheus have it. Matching
 * takes time linear in the length of the text, whatever the pattern.
 */
export const compilePattern = (source: string): Result<Pattern> => {
  const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
  if (source.length > patternMost) return wrong(`longer than ${patternMost} characters`, shown);
  const read = readPattern(source);
  if (read.kind === 'wrong') return wrong(read.why, shown);
  const words = wordsOf(read.node);
  if (words !== null) return ok((text) => words.has(text));
  if (stepsOf(read.node) > stepsMost) return wrong('repeats too much', shown);
  return ok(runner(compile(read.node)));
};
