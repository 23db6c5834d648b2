import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster } from '../cluster.ts';
import type { Cluster } from '../cluster-handle.ts';
import { skipReason } from '../skip-reason.ts';
import { RULES_COMMIT } from './etcd-21-43/alert-rules.ts';
import { etcd2143With } from './etcd-21-43/etcd-21-43.ts';
import {
  type Alert,
  alertmanagerStatus,
  askMember,
  type ContainerState,
  type EtcdStatus,
  firingAlerts,
  gatewayContainers,
  type MemberAnswer,
  memberContainers,
  memberHealth,
  readyEndpoints,
} from './etcd-21-43/observed.ts';
import { keeper, losers, members, nodeAddress } from './etcd-21-43/payments-etcd.ts';
import type { Stage } from './incident.ts';
import { incidentObstacle } from './incident-programs.ts';
import { runIncident } from './run-incident.ts';

const START_MS = 180_000;
const REPLICAS = 4;
const incident = etcd2143With({ replicas: REPLICAS, rebootSeconds: 2, delays: 'tested' });

const statusOf = (answer: MemberAnswer): EtcdStatus => {
  if (answer.kind === 'status') return answer.status;
  throw new Error(`unreachable: ${answer.code}`);
};

const askAll = (cluster: Cluster): Promise<readonly MemberAnswer[]> =>
  Promise.all(members.map((one) => askMember(cluster, one)));

const bootId = async (cluster: Cluster): Promise<string> =>
  (await cluster.request('/api/v1/nodes/real-1')).status.nodeInfo.bootID;

const reboots = async (cluster: Cluster): Promise<readonly string[]> => {
  const { items } = await cluster.request('/api/v1/events?fieldSelector=reason=Rebooted');
  return items.map(({ message }: { message: string }) => message);
};

/** What is seen at the end of a stage. Taken while the incident waits, and judged when it is over. */
interface Sight {
  readonly answers: readonly MemberAnswer[];
  readonly keeperHealth: string;
  readonly etcd: readonly ContainerState[];
  readonly gateways: readonly ContainerState[];
  readonly endpoints: readonly string[];
  readonly alerts: readonly Alert[];
  readonly bootId: string;
}

const isLost = ({ pod }: ContainerState): boolean => losers.some((one) => one.pod === pod);
const backsOff = ({ waiting }: ContainerState): boolean => waiting === 'CrashLoopBackOff';

/** What crash-loops runs in between: looked at until it is seen at rest. */
const atRest = (
  cluster: Cluster,
  which: string,
  read: (cluster: Cluster) => Promise<readonly ContainerState[]>,
  counts: (state: ContainerState) => boolean,
): Promise<readonly ContainerState[]> =>
  cluster.waitFor({ until: `${which} are in CrashLoopBackOff`, timeoutMs: 60_000 }, async () => {
    const states = await read(cluster);
    return states.filter(counts).every(backsOff) && states;
  });

const look = async (cluster: Cluster, name: string): Promise<Sight> => ({
  etcd:
    name === 'quorum-lost'
      ? await atRest(cluster, 'members', memberContainers, isLost)
      : await memberContainers(cluster),
  gateways:
    name === 'quorum-lost'
      ? await atRest(cluster, 'gateways', gatewayContainers, () => true)
      : await gatewayContainers(cluster),
  answers: await askAll(cluster),
  keeperHealth: await memberHealth(cluster, keeper),
  endpoints: await readyEndpoints(cluster),
  alerts: await firingAlerts(cluster),
  bootId: await bootId(cluster),
});

const namesOf = (alerts: readonly Alert[]): readonly string[] =>
  [...new Set(alerts.map(({ labels }) => labels.alertname ?? ''))].sort();

const reason = skipReason('a real incident', () =>
  incidentObstacle({ nodes: incident.nodes, realNode: true }),
);

