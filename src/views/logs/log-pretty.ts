import { type Line, type Span, span } from '../parts/line.ts';

/** Longer lines are shown as they came: taking them apart costs more than it tells. */
const longestParsed = 16_384;

const messageNames = ['msg', 'message', '@m', '@message', 'event'];
const levelNames = ['level', 'severity', 'lvl', 'loglevel', 'log.level', 'levelname', '@l'];
/** The time of the node stands before the line already. */
const timeNames = ['ts', 'time', 'timestamp', '@timestamp', '@t', 't', 'asctime'];

type Fields = readonly (readonly [string, string])[];

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

const jsonFields = (text: string): Fields | null => {
  if (!text.startsWith('{') || text.length > longestParsed) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? Object.entries(parsed).map(([k, v]) => [k, valueText(v)] as const)
      : null;
  } catch {
    return null;
  }
};

const pair = /([A-Za-z_][\w.@/-]{0,60})=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/y;

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;

/** Only where all of it is pairs, and there are two at least: prose with one `=` in it is prose. */
const logfmtFields = (text: string): Fields | null => {
  if (text.length > longestParsed || !/^[A-Za-z_][\w.@/-]*=/.test(text)) return null;
  const fields: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    pair.lastIndex = at;
    const found = pair.exec(text);
    if (found === null) return null;
    fields.push([found[1] ?? '', unquoted(found[2] ?? '')]);
    at = pair.lastIndex;
    while (text[at] === ' ') at += 1;
  }
  return fields.length >= 2 ? fields : null;
};

const firstOf = (fields: Fields, names: readonly string[]): readonly [string, string] | null =>
  fields.find(([name]) => names.includes(name.toLowerCase())) ?? null;

/** A line of JSON or logfmt with its message first and its other fields behind; null for any other line. */
export const prettyLine = (text: string): Line | null => {
  const fields = jsonFields(text) ?? logfmtFields(text);
  if (fields === null) return null;
  const message = firstOf(fields, messageNames);
  const level = firstOf(fields, levelNames);
  const time = firstOf(fields, timeNames);
  const rest = fields.filter((f) => f !== message && f !== level && f !== time);
  const out: Span[] = [];
  if (level !== null) out.push(span(`${level[1].toLowerCase()} `, 'dim'));
  if (message !== null) out.push(span(message[1]));
  for (const [name, value] of rest) {
    out.push(span(`${out.length === 0 ? '' : '  '}${name}=`, 'dim'), span(value));
  }
  return out;
};
