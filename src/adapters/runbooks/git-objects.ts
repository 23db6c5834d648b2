import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { mib } from '../../kernel/units.ts';
import { applyDelta } from './git-delta.ts';

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: GitObjectType;
  readonly data: Buffer;
}

/** Objects of a repository, by their ids in hexadecimal digits; null for what is not there or cannot be read. */
export interface GitObjects {
  get(id: string): Promise<GitObject | null>;
}

const unzip = promisify(inflate) as (
  data: Buffer,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer>;

/** No commit, tree or runbook is larger. */
const objectMost = mib(16);
/** Index of a pack with millions of objects. */
const indexMost = mib(256);
const packsMost = 200;
const alternatesMost = 5;
/** Deltas upon deltas; git itself makes 50. */
const chainMost = 100;

const types: readonly (GitObjectType | null)[] = [null, 'commit', 'tree', 'blob', 'tag'];
const offsetDelta = 6;
const idDelta = 7;

interface Pack {
  readonly path: string;
  readonly index: Buffer;
}

/** Where in its pack an object begins; null when it is in another one. */
const offsetIn = ({ index }: Pack, id: Buffer): number | null => {
  const fan = (n: number): number => (n < 0 ? 0 : index.readUInt32BE(8 + 4 * n));
  const first = id[0] ?? 0;
  const count = fan(255);
  const names = 8 + 1024;
  let low = fan(first - 1);
  let high = fan(first);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = names + middle * id.length;
    const order = index.compare(id, 0, id.length, at, at + id.length);
    if (order === 0) {
      const offsets = names + count * (id.length + 4);
      const offset = index.readUInt32BE(offsets + 4 * middle);
      if (offset < 0x8000_0000) return offset;
      const large = offsets + 4 * count + 8 * (offset - 0x8000_0000);
      return Number(index.readBigUInt64BE(large));
    }
    // `order` compares the index with the id.
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
};

const readLoose = async (directory: string, id: string): Promise<GitObject | null> => {
  const path = join(directory, id.slice(0, 2), id.slice(2));
  const about = await stat(path).catch(() => null);
  if (about === null || about.size > objectMost) return null;
  const whole = await unzip(await readFile(path), { maxOutputLength: objectMost });
  const end = whole.indexOf(0);
  const type = types.find(
    (t) => t !== null && whole.toString('latin1', 0, end).startsWith(`${t} `),
  );
  return type == null || end === -1 ? null : { type, data: whole.subarray(end + 1) };
};

interface Packed {
  readonly type: number;
  readonly data: Buffer;
  /** Of a delta: what it is upon. */
  readonly base: number | string | null;
}

/** An object in a pack as it is kept there: whole, or as what has changed upon another one. */
const readPacked = async (
  path: string,
  offset: number,
  idBytes: number,
): Promise<Packed | null> => {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(64, Math.max(0, size - offset)));
    await file.read({ buffer: head, position: offset });
    let at = 0;
    let byte = head[at++] ?? 0;
    const type = (byte >> 4) & 7;
    let length = byte & 15;
    for (let shift = 4; (byte & 0x80) !== 0; shift += 7) {
      byte = head[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
    }
    if (length > objectMost) return null;
    let base: number | string | null = null;
    if (type === offsetDelta) {
      byte = head[at++] ?? 0;
      let back = byte & 0x7f;
      while ((byte & 0x80) !== 0) {
        byte = head[at++] ?? 0;
        back = (back + 1) * 128 + (byte & 0x7f);
      }
      base = offset - back;
    } else if (type === idDelta) {
      base = head.toString('hex', at, at + idBytes);
      at += idBytes;
    }
    // What does not get smaller grows by a few bytes.
    const most = Math.min(size - offset - at, length + (length >> 3) + 1024);
    const zipped = Buffer.alloc(Math.max(0, most));
    await file.read({ buffer: zipped, position: offset + at });
    return { type, base, data: await unzip(zipped, { maxOutputLength: objectMost }) };
  } finally {
    await file.close();
  }
};

const packsIn = async (directory: string): Promise<readonly Pack[]> => {
  const folder = join(directory, 'pack');
  const names = await readdir(folder).catch(() => []);
  const packs: Pack[] = [];
  for (const name of names.filter((n) => /^pack-[0-9a-f]+\.idx$/.test(n)).slice(0, packsMost)) {
    const path = join(folder, name);
    if ((await stat(path)).size > indexMost) continue;
    const index = await readFile(path);
    const second = index.length > 1032 && index.readUInt32BE(0) === 0xff744f63;
    if (second && index.readUInt32BE(4) === 2) {
      packs.push({ path: path.replace(/\.idx$/, '.pack'), index });
    }
  }
  return packs;
};

/** The directory of objects, and those that it borrows from. */
const directoriesOf = async (first: string): Promise<readonly string[]> => {
  const text = await readFile(join(first, 'info/alternates'), 'utf8').catch(() => '');
  const others = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [first, ...others.slice(0, alternatesMost).map((line) => resolve(first, line))];
};

/** Reads objects from git's own files: no command is run. `directory`: the `objects` of a repository. */
export const gitObjects = async (directory: string): Promise<GitObjects> => {
  const directories = await directoriesOf(directory);
  const packs = (await Promise.all(directories.map(packsIn))).flat();
  const unpack = async (
    pack: Pack,
    offset: number,
    idBytes: number,
    depth: number,
  ): Promise<GitObject | null> => {
    const found = depth > chainMost ? null : await readPacked(pack.path, offset, idBytes);
    if (found === null) return null;
    const type = types[found.type] ?? null;
    if (found.base === null) return type === null ? null : { type, data: found.data };
    const base =
      typeof found.base === 'number'
        ? await unpack(pack, found.base, idBytes, depth + 1)
        : await get(found.base, depth + 1);
    const data = base === null ? null : applyDelta(base.data, found.data, objectMost);
    return base === null || data === null ? null : { type: base.type, data };
  };
  const get = async (id: string, depth = 0): Promise<GitObject | null> => {
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return null;
    for (const one of directories) {
      const loose = await readLoose(one, id);
      if (loose !== null) return loose;
    }
    const bytes = Buffer.from(id, 'hex');
    for (const pack of packs) {
      const offset = offsetIn(pack, bytes);
      if (offset !== null) return await unpack(pack, offset, bytes.length, depth);
    }
    return null;
  };
  return {
    // What is damaged is not there.
    get: (id) => get(id).catch(() => null),
  };
};
