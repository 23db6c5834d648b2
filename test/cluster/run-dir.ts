import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateRoot } from './paths.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** A detached run stays until somebody takes it down; an owned one ends with the process that started it. */
export type Ownership =
  | { readonly kind: 'detached' }
  | { readonly kind: 'owned'; readonly by: ProcessIdentity };

/** One cluster on disk: configuration, keys, logs, data and the record of its processes. */
export interface Run {
  /** Six hex digits; also names the bridge and the cgroup, so cleaning up needs no other record. */
  readonly id: string;
  readonly dir: string;
  readonly ownership: Ownership;
}

const runsDir = (): string => join(stateRoot(), 'runs');

export const writeJson = (path: string, value: unknown): void => {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
};

export const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

const recordPath = (dir: string): string => join(dir, 'run.json');

/** Owned by this process: should it be killed while the cluster comes up, the next start tidies up. */
export const createRun = (): Run => {
  const id = randomBytes(3).toString('hex');
  const dir = join(runsDir(), id);
  mkdirSync(join(dir, 'logs'), { recursive: true, mode: 0o700 });
  mkdirSync(join(dir, 'processes'));
  const self = identify(process.pid);
  if (!self) throw new Error('cannot read /proc/self: this harness needs Linux with /proc mounted');
  const run: Run = { id, dir, ownership: { kind: 'owned', by: self } };
  writeJson(recordPath(dir), run);
  return run;
};

/** From now on the run outlives the process that started it. */
export const detachRun = (run: Run): Run => {
  const detached: Run = { ...run, ownership: { kind: 'detached' } };
  writeJson(recordPath(run.dir), detached);
  return detached;
};

/** Oldest first is not promised; a directory without a readable record is left out. */
export const listRuns = (): readonly Run[] => {
  let names: string[];
  try {
    names = readdirSync(runsDir());
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      return [readJson<Run>(recordPath(join(runsDir(), name)))];
    } catch {
      return [];
    }
  });
};

/** True for a run whose owner was killed before it could take its cluster down. */
export const isAbandoned = (run: Run): boolean =>
  run.ownership.kind === 'owned' && !isAlive(run.ownership.by);
