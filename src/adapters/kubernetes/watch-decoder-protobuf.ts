import type { AnyKind, Slim } from '../../kernel/kind.ts';
import type { Decoder, WatchItem } from './watch-decoder.ts';
import { bookmarkOf, deletedOf, itemOf, serverStatus } from './watch-decoder-kind.ts';
import { placeFields, statusFields } from './wire/envelope-fields.ts';
import { readWatchFrame } from './wire/protobuf-envelope.ts';
import { protobufFrames } from './wire/protobuf-frames.ts';
import { readProtobuf } from './wire/protobuf-reader.ts';

type Item = WatchItem<Slim, never>;

const broken = (why: string): Item => ({ kind: 'broken', why });

/** An object that does not parse in protobuf says that we misread the encoding, so nothing after it is trusted. */
const itemOfFrame = (kind: AnyKind, frame: Uint8Array): Item => {
  const event = readWatchFrame(frame);
  if (!event.ok) return broken(event.failure.message);
  const { type, start, end } = event.value;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED': {
      const read = readProtobuf(kind.fields, frame, start, end);
      return read.ok ? itemOf(kind, read.value) : broken(read.failure.message);
    }
    case 'DELETED':
    case 'BOOKMARK': {
      const place = readProtobuf(placeFields, frame, start, end);
      if (!place.ok) return broken(place.failure.message);
      return type === 'DELETED' ? deletedOf(place.value) : bookmarkOf(place.value);
    }
    case 'ERROR': {
      const status = readProtobuf(statusFields, frame, start, end);
      return status.ok
        ? { kind: 'error', status: serverStatus(status.value) }
        : broken(status.failure.message);
    }
    default:
      return { kind: 'bad', why: `an event of unknown type ${type}` };
  }
};

/** Reads a watch in protobuf. */
export const protobufWatchDecoder = (kind: AnyKind): Decoder<Slim, never> => {
  const frames = protobufFrames();
  return {
    push: (chunk) => {
      const cut = frames.push(chunk);
      if (!cut.ok) return [broken(cut.failure.message)];
      return cut.value.map((frame) => itemOfFrame(kind, frame));
    },
    // A stream that stops inside an event lost its connection: the next one sends the event again.
    end: () => [],
  };
};
