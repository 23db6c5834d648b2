/**
 * Records test/fixtures/etcd/3.6 from real clusters: `node test/cluster/etcd-cluster-record.ts`. What is in
 * which file, and how that state was brought about, is said here and nowhere else.
 */
import { join } from 'node:path';
import { startEtcdCluster } from './etcd-cluster.ts';
import type { EtcdCluster } from './etcd-cluster-handle.ts';
import type { InitialState } from './etcd-cluster-member.ts';
import { createRecorder, type Recorder } from './etcd-cluster-recorder.ts';
import { createCa } from './pki.ts';
import { waitFor } from './wait.ts';

const directory = join(import.meta.dirname, '../fixtures/etcd/3.6');

// Of the key `canary`, which every cluster gets at first.
const CANARY = 'Y2FuYXJ5';

const status = { path: '/v3/maintenance/status', request: {} };
const members = { path: '/v3/cluster/member/list', request: {} };
const serializable = { path: members.path, request: { linearizable: false } };
const linearizable = {
  path: members.path,
  request: { linearizable: true },
  timeoutMs: 10_000,
};
const alarms = { path: '/v3/maintenance/alarm', request: { action: 'GET' } };
const health = { path: '/health' };
const put = { path: '/v3/kv/put', request: { key: 'eA==', value: 'eQ==' }, timeoutMs: 10_000 };

const healthMetrics = [
  'etcd_server_has_leader',
  'etcd_server_is_leader',
  'etcd_server_is_learner',
  'etcd_server_leader_changes_seen_total',
  'etcd_server_proposals_',
  'etcd_server_heartbeat_send_failures_total',
  'etcd_server_quota_backend_bytes',
  'etcd_server_slow_',
  'etcd_server_version',
  'etcd_mvcc_db_total_size',
  'etcd_debugging_mvcc_keys_total',
  'etcd_disk_backend_commit_duration_seconds',
  'etcd_disk_wal_fsync_duration_seconds',
  'etcd_network_peer_round_trip_time_seconds',
  'process_resident_memory_bytes',
];

const someLeader = (cluster: EtcdCluster): Promise<number> =>
  waitFor({ until: 'somebody leads', timeoutMs: 15_000 }, () => cluster.leader());

const leaderless = (cluster: EtcdCluster, index: number) =>
  waitFor({ until: 'the leader is gone', timeoutMs: 15_000 }, async () => {
    const { errors } = await cluster.status(index);
    return errors?.includes('etcdserver: no leader') === true;
  });

const metricsThere = (cluster: EtcdCluster, index: number) =>
  waitFor({ until: 'its metrics are there', timeoutMs: 10_000 }, async () => {
    const answer = await fetch(`${cluster.metricsUrls[index]}/metrics`);
    return answer.ok;
  });

const withCluster = async (
  title: string,
  work: (cluster: EtcdCluster, recorder: Recorder) => Promise<void>,
): Promise<void> => {
  const cluster = await startEtcdCluster({ quotaBytes: 16 << 20 });
  try {
    console.error(`${title}: etcd ${cluster.version}`);
    await cluster.put('canary', 'alive');
    await cluster.moveLeader(0).catch(() => someLeader(cluster));
    await work(cluster, createRecorder(cluster, directory));
  } finally {
    await cluster.stop();
  }
};

await withCluster('healthy', async (cluster, { one, all, metrics }) => {
  await all('01-status-healthy.json', status);
  await one('02-member-list.json', 0, members);
  await one('03-alarm-none.json', 0, alarms);
  await one('04-health.json', 0, health);
  await one('04-livez.json', 0, { path: '/livez' });
  await one('04-readyz.json', 0, { path: '/readyz' });
  await one('04-version.json', 0, { path: '/version' });
  await metrics('05-metrics-subset.prom', 0, healthMetrics);
  await one('06-error-unknown-endpoint.json', 0, { path: '/v3/maintenance/nope', request: {} });
  const badKey = { path: '/v3/kv/range', request: { key: '***' } };
  await one('07-error-bad-body.json', 0, badKey);

  const { ca, cert, key } = cluster.credentials;
  await one('70-no-client-cert.json', 0, { ...status, credentials: { ca } });
  const wrongCa = { ca: cluster.stranger.ca, cert, key };
  await one('71-unknown-ca.json', 0, { ...status, credentials: wrongCa });
  const stranger = { ...cluster.stranger, ca };
  await one('72-stranger-client-cert.json', 0, { ...status, credentials: stranger });
  // As every kubeadm cluster has a CA of its own by the name of etcd-ca.
  const namesake = join(cluster.run.dir, 'namesake');
  await createCa(namesake);
  const namesakeCa = { ca: join(namesake, 'pki', 'ca.crt'), cert, key };
  await one('73-namesake-ca.json', 0, { ...status, credentials: namesakeCa });
});

