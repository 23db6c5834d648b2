import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { type Run, readJson, writeJson } from './run-dir.ts';
import { waitFor } from './wait.ts';

/** How to start a process again, from any later program: kept next to its identity in the run directory. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  /** Must mention the run directory: that is how a process is known to be ours before it is ended. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessRecord extends ProcessSpec {
  readonly identity: ProcessIdentity;
  readonly log: string;
}

const recordPath = (run: Run, name: string): string => join(run.dir, 'processes', `${name}.json`);

/** Empty, too, for a run that somebody else is just taking down. */
export const processRecords = (run: Run): readonly ProcessRecord[] => {
  const dir = join(run.dir, 'processes');
  let files: string[];
  try {
    files = readdirSync(dir);
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const record = processRecord(run, file.replace(/\.json$/, ''));
    return record ? [record] : [];
  });
};

export const processRecord = (run: Run, name: string): ProcessRecord | undefined => {
  try {
    return readJson<ProcessRecord>(recordPath(run, name));
  } catch {
    return undefined;
  }
};

/** The last lines of a log, for an error that has to explain itself. */
export const logTail = (path: string, lines = 12): string => {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
};

/** Starts a process in a session of its own, with its output in the run's `logs/`, and records it. */
export const startProcess = async (run: Run, spec: ProcessSpec): Promise<ProcessRecord> => {
  const log = join(run.dir, 'logs', `${spec.name}.log`);
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: run.dir,
      detached: true,
      stdio: ['ignore', output, output],
      env: { PATH: process.env.PATH, HOME: run.dir, ...spec.env },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new Error(`cannot start ${spec.name} (${spec.command})`, { cause })),
      );
    });
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw new Error(`${spec.name} ended at once:\n${logTail(log)}`);
    const record: ProcessRecord = { ...spec, identity, log };
    writeJson(recordPath(run, spec.name), record);
    return record;
  } finally {
    closeSync(output);
  }
};

/** Waits for `ready`, and gives up at once, with the end of its log, when the process is gone. */
export const waitReady = async (
  record: ProcessRecord,
  timeoutMs: number,
  ready: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> => {
  try {
    await waitFor(
      {
        until: `${record.name} is ready`,
        timeoutMs,
        hopeless: () => (isAlive(record.identity) ? undefined : 'the process has ended'),
      },
      ready,
      signal,
    );
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Error(
      `${record.name} did not become ready; its log (${record.log}) ends:\n${logTail(record.log)}`,
      { cause },
    );
  }
};

/** True only for the very process we started: same pid, start time and boot, and our directory in its arguments. */
export const isOurs = (run: Run, record: ProcessRecord): boolean =>
  isAlive(record.identity) && commandLine(record.identity.pid).includes(run.dir);

export const signalProcess = (run: Run, name: string, signal: NodeJS.Signals): void => {
  const record = processRecord(run, name);
  if (!record || !isOurs(run, record)) throw new Error(`${name} is not running`);
  process.kill(record.identity.pid, signal);
};

/**
 * Ends a process and waits until it is gone. A positive `graceMs` asks with SIGTERM first; the default
 * is SIGKILL at once, which is what a crash looks like and is safe because the data is thrown away.
 */
export const endProcess = async (run: Run, name: string, graceMs = 0): Promise<void> => {
  const record = processRecord(run, name);
  if (!record || !isOurs(run, record)) return;
  const { pid } = record.identity;
  const gone = (timeoutMs: number) =>
    waitFor(
      { until: `${name} has ended`, timeoutMs, everyMs: 20 },
      () => !isAlive(record.identity),
    );
  if (graceMs > 0) {
    process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGTERM');
    if (await gone(graceMs).catch(() => false)) return;
  }
  if (isOurs(run, record)) process.kill(pid, 'SIGKILL');
  await gone(10_000);
};

/** Synchronous and without waiting: the last resort of a program that is already exiting. */
export const killAllNow = (run: Run): void => {
  for (const record of processRecords(run)) {
    if (isOurs(run, record)) process.kill(record.identity.pid, 'SIGKILL');
  }
};
