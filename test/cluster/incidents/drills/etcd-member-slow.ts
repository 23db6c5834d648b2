import type { Incident } from '../incident.ts';
import { prepareBackground } from './background.ts';
import { startWatchedEtcd, untilAlert, type WatchedEtcd } from './watched-etcd.ts';

/** A member freezes, as on a disk that hangs: it keeps its connections and answers nobody. Then it goes on. */
export const etcdMemberSlow = (): Incident => {
  let watched: WatchedEtcd | null = null;
  let frozen = 0;
  const there = (): WatchedEtcd => {
    if (watched === null) throw new Error('not prepared');
    return watched;
  };
  return {
    name: 'etcd-member-slow',
    summary: 'the leader of an etcd cluster freezes and answers nobody; another one is elected',
    nodes: 4,
    realNode: false,
    opensAt: 'the leader freezes',
    prepare: async (cluster, signal) => {
      await prepareBackground(cluster, signal);
      watched = await startWatchedEtcd(
        [
          {
            alert: 'etcdMembersDown',
            expr: 'sum without (instance) (up{job=~".*etcd.*"} == bool 0) > 0',
            for: '5s',
            labels: { severity: 'warning' },
            annotations: {
              summary: 'Members of an etcd cluster do not answer.',
              runbook_url: 'https://runbooks.example/payments/etcd-members-down.md',
            },
          },
        ],
        undefined,
        signal,
      );
    },
    sources: () => there().told,
    stages: [
      { name: 'healthy', mark: '', act: async () => {}, thenSeconds: 20 },
      {
        name: 'frozen',
        mark: 'the leader freezes',
        act: async () => {
          const { etcd } = there();
          frozen = (await etcd.leader()) ?? 0;
          etcd.pause(frozen);
        },
        until: () => untilAlert(there(), 'etcdMembersDown', true),
        thenSeconds: 40,
      },
      {
        name: 'thawed',
        mark: 'it goes on, and finds another leader',
        act: async () => there().etcd.resume(frozen),
        until: () => untilAlert(there(), 'etcdMembersDown', false),
        thenSeconds: 20,
      },
    ],
    close: async () => {
      // A frozen process would not end in order.
      watched?.etcd.resume(frozen);
      await watched?.stop();
    },
  };
};