describe.skipIf(reason)(`the incident of 21:43${reason ? `, skipped: ${reason}` : ''}`, () => {
  let cluster: Cluster;
  let ip = '';
  const seen = new Map<string, Sight>();
  const at = (stage: string): Sight => {
    const sight = seen.get(stage);
    if (!sight) throw new Error(`the incident did not get to ${stage}`);
    return sight;
  };

  beforeAll(async () => {
    cluster = await startCluster({ nodes: incident.nodes, realNode: true });
    await incident.prepare(cluster);
    ip = await nodeAddress(cluster);
    const reached = async ({ name }: Stage): Promise<void> => {
      if (name) seen.set(name, await look(cluster, name));
    };
    await runIncident(incident, cluster, { hold: 0 }, { reached });
  }, START_MS + 120_000);
  afterAll(() => cluster?.stop(), 60_000);

  it('given a cluster that is well, when asked, then members agree and the gateway is ready', () => {
    const { answers, gateways, endpoints, alerts } = at('healthy');
    const statuses = answers.map(statusOf);
    expect(new Set(statuses.map(({ leader }) => leader)).size).toBe(1);
    expect(new Set(statuses.map(({ header }) => header.cluster_id)).size).toBe(1);
    expect(statuses.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(endpoints).toEqual(members.map(({ clientPort }) => `${ip}:${clientPort}`));
    expect(gateways.map(({ ready, restarts }) => ({ ready, restarts }))).toEqual(
      Array.from({ length: REPLICAS }, () => ({ ready: true, restarts: 0 })),
    );
    expect(alerts.filter(({ labels }) => labels.severity !== 'none')).toEqual([]);
  });

  it('given the service proxy, when Alertmanager is asked through it, then it answers', async () => {
    const status = await alertmanagerStatus(cluster);
    expect(status.versionInfo.version).toMatch(/^\d+\.\d+/);
  });

  it('given a reboot, when the node is back, then its boot id is new and an event says so', async () => {
    expect(at('boot').bootId).not.toBe(at('healthy').bootId);
    expect(await reboots(cluster)).toEqual([
      `Node real-1 has been rebooted, boot id: ${at('boot').bootId}`,
    ]);
  });

  it('given two members without data, when they start, then they are refused and crash-loop', () => {
    const lost = at('quorum-lost').etcd.filter(isLost);
    expect(lost.map(({ waiting }) => waiting)).toEqual(['CrashLoopBackOff', 'CrashLoopBackOff']);
    expect(lost.every(({ restarts }) => restarts > 0)).toBe(true);
    for (const { lastExitCode, lastMessage } of lost) {
      expect(lastExitCode).toBe(1);
      expect(lastMessage).toMatch(/"error":"member [0-9a-f]+ has already been bootstrapped"/);
    }
  });

  it('given one member with data, when quorum is lost, then it runs, not ready, and serves no client', () => {
    const { answers, keeperHealth, etcd, endpoints } = at('alerts');
    expect(answers.map(({ kind }) => kind)).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect(keeperHealth).toBe('503 {"health":"false","reason":"RAFT NO LEADER"}');
    expect(etcd.find(({ pod }) => pod === keeper.pod)).toMatchObject({ ready: false, waiting: '' });
    expect(endpoints).toEqual([]);
  });

  it('given no quorum, when the gateway starts, then it ends with the words of the story', () => {
    const { gateways } = at('quorum-lost');
    const tried = members.map(({ clientPort }) => `${ip}:${clientPort}`).join(', ');
    const words = `failed to connect to etcd: context deadline exceeded (payments-etcd.kube-system.svc: ${tried})`;
    expect(gateways.map(({ lastMessage }) => lastMessage)).toEqual(
      Array.from({ length: REPLICAS }, () => words),
    );
    expect(words.length).toBeLessThan(200);
    expect(gateways.every(backsOff)).toBe(true);
  });

  it('given no quorum, when alerts fire, then they name members and gateway, with runbook and commit', () => {
    const { alerts } = at('alerts');
    expect(namesOf(alerts)).toEqual(
      expect.arrayContaining([
        'KubePodCrashLooping',
        'Watchdog',
        'etcdInsufficientMembers',
        'etcdMembersDown',
        'etcdNoLeader',
      ]),
    );
    const of = (name: string) => alerts.filter(({ labels }) => labels.alertname === name);
    expect(of('etcdInsufficientMembers')[0]).toMatchObject({
      labels: { severity: 'critical', namespace: 'kube-system', job: 'payments-etcd' },
      annotations: {
        commit: RULES_COMMIT,
        runbook_url: expect.stringMatching(/etcd-quorum-lost\.md$/),
        summary: expect.any(String),
      },
    });
    expect(of('etcdNoLeader').map(({ labels }) => labels.pod)).toEqual([keeper.pod]);
    expect(of('KubePodCrashLooping').map(({ labels }) => labels.namespace)).toContain('payments');
  });

  it('given the restore, when members start, then they are a new cluster with the old keys', () => {
    const before = statusOf(at('healthy').answers[0] as MemberAnswer);
    const after = at('restore').answers.map(statusOf);
    expect(new Set(after.map(({ header }) => header.cluster_id)).size).toBe(1);
    expect(after[0]?.header.cluster_id).not.toBe(before.header.cluster_id);
    expect(at('restore').endpoints).toEqual(at('healthy').endpoints);
    // Payments from before the snapshot are there; those after it are what was lost.
    expect(Number(after[0]?.header.revision)).toBeGreaterThan(1);
  });

  it('given the fix, when it is over, then the gateway is ready and only the watchdog fires', () => {
    const { gateways, etcd, alerts } = at('resolved');
    expect(gateways.map(({ ready }) => ready)).toEqual(
      Array.from({ length: REPLICAS }, () => true),
    );
    expect(etcd.map(({ ready }) => ready)).toEqual([true, true, true]);
    expect(namesOf(alerts)).toEqual(['Watchdog']);
  });
});
