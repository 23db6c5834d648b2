import { failed, ok, type Result } from '../../kernel/failure.ts';
import type { AnyKind, Slim } from '../../kernel/kind.ts';
import type { Decoder, WatchItem } from './watch-decoder.ts';
import { bookmarkOf, deletedOf, itemOf, serverStatus } from './watch-decoder-kind.ts';
import { placeFields, statusFields } from './wire/envelope-fields.ts';
import { jsonLines } from './wire/json-lines.ts';
import { parseJson, readJson } from './wire/json-reader.ts';
import { undecodable } from './wire/wire-error.ts';

export interface JsonEvent {
  /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
  readonly type: string;
  readonly object: unknown;
}

const eventOf = (line: string): Result<JsonEvent> => {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  if (typeof event !== 'object' || event === null || !('type' in event) || !('object' in event)) {
    return failed(undecodable('not a watch event'));
  }
  return ok({ type: String(event.type), object: event.object });
};

/**
 * Reads a watch in JSON, one event per line. A line that does not parse is `bad`, and the next one is read.
 * @param each turns an event into items.
 */
export const jsonWatchDecoder = <S, N>(
  each: (event: JsonEvent) => readonly WatchItem<S, N>[],
): Decoder<S, N> => {
  const lines = jsonLines();
  return {
    push: (chunk) => {
      const cut = lines.push(chunk);
      if (!cut.ok) return [{ kind: 'broken', why: cut.failure.message }];
      return cut.value.flatMap((line): readonly WatchItem<S, N>[] => {
        const event = eventOf(line);
        return event.ok ? each(event.value) : [{ kind: 'bad', why: event.failure.message }];
      });
    },
    // A stream that stops inside an event lost its connection: the next one sends the event again.
    end: () => [],
  };
};

/** ERROR and BOOKMARK look the same for every resource; null for the other events. */
export const commonItem = ({ type, object }: JsonEvent): WatchItem<never, never> | null => {
  if (type === 'ERROR') {
    const status = readJson(statusFields, object);
    return status.ok
      ? { kind: 'error', status: serverStatus(status.value) }
      : { kind: 'broken', why: status.failure.message };
  }
  if (type !== 'BOOKMARK') return null;
  const place = readJson(placeFields, object);
  return place.ok ? bookmarkOf(place.value) : { kind: 'bad', why: place.failure.message };
};

const itemOfEvent = (kind: AnyKind, event: JsonEvent): WatchItem<Slim, never> => {
  const common = commonItem(event);
  if (common !== null) return common;
  const { type, object } = event;
  if (type === 'DELETED') {
    const place = readJson(placeFields, object);
    return place.ok ? deletedOf(place.value) : { kind: 'bad', why: place.failure.message };
  }
  if (type !== 'ADDED' && type !== 'MODIFIED') {
    return { kind: 'bad', why: `an event of unknown type ${type}` };
  }
  const read = readJson(kind.fields, object);
  return read.ok ? itemOf(kind, read.value) : { kind: 'bad', why: read.failure.message };
};

export const kindWatchDecoder = (kind: AnyKind): Decoder<Slim, never> =>
  jsonWatchDecoder((event) => [itemOfEvent(kind, event)]);
