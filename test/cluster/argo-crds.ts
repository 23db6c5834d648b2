import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Manifest } from './apply.ts';
import { cacheRoot } from './paths.ts';

const run = promisify(execFile);

const module = 'github.com/argoproj/argo-cd/v3';
const version = 'v3.5.7';
/** Of the whole module, as Go writes it into go.sum. */
const sum = 'h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=';
const files = ['application-crd.yaml', 'appproject-crd.yaml'] as const;

const fetchInto = async (directory: string): Promise<void> => {
  const draft = mkdtempSync(join(tmpdir(), 'argo-crds-'));
  try {
    // `go mod download` wants to stand in a module, and takes nothing from it.
    writeFileSync(join(draft, 'go.mod'), 'module midwatch.test/argo-crds\n');
    const { stdout } = await run('go', ['mod', 'download', '-json', `${module}@${version}`], {
      cwd: draft,
      maxBuffer: 1 << 20,
    });
    const told = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
    if (told.Sum !== sum) throw new Error(`${module}@${version} has the sum ${told.Sum}`);
    for (const file of files) {
      const text = readFileSync(join(told.Dir, 'manifests', 'crds', file), 'utf8');
      mkdirSync(directory, { recursive: true });
      const part = join(directory, `${file}.${process.pid}`);
      writeFileSync(part, text);
      renameSync(part, join(directory, file));
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

/**
 * The definitions of Application and AppProject, from the Go module of Argo CD: fetched once, then kept beside the
 * binaries. @throws where they are not kept yet and there is no Go, or no way to its modules.
 */
export const argoCrds = async (): Promise<readonly Manifest[]> => {
  const directory = join(cacheRoot(), `argo-cd-crds-${version}`);
  if (!files.every((file) => existsSync(join(directory, file)))) await fetchInto(directory);
  return files.map((file) => parse(readFileSync(join(directory, file), 'utf8')) as Manifest);
};
