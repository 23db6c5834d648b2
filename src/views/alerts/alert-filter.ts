import type { StreamItem } from '../../findings/alert-stream.ts';
import { matches, parseMatchers } from '../../kernel/matchers.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { matcherOf, searched } from '../filter.ts';
import { alertWord } from '../parts/alert-words.ts';

/** What was typed after `/` over alerts, ready to be asked. */
export interface AlertFilter {
  readonly active: boolean;
  /** What is wrong with it, or how it was read; '' mostly. */
  readonly note: string;
  holds(item: StreamItem): boolean;
}

/** `{…}`, `name="value"`, `name=~value`: nobody types that and means text. */
const likeMatchers =
  /^\{|^"(?:[^"\\]|\\.)*"\s*(?:=|!=|!~)|^[^\s"'{},=!~-][^\s"'{},=!~]*\s*(?:=|!=|!~)/;

const texts = new WeakMap<StreamItem, string>();

/** What plain text is searched in: what the line shows, then its labels and the sentence. Made once per alert. */
const textOf = (item: StreamItem): string => {
  const had = texts.get(item);
  if (had !== undefined) return had;
  const labels = Object.entries(item.labels).map(([name, value]) => `${name}=${value}`);
  const whole = [item.name, item.subject, item.severity, alertWord(item), ...labels, item.summary];
  const text = clip(plainText(clipped(whole)), searched);
  texts.set(item, text);
  return text;
};

/** A label may hold a hundred kilobytes, and no more than the start is searched. */
const clipped = (parts: readonly string[]): string =>
  parts
    .map((part) => part.slice(0, searched))
    .join(' ')
    .slice(0, searched);

const read = (typed: string): AlertFilter => {
  const text = typed.trim();
  if (!likeMatchers.test(text)) {
    const matcher = matcherOf(typed);
    return {
      active: matcher.active,
      note: matcher.note,
      holds: (item) => !matcher.active || matcher.matches(textOf(item), item.labels),
    };
  }
  const parsed = parseMatchers(text);
  if (!parsed.ok) {
    const { on = '', message, hint } = parsed.failure;
    const where = on === '' ? '' : `${on}: `;
    return {
      active: false,
      note: `not filtered, ${where}${message}${hint === undefined ? '' : `; ${hint}`}`,
      holds: () => true,
    };
  }
  const matchers = parsed.value;
  return {
    active: matchers.length > 0,
    note: '',
    holds: (item) => matches(matchers, item.labels),
  };
};

let last: { readonly typed: string; readonly filter: AlertFilter } | null = null;

/**
 * Reads a filter over alerts: Alertmanager's matchers where it looks like them (`severity="critical"`, `{…}`), with the
 * column of a mistake; everything else as in any list.
 */
export const alertFilterOf = (typed: string): AlertFilter => {
  if (last?.typed !== typed) last = { typed, filter: read(typed) };
  return last.filter;
};
