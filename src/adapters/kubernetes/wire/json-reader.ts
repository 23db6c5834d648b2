import { failed, ok, type Result } from '../../../kernel/failure.ts';
import type { Fields, Read, Shape } from '../../../kernel/shape.ts';
import { decoding, undecodable, WireError } from './wire-error.ts';

type Out = Record<string, unknown>;
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const parseJson = (text: string): Result<unknown> => {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return failed(undecodable(error instanceof Error ? error.message : 'not JSON'));
  }
};

/**
 * Reads the fields of a shape from a parsed JSON object: the same as `readProtobuf` from the same object.
 * A value of another type than the shape says is a failure `undecodable`; null is nothing.
 */
export const readJson = <F extends Fields>(fields: F, object: unknown): Result<Read<F>> =>
  decoding(() => message(fields, object, 'object') as Read<F>);

const message = (fields: Fields, from: unknown, what: string): Out => {
  if (!isObject(from)) throw new WireError(`${what} is not an object`);
  const out: Out = {};
  for (const key in fields) {
    const shape = fields[key];
    if (shape === undefined) continue;
    // Embedded structs have no key of their own in JSON.
    const value = shape.t === 'inline' ? from : from[key];
    if (value === undefined || value === null) continue;
    const read = one(shape, value, key);
    if (read !== undefined) out[key] = read;
  }
  return out;
};

/** The value of a field as the shape wants it; undefined when it is empty. */
const one = (shape: Shape, value: unknown, key: string): unknown => {
  switch (shape.t) {
    case 'string':
    case 'quantity':
    case 'intOrString':
      return text(shape, value, key) || undefined;
    case 'bool':
    case 'flag':
      if (typeof value !== 'boolean') throw new WireError(`${key} is not true or false`);
      return value || shape.t === 'flag' ? value : undefined;
    case 'int':
      if (typeof value !== 'number') throw new WireError(`${key} is not a number`);
      return value === 0 ? undefined : value;
    case 'time':
      return time(value, key) || undefined;
    case 'strings':
      return list(value, key, (item) => {
        if (typeof item !== 'string') throw new WireError(`${key} has something that is not text`);
        return item;
      });
    case 'message':
    case 'inline':
      return message(shape.fields, value, key);
    case 'messages':
      return list(value, key, (item) => message(shape.fields, item, key));
    case 'stringMap':
    case 'quantityMap':
      return map(shape, value, key);
  }
};

const text = (shape: Shape, value: unknown, key: string): string => {
  if (typeof value === 'string') return value;
  // The server writes these two as numbers at times; protobuf has them as text, or leaves a zero out.
  if (shape.t !== 'string' && typeof value === 'number') {
    return value === 0 && shape.t === 'intOrString' ? '' : String(value);
  }
  throw new WireError(`${key} is not text`);
};

const time = (value: unknown, key: string): number => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw new WireError(`${key} is not a time`);
  return at;
};

const list = (
  value: unknown,
  key: string,
  item: (from: unknown) => unknown,
): unknown[] | undefined => {
  if (!Array.isArray(value)) throw new WireError(`${key} is not a list`);
  return value.length === 0 ? undefined : value.map(item);
};

const map = (
  shape: Extract<Shape, { t: 'stringMap' | 'quantityMap' }>,
  value: unknown,
  key: string,
): Record<string, string> | undefined => {
  if (!isObject(value)) throw new WireError(`${key} is not an object`);
  let out: Record<string, string> | undefined;
  for (const name of shape.only ?? Object.keys(value)) {
    const entry = Object.hasOwn(value, name) ? value[name] : undefined;
    if (entry === undefined || entry === null || name === '__proto__') continue;
    const read = typeof entry === 'number' && shape.t === 'quantityMap' ? String(entry) : entry;
    if (typeof read !== 'string') throw new WireError(`${key} of ${name} is not text`);
    out ??= {};
    out[name] = read;
  }
  return out;
};
