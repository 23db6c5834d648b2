import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type Run, readJson, writeJson } from './run-dir.ts';

const portNames = [
  'api',
  'etcd',
  'etcdPeer',
  'controllerManager',
  'scheduler',
  'kwok',
  'kubelet',
  'metricsServer',
] as const;

export type ClusterPorts = Readonly<Record<(typeof portNames)[number], number>>;

/** What another program needs to take up a running cluster where this one left it. */
export interface ClusterRecord {
  readonly ports: ClusterPorts;
  /** Names of nodes with a real kubelet. */
  readonly realNodes: readonly string[];
  readonly metrics: boolean;
  readonly kubectl: string;
}

export const pickPorts = async (): Promise<ClusterPorts> => {
  const ports: Record<string, number> = {};
  for (const name of portNames) ports[name] = await freePort();
  return ports as ClusterPorts;
};

const recordPath = (run: Run): string => join(run.dir, 'cluster.json');

/** Written once everything is ready: a run without it never came up. */
export const writeClusterRecord = (run: Run, record: ClusterRecord): void =>
  writeJson(recordPath(run), record);

export const readClusterRecord = (run: Run): ClusterRecord | undefined => {
  try {
    return readJson<ClusterRecord>(recordPath(run));
  } catch {
    return undefined;
  }
};
