/** Writes the reference pages that are made from the program itself. A test fails when they are stale. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages } from './reference-pages.ts';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');
for (const [name, text] of referencePages()) {
  writeFileSync(join(docs, name), text);
  process.stdout.write(`docs/${name}\n`);
}
