import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { caOf, pairOf } from './pki.ts';
import type { ProcessSpec } from './process.ts';
import type { Run } from './run-dir.ts';

/** What is fixed about a member from the day it is added. Its number, 0 and up, is its place in the list. */
export interface EtcdMember {
  /** `etcd-0` and so on; names its process and its log as well. */
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  /** Plain http: metrics and health, without a certificate. */
  readonly metricsUrl: string;
  readonly dataDir: string;
}

/** A founder says `new`; who joins a cluster that runs says `existing`. Ignored where there is data. */
export type InitialState = 'new' | 'existing';

export interface EtcdTuning {
  /** Size of the database above which etcd raises NOSPACE; default etcd's own, 2 GiB. */
  readonly quotaBytes?: number;
  /** Default 100. */
  readonly heartbeatMs?: number;
  /** Default ten heartbeats. */
  readonly electionMs?: number;
  /** Tells how long requests and the disk take; that means waiting for the disk. Default false. */
  readonly measured?: boolean;
}

export interface MemberStart extends EtcdTuning {
  readonly binary: EtcdBinary;
  /** Everybody in the cluster, this member included. */
  readonly peers: readonly Pick<EtcdMember, 'name' | 'peerUrl'>[];
  readonly token: string;
  readonly state: InitialState;
}

export interface EtcdBinary {
  readonly path: string;
  /** Such as `3.6.8`. */
  readonly version: string;
}

const run = promisify(execFile);

/** @throws when it is not an etcd. */
export const etcdBinary = async (path: string): Promise<EtcdBinary> => {
  const { stdout } = await run(path, ['--version']);
  const version = /etcd Version: (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${path} --version does not say it is etcd: ${stdout}`);
  return { path, version };
};

export const newMember = async (run: Run, name: string): Promise<EtcdMember> => ({
  name,
  clientUrl: `https://127.0.0.1:${await freePort()}`,
  peerUrl: `https://127.0.0.1:${await freePort()}`,
  metricsUrl: `http://127.0.0.1:${await freePort()}`,
  dataDir: join(run.dir, 'data', name),
});

export const initialCluster = (peers: MemberStart['peers']): string =>
  peers.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');

const knowsNoFsync = (version: string): boolean => !/^(2\.|3\.[0-4]\.)/.test(version);

export const memberSpec = (
  run: Run,
  member: EtcdMember,
  { binary, peers, token, state, quotaBytes, heartbeatMs = 100, ...tuning }: MemberStart,
): ProcessSpec => {
  const { electionMs, measured = false } = tuning;
  const { cert, key } = pairOf(run.dir, 'etcd');
  const ca = caOf(run.dir).cert;
  return {
    name: member.name,
    command: binary.path,
    args: [
      `--name=${member.name}`,
      `--data-dir=${member.dataDir}`,
      `--listen-client-urls=${member.clientUrl}`,
      `--advertise-client-urls=${member.clientUrl}`,
      `--listen-peer-urls=${member.peerUrl}`,
      `--initial-advertise-peer-urls=${member.peerUrl}`,
      `--listen-metrics-urls=${member.metricsUrl}`,
      `--initial-cluster=${initialCluster(peers)}`,
      `--initial-cluster-token=${token}`,
      `--initial-cluster-state=${state}`,
      ...['', 'peer-'].flatMap((port) => [
        `--${port}cert-file=${cert}`,
        `--${port}key-file=${key}`,
        `--${port}trusted-ca-file=${ca}`,
        `--${port}client-cert-auth`,
      ]),
      `--heartbeat-interval=${heartbeatMs}`,
      `--election-timeout=${electionMs ?? heartbeatMs * 10}`,
      ...(quotaBytes === undefined ? [] : [`--quota-backend-bytes=${quotaBytes}`]),
      // The data lives as long as the run: waiting for the disk would only make every test slower.
      ...(knowsNoFsync(binary.version) && !measured ? ['--unsafe-no-fsync'] : []),
      ...(measured ? ['--metrics=extensive'] : []),
      '--logger=zap',
      '--log-level=warn',
    ],
  };
};
