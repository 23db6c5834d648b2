import { describe, expect, it } from 'vitest';
import {
  initialEventsEnd,
  listMetaFields,
  placeFields,
  statusFields,
} from '../../../../src/adapters/kubernetes/wire/envelope-fields.ts';
import { jsonLines } from '../../../../src/adapters/kubernetes/wire/json-lines.ts';
import { readJson } from '../../../../src/adapters/kubernetes/wire/json-reader.ts';
import {
  readEnvelope,
  readWatchFrame,
} from '../../../../src/adapters/kubernetes/wire/protobuf-envelope.ts';
import { protobufFrames } from '../../../../src/adapters/kubernetes/wire/protobuf-frames.ts';
import { protobufList } from '../../../../src/adapters/kubernetes/wire/protobuf-list.ts';
import { readProtobuf } from '../../../../src/adapters/kubernetes/wire/protobuf-reader.ts';
import type { Fields } from '../../../../src/kernel/shape.ts';
import { fixture, got } from './fixtures.ts';

const protobufEvents = (name: string, fields: Fields) =>
  got(protobufFrames().push(fixture(`${name}.watch.pb`))).map((frame) => {
    const { type, kind, start, end } = got(readWatchFrame(frame));
    return { type, kind, object: got(readProtobuf(fields, frame, start, end)) };
  });

const jsonEvents = (name: string, fields: Fields) =>
  got(jsonLines().push(fixture(`${name}.watch.json`))).map((line) => {
    const { type, object } = JSON.parse(line);
    return { type, kind: object.kind, object: got(readJson(fields, object)) };
  });

describe('a watch in protobuf', () => {
  it('given initial events, when read, then they are those of JSON, up to the bookmark that ends them', () => {
    const events = protobufEvents('nodes.initial', placeFields);
    expect(events.map((e) => [e.type, e.kind])).toEqual([
      ['ADDED', 'Node'],
      ['ADDED', 'Node'],
      ['BOOKMARK', 'Node'],
    ]);
    expect(events.slice(0, 2)).toEqual(jsonEvents('nodes.initial', placeFields).slice(0, 2));
    const ends = [events.at(-1), jsonEvents('nodes.initial', placeFields).at(-1)];
    for (const end of ends) {
      expect(end?.object).toMatchObject({
        metadata: {
          resourceVersion: expect.stringMatching(/^\d+$/),
          annotations: { [initialEventsEnd]: 'true' },
        },
      });
    }
  });

  it('given a version that is gone, when read, then the error is the same in both encodings', () => {
    const events = protobufEvents('nodes.expired', statusFields);
    expect(events).toEqual([
      {
        type: 'ERROR',
        kind: 'Status',
        object: expect.objectContaining({ code: 410, reason: 'Expired', status: 'Failure' }),
      },
    ]);
    expect(jsonEvents('nodes.expired', statusFields)[0]?.object).toMatchObject({
      code: 410,
      reason: 'Expired',
    });
  });
});

describe('readEnvelope', () => {
  it('given a list, when opened, then it says of what, and its metadata are those of JSON', () => {
    const bytes = fixture('pods.pb');
    expect(got(readEnvelope(bytes))).toMatchObject({
      apiVersion: 'v1',
      kind: 'PodList',
      end: bytes.length - 4,
    });
    const meta = got(protobufList().push(bytes)).find((part) => !part.item);
    const expected = JSON.parse(fixture('pods.json').toString()).metadata;
    expect(got(readProtobuf(listMetaFields, meta?.bytes ?? new Uint8Array()))).toEqual(expected);
  });

  it.each([
    ['nothing', []],
    ['JSON', [...Buffer.from('{"kind":"Pod"}')]],
    ['no content', [0x6b, 0x38, 0x73, 0]],
    ['content that is cut off', [0x6b, 0x38, 0x73, 0, 18, 9, 1]],
  ])('given %s, when opened, then it is a failure', (_, bytes) => {
    expect(readEnvelope(Uint8Array.from(bytes))).toMatchObject({
      ok: false,
      failure: { kind: 'undecodable' },
    });
  });

  it('given an event without type or object, when opened, then it is a failure', () => {
    expect(readWatchFrame(new Uint8Array()).ok).toBe(false);
    expect(readWatchFrame(Uint8Array.from([10, 5, ...Buffer.from('ADDED')])).ok).toBe(false);
  });
});
