import { boundedEvidence } from '../kernel/bounded-evidence.ts';
import { cleanse } from '../kernel/redact.ts';
import { type RunFact, runFactSchema } from '../kernel/run-fact.ts';
import { clip, type PlainText } from '../kernel/text.ts';
import { jsonLines } from './json-lines.ts';

/** The same value with what is too long at a path cut to `most`. */
const cutAt = (value: unknown, path: readonly PropertyKey[], most: number): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (typeof value === 'string') return clip(value as PlainText, most);
    return Array.isArray(value) ? value.slice(0, most) : value;
  }
  if (Array.isArray(value)) return value.map((v, i) => (i === key ? cutAt(v, rest, most) : v));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [k, k === key ? cutAt(v, rest, most) : v]),
  );
};

const bounded = (fact: RunFact): RunFact => {
  if (fact.kind !== 'output') return fact;
  const evidence = boundedEvidence(fact.evidence);
  return evidence === fact.evidence ? fact : { ...fact, evidence };
};

/** The same within its bounds, printable, and without what looks like a secret. What replaces a secret may be longer. */
const cleaned = (fact: RunFact, checked: boolean): RunFact => {
  const clean = bounded(cleanse(fact).value);
  if (checked && clean === fact) return fact;
  const parsed = runFactSchema.safeParse(clean);
  if (parsed.success) return parsed.data;
  const cut = parsed.error.issues.reduce<unknown>(
    (value, issue) =>
      issue.code === 'too_big' ? cutAt(value, issue.path, Number(issue.maximum)) : value,
    clean,
  );
  return cut as RunFact;
};

export const runLines = jsonLines(runFactSchema, cleaned);
