import type { Template, TemplatePart } from '../parameter.ts';
import { type Placeholder, placeholderAt } from './placeholder.ts';
import { joined, literalOf } from './template.ts';

/** One word of a command, as a shell would split it. */
export interface Word {
  readonly value: Template;
  /** The text, when there is no parameter in it; null otherwise. */
  readonly text: string | null;
}

/** What only a shell can do; such a command is shown and never run. */
export type ShellUse =
  | 'pipe'
  | 'list'
  | 'substitution'
  | 'redirect'
  | 'background'
  | 'variable'
  | 'quote';

/** A command up to the next mark of a shell; `then`: what stands behind that mark, as written. */
export interface Command {
  readonly words: readonly Word[];
  readonly uses: readonly ShellUse[];
  /** Behind pipes: what each stage is, as words. */
  readonly stages: readonly (readonly Word[])[];
}

/** Longest command that is looked at, in UTF-16 units. */
export const commandMost = 8000;

export type Name = (placeholder: Placeholder) => string;

/**
 * Splits one command into words: quotes and backslashes as in a shell, placeholders become parameters, and what only a
 * shell can do is told, not done. `name` says which parameter a placeholder is.
 */
export const readCommand = (text: string, name: Name): Command => {
  const uses = new Set<ShellUse>();
  const stages: Word[][] = [[]];
  let parts: TemplatePart[] = [];
  let started = false;
  let quote: '' | '"' | "'" = '';
  let at = 0;
  const end = Math.min(text.length, commandMost);
  if (text.length > commandMost) uses.add('quote');
  const letter = (c: string): void => {
    parts.push({ kind: 'text', text: c });
    started = true;
  };
  const finish = (): void => {
    if (started) {
      const value = joined(parts);
      stages.at(-1)?.push({ value, text: literalOf(value) });
    }
    parts = [];
    started = false;
  };
  while (at < end) {
    const c = text.charAt(at);
    const next = text.charAt(at + 1);
    const found = placeholderAt(text, at, { angles: true, dollar: quote !== "'" });
    if (found !== null) {
      parts.push({ kind: 'parameter', name: name(found) });
      started = true;
      at += found.written.length;
      continue;
    }
    at += 1;
    if (quote === "'") {
      if (c === "'") quote = '';
      else letter(c);
    } else if (c === '\\') {
      if (next === '\n' || next === '') at += 1;
      else if (quote === '"' && !/["\\$`]/.test(next)) letter(c);
      else {
        letter(next);
        at += 1;
      }
    } else if (c === '`' || (c === '$' && next === '(')) {
      uses.add('substitution');
      letter(c);
    } else if (c === '$' && /[A-Za-z0-9_{?$!@*#'"-]/.test(next)) {
      // In double quotes a `$` before the closing quote is a letter, as in patterns.
      if (!(quote === '"' && (next === '"' || next === "'"))) uses.add('variable');
      letter(c);
    } else if (quote === '"') {
      if (c === '"') quote = '';
      else letter(c);
    } else if (c === '"' || c === "'") {
      quote = c;
      started = true;
    } else if (c === '#' && !started) break;
    else if (/\s/.test(c)) {
      if (c === '\n' && (stages.at(-1)?.length ?? 0) > 0) uses.add('list');
      finish();
    } else if (c === '|' && next !== '|') {
      uses.add('pipe');
      finish();
      stages.push([]);
      if (next === '&') at += 1;
    } else if (c === ';' || (c === '&' && next === '&') || c === '|') {
      uses.add('list');
      finish();
      break;
    } else if (c === '&') {
      uses.add(next === '>' ? 'redirect' : 'background');
      finish();
      break;
    } else if (c === '<' || c === '>') {
      uses.add('redirect');
      if (/^\d$/.test(literalOf(joined(parts)) ?? '')) parts = [];
      finish();
      break;
    } else if ((c === '(' || c === ')') && !started) {
      uses.add('list');
      letter(c);
    } else letter(c);
  }
  if (quote !== '') uses.add('quote');
  finish();
  const [first = [], ...rest] = stages.map(withoutAssignments);
  return { words: first, uses: [...uses], stages: rest };
};

/** `ETCDCTL_API=3 etcdctl …`: what is set before a command is not part of it. */
const withoutAssignments = (words: readonly Word[]): readonly Word[] => {
  const first = words.findIndex((w) => !/^[A-Za-z_]\w*=/.test(w.text ?? startOf(w.value)));
  return first === -1 ? [] : words.slice(first);
};

const startOf = ([first]: Template): string => (first?.kind === 'text' ? first.text : '');
