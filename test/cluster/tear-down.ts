import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { stateRoot } from './paths.ts';
import { endProcess, processRecords } from './process.ts';
import { removeRealNode } from './real-node.ts';
import { isAbandoned, listRuns, type Run } from './run-dir.ts';

// Whoever restarts or recreates others goes first.
const order = ['kubelet', 'metrics-server', 'kwok', 'kube-controller-manager', 'kube-scheduler'];

/** Ends everything a run started and removes its directory. Works the same on a run that was killed halfway. */
export const tearDown = async (run: Run): Promise<void> => {
  const names = processRecords(run).map(({ name }) => name);
  const first = order.filter((name) => names.includes(name));
  for (const name of first) await endProcess(run, name);
  await Promise.all(
    names.filter((name) => !order.includes(name)).map((name) => endProcess(run, name)),
  );
  await removeRealNode(run);
  rmSync(run.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
};

/** Takes down what earlier programs left behind when they were killed; two at once take turns. */
export const reapAbandonedRuns = async (): Promise<readonly string[]> => {
  if (!listRuns().some(isAbandoned)) return [];
  return withFileLock(
    join(stateRoot(), 'reap.lock'),
    () => {},
    async () => {
      const abandoned = listRuns().filter(isAbandoned);
      for (const run of abandoned) await tearDown(run);
      return abandoned.map(({ id }) => id);
    },
  );
};
