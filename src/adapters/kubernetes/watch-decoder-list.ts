import type { AnyKind, Slim } from '../../kernel/kind.ts';
import { type Bytes, mib } from '../../kernel/units.ts';
import type { Decoder, WatchItem } from './watch-decoder.ts';
import { itemOf } from './watch-decoder-kind.ts';
import { listMetaFields } from './wire/envelope-fields.ts';
import { parseJson, readJson } from './wire/json-reader.ts';
import { type JsonPart, jsonSplitter } from './wire/json-splitter.ts';
import { ProtobufCursor } from './wire/protobuf-cursor.ts';
import { readEnvelope } from './wire/protobuf-envelope.ts';
import { readProtobuf } from './wire/protobuf-reader.ts';
import { decoding } from './wire/wire-error.ts';

/** A page of 500 objects is a few megabytes; one that is larger than this is not held. */
const pageLimit: Bytes = mib(256);

const broken = (why: string): WatchItem<never, never> => ({ kind: 'broken', why });

/** The list's own metadata as an item. */
export const pageOf = (text: string): WatchItem<never, never> => {
  const parsed = parseJson(text);
  const meta = parsed.ok ? readJson(listMetaFields, parsed.value) : parsed;
  if (!meta.ok) return broken(meta.failure.message);
  const { resourceVersion = '', continue: next = '' } = meta.value;
  return { kind: 'page', revision: resourceVersion, next };
};

/** Cuts a JSON list into its parts while it arrives; `each` turns a part into items. */
export const jsonListDecoder = <S, N>(
  members: readonly string[],
  each: (part: JsonPart) => readonly WatchItem<S, N>[],
): Decoder<S, N> => {
  const splitter = jsonSplitter(members);
  return {
    push: (chunk) => {
      const parts = splitter.push(chunk);
      return parts.ok ? parts.value.flatMap(each) : [broken(parts.failure.message)];
    },
    end: () => {
      const end = splitter.end();
      return end.ok ? [] : [broken(end.failure.message)];
    },
  };
};

const itemOfText = (kind: AnyKind, text: string): WatchItem<Slim, never> => {
  const parsed = parseJson(text);
  const read = parsed.ok ? readJson(kind.fields, parsed.value) : parsed;
  return read.ok ? itemOf(kind, read.value) : { kind: 'bad', why: read.failure.message };
};

export const kindListDecoder = (kind: AnyKind): Decoder<Slim, never> =>
  jsonListDecoder(['items'], ({ key, item, text }) => {
    if (item) return [itemOfText(kind, text)];
    return key === 'metadata' ? [pageOf(text)] : [];
  });

/** Fields of every list: ListMeta 1, items 2. */
const [metaTag, itemTag] = [1 * 8 + 2, 2 * 8 + 2];

const itemsOfList = (kind: AnyKind, bytes: Uint8Array): readonly WatchItem<Slim, never>[] => {
  const envelope = readEnvelope(bytes);
  if (!envelope.ok) return [broken(envelope.failure.message)];
  const items: WatchItem<Slim, never>[] = [];
  const walked = decoding(() => {
    const cursor = new ProtobufCursor(bytes, envelope.value.start, envelope.value.end);
    while (cursor.pos < cursor.end) {
      const tag = cursor.varint();
      if (tag !== metaTag && tag !== itemTag) {
        cursor.skip(tag & 7);
        continue;
      }
      const length = cursor.length();
      const [start, end] = [cursor.pos, cursor.pos + length];
      cursor.pos = end;
      if (tag === metaTag) {
        const meta = readProtobuf(listMetaFields, bytes, start, end);
        const { resourceVersion = '', continue: next = '' } = meta.ok ? meta.value : {};
        items.push({ kind: 'page', revision: resourceVersion, next });
      } else {
        const read = readProtobuf(kind.fields, bytes, start, end);
        items.push(read.ok ? itemOf(kind, read.value) : broken(read.failure.message));
      }
    }
  });
  return walked.ok ? items : [broken(walked.failure.message)];
};

/** Reads a page of a list in protobuf, when all of it is there. */
export const protobufListDecoder = (kind: AnyKind): Decoder<Slim, never> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    push: (chunk) => {
      length += chunk.length;
      if (length > pageLimit) return [broken(`a page of more than ${pageLimit} bytes`)];
      chunks.push(chunk.slice());
      return [];
    },
    end: () => itemsOfList(kind, Buffer.concat(chunks)),
  };
};
