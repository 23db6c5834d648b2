import type { z } from 'zod';
import { clip, type PlainText } from '../kernel/text.ts';

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

/** A value of that type within the bounds of its schema: what is too long is cut, and says so with an ellipsis. */
export const cutToSchema = <T>(schema: z.ZodType<T>, value: T): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const cut = parsed.error.issues.reduce<unknown>(
    (now, issue) =>
      issue.code === 'too_big' ? cutAt(now, issue.path, Number(issue.maximum)) : now,
    value,
  );
  return cut as T;
};
