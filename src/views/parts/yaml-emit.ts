/** JSON-safe data. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [key: string]: Plain };

// What a reader of YAML would take for something else than this text, or cannot read at all.
const words = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|\.\.\.|---|=|<<)$/i;
const numbers =
  /^[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?)$/i;
const dates = /^\d{4}-\d\d?-\d\d?/;
const plainForm = /^[A-Za-z0-9_./(][^\p{Cc}\u2028\u2029\ufeff]*$/u;

/** Whether a text may stand without quotes and is then read back as the same text. */
const isBare = (text: string): boolean =>
  plainForm.test(text) &&
  !words.test(text) &&
  !numbers.test(text) &&
  !dates.test(text) &&
  !text.includes(': ') &&
  !text.includes(' #') &&
  !text.endsWith(':') &&
  !text.endsWith(' ') &&
  text.isWellFormed();

const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Text of several lines that a block scalar carries unchanged. */
const isBlock = (text: string): boolean =>
  text.includes('\n') &&
  text.length > 1 &&
  !/^[ \n]|\n\n$/.test(text) &&
  !/[\p{Cc}\u2028\u2029\ufeff]/u.test(text.replaceAll('\n', '')) &&
  text.isWellFormed();

const blockOf = (text: string, indent: string): string[] => {
  const ended = text.endsWith('\n');
  const body = ended ? text.slice(0, -1) : text;
  return [ended ? '|' : '|-', ...body.split('\n').map((l) => (l === '' ? '' : indent + l))];
};

const isRecord = (value: Plain): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first line of a value, to stand behind its key, and the lines below it. */
const emit = (value: Plain, indent: string): string[] => {
  if (typeof value === 'string') {
    if (isBlock(value)) return blockOf(value, indent);
    return [isBare(value) ? value : quote(value)];
  }
  if (typeof value !== 'object' || value === null) return [String(value)];
  if (Array.isArray(value)) {
    return value.length === 0 ? ['[]'] : ['', ...listOf(value, indent)];
  }
  return isRecord(value) && Object.keys(value).length > 0
    ? ['', ...fieldsOf(value, indent)]
    : ['{}'];
};

const behind = (head: string, [first = '', ...below]: readonly string[]): string[] => [
  first === '' ? head : `${head} ${first}`,
  ...below,
];

const fieldsOf = (record: { readonly [key: string]: Plain }, indent: string): string[] =>
  Object.entries(record).flatMap(([key, value]) => {
    const name = isBare(key) && !key.includes(':') ? key : quote(key);
    // Lists stand below their key without going in, as kubectl writes them.
    const deeper = Array.isArray(value) ? indent : `${indent}  `;
    return behind(`${indent}${name}:`, emit(value, deeper));
  });

const listOf = (list: readonly Plain[], indent: string): string[] =>
  list.flatMap((item) => {
    const deeper = `${indent}  `;
    const [first = '', ...below] = emit(item, deeper);
    if (first !== '') return [`${indent}- ${first}`, ...below];
    const [next = '', ...rest] = below;
    return [`${indent}- ${next.slice(deeper.length)}`, ...rest];
  });

/** Lines of YAML for plain data, in the form that kubectl gives it. */
export const yamlLines = (value: Plain): readonly string[] => {
  const [first = '', ...below] = emit(value, '');
  return first === '' ? below : [first, ...below];
};
