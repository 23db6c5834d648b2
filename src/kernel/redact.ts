import { plainText } from './text.ts';

/** Stands where a secret was. */
export const redacted = '[redacted]';

/**
 * Text that is a secret by its form: bearer and basic credentials, JSON web tokens, cloud access keys, private keys,
 * passwords in URLs and `password=`-like assignments. Messages of the API server and of containers do carry them.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/_=.~-]{8,}/gi, `$1 ${redacted}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, redacted],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs])[_-][A-Za-z0-9_-]{16,}/g, redacted],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${redacted}@`],
  [
    /\b((?:[a-z0-9]+[_-])*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1${redacted}`,
  ],
];

// One cheap test decides whether the seven rules are tried at all: almost no text in a cluster is suspicious.
const suspicious =
  /private key|bearer |basic |eyJ|AKIA|ASIA|gh[posu]_|github_pat|glpat-|xox|:\/\/[^\s/@]*@|pass|secret|token|key/i;

/** Text without control characters and without secrets. Bounded work for every input. */
export const cleanText = (text: string): string => {
  const plain = plainText(text);
  if (plain.length < 8 || !suspicious.test(plain)) return plain;
  let out: string = plain;
  for (const [pattern, instead] of secrets) out = out.replace(pattern, instead);
  return out;
};

/** Deeper than any fact; what lies below is replaced, so that a hostile payload cannot exhaust the stack. */
const maxDepth = 32;

/**
 * A value with all its text cleaned, and its estimated size in memory in bytes.
 * What is clean already is returned as it is, not copied.
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
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i += 1) {
      const was: unknown = value[i];
      const now = walk(was, counter, depth + 1);
      if (now !== was) copy ??= [...value];
      if (copy !== undefined) copy[i] = now;
    }
    return copy ?? value;
  }
  let changed: Record<string, unknown> | undefined;
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const was = record[key];
    const now = walk(was, counter, depth + 1);
    counter.size += 8;
    const cleanKey = plainText(key);
    if (cleanKey !== key) {
      changed ??= { ...record };
      delete changed[key];
      changed[cleanKey] = now;
    } else if (now !== was) {
      changed ??= { ...record };
      changed[key] = now;
    }
  }
  return changed ?? value;
};
