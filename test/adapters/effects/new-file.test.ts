import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFile } from '../../../src/adapters/effects/new-file.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-new-file-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const hello = async (write: (piece: Uint8Array) => Promise<void>) => {
  await write(Buffer.from('hello '));
  await write(Buffer.from('there'));
  return ok('filled');
};

describe('a new file', () => {
  it('given a free name, when it is filled, then it has it, for this user only', async () => {
    const path = join(dir, 'a.db');
    expect(await newFile(path, hello)).toEqual(ok('filled'));
    expect(readFileSync(path, 'utf8')).toBe('hello there');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['a.db']);
  });

  it('given a name that is taken, also by a link to nothing, when asked for, then it is left alone', async () => {
    writeFileSync(join(dir, 'mine'), 'mine');
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'link'));
    for (const name of ['mine', 'link']) {
      expect(await newFile(join(dir, name), hello)).toMatchObject({
        failure: { message: expect.stringMatching(/never overwritten/) },
      });
    }
    expect(readFileSync(join(dir, 'mine'), 'utf8')).toBe('mine');
    expect(existsSync(join(dir, 'elsewhere'))).toBe(false);
  });

  it('given a name that is taken while it is filled, when it is whole, then the other file stays', async () => {
    const path = join(dir, 'a.db');
    const filled = await newFile(path, async (write) => {
      await write(Buffer.from('ours'));
      writeFileSync(path, 'theirs');
      return ok('filled');
    });
    expect(filled).toMatchObject({ failure: { message: expect.stringMatching(/overwritten/) } });
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(dir)).toEqual(['a.db']);
  });

  it('given a filling that fails or throws, when it ends, then nothing is left behind', async () => {
    const path = join(dir, 'a.db');
    const why = failure('broken', 'read', 'it broke');
    const some = async (write: (piece: Uint8Array) => Promise<void>) => {
      await write(Buffer.alloc(100));
    };
    expect(
      await newFile(path, async (write) => {
        await some(write);
        return failed(why);
      }),
    ).toEqual(failed(why));
    await expect(
      newFile(path, async (write) => {
        await some(write);
        throw new Error('a bug');
      }),
    ).rejects.toThrow('a bug');
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['relative.db', /not absolute/],
    ['/nonexistent/a.db', /directory does not exist/],
    ['/proc/a.db', /cannot be written|may not write|does not exist/],
  ])('given the path %s, when asked for, then the reason is told', async (path, why) => {
    expect(await newFile(path, hello)).toMatchObject({
      failure: { kind: 'misconfigured', message: expect.stringMatching(why) },
    });
  });

  it('given an unfinished file of another, when asked for, then it is left alone and named', async () => {
    const path = join(dir, 'a.db');
    writeFileSync(`${path}.partial`, 'theirs');
    expect(await newFile(path, hello)).toMatchObject({
      failure: { message: expect.stringMatching(/unfinished/), on: `${path}.partial` },
    });
    expect(readdirSync(dir)).toEqual(['a.db.partial']);
    expect(readFileSync(`${path}.partial`, 'utf8')).toBe('theirs');
  });
});
