import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../cluster-handle.ts';
import { waitFor } from '../../wait.ts';
import { allReady } from '../crowd.ts';
import type { Incident, Stage } from '../incident.ts';
import { testedDelays, toldDelays } from './alert-rules.ts';
import { restoreBackup } from './backup.ts';
import { allEndpoints, prepareEtcd2143 } from './etcd-prepare.ts';
import { GATEWAY, GATEWAY_NAMESPACE } from './gateway.ts';
import { attachVolume, placeManifest, removeManifest } from './member-pod.ts';
import { addTmpfilesRule, startNode, stopNode } from './node-boot.ts';
import {
  askMember,
  firingAlerts,
  gatewayContainers,
  memberContainers,
  readyEndpoints,
} from './observed.ts';
import {
  ETCD_NAMESPACE,
  keeper,
  losers,
  members,
  metricsUrl,
  mountedPki,
  nodeAddress,
} from './payments-etcd.ts';

export interface Etcd2143Options {
  readonly replicas: number;
  /** How long the node is away. Longer than the grace of the cluster, and it counts as lost. */
  readonly rebootSeconds: number;
  readonly delays: 'told' | 'tested';
}

/** Its listener for peers is up: others can ask it who is in the cluster. */
const answersPeers = async (ip: string, signal?: AbortSignal): Promise<void> => {
  // Metrics are served once it has read its data and speaks to its peers.
  const url = `${metricsUrl(ip, keeper)}/metrics`;
  await waitFor(
    { until: `${keeper.name} is back with its data`, timeoutMs: 60_000 },
    async () => (await fetch(url)).ok,
    signal,
  );
};

const crashLoops = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.waitFor(
    { until: 'members without data and every gateway crash-loop', timeoutMs: 120_000 },
    async () => {
      const lost = losers.map(({ pod }) => pod);
      const etcd = (await memberContainers(cluster)).filter(({ pod }) => lost.includes(pod));
      const gateways = await gatewayContainers(cluster);
      return (
        etcd.length === losers.length &&
        [...etcd, ...gateways].every(({ lastExitCode }) => lastExitCode === 1) &&
        etcd.every(({ waiting }) => waiting === 'CrashLoopBackOff') &&
        gateways.some(({ waiting }) => waiting === 'CrashLoopBackOff') &&
        (await readyEndpoints(cluster)).length === 0
      );
    },
    signal,
  );
};

const alertsFire = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.waitFor(
    { until: 'the alerts fire, for etcd and for the gateway', timeoutMs: 120_000, everyMs: 500 },
    async () => {
      const firing = (await firingAlerts(cluster)).map(({ labels }) => labels);
      const fires = (alertname: string, namespace: string): boolean =>
        firing.some((one) => one.alertname === alertname && one.namespace === namespace);
      return (
        fires('etcdMembersDown', ETCD_NAMESPACE) &&
        fires('etcdInsufficientMembers', ETCD_NAMESPACE) &&
        fires('etcdNoLeader', ETCD_NAMESPACE) &&
        fires('KubePodCrashLooping', GATEWAY_NAMESPACE)
      );
    },
    signal,
  );
};

const alertsResolve = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.waitFor(
    { until: 'only the watchdog is left of the alerts', timeoutMs: 120_000, everyMs: 500 },
    async () => {
      const firing = await firingAlerts(cluster);
      return firing.length === 1 && firing[0]?.labels.alertname === 'Watchdog';
    },
    signal,
  );
};

const membersStopped = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.waitFor(
    { until: 'no member is left', timeoutMs: 60_000 },
    async () => {
      const answers = await Promise.all(members.map((one) => askMember(cluster, one)));
      return (
        answers.every(({ kind }) => kind === 'unreachable') &&
        (await memberContainers(cluster)).length === 0
      );
    },
    signal,
  );
};

const nothing = async (): Promise<void> => {};

/** The whole of it is on the screen, and nothing has been done yet. */
const alertsMark = 'the alerts fire: no quorum, members down, the gateway crash-loops';

