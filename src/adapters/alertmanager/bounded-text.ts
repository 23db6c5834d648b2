import { alertTextKept, type Labels, pairsKept } from '../../kernel/alert-fact.ts';
import { clip, plainText } from '../../kernel/text.ts';

/** Names, ids and the like are cut at this many characters. */
export const nameKept = 1000;

/** Escape sequences go with the cleaning, so a little more than is kept is looked at, but never 100 kB. */
const looked = 2;

/** A value from outside as clean text of at most `max` characters; '' for what is no text. */
export const boundedText = (value: unknown, max: number = alertTextKept): string => {
  if (typeof value !== 'string') return '';
  return value.length <= max
    ? plainText(value)
    : clip(plainText(value.slice(0, max * looked)), max);
};

/** Names by which alerts are found, grouped and judged: kept before all others. */
const first: ReadonlySet<string> = new Set([
  'alertname',
  'severity',
  'cluster',
  'namespace',
  'node',
  'instance',
  'pod',
  'service',
  'job',
  'summary',
  'description',
  'message',
  'runbook_url',
]);

/** Labels or annotations, at most `pairsKept`; null when they are none. */
export const boundedPairs = (value: unknown): Labels | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const pairs = value as Readonly<Record<string, unknown>>;
  const kept: Record<string, string> = {};
  for (const name of namesKept(Object.keys(pairs))) {
    // Assigned, this one would be the prototype.
    if (name !== '__proto__') kept[boundedText(name, nameKept)] = boundedText(pairs[name]);
  }
  return kept;
};

const namesKept = (names: readonly string[]): readonly string[] =>
  names.length <= pairsKept
    ? names
    : [...names.filter((n) => first.has(n)), ...names.filter((n) => !first.has(n))].slice(
        0,
        pairsKept,
      );

const none: readonly string[] = [];

/** Ids or names in a list: at most `pairsKept`, sorted and without repeats. */
export const boundedNames = (value: unknown): readonly string[] => {
  if (!Array.isArray(value) || value.length === 0) return none;
  const names = value.map((name) => boundedText(name, nameKept)).filter((name) => name !== '');
  return names.length < 2 ? names : [...new Set(names)].sort().slice(0, pairsKept);
};

/** Milliseconds since the epoch; 0 for what is no time. */
export const timeOf = (value: unknown): number => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? 0 : at;
};

/** The members of an object, or none. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
