import { cleanText, redacted } from '../kernel/redact.ts';
import { type Plain, yamlLines } from './parts/yaml-emit.ts';

type Fields = { readonly [key: string]: Plain };

/** Holds the whole object once more, secrets included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** A container's variables are told by their name; what a field is called tells the rest. */
const secretVariable = /pass|secret|token|key|credential|auth|cert|dsn|connection.?string|private/i;
const secretField =
  /(?:password|passwd|passphrase|token|credentials?|(?:client|shared|app)[_-]?secret|(?:api|access|secret|private)[_-]?key)$/i;
/** Objects are at most this deep; what lies below is not worth a stack overflow. */
const deepest = 64;

const isFields = (value: Plain | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hidden = (bytes: number): string => `${redacted.slice(0, -1)}, ${bytes} bytes]`;

const sizeOf = (text: string): number => Buffer.byteLength(text);

/** Bytes behind base64, without decoding it. */
const decodedSize = (text: string): number => {
  const digits = text.replace(/[^A-Za-z0-9+/_-]/g, '').length;
  return Math.floor((digits * 3) / 4);
};

const hideAll = (values: Plain, size: (text: string) => number): Plain =>
  isFields(values)
    ? Object.fromEntries(
        Object.entries(values).map(([key, v]) => [
          key,
          hidden(typeof v === 'string' ? size(v) : sizeOf(JSON.stringify(v))),
        ]),
      )
    : redacted;

/** Secrets by form are found in the whole text first: a private key runs over lines. Tabs keep some width. */
const clean = (raw: string): string => {
  const text = raw.replaceAll('\t', '    ');
  if (!text.includes('\n')) return cleanText(text);
  const keys = text.replace(
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    redacted,
  );
  return keys.split('\n').map(cleanText).join('\n');
};

/** `{name, value}` of an environment, with the value hidden where the name says so. */
const variable = (v: Plain, depth: number): Plain => {
  if (!isFields(v) || typeof v.value !== 'string' || typeof v.name !== 'string') {
    return walk(v, depth);
  }
  return secretVariable.test(v.name) && v.value !== ''
    ? { ...(walk({ ...v, value: '' }, depth) as Fields), value: hidden(sizeOf(v.value)) }
    : walk(v, depth);
};

const field = (key: string, value: Plain, depth: number): Plain => {
  if (key === lastApplied && typeof value === 'string') return hidden(sizeOf(value));
  if (key === 'env' && Array.isArray(value)) return value.map((v) => variable(v, depth));
  if (typeof value === 'string' && value !== '' && secretField.test(key)) {
    return hidden(sizeOf(value));
  }
  return walk(value, depth);
};

const walk = (value: Plain, depth: number): Plain => {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.map((v) => walk(v, depth + 1));
  const fields = value as Fields;
  const secret = fields.kind === 'Secret';
  return Object.fromEntries(
    Object.entries(fields).map(([key, v]) => {
      const name = cleanText(key);
      if (secret && key === 'data') return [name, hideAll(v, decodedSize)];
      if (secret && key === 'stringData') return [name, hideAll(v, sizeOf)];
      return [name, field(key, v, depth + 1)];
    }),
  );
};

const withoutManagedFields = (value: Fields): Fields => {
  const { metadata } = value;
  if (!isFields(metadata)) return value;
  const { managedFields: _, ...rest } = metadata;
  return { ...value, metadata: rest };
};

export interface YamlOptions {
  /** Keeps the record of which manager owns which field: long, and seldom wanted. */
  readonly managedFields: boolean;
}

/** An object as YAML without its secrets: data of Secrets, variables and fields that are called like one. */
export const yamlOfObject = (object: Plain, { managedFields }: YamlOptions): string => {
  const kept = managedFields || !isFields(object) ? object : withoutManagedFields(object);
  return yamlLines(walk(kept, 0)).join('\n');
};

/** The same from the server's JSON. What does not parse is told in a comment, and nothing of it is shown. */
export const yamlOf = (jsonText: string, options: YamlOptions): string => {
  try {
    return yamlOfObject(JSON.parse(jsonText) as Plain, options);
  } catch {
    return `# the answer of ${jsonText.length} characters is no JSON`;
  }
};
