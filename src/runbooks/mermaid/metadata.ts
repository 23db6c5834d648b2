import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { NodeShape } from '../chart.ts';
import { type Cursor, charAt, skipWhile } from './cursor.ts';
import { labelLines } from './label-text.ts';
import type { Report } from './report.ts';
import { shapeNamed } from './shapes.ts';

/** Longer blocks are no metadata of a node; in UTF-16 units. */
const blockKept = 4_000;
/** Collections in collections; Mermaid's keys have none. */
const depthKept = 4;

const text = z.union([z.string(), z.number(), z.boolean()]).nullish();
const keys = z.looseObject({
  shape: z.string().nullish(),
  label: text,
  labelType: text,
});

/** What `@{ … }` says about a node; null is not said. */
export interface Metadata {
  readonly shape: NodeShape | null;
  readonly label: readonly string[] | null;
}

/** The block from `@{` to its `}`, quotes respected; a line end inside quotes is a line break. */
const takeBlock = (c: Cursor): string | null => {
  c.at += 2;
  let block = '';
  while (block.length <= blockKept) {
    const from = c.at;
    skipWhile(c, (char) => char !== '"' && char !== '}');
    block += c.text.slice(from, c.at);
    const char = charAt(c);
    c.at += 1;
    if (char === '}') return block.length > blockKept ? null : block;
    if (char === '') return null;
    const start = c.at;
    skipWhile(c, (next) => next !== '"');
    if (charAt(c) === '') return null;
    block += `"${c.text.slice(start, c.at).replace(/\n\s*/g, '<br/>')}"`;
    c.at += 1;
  }
  return null;
};

const depthOf = (block: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const char of block) {
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

const parseYaml = (block: string): unknown => {
  if (depthOf(block) > depthKept) return undefined;
  const source = block.includes('\n') ? `${block}\n` : `{\n${block}\n}`;
  try {
    const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: false });
    // Without aliases the value is no larger than its text.
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
};

const asNode = (value: unknown): Metadata | string => {
  const read = keys.safeParse(value ?? {});
  if (!read.success) return 'Shape and label in `@{ … }` are text';
  const { shape, label, labelType } = read.data;
  const named = shape ? shapeNamed(shape) : null;
  if (named === undefined) return `Mermaid has no shape ${shape?.slice(0, 40)}`;
  const markdown = labelType !== 'text' && labelType !== 'string';
  return { shape: named, label: label ? labelLines({ text: String(label), markdown }) : null };
};

/** Reads `@{ … }` where it stands, and takes it. Null is reported. */
export const readMetadata = (c: Cursor, report: Report): Metadata | null => {
  const at = c.at;
  const block = takeBlock(c);
  if (block === null) {
    c.at = at;
    return report.error(at, '`@{` is not closed, or holds too much', 'add `}`');
  }
  const value = parseYaml(block);
  if (value === undefined) {
    return report.error(at, '`@{ … }` does not hold `key: value, …`', 'put values in quotes');
  }
  const metadata = asNode(value);
  return typeof metadata === 'string'
    ? report.error(at, metadata, 'write { shape: rect, label: "text" }')
    : metadata;
};
