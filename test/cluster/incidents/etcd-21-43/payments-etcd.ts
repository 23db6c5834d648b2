import { join } from 'node:path';
import type { ApiAccess } from '../../api-client.ts';
import { REAL_NODE } from '../../cluster.ts';
import type { Cluster } from '../../cluster-handle.ts';
import type { Run } from '../../run-dir.ts';

/** One member of the etcd that the payments need: a static pod in the network of its node. */
export interface Member {
  /** As etcd knows it; also the name of its data directory. */
  readonly name: string;
  /** As the API server knows it: the kubelet appends its node's name. */
  readonly pod: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly metricsPort: number;
}

export const ETCD_NAMESPACE = 'kube-system';
export const ETCD_SERVICE = 'payments-etcd';
/** As the node's pods see it. Everything of the members that outlives a container is below. */
export const ETCD_HOST_DIR = '/var/lib/etcd';

// All on one address, the node's: ports must differ.
const member = (index: number): Member => ({
  name: `payments-${index}`,
  pod: `etcd-payments-${index}-${REAL_NODE}`,
  clientPort: 2379 + index * 100,
  peerPort: 2380 + index * 100,
  metricsPort: 2381 + index * 100,
});

/** The first keeps its data through the incident; the other two lose it. */
export const keeper = member(0);
export const losers: readonly Member[] = [member(1), member(2)];
export const members: readonly Member[] = [keeper, ...losers];

/** What the node has at `ETCD_HOST_DIR`, as this machine sees it. */
export const hostDir = (run: Run): string => join(run.dir, 'private', 'var', 'lib', 'etcd');
export const dataDir = (run: Run, { name }: Member): string => join(hostDir(run), name);
export const backupDir = (run: Run): string => join(hostDir(run), 'backup');
export const SNAPSHOT = 'payments.db';

/** Keys and certificates of this etcd, with a CA of its own, in `<dir>/pki`. */
export const etcdPkiHome = (run: Run): string => join(run.dir, 'payments-etcd');
/** The same, without the CA's key, where the members mount them. */
export const mountedPki = (run: Run): string => join(hostDir(run), 'pki');

/** The real node's address on its bridge: reachable from pods, and from this machine. */
export const nodeAddress = async (cluster: Cluster): Promise<string> => {
  const { status } = await cluster.request(`/api/v1/nodes/${REAL_NODE}`);
  const address = status.addresses.find(({ type }: { type: string }) => type === 'InternalIP');
  return address.address;
};

export const clientUrl = (ip: string, { clientPort }: Member): string =>
  `https://${ip}:${clientPort}`;
export const peerUrl = (ip: string, { peerPort }: Member): string => `https://${ip}:${peerPort}`;
export const metricsUrl = (ip: string, { metricsPort }: Member): string =>
  `http://${ip}:${metricsPort}`;

export const initialCluster = (ip: string): string =>
  members.map((one) => `${one.name}=${peerUrl(ip, one)}`).join(',');

/** How a client with a certificate reaches one member. */
export const memberAccess = (run: Run, ip: string, one: Member): ApiAccess => ({
  url: clientUrl(ip, one),
  ca: join(mountedPki(run), 'ca.crt'),
  cert: join(mountedPki(run), 'client.crt'),
  key: join(mountedPki(run), 'client.key'),
});
