import { failed, ok, type Result } from '../../../kernel/failure.ts';
import type { Bytes } from '../../../kernel/units.ts';
import { BytePieces } from './byte-pieces.ts';
import { itemLimit } from './item-limit.ts';
import { JsonScan } from './json-scan.ts';
import { undecodable, WireError } from './wire-error.ts';

/** A member of the outermost object, or, of a list that is split, one of its items. Not parsed yet. */
export interface JsonPart {
  readonly key: string;
  readonly item: boolean;
  readonly text: string;
}

/** Cuts the answer to a list request into its items while it arrives, without holding all of it. */
export interface JsonSplitter {
  /** Parts that are complete now. One above the limit is a failure, and the stream cannot be read on. */
  push(chunk: Uint8Array): Result<readonly JsonPart[]>;
  /** The stream has ended; a failure when it did before the outermost object. */
  end(): Result<null>;
}

type State = 'start' | 'key' | 'colon' | 'value' | 'item' | 'after value' | 'after item' | 'done';

const [comma, colon, open, close, openList, closeList, quote] = Buffer.from(',:{}[]"');

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * `split` names the members that are lists to be cut into items: `items` of a list of objects, `rows` of a table.
 * Only as much of the syntax is checked as is needed to find the ends; `parseJson` of each part checks the rest.
 */
export const jsonSplitter = (
  split: readonly string[] = ['items'],
  limit: Bytes = itemLimit,
): JsonSplitter => {
  const scan = new JsonScan();
  const pieces = new BytePieces();
  let state: State = 'start';
  /** Inside a key, a value or an item. */
  let collecting = false;
  let key = '';
  let broken: Result<never> | null = null;

  const finish = (text: string, parts: JsonPart[]): void => {
    if (state === 'key') {
      key = keyOf(text);
      state = 'colon';
      return;
    }
    parts.push({ key, item: state === 'item', text });
    state = state === 'item' ? 'after item' : 'after value';
  };

  /** What a byte between keys, values and items means. */
  const between = (byte: number): void => {
    switch (state) {
      case 'start':
        if (byte !== open) throw new WireError('the answer is not an object');
        state = 'key';
        return;
      case 'key':
        if (byte === close) state = 'done';
        else if (byte !== quote) throw new WireError('a name is missing');
        else collecting = true;
        return;
      case 'colon':
        if (byte !== colon) throw new WireError(`no value for ${key}`);
        state = 'value';
        return;
      case 'value':
        if (byte === openList && split.includes(key)) state = 'item';
        else collecting = true;
        return;
      case 'item':
        if (byte === closeList) state = 'after value';
        else collecting = true;
        return;
      case 'after item':
      case 'after value':
        if (byte === comma) state = state === 'after item' ? 'item' : 'key';
        else if (state === 'after item' && byte === closeList) state = 'after value';
        else if (state === 'after value' && byte === close) state = 'done';
        else throw new WireError(`${key} is followed by nonsense`);
        return;
      case 'done':
        throw new WireError('something follows the answer');
    }
  };

  const read = (chunk: Uint8Array): readonly JsonPart[] => {
    const parts: JsonPart[] = [];
    let pos = 0;
    while (pos < chunk.length) {
      if (!collecting) {
        const byte = chunk[pos] as number;
        if (!isSpace(byte)) between(byte);
        if (collecting) scan.begin();
        else pos += 1;
        continue;
      }
      const stop = scan.find(chunk, pos);
      if (pieces.length + (stop < 0 ? chunk.length : stop) - pos > limit) {
        throw new WireError(`an object of more than ${limit} bytes`);
      }
      if (stop < 0) {
        pieces.add(chunk.subarray(pos));
        break;
      }
      collecting = false;
      finish(utf8(pieces.take(chunk.subarray(pos, stop))), parts);
      pos = stop;
    }
    return parts;
  };

  return {
    push: (chunk) => {
      if (broken !== null) return broken;
      try {
        return ok(read(chunk));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        broken = failed(undecodable(error.message));
        return broken;
      }
    },
    end: () =>
      broken ??
      (state === 'done' ? ok(null) : failed(undecodable('the answer ends in the middle'))),
  };
};

const keyOf = (text: string): string => {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new WireError('a name is not text');
  }
};

const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
