import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { podPids } from '../../cgroups.ts';
import { REAL_NODE } from '../../cluster.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { endProcess, processRecord, startProcess } from '../../process.ts';
import type { Run } from '../../run-dir.ts';
import { waitFor } from '../../wait.ts';
import { detachVolume } from './member-pod.ts';
import { dataDir, ETCD_HOST_DIR, losers, type Member, members } from './payments-etcd.ts';

const KUBELET = 'kubelet';

/** What the node has as /etc/tmpfiles.d: a rule `x <path>` keeps what is below from being cleaned away. */
const rulesDir = (run: Run): string => join(run.dir, 'private', 'etc', 'tmpfiles.d');
const ruleFile = (run: Run): string => join(rulesDir(run), 'payments-etcd.conf');

export const addTmpfilesRule = (run: Run): void => {
  mkdirSync(rulesDir(run), { recursive: true });
  writeFileSync(
    ruleFile(run),
    `# Data of the payments' etcd\n${members.map(({ name }) => `x ${ETCD_HOST_DIR}/${name}\n`).join('')}`,
  );
};

const isKept = (run: Run, { name }: Member): boolean =>
  existsSync(ruleFile(run)) &&
  readFileSync(ruleFile(run), 'utf8').split('\n').includes(`x ${ETCD_HOST_DIR}/${name}`);

/** Empties what no rule keeps, as systemd-tmpfiles does while a machine boots. */
const cleanTmpfiles = (run: Run): void => {
  for (const member of losers.filter((one) => !isKept(run, one))) {
    for (const entry of readdirSync(dataDir(run, member))) {
      rmSync(join(dataDir(run, member), entry), { recursive: true, force: true });
    }
  }
};

const bootIdFile = (run: Run): string => join(run.dir, 'boot-id');

/** The node stops as a machine does that loses power: kubelet and every container at once. */
export const stopNode = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  const { run } = cluster;
  await endProcess(run, KUBELET);
  await waitFor(
    { until: 'no process of any pod is left', timeoutMs: 20_000, everyMs: 50 },
    () => {
      const pids = podPids(run);
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Ended between the reading and the killing.
        }
      }
      return pids.length === 0;
    },
    signal,
  );
  for (const member of members) detachVolume(run, member);
};

/**
 * The node comes back under a new boot id, and the kubelet finds its containers dead. Volumes are not attached
 * yet. The machine itself does not restart: containerd keeps running, and the boot id is the run's own.
 */
export const startNode = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  const { run } = cluster;
  const spec = processRecord(run, KUBELET);
  if (!spec) throw new Error(`run ${run.id} has no record of a kubelet`);
  cleanTmpfiles(run);
  const bootId = randomUUID();
  writeFileSync(bootIdFile(run), `${bootId}\n`);
  const flag = `--boot-id-file=${bootIdFile(run)}`;
  const { name, command, args, env } = spec;
  await startProcess(run, {
    name,
    command,
    args: args.includes(flag) ? args : [...args, flag],
    ...(env ? { env } : {}),
  });
  await cluster.waitFor(
    { until: 'the node is ready again under its new boot id', timeoutMs: 60_000 },
    async () => {
      const { status } = await cluster.request(`/api/v1/nodes/${REAL_NODE}`);
      const ready = status.conditions.find(({ type }: { type: string }) => type === 'Ready');
      return status.nodeInfo.bootID === bootId && ready?.status === 'True';
    },
    signal,
  );
};
