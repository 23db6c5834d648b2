import { plainText } from './text.ts';

/** Stands where a secret was. */
export const redacted = '[redacted]';

const passwords = 'password|passwd|passphrase|pwd';
const keys =
  'token|secret|credentials?|(?:api|access|account|shared|signing|encryption|private)[_-]?key';
/** Quoted text, with or without its closing quote, also inside a quoted and escaped document. */
const quoted = String.raw`\\+"[^"]*"?|\\+'[^']*'?|"(?:[^"\\]|\\[^]?)*"?|'(?:[^'\\]|\\[^]?)*'?`;
const unquoted = String.raw`[^\s,;&"']+`;
const done = String.raw`(?!\[redacted\])`;
const closeQuote = String.raw`\\*["']?`;

/**
 * Text that is a secret by its form. Messages of the API server, of admission webhooks and of containers do carry them.
 * Every rule is anchored so that a run of characters is scanned once, whatever it holds: hostile text of a megabyte
 * takes milliseconds. A rule leaves alone what it has already replaced.
 */
const rules: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    redacted,
  ],
  [/\b(bearer)\s+[A-Za-z0-9+/_=.~-]{8,}/gi, `$1 ${redacted}`],
  // "basic authentication" is prose; credentials in base64 have a capital, a digit or padding in them.
  [/\b([Bb]asic|BASIC)\s+(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/=_-]{8,}/g, `$1 ${redacted}`],
  [
    new RegExp(
      String.raw`\b(authorization${closeQuote}\s*[=:]\s*)${done}(?:\\*["'])?(?:(?:bearer|basic|digest|negotiate|token)\s+)?[^\s"',;]+["']?`,
      'gi',
    ),
    `$1${redacted}`,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\bAIza[A-Za-z0-9_-]{35}/g, redacted],
  [
    /\b(?:gh[oprsu]|github_pat|glpat|xox[abeprs]|npm|sk_live|hvs)[._-][A-Za-z0-9_-]{16,}/g,
    redacted,
  ],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g, redacted],
  [/(:\/\/[^\s/:@]*):[^\s/]*@/g, `$1:${redacted}@`],
  [/:\/\/[A-Za-z0-9_.~%-]{20,}@/g, `://${redacted}@`],
  [
    new RegExp(
      String.raw`((?:${passwords})${closeQuote}\s*[=:]\s*)${done}(?:${quoted}|${unquoted})`,
      'gi',
    ),
    `$1${redacted}`,
  ],
  // "failed to fetch token: not found" is prose: after a colon and a space, a bare word must look made up.
  [
    new RegExp(
      String.raw`((?:${keys})${closeQuote}\s*(?:=\s*|:\s*(?=\\*["'])|:(?=\S)|:\s+(?=[^\s,;&"'0-9]{0,256}[0-9])(?=[^\s,;&"']{8})))${done}(?:${quoted}|${unquoted})`,
      'gi',
    ),
    `$1${redacted}`,
  ],
  [
    new RegExp(String.raw`(["']auth${closeQuote}\s*:\s*)${done}(?:${quoted})`, 'gi'),
    `$1${redacted}`,
  ],
  [
    /(--?[a-z0-9-]{0,32}(?:password|passwd|token|api-key|client-secret)\s+)(?![-[])\S+/gi,
    `$1${redacted}`,
  ],
];

// One cheap test decides whether the rules are tried at all: almost no text in a cluster is suspicious.
const suspicious =
  /private key|bearer|basic|authorization|AKIA|ASIA|AIza|gh[oprsu][._-]|github_pat|glpat|xox|npm[._-]|sk_live|hvs[._-]|:\/\/[^\s/]*@|passw|passphrase|pwd|secret|token|credential|key|auth["'\\]/i;

/** Text without control characters and without secrets. Time linear in the length, for every input. */
export const cleanText = (text: string): string => {
  const plain = plainText(text);
  if (plain.length < 8) return plain;
  let out = plain.includes('eyJ') ? redactJwts(plain) : plain;
  if (!suspicious.test(out)) return out;
  for (const [pattern, instead] of rules) out = out.replace(pattern, instead);
  return out;
};

const dotted = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+/g;

/** JSON web tokens: `eyJ` (that is `{"` in base64) and another part after a dot; the signature may be missing. */
const redactJwts = (text: string): string =>
  text.replace(dotted, (run) => {
    const parts = run.split('.');
    const kept: string[] = [];
    for (let i = 0; i < parts.length; i += 1) {
      const part = parts[i] as string;
      const start = part.indexOf('eyJ');
      if (start === -1 || part.length - start < 11 || (parts[i + 1]?.length ?? 0) < 8) {
        kept.push(part);
        continue;
      }
      kept.push(part.slice(0, start) + redacted);
      i += 2;
    }
    return kept.join('.');
  });

/** Names of fields and annotations whose text is a secret whatever it looks like. `secret` alone names an object. */
const secretKey =
  /(?:password|passwd|passphrase|token|(?:client|shared|app)[_-]?secret|(?:api|access|private)[_-]?key|authorization)$/i;

/** Deeper than any fact; what lies below is replaced, so that a hostile payload cannot exhaust the stack. */
const maxDepth = 32;

/**
 * A value with all its text cleaned, and its estimated size in memory in bytes.
 * What is clean already is returned as it is, not copied. The value is JSON-safe data: no cycles.
 */
export const cleanse = <T>(value: T): { readonly value: T; readonly size: number } => {
  const counter = { size: 0 };
  return { value: walk(value, counter, 0) as T, size: counter.size };
};

const walk = (value: unknown, counter: { size: number }, depth: number): unknown => {
  if (typeof value === 'string') {
    counter.size += 16 + value.length;
    return cleanText(value);
  }
  if (typeof value !== 'object' || value === null) {
    counter.size += 8;
    return value;
  }
  if (depth >= maxDepth) return redacted;
  counter.size += 32;
  return Array.isArray(value)
    ? walkList(value, counter, depth)
    : walkRecord(value as Record<string, unknown>, counter, depth);
};

const walkList = (list: unknown[], counter: { size: number }, depth: number): unknown[] => {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i += 1) {
    const was = list[i];
    const now = walk(was, counter, depth + 1);
    if (now === was) continue;
    copy ??= [...list];
    copy[i] = now;
  }
  return copy ?? list;
};

interface Name {
  readonly clean: string;
  readonly secret: boolean;
}

/** Facts have the same few hundred field names and labels again and again. */
const namesKept = 4096;
const longestKept = 256;
const names = new Map<string, Name>();

const nameOf = (name: string): Name => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const fresh = { clean: cleanText(name), secret: secretKey.test(name) };
  if (name.length > longestKept) return fresh;
  if (names.size >= namesKept) names.clear();
  names.set(name, fresh);
  return fresh;
};

const walkRecord = (
  record: Record<string, unknown>,
  counter: { size: number },
  depth: number,
): Record<string, unknown> => {
  const names = Object.keys(record);
  let entries: [string, unknown][] | undefined;
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    const was = record[name];
    counter.size += 8;
    const { clean, secret } = nameOf(name);
    const now =
      secret && typeof was === 'string' && was !== '' ? redacted : walk(was, counter, depth + 1);
    if (entries === undefined && (now !== was || clean !== name)) {
      entries = names.slice(0, i).map((before) => [before, record[before]]);
    }
    entries?.push([clean, now]);
  }
  // From entries, because assigning to a key named __proto__ would not make a field of it.
  return entries === undefined ? record : Object.fromEntries(entries);
};
