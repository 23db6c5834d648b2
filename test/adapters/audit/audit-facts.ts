import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordLine } from '../../../src/adapters/audit/audit-record.ts';
import { newChain } from '../../../src/adapters/audit/audit-tail.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';

export const progress = (n: number, by = 'ana on bastion'): ActFact => ({
  kind: 'progress',
  act: `a${n}`,
  at: Date.UTC(2026, 10, 20, 3) + n * 1000,
  by,
  text: `step ${n} of “größer”`,
});

/** A chain of that many records, one line each, without line ends. */
export const chainOf = (n: number): readonly string[] => {
  let head = newChain();
  return Array.from({ length: n }, (_, i) => {
    const made = recordLine(head, progress(i + 1), 0);
    head = made.head;
    return made.line;
  });
};

export const fileOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((l) => `${l}\n`).join(''));

/** A directory that is gone after the tests. */
export const temporary = (name: string) => {
  const directory = fs.mkdtempSync(join(tmpdir(), `midwatch-${name}-`));
  return { directory, remove: () => fs.rmSync(directory, { recursive: true, force: true }) };
};
