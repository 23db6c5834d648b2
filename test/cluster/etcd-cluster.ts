import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EtcdCredentials } from './etcd-cluster-gateway.ts';
import { type EtcdCluster, etcdHandle } from './etcd-cluster-handle.ts';
import { type EtcdTuning, etcdBinary, newMember } from './etcd-cluster-member.ts';
import { createRoster } from './etcd-cluster-roster.ts';
import { type EtcdChoice, etcdObstacle, findEtcd, findEtcdutl } from './etcd-cluster-tools.ts';
import { startOwnedRun } from './owned-run.ts';
import { caOf, createCa, issueCertificate, pairOf } from './pki.ts';
import type { Run } from './run-dir.ts';

export interface EtcdClusterOptions extends EtcdTuning {
  /** Default 3. */
  readonly members?: number;
  /** Default the one Kubernetes is tested with. */
  readonly etcd?: EtcdChoice;
  /** Path of what restores snapshots: etcdutl, or etcdctl up to 3.5; default the one that was built. */
  readonly etcdutl?: string;
}

/** A CA of its own below the run, and a client that it vouches for. */
const strangerOf = (run: Run): Required<EtcdCredentials> => {
  const dir = join(run.dir, 'stranger');
  return { ca: caOf(dir).cert, ...pairOf(dir, 'etcd-client') };
};

const createCertificates = async (run: Run): Promise<void> => {
  const stranger = join(run.dir, 'stranger');
  mkdirSync(stranger, { mode: 0o700 });
  const names = ['DNS:localhost', 'IP:127.0.0.1'];
  const ours = async () => {
    await createCa(run.dir);
    await Promise.all([
      issueCertificate(run.dir, { name: 'etcd', user: 'etcd', names }),
      issueCertificate(run.dir, { name: 'etcd-client', user: 'etcd-client' }),
    ]);
  };
  const theirs = async () => {
    await createCa(stranger, 'midwatch-test-stranger');
    await issueCertificate(stranger, { name: 'etcd-client', user: 'etcd-client' });
  };
  await Promise.all([ours(), theirs()]);
};

const builtEtcdutl = (): string | undefined => {
  const found = findEtcdutl();
  return found.kind === 'found' ? found.path : undefined;
};

const bringUp = async (
  run: Run,
  { members = 3, etcd, etcdutl = builtEtcdutl(), ...tuning }: EtcdClusterOptions,
  end: () => Promise<void>,
  signal?: AbortSignal,
): Promise<EtcdCluster> => {
  const found = findEtcd(etcd);
  if (found.kind === 'missing') throw new Error(found.reason);
  const binary = await etcdBinary(found.path);
  await createCertificates(run);
  const credentials = { ca: caOf(run.dir).cert, ...pairOf(run.dir, 'etcd-client') };
  const roster = createRoster(run, credentials);
  for (let index = 0; index < members; index++) roster.add(await newMember(run, `etcd-${index}`));
  const how = { ...tuning, binary, token: run.id, state: 'new' } as const;
  try {
    await Promise.all(
      roster.members.map((_, index) => roster.start(index, how, 'serving', signal)),
    );
    return await etcdHandle(
      {
        run,
        end,
        roster,
        how,
        credentials,
        stranger: strangerOf(run),
        etcdutl,
      },
      signal,
    );
  } catch (error) {
    await roster.close();
    throw error;
  }
};

/**
 * Starts an etcd cluster of its own on free loopback ports: TLS with client certificates for clients and
 * peers, metrics and health on plain http. Two seconds where nothing else runs.
 * Builds and fetches nothing. First takes down what killed runs left behind.
 */
export const startEtcdCluster = async (
  options: EtcdClusterOptions = {},
  signal?: AbortSignal,
): Promise<EtcdCluster> => {
  const obstacle = etcdObstacle(options.etcd);
  if (obstacle) throw new Error(obstacle);
  return startOwnedRun((run, end) => bringUp(run, options, end, signal));
};