await withCluster('outages', async (cluster, { one, all, metrics }) => {
  const leader = await someLeader(cluster);
  const [follower, other] = [0, 1, 2].filter((index) => index !== leader) as [number, number];
  const target = { targetID: cluster.memberIds[other] };
  const move = { path: '/v3/maintenance/transfer-leadership', request: target };
  await one('10-move-leader-wrong-node.json', follower, move);
  await one('11-move-leader.json', leader, move);
  await cluster.moveLeader(0).catch(() => undefined);
  await all('12-status-after-move.json', status);

  await cluster.pause(1);
  await all('80-status-one-member-paused.json', status);
  cluster.resume(1);
  await someLeader(cluster);

  await cluster.kill(1);
  await someLeader(cluster);
  await all('20-status-one-member-down.json', status);
  await one('21-member-list-one-down.json', 0, members);
  await all('22-health-one-down.json', health);
  await cluster.kill(2);
  await leaderless(cluster, 0);
  await all('23-status-quorum-lost.json', status);
  await all('24-health-quorum-lost.json', health);
  await one('25-readyz-quorum-lost.json', 0, { path: '/readyz', timeoutMs: 10_000 });
  await one('26-member-list-linearizable-quorum-lost.json', 0, linearizable);
  await one('27-member-list-serializable-quorum-lost.json', 0, serializable);
  await one('28-put-quorum-lost.json', 0, put);
  await metrics('29-metrics-quorum-lost.prom', 0, healthMetrics);
  await one('29-alarm-quorum-lost.json', 0, { ...alarms, timeoutMs: 10_000 });

  await cluster.kill(0);
  await cluster.start(0, { until: 'started' });
  await metricsThere(cluster, 0);
  await all('81-status-restarted-without-quorum.json', status);
  await metrics('81-metrics-restarted-without-quorum.prom', 0, healthMetrics);
  await Promise.all([cluster.start(1), cluster.start(2)]);
  await someLeader(cluster);
  await all('30-status-recovered.json', status);
});

await withCluster('space and learners', async (cluster, { one, all }) => {
  await cluster.fillUntilNoSpace();
  await one('40-put-nospace-error.json', 0, put);
  await one('41-alarm-nospace.json', 0, alarms);
  await all('42-status-nospace.json', status);
  await all('43-health-nospace.json', health);
  await one('44-readyz-nospace.json', 0, { path: '/readyz' });
  await cluster.compactAndDefrag();
  await all('48-status-after-defrag.json', status);
  await cluster.disarm();
  await one('50-alarm-after-disarm.json', 0, alarms);
  await all('51-status-after-disarm.json', status);
  const learner = await cluster.addLearner('learner');
  await all('60-status-with-learner.json', status);
  await one('61-member-list-with-learner.json', 0, members);
  await one('62-range-at-learner.json', learner, {
    path: '/v3/kv/range',
    request: { key: CANARY },
  });
});

await withCluster('a wiped member, others running', async (cluster, recorder) => {
  const { all, log, logLength } = recorder;
  if ((await someLeader(cluster)) === 2) await cluster.moveLeader(0);
  await cluster.kill(2);
  const startWiped = async (state: InitialState): Promise<number> => {
    cluster.wipe(2);
    const said = logLength(2);
    await cluster.start(2, { state }).catch(() => undefined);
    return said;
  };
  const asFounder = await startWiped('new');
  await all('82-status-wiped-founder-refuses.json', status);
  log('82-log-wiped-founder-refuses.json', 2, asFounder);
  const asJoiner = await startWiped('existing');
  await all('83-status-wiped-joiner-under-same-leader.json', status);
  log('83-log-wiped-joiner-under-same-leader.json', 2, asJoiner);
  await cluster.moveLeader((await someLeader(cluster)) === 0 ? 1 : 0);
  const underAnother = await startWiped('existing');
  await all('84-status-wiped-joiner-under-new-leader.json', status);
  log('84-log-wiped-joiner-under-new-leader.json', 2, underAnother);
});

/** Raises the term of the cluster by one for each time. */
const manyTerms = async (cluster: EtcdCluster, pair: readonly [number, number]) => {
  for (let times = 0; times < 5; times++) {
    const [first, second] = pair;
    await cluster.moveLeader((await someLeader(cluster)) === first ? second : first);
  }
};

interface TwoWiped {
  /** Numbers of the files: one wiped member alone, two of them, and all three. */
  readonly files: readonly [string, string, string];
  /** Whether the two go through more elections without the third than it has seen. */
  readonly moveOn: boolean;
}

/** Two members lose their data and are the first to come back; then the one with data does. */
const twoWiped = async (
  cluster: EtcdCluster,
  { one, all, log, logLength, metrics }: Recorder,
  { files: [alone, two, three], moveOn }: TwoWiped,
): Promise<void> => {
  for (const index of [0, 1, 2]) await cluster.kill(index);
  cluster.wipe(1);
  await cluster.start(1, { until: 'started' });
  await metricsThere(cluster, 1);
  await all(`${alone}-status-wiped-founder-alone.json`, status);
  await metrics(`${alone}-metrics-wiped-founder-alone.prom`, 1, healthMetrics);
  await one(`${alone}-health-wiped-founder-alone.json`, 1, health);
  cluster.wipe(2);
  await cluster.start(2);
  await waitFor({ until: 'the first serves', timeoutMs: 10_000 }, () => cluster.status(1));
  if (moveOn) await manyTerms(cluster, [1, 2]);
  await all(`${two}-status-two-wiped-founders.json`, status);
  const said = [0, 1, 2].map(logLength);
  await cluster.start(0, { until: 'started' });
  const back = { until: 'the one with data serves', timeoutMs: 10_000 };
  await waitFor(back, () => cluster.status(0)).catch(() => undefined);
  await all(`${three}-status-two-wiped-and-one-with-data.json`, status);
  await all(`${three}-range-two-wiped-and-one-with-data.json`, {
    path: '/v3/kv/range',
    request: { key: CANARY, serializable: true },
  });
  for (const [index, from] of said.entries())
    log(`${three}-log-of-member-${index}.json`, index, from);
};

await withCluster('two wiped members, that move on', async (cluster, recorder) => {
  await twoWiped(cluster, recorder, { files: ['85', '86', '87'], moveOn: true });
});

await withCluster('two wiped members, behind the third', async (cluster, recorder) => {
  for (let n = 0; n < 200; n++) await cluster.put(`order-${n}`, 'paid');
  await manyTerms(cluster, [0, 1]);
  await recorder.all('90-status-with-history.json', status);
  await twoWiped(cluster, recorder, { files: ['91', '92', '93'], moveOn: false });
});