const breaking = ({ rebootSeconds }: Etcd2143Options): readonly Stage[] => [
  { name: 'healthy', mark: '', act: nothing, thenSeconds: 60 },
  {
    name: 'reboot',
    mark: 'the node of the payments etcd reboots',
    act: async (cluster, signal) => {
      await stopNode(cluster, signal);
      await sleep(rebootSeconds * 1000, undefined, signal ? { signal } : {});
    },
    thenSeconds: 0,
  },
  {
    name: 'boot',
    mark: 'the node is back; systemd-tmpfiles has emptied the data of two etcd members',
    act: startNode,
    until: async (cluster, signal) => {
      attachVolume(cluster.run, keeper);
      await answersPeers(await nodeAddress(cluster), signal);
    },
    thenSeconds: 0,
  },
  {
    name: 'quorum-lost',
    mark: 'two members start without data and are refused: quorum is lost, the gateway crash-loops',
    act: async ({ run }) => {
      for (const member of losers) attachVolume(run, member);
    },
    until: crashLoops,
    thenSeconds: 10,
  },
  { name: 'alerts-pending', mark: '', act: nothing, until: alertsFire, thenSeconds: 0 },
  {
    name: 'alerts',
    mark: alertsMark,
    act: nothing,
    thenSeconds: 60,
  },
];

const fixing: readonly Stage[] = [
  {
    name: 'stop-members',
    mark: 'the fix begins: all members of etcd are stopped',
    act: async (cluster) => {
      for (const member of members) removeManifest(cluster.run, member);
    },
    until: membersStopped,
    thenSeconds: 5,
  },
  {
    name: 'restore',
    mark: 'the snapshot is restored for all three members, and a tmpfiles rule is added',
    act: async (cluster, signal) => {
      const ip = await nodeAddress(cluster);
      await restoreBackup(cluster, ip, 'payments-2', signal);
      addTmpfilesRule(cluster.run);
      for (const member of members) placeManifest(cluster.run, ip, member, 'payments-2');
    },
    until: (cluster, signal) => allEndpoints(cluster, 120_000, signal),
    thenSeconds: 10,
  },
  {
    name: 'recovered',
    mark: 'etcd has its quorum; the gateway is started anew',
    act: async (cluster) => {
      // Otherwise each waits out its own back-off, which may take minutes.
      await cluster.kubectl([
        ...['delete', 'pods', '--namespace', GATEWAY_NAMESPACE],
        ...['--selector', `app=${GATEWAY}`, '--wait=false'],
      ]);
    },
    until: allReady,
    thenSeconds: 5,
  },
  { name: 'alerts-resolving', mark: '', act: nothing, until: alertsResolve, thenSeconds: 0 },
  {
    name: 'resolved',
    mark: 'payments go through again and the alerts are resolved',
    act: nothing,
    thenSeconds: 30,
  },
];

/** The incident with other sizes and times. */
export const etcd2143With = (options: Etcd2143Options): Incident => ({
  name: 'etcd-21-43',
  summary:
    'a node reboots, two of three etcd members lose their data, payments stop; and the restore of a snapshot',
  nodes: 12,
  opensAt: alertsMark,
  // Members, Alertmanager and Prometheus are found in the cluster; only the certificates cannot be.
  sources: ({ run }) => ({
    flags: {
      etcdCacert: join(mountedPki(run), 'ca.crt'),
      etcdCert: join(mountedPki(run), 'client.crt'),
      etcdKey: join(mountedPki(run), 'client.key'),
    },
  }),
  prepare: (cluster, signal) =>
    prepareEtcd2143(
      cluster,
      {
        replicas: options.replicas,
        delays: options.delays === 'told' ? toldDelays : testedDelays,
      },
      signal,
    ),
  stages: [...breaking(options), ...fixing],
});

/** About five minutes after its preparation, as it is told and recorded. */
export const etcd2143: Incident = etcd2143With({ replicas: 10, rebootSeconds: 50, delays: 'told' });
