import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';

const folder = resolve(import.meta.dirname, '../../runbooks');

/** The runbooks that come with midwatch, as text and as what is read of it. */
export const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { name, text, ...parseRunbook(text, name) };
  });
