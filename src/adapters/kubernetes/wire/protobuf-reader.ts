import type { Result } from '../../../kernel/failure.ts';
import type { Fields, Read, Shape } from '../../../kernel/shape.ts';
import { bytesType, ProtobufCursor, varintType } from './protobuf-cursor.ts';
import { decoding, WireError } from './wire-error.ts';

/** A field of a shape, ready to be looked up by its number. */
interface Step {
  readonly key: string;
  readonly type: Shape['t'];
  readonly wire: number;
  readonly steps: Steps;
  readonly only: readonly string[] | undefined;
}
type Steps = readonly (Step | undefined)[];
type Out = Record<string, unknown>;

const noSteps: Steps = [];

const wireOf = (t: Shape['t']): number =>
  t === 'bool' || t === 'flag' || t === 'int' ? varintType : bytesType;

const compiled = new WeakMap<Fields, Steps>();

/** Once per shape: an array from field number to what is to be done. */
const stepsOf = (fields: Fields): Steps => {
  const known = compiled.get(fields);
  if (known !== undefined) return known;
  const steps: (Step | undefined)[] = [];
  for (const [key, shape] of Object.entries(fields)) {
    while (steps.length <= shape.n) steps.push(undefined);
    steps[shape.n] = {
      key,
      type: shape.t,
      wire: wireOf(shape.t),
      steps: 'fields' in shape ? stepsOf(shape.fields) : noSteps,
      only: 'only' in shape ? shape.only : undefined,
    };
  }
  compiled.set(fields, steps);
  return steps;
};

/**
 * Reads the fields of a shape straight off a protobuf message, without its envelope; all others are passed over.
 * Any input ends in a value or in a failure `undecodable`, after work proportional to its length.
 */
export const readProtobuf = <F extends Fields>(
  fields: F,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): Result<Read<F>> =>
  decoding(() => message(new ProtobufCursor(bytes, start, end), stepsOf(fields)) as Read<F>);

/** Everything up to the cursor's end. */
const message = (cursor: ProtobufCursor, steps: Steps): Out => {
  const out: Out = {};
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new WireError(`no field has number ${number}`);
    const step = number < steps.length ? steps[number] : undefined;
    if (step === undefined) cursor.skip(tag & 7);
    else if ((tag & 7) !== step.wire) {
      throw new WireError(`${step.key} has wire type ${tag & 7} instead of ${step.wire}`);
    } else field(cursor, step, out);
  }
  return out;
};

const field = (cursor: ProtobufCursor, step: Step, out: Out): void => {
  switch (step.type) {
    case 'string': {
      const text = cursor.string();
      if (text !== '') out[step.key] = text;
      return;
    }
    case 'bool':
      if (cursor.varint() !== 0) out[step.key] = true;
      return;
    case 'flag':
      out[step.key] = cursor.varint() !== 0;
      return;
    case 'int': {
      const value = cursor.varint();
      if (value !== 0) out[step.key] = value;
      return;
    }
    case 'message':
    case 'inline':
      out[step.key] = within(cursor, (inner) => message(inner, step.steps));
      return;
    case 'messages':
      list(out, step.key).push(within(cursor, (inner) => message(inner, step.steps)));
      return;
    case 'strings':
      list(out, step.key).push(cursor.string());
      return;
    case 'time': {
      const at = within(cursor, time);
      if (at !== 0) out[step.key] = at;
      return;
    }
    case 'quantity': {
      const text = within(cursor, quantity);
      if (text !== '') out[step.key] = text;
      return;
    }
    case 'intOrString': {
      const text = within(cursor, intOrString);
      if (text !== '') out[step.key] = text;
      return;
    }
    case 'stringMap':
    case 'quantityMap':
      within(cursor, (inner) => mapEntry(inner, step, out));
  }
};

/** Lets `read` see only the length-delimited field at the cursor, and leaves the cursor behind it. */
const within = <T>(cursor: ProtobufCursor, read: (inner: ProtobufCursor) => T): T => {
  const outer = cursor.end;
  const end = cursor.length() + cursor.pos;
  cursor.end = end;
  const value = read(cursor);
  cursor.pos = end;
  cursor.end = outer;
  return value;
};

const list = (out: Out, key: string): unknown[] => {
  const known = out[key] as unknown[] | undefined;
  if (known !== undefined) return known;
  const fresh: unknown[] = [];
  out[key] = fresh;
  return fresh;
};

/** Time and MicroTime: seconds 1, nanoseconds 2. */
const time = (cursor: ProtobufCursor): number => {
  let seconds = 0;
  let nanos = 0;
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    if (tag === 8) seconds = cursor.varint();
    else if (tag === 16) nanos = cursor.varint();
    else cursor.skip(tag & 7);
  }
  return seconds * 1000 + Math.floor(nanos / 1e6);
};

/** Quantity: string 1. */
const quantity = (cursor: ProtobufCursor): string => {
  let text = '';
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    if (tag === 10) text = cursor.string();
    else cursor.skip(tag & 7);
  }
  return text;
};

/** IntOrString: type 1 (0 a number, 1 a text), number 2, text 3. */
const intOrString = (cursor: ProtobufCursor): string => {
  let isText = false;
  let number = 0;
  let text = '';
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    if (tag === 8) isText = cursor.varint() !== 0;
    else if (tag === 16) number = cursor.varint();
    else if (tag === 26) text = cursor.string();
    else cursor.skip(tag & 7);
  }
  if (isText) return text;
  return number === 0 ? '' : String(number);
};

/** An entry of a map: key 1, value 2. */
const mapEntry = (cursor: ProtobufCursor, step: Step, out: Out): void => {
  let key = '';
  let value = '';
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    if (tag === 10) {
      key = cursor.string();
      if (step.only?.includes(key) === false) return;
    } else if (tag === 18) {
      value = step.type === 'quantityMap' ? within(cursor, quantity) : cursor.string();
    } else cursor.skip(tag & 7);
  }
  // A plain object cannot hold this name; no label or resource is called so.
  if (key === '__proto__' || step.only?.includes(key) === false) return;
  const map = out[step.key] as Record<string, string> | undefined;
  if (map === undefined) out[step.key] = { [key]: value };
  else map[key] = value;
};
