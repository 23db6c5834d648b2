import { clip, type PlainText, plainText } from '../kernel/text.ts';

/** A termination message is at most 4 kB; of what a recording claims to be one, no more is read. */
const read = 8192;
/** Records looked at, from the last one back: what ended a process stands at the end of its log. */
const recordsRead = 16;
const wordsKept = 300;

/** A line of a structured log, as far as it tells why something ended. */
interface Record {
  readonly level: string;
  readonly message: string;
  readonly error: string;
}

const messageKeys = ['msg', 'message', 'MESSAGE', 'event'] as const;
const errorKeys = ['error', 'err', 'cause', 'exception', 'reason'] as const;
const levelKeys = ['level', 'severity', 'lvl', 'levelname'] as const;

const textIn = (value: unknown): string =>
  typeof value === 'string' ? plainText(value).replace(/ {2,}/g, ' ').trim() : '';

/** An error may be an object that has its words in it. */
const firstOf = (record: object, keys: readonly string[]): string => {
  for (const key of keys) {
    if (!Object.hasOwn(record, key)) continue;
    const value: unknown = Reflect.get(record, key);
    const inner = typeof value === 'object' && value !== null ? value : null;
    const text = inner === null ? textIn(value) : firstText(inner);
    if (text !== '') return text;
  }
  return '';
};

const firstText = (inner: object): string =>
  messageKeys
    .map((key) => (Object.hasOwn(inner, key) ? textIn(Reflect.get(inner, key)) : ''))
    .find((text) => text !== '') ?? '';

const recordOf = (text: string): Record | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const message = firstOf(value, messageKeys);
  const error = firstOf(value, errorKeys);
  if (message === '' && error === '') return null;
  return { level: firstOf(value, levelKeys).toLowerCase(), message, error };
};

const isLoud = ({ level }: Record): boolean => /^(fatal|panic|dpanic|critical|crit)/.test(level);
const isError = ({ level, error }: Record): boolean => error !== '' || /^err/.test(level);

const wordsOf = ({ message, error }: Record): string => {
  if (error === '' || message.includes(error)) return message;
  return message === '' || error.includes(message) ? error : `${message}: ${error}`;
};

/**
 * Records, the last one first. What cannot be read may be the end of one that begins further back, with an object
 * inside: it is tried again from there, as often as `recordsRead` says.
 */
const recordsIn = (text: string): readonly Record[] => {
  const starts = [...text.matchAll(/(?:^|\s)\{"/g)].slice(-recordsRead);
  const found: Record[] = [];
  let end = text.length;
  for (const { index } of starts.reverse()) {
    const record = recordOf(text.slice(index, end));
    if (record === null) continue;
    found.push(record);
    end = index;
  }
  return found;
};

/**
 * The last words of a process for a person: where they are structured log lines, the line that tells why it ended, as
 * `message: error`; all other text as it is. What of it was cut is passed over. Linear in the length of the text, of
 * which at most 8 kB are read; harmless as `plainText` is.
 */
export const tellingWords = (said: string): PlainText => {
  const whole = plainText(said);
  const text = said.slice(-read).trimEnd();
  // Words after the last record are what a runtime prints when it gives up: they tell more than any record.
  if (!text.endsWith('}')) return whole;
  const records = recordsIn(text);
  const telling = records.find(isLoud) ?? records.find(isError) ?? records[0];
  return telling === undefined ? whole : clip(plainText(wordsOf(telling)), wordsKept);
};
