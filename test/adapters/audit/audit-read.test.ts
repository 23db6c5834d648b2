import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAudit } from '../../../src/adapters/audit/audit-read.ts';
import { bytes } from '../../../src/kernel/units.ts';
import { chainOf, fileOf, progress, temporary } from './audit-facts.ts';

const { directory, remove } = temporary('audit-read');
afterAll(remove);

const written = (name: string, text: string | Buffer): string => {
  const path = join(directory, name);
  fs.writeFileSync(path, text);
  return path;
};

describe('reading an audit', () => {
  it('given more than one chunk of a file, then every fact is there, in order, and text of several bytes is whole', async () => {
    const lines = chainOf(1500);
    const path = written('long', fileOf(lines));
    expect(fs.statSync(path).size).toBeGreaterThan(5 * 65_536);
    const read = await readAudit(path, null);
    expect(read).toEqual({
      ok: true,
      value: { facts: lines.map((_, n) => progress(n + 1)), unreadable: 0 },
    });
  });

  it('given only so much of its end, then from the next line on', async () => {
    const lines = chainOf(10);
    const path = written('tail', fileOf(lines));
    const last = Buffer.byteLength(lines[9] ?? '') + Buffer.byteLength(lines[8] ?? '') + 5;
    expect(await readAudit(path, bytes(last))).toMatchObject({
      value: { facts: [progress(9), progress(10)], unreadable: 0 },
    });
  });

  it('given lines that are torn, empty or of others, then they are counted, and the rest is read', async () => {
    const [one = '', two = ''] = chainOf(2);
    const path = written('torn', `${one}\n\n{"chain":"ab\nhello\n${two.slice(0, 40)}\n${two}`);
    expect(await readAudit(path, null)).toMatchObject({
      value: { facts: [progress(1), progress(2)], unreadable: 3 },
    });
  });

  it('given only some that are wanted, then only those are kept', async () => {
    const path = written('some', fileOf(chainOf(5)));
    expect(await readAudit(path, null, (f) => f.act === 'a3')).toMatchObject({
      value: { facts: [progress(3)] },
    });
  });

  it('given no file, then nothing was written yet; given a folder, then it is told', async () => {
    expect(await readAudit(join(directory, 'none'), null)).toMatchObject({
      value: { facts: [], unreadable: 0 },
    });
    expect(await readAudit(directory, null)).toMatchObject({
      ok: false,
      failure: { kind: 'misconfigured', message: 'that is no regular file' },
    });
  });
});
