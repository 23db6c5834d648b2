import { describe, expect, it } from 'vitest';
import { readJson } from '../../../../src/adapters/kubernetes/wire/json-reader.ts';
import { readProtobuf } from '../../../../src/adapters/kubernetes/wire/protobuf-reader.ts';
import { objectKinds } from '../../../../src/probes/index.ts';
import { got, jsonItems, protobufItems } from './fixtures.ts';

describe.each(objectKinds.map((kind) => ({ kind, resource: kind.ref.resource })))(
  '$resource of a real API server',
  ({ kind, resource }) => {
    const fromJson = jsonItems(resource).map((item) => got(readJson(kind.fields, item)));
    const fromProtobuf = protobufItems(resource).map((bytes) =>
      got(readProtobuf(kind.fields, bytes)),
    );

    it('given both encodings, when read, then every field is the same', () => {
      expect(fromJson.length).toBeGreaterThan(0);
      expect(fromProtobuf).toEqual(fromJson);
    });

    it('given both encodings, when slimmed, then the objects are the same and fit the schema', () => {
      const slim = fromJson.map((read) => kind.slim(read));
      expect(fromProtobuf.map((read) => kind.slim(read))).toStrictEqual(slim);
      for (const object of slim) expect(kind.schema.parse(object)).toStrictEqual(object);
    });

    it('given nothing at all, when slimmed, then it is an empty object of the kind', () => {
      const empty = kind.slim(got(readProtobuf(kind.fields, new Uint8Array())));
      expect(kind.schema.parse(empty)).toStrictEqual(empty);
      expect(kind.slim(got(readJson(kind.fields, {})))).toStrictEqual(empty);
    });

    it('given the slim objects, when looked through, then no field is empty in all of them', () => {
      const slim = fromJson.map((read) => kind.slim(read) as Record<string, unknown>);
      const unused = Object.keys(slim[0] ?? {}).filter(
        (key) => !common.includes(key) && slim.every((o) => isEmpty(o[key])),
      );
      expect(unused).toEqual(neverSeen[resource] ?? []);
    });
  },
);

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Read the same way of every kind, and there in others. */
const common = ['namespace', 'labels', 'owner', 'deleting'];

/** What these kinds do not have. */
const neverSeen: Readonly<Record<string, readonly string[]>> = {
  statefulsets: ['revision', 'paused'],
  daemonsets: ['revision', 'paused'],
  replicasets: ['paused'],
};
