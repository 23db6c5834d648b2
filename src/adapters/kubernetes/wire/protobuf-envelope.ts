import type { Result } from '../../../kernel/failure.ts';
import { ProtobufCursor } from './protobuf-cursor.ts';
import { decoding, WireError } from './wire-error.ts';

/** Where in the bytes a message is. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** runtime.Unknown: what the bytes of `object` are. */
export interface Envelope extends Span {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One event of a watch: its type, and its object without the envelope. */
export interface WatchFrame extends Envelope {
  /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
  readonly type: string;
}

/** `k8s` and a zero byte stand before every object. */
export const magic = [0x6b, 0x38, 0x73, 0x00] as const;

/** Tag of a length-delimited field. */
const tagOf = (number: number): number => number * 8 + 2;

/** Calls back for every length-delimited field, with the cursor narrowed to it; skips the others. */
const eachField = (cursor: ProtobufCursor, on: (tag: number, span: Span) => void): void => {
  while (cursor.pos < cursor.end) {
    const tag = cursor.varint();
    if ((tag & 7) !== 2) {
      cursor.skip(tag & 7);
      continue;
    }
    const length = cursor.length();
    const start = cursor.pos;
    on(tag, { start, end: start + length });
    cursor.pos = start + length;
  }
};

const text = ({ bytes }: ProtobufCursor, { start, end }: Span): string =>
  bytes.toString('utf8', start, end);

const envelope = (bytes: Uint8Array, start: number, end: number): Envelope => {
  if (end - start < magic.length || magic.some((byte, i) => bytes[start + i] !== byte)) {
    throw new WireError('not an object in protobuf: it does not begin with k8s\\0');
  }
  let apiVersion = '';
  let kind = '';
  let raw: Span | undefined;
  const cursor = new ProtobufCursor(bytes, start + magic.length, end);
  eachField(cursor, (tag, span) => {
    if (tag === tagOf(2)) raw = span;
    if (tag !== tagOf(1)) return;
    eachField(new ProtobufCursor(bytes, span.start, span.end), (inner, value) => {
      if (inner === tagOf(1)) apiVersion = text(cursor, value);
      if (inner === tagOf(2)) kind = text(cursor, value);
    });
  });
  if (raw === undefined) throw new WireError('an object in protobuf without content');
  return { apiVersion, kind, ...raw };
};

/** Opens the envelope of an object or of a list: the span is that of the message inside. */
export const readEnvelope = (bytes: Uint8Array, start = 0, end = bytes.length): Result<Envelope> =>
  decoding(() => envelope(bytes, start, end));

/**
 * Opens one frame of a watch: a metav1.WatchEvent, itself without an envelope, whose object has one.
 * Read the object with `readProtobuf(fields, frame, start, end)`.
 */
export const readWatchFrame = (frame: Uint8Array): Result<WatchFrame> =>
  decoding(() => {
    let type = '';
    let object: Envelope | undefined;
    const cursor = new ProtobufCursor(frame, 0, frame.length);
    eachField(cursor, (tag, span) => {
      if (tag === tagOf(1)) type = text(cursor, span);
      if (tag !== tagOf(2)) return;
      eachField(new ProtobufCursor(frame, span.start, span.end), (inner, raw) => {
        if (inner === tagOf(1)) object = envelope(frame, raw.start, raw.end);
      });
    });
    if (type === '' || object === undefined) throw new WireError('an event without an object');
    return { type, ...object };
  });
