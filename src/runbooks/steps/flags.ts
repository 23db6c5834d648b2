import type { Template } from '../parameter.ts';
import { cutAt, joined, literal, literalOf } from './template.ts';
import type { Word } from './words.ts';

export interface FlagTable {
  /** Flags that take a value, each with the name it goes by here. */
  readonly valued: ReadonlyMap<string, string>;
  /** Flags that stand alone. */
  readonly alone: ReadonlyMap<string, string>;
}

export interface Flags {
  readonly positionals: readonly Word[];
  readonly values: ReadonlyMap<string, readonly Template[]>;
  readonly set: ReadonlySet<string>;
  /** Flags that are not in the table, as written. */
  readonly unknown: readonly string[];
  /** Words behind `--`; null when there is none. */
  readonly behind: readonly Word[] | null;
}

/** `-n --namespace ns` as a table: `namespace: '-n --namespace'`. */
export const flagTable = (
  valued: Readonly<Record<string, string>>,
  alone: Readonly<Record<string, string>>,
): FlagTable => {
  const turned = (named: Readonly<Record<string, string>>) =>
    new Map(Object.entries(named).flatMap(([name, all]) => all.split(' ').map((f) => [f, name])));
  return { valued: turned(valued), alone: turned(alone) };
};

/** The flag of a word, and the value behind its `=`; null when the word is none. */
const flagOf = (word: Word): { readonly flag: string; readonly value: Template | null } | null => {
  const first = word.value[0];
  if (first?.kind !== 'text' || !first.text.startsWith('-') || first.text === '-') return null;
  const cut = cutAt(word.value, '=');
  const flag = literalOf(cut?.[0] ?? word.value);
  return flag === null ? null : { flag, value: cut?.[1] ?? null };
};

/**
 * Tells flags from the other words, by a table: whether a flag takes the next word cannot be seen. Words behind the
 * first `stopAfter` positionals are not looked at: they belong to another command.
 */
export const readFlags = (
  words: readonly Word[],
  { valued, alone }: FlagTable,
  stopAfter = Number.POSITIVE_INFINITY,
): Flags => {
  const positionals: Word[] = [];
  const values = new Map<string, Template[]>();
  const set = new Set<string>();
  const unknown: string[] = [];
  let behind: readonly Word[] | null = null;
  const put = (name: string, value: Template): void => {
    const had = values.get(name);
    if (had === undefined) values.set(name, [value]);
    else had.push(value);
  };
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n];
    if (word === undefined) break;
    if (word.text === '--') {
      behind = words.slice(n + 1);
      break;
    }
    if (positionals.length >= stopAfter) {
      behind = words.slice(n);
      break;
    }
    const glued = gluedTo(word, valued);
    if (glued !== null) {
      put(glued.name, glued.value);
      continue;
    }
    const found = flagOf(word);
    if (found === null) {
      positionals.push(word);
      continue;
    }
    const { flag, value } = found;
    const named = valued.get(flag);
    const single = alone.get(flag);
    if (named !== undefined) {
      if (value !== null) put(named, value);
      else {
        n += 1;
        put(named, words[n]?.value ?? []);
      }
    } else if (single !== undefined) {
      if (value === null || literalOf(value) !== 'false') set.add(single);
    } else if (/^-[A-Za-z]{2,}$/.test(flag) && value === null && joinedShort(flag, alone)) {
      for (const letter of flag.slice(1)) set.add(alone.get(`-${letter}`) ?? '');
    } else if (/^-[A-Za-z]/.test(flag) && valued.has(flag.slice(0, 2))) {
      // `-nkube-system`, `-n=…` was seen above.
      const rest = joined([...literal(flag.slice(2)), ...word.value.slice(1)]);
      put(valued.get(flag.slice(0, 2)) ?? '', rest);
    } else unknown.push(flag);
  }
  return { positionals, values, set, unknown, behind };
};

const joinedShort = (flag: string, alone: ReadonlyMap<string, string>): boolean =>
  [...flag.slice(1)].every((letter) => alone.has(`-${letter}`));

/** `-n${ns}`: a short flag whose value follows at once. */
const gluedTo = (
  { value }: Word,
  valued: ReadonlyMap<string, string>,
): { readonly name: string; readonly value: Template } | null => {
  const first = value[0];
  if (first?.kind !== 'text' || value.length < 2 || !/^-[A-Za-z]$/.test(first.text)) return null;
  const name = valued.get(first.text);
  return name === undefined ? null : { name, value: value.slice(1) };
};

export const lastOf = (flags: Flags, name: string): Template | null =>
  flags.values.get(name)?.at(-1) ?? null;

/** The value of a flag where it is plain text; '' otherwise. */
export const textOf = (flags: Flags, name: string): string => {
  const value = lastOf(flags, name);
  return value === null ? '' : (literalOf(value) ?? '');
};
