import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../../../../src/adapters/kubernetes/wire/json-reader.ts';
import { jsonSplitter } from '../../../../src/adapters/kubernetes/wire/json-splitter.ts';
import { protobufList } from '../../../../src/adapters/kubernetes/wire/protobuf-list.ts';
import type { Result } from '../../../../src/kernel/failure.ts';
import type { AnyKind, Slim } from '../../../../src/kernel/kind.ts';

const directory = join(import.meta.dirname, '../../../fixtures/kubernetes');

/** Bytes of a recording of a real API server. */
export const fixture = (name: string): Buffer => readFileSync(join(directory, name));

/** The value of a result that has to be ok. */
export const got = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

export const jsonItems = (resource: string): readonly unknown[] =>
  got(jsonSplitter().push(fixture(`${resource}.json`)))
    .filter((part) => part.item)
    .map((part) => JSON.parse(part.text));

export const protobufItems = (resource: string): readonly Uint8Array[] =>
  got(protobufList().push(fixture(`${resource}.pb`)))
    .filter((part) => part.item)
    .map((part) => part.bytes);

export const slimItems = (kind: AnyKind): readonly Slim[] =>
  jsonItems(kind.ref.resource).map((item) => kind.slim(got(readJson(kind.fields, item))));
