import { readdirSync, readFileSync } from 'node:fs';
import { processRecord, signalProcess } from './process.ts';
import type { Run } from './run-dir.ts';
import { waitFor } from './wait.ts';

const isStopped = (stat: string): boolean => {
  // The command in parentheses may itself hold spaces and parentheses: the state comes after the last one.
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return state === 'T' || state === 't';
};

const everyThreadStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) =>
    isStopped(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  );

/**
 * Stops a process with its connections left open, until `thawProcess`. Waits until it has stopped: on a
 * busy machine its threads go on for a while after the signal, long enough to answer once more.
 * @throws when it does not run.
 */
export const freezeProcess = async (run: Run, name: string): Promise<void> => {
  signalProcess(run, name, 'SIGSTOP');
  const pid = processRecord(run, name)?.identity.pid;
  if (pid === undefined) throw new Error(`${name} is not running`);
  await waitFor({ until: `${name} has stopped`, timeoutMs: 10_000, everyMs: 5 }, () =>
    everyThreadStopped(pid),
  );
};

/** @throws when it does not run. */
export const thawProcess = (run: Run, name: string): void => signalProcess(run, name, 'SIGCONT');
