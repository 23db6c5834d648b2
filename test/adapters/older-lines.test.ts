import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { olderLines } from '../../src/adapters/older-lines.ts';
import { bytes, mib } from '../../src/kernel/units.ts';

let directory: string;
beforeAll(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'midwatch-older-'));
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const reading = async (text: string, from: number, to: number, within: boolean, most = mib(1)) => {
  const path = join(directory, 'lines');
  fs.writeFileSync(path, text);
  const file = await open(path, 'r');
  const read = await olderLines(file, { from, to, within, most }, { without: 'big ' });
  await file.close();
  return read.toString();
};

it('given lines of any kind, when read, then exactly the whole ones that count are kept, in their order', async () => {
  const line = fc.oneof(
    fc.constantFrom('', 'a', 'größe', 'bigger', 'x'.repeat(300_000)),
    fc.constantFrom(0, 10, 700_000).map((n) => `big ${'y'.repeat(n)}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.boolean(), async (lines, within) => {
      const text = lines.map((l) => `${l}\n`).join('');
      const whole = within ? lines.slice(1) : lines;
      const wanted = whole.filter((l) => l !== '' && !l.startsWith('big '));
      const read = await reading(`${text}torn`, 0, Buffer.byteLength(text) + 4, within, mib(16));
      expect(read).toBe(wanted.map((l) => `${l}\n`).join(''));
    }),
    { numRuns: 40 },
  );
});

it('given more than may be kept, or a line without end, when read, then the newest are, and the rest is passed over', async () => {
  expect(await reading('aaa\nbbb\nccc\n', 0, 12, false, bytes(8))).toBe('bbb\nccc\n');
  const endless = `a\n${'z'.repeat(3 << 20)}\nb\n`;
  expect(await reading(endless, 0, endless.length, false)).toBe('a\nb\n');
});
