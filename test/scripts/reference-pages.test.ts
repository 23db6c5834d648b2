import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePages } from '../../scripts/reference-pages.ts';

const docs = join(import.meta.dirname, '../../docs');

describe('reference pages', () => {
  it.each([...referencePages()])(
    'given %s, then it is what the program says today (npm run docs)',
    (name, text) => {
      expect(readFileSync(join(docs, name), 'utf8')).toBe(text);
    },
  );
});
