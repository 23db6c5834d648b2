import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from '../../kernel/spelling.ts';
import { diagnostic, type Report } from '../diagnose.ts';
import { clean } from './clean.ts';

/** A title of numbers is a number for YAML, and a text for everyone else. */
const short = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .pipe(z.string().max(1000));
const words = z
  .union([short, z.array(short).max(500)])
  .transform((said) => (Array.isArray(said) ? said : said === '' ? [] : [said]));
/** Names of members are text in YAML read as JavaScript. */
const key = z.string().max(1000);

/** A rule as it is written; `readRule` makes sense of it. */
const written = z.record(key, z.unknown());

const variable = z.strictObject({
  from: words.optional(),
  path: short.optional(),
  default: short.optional(),
  required: z.boolean().optional(),
  pattern: short.optional(),
  type: short.optional(),
  description: short.optional(),
});

const branch = z.strictObject({
  edge: short.optional(),
  to: short.optional(),
  label: short.optional(),
  when: written.optional(),
  from: short.optional(),
});

const stepSchema = z.strictObject({
  title: short.optional(),
  branch: z.array(branch).max(100).optional(),
  next: short.nullable().optional(),
  risk: short.optional(),
  timeout: short.optional(),
  oneAtATime: z.boolean().optional(),
});

const schema = z.object({
  runbook: z.union([z.literal('v1'), z.literal(1)]).optional(),
  title: short.optional(),
  alerts: words.optional(),
  alert: words.optional(),
  aliases: words.optional(),
  category: words.optional(),
  owner: short.optional(),
  vars: z.record(key, variable.or(short.transform((from) => ({ from: [from] })))).optional(),
  defaults: z
    .strictObject({
      timeout: short.optional(),
      risk: short.optional(),
      since: short.optional(),
      tail: z.number().int().min(1).max(100_000).optional(),
      image: short.optional(),
      namespace: short.optional(),
    })
    .optional(),
  steps: z.record(key, stepSchema).optional(),
});

export type FrontMatter = z.infer<typeof schema>;
export type VariableWritten = z.infer<typeof variable>;
export type StepWritten = z.infer<typeof stepSchema>;

export interface FrontMatterRead {
  readonly front: FrontMatter;
  /** Lines that it takes, fences included; 0 when there is none. */
  readonly lines: number;
  /** Line of a key, e.g. `['steps', 'B']`; of the nearest that there is. */
  lineOf(path: readonly (string | number)[]): number;
}

const none: FrontMatterRead = { front: {}, lines: 0, lineOf: () => 1 };

/** Lines that front matter may have, and UTF-16 units. */
const linesMost = 2000;
const textMost = 64 * 1024;

const extent = (lines: readonly string[]): number => {
  if (lines[0]?.trimEnd() !== '---') return 0;
  const end = lines.findIndex((l, i) => i > 0 && i < linesMost && /^(?:---|\.\.\.)\s*$/.test(l));
  return end === -1 ? 0 : end + 1;
};

/**
 * YAML between two lines of `---` at the beginning. Keys that other tools put there are no mistake; in a text that says
 * `runbook: v1` they are told, with the nearest that there is.
 */
export const frontMatter = (lines: readonly string[], report: Report): FrontMatterRead => {
  const taken = extent(lines);
  if (taken === 0) return none;
  const counter = new LineCounter();
  const text = lines.slice(1, taken - 1).join('\n');
  if (text.length > textMost) {
    const message = `front matter of more than ${textMost / 1024} KiB`;
    report(diagnostic('error', 'limit', { line: 1, col: 1 }, message, 'put the text behind it'));
    return { ...none, lines: taken };
  }
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent' });
  const lineOf = (path: readonly (string | number)[]): number => {
    let offset = 0;
    for (let n = 1; n <= path.length; n += 1) {
      const parent = n === 1 ? document.contents : document.getIn(path.slice(0, n - 1), true);
      const last = path[n - 1];
      const pair = isMap(parent)
        ? parent.items.find((p) => String((p.key as { value?: unknown } | null)?.value) === last)
        : undefined;
      const node = pair?.key ?? document.getIn(path.slice(0, n), true);
      const range = (node as { range?: readonly number[] } | null | undefined)?.range;
      if (range?.[0] === undefined) break;
      offset = range[0];
    }
    return counter.linePos(offset).line + 1;
  };
  const wrong = (line: number, message: string, hint = ''): void =>
    report(diagnostic('error', 'front-matter', { line, col: 1 }, message, hint));
  const broken = document.errors[0];
  if (broken !== undefined) {
    const words = broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?/, '') ?? '';
    wrong((broken.linePos?.[0].line ?? 1) + 1, `front matter is no YAML: ${words}`);
    return { ...none, lines: taken };
  }
  const said = plain(() => cleaned(document.toJS({ maxAliasCount: 10 })));
  if (said === null) return { ...none, lines: taken };
  // Text between two lines is no front matter.
  if (typeof said !== 'object' || Array.isArray(said)) return none;
  const parsed = schema.safeParse(said);
  if (!parsed.success) {
    for (const issue of parsed.error.issues.slice(0, 20)) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [''];
      for (const key of keys) {
        const path = [...issue.path, ...(key === '' ? [] : [key])].map((p) =>
          typeof p === 'number' ? p : String(p),
        );
        wrong(lineOf(path), `${path.join('.')}: ${key === '' ? issue.message : 'unknown key'}`);
      }
    }
    return { ...none, lines: taken, lineOf };
  }
  if (parsed.data.runbook !== undefined && isMap(document.contents)) {
    for (const key of Object.keys(said as object)) {
      if (Object.hasOwn(schema.shape, key)) continue;
      const near = nearest(key, Object.keys(schema.shape));
      const hint = near === undefined ? '' : `did you mean "${near}"?`;
      const place = { line: lineOf([key]), col: 1 };
      report(diagnostic('warning', 'front-matter', place, `unknown key "${key}"`, hint));
    }
  }
  return { front: parsed.data, lines: taken, lineOf };
};

/** YAML may write any character as an escape: what it stands for is cleaned here, names of members too. */
const cleaned = (value: unknown): unknown => {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(pairs.map(([name, inner]) => [clean(name), cleaned(inner)]));
};

/** A document with too many aliases is none, rather than one of gigabytes. */
const plain = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return { runbook: 'too many aliases' };
  }
};
