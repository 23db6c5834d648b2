import type { Incident } from '../incident.ts';
import { prepareBackground } from './background.ts';
import { startWatchedEtcd, untilAlert, type WatchedEtcd } from './watched-etcd.ts';

const quotaBytes = 16 * 1024 * 1024;

/** A database runs full and refuses writes; it is compacted and defragmented, and the alarm is taken back. */
export const etcdNospace = (): Incident => {
  let watched: WatchedEtcd | null = null;
  const there = (): WatchedEtcd => {
    if (watched === null) throw new Error('not prepared');
    return watched;
  };
  return {
    name: 'etcd-nospace',
    summary: 'an etcd database reaches its quota and refuses writes; compact, defragment, disarm',
    nodes: 4,
    realNode: false,
    opensAt: 'the database is full: writes are refused',
    prepare: async (cluster, signal) => {
      await prepareBackground(cluster, signal);
      watched = await startWatchedEtcd(
        [
          {
            alert: 'etcdDatabaseQuotaLowSpace',
            expr: '(last_over_time(etcd_mvcc_db_total_size_in_bytes[1m]) / last_over_time(etcd_server_quota_backend_bytes[1m])) * 100 > 85',
            for: '5s',
            labels: { severity: 'critical' },
            annotations: {
              summary: 'The database of an etcd member takes more than 85 % of its quota.',
              runbook_url: 'https://runbooks.example/payments/etcd-database-quota.md',
            },
          },
        ],
        quotaBytes,
        signal,
      );
    },
    sources: () => there().told,
    stages: [
      { name: 'healthy', mark: '', act: async () => {}, thenSeconds: 20 },
      {
        name: 'full',
        mark: 'the database is full: writes are refused',
        act: async () => void (await there().etcd.fillUntilNoSpace()),
        until: () => untilAlert(there(), 'etcdDatabaseQuotaLowSpace', true),
        thenSeconds: 30,
      },
      {
        name: 'defragmented',
        mark: 'old revisions are compacted, and members are defragmented one by one',
        act: () => there().etcd.compactAndDefrag(),
        thenSeconds: 20,
      },
      {
        name: 'disarmed',
        mark: 'the alarm is taken back: writes are accepted again',
        act: async () => void (await there().etcd.disarm()),
        until: () => untilAlert(there(), 'etcdDatabaseQuotaLowSpace', false),
        thenSeconds: 20,
      },
    ],
    close: async () => watched?.stop(),
  };
};
