import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../wait.ts';
import { inNamespace } from './in-namespace.ts';
import type { Lab } from './lab.ts';
import { simulatedPod } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';
import { ETCD_JOB } from './scrapes.ts';
import type { LogOf } from './walked-book.ts';

const NAMESPACE = 'etcd-pods';
const job = ETCD_JOB;
const silence: LogOf = () => '';
const answers = { instance: '127.0.0.1:2381', rev: '1000', node: 'sim-007' };
const { instance } = answers;

const writes = async ({ etcd }: Lab, count: number, bytes: number): Promise<void> => {
  for (let n = 0; n < count; n++) await etcd.put(`filler/${n}`, 'x'.repeat(bytes));
};

const share = async ({ etcd }: Lab): Promise<number> => {
  const { dbSize, dbSizeQuota } = await etcd.status(0);
  return Number(dbSize) / Number(dbSizeQuota ?? 8 << 20);
};

/** etcd tells the size of what it has committed, which it does every 100 ms: writes without a break overshoot. */
const COMMITTED_MS = 200;

const fillTo = async (lab: Lab, part: number): Promise<void> => {
  while ((await share(lab)) < part) {
    await writes(lab, 1, 100_000);
    await sleep(COMMITTED_MS);
  }
};

/** Writes on until Prometheus has seen how long the disk takes for it. */
const untilMeasured = async (lab: Lab): Promise<void> => {
  const rate = `sum(rate(etcd_disk_wal_fsync_duration_seconds_count{job="${job}"}[5m])) > 0`;
  await waitFor({ until: 'writes are seen', timeoutMs: 60_000, everyMs: 500 }, async () => {
    await writes(lab, 20, 100);
    return (await lab.prometheus.query(rate)).length > 0;
  });
};

/** Three changes of the leader, each of them seen. */
const changeLeaders = async (lab: Lab): Promise<void> => {
  const { etcd, prometheus } = lab;
  for (let n = 0; n < 3; n++) {
    const seen = `max(etcd_server_leader_changes_seen_total{job="${job}"})`;
    const [before] = await prometheus.query(seen);
    const from = (await etcd.leader()) ?? 0;
    await etcd.moveLeader((from + 1) % 3);
    await waitFor({ until: 'the change is seen', timeoutMs: 60_000 }, async () => {
      const [after] = await prometheus.query(seen);
      return Number(after.value[1]) > Number(before?.value[1] ?? 0);
    });
  }
};

/** A pod that ends with the very words of a member that has lost its data. */
const tellLostData = async (lab: Lab, index: number): Promise<void> => {
  const line = /member [0-9a-f]+ has already been bootstrapped/;
  const words = await waitFor(
    { until: 'it has said why', timeoutMs: 60_000 },
    () => line.exec(lab.etcd.logTail(index, 60))?.[0],
  );
  const message = `discovery failed: ${words}`;
  const labels = { component: 'etcd' };
  const lost = simulatedPod(NAMESPACE, 'etcd-2', { failure: 'crash-loop', message, labels });
  await inNamespace(NAMESPACE, lost)(lab);
};

const loseData = async (lab: Lab): Promise<void> => {
  const { etcd } = lab;
  await etcd.kill(2);
  etcd.wipe(2);
  // It ends instead of serving: that is the condition.
  await etcd.start(2, { state: 'new' }).catch(() => undefined);
  await tellLostData(lab, 2);
};

const quiet = (alert: string, leads: RunbookCase['leads']): RunbookCase => ({
  alert,
  given: 'members that nobody slows down on purpose',
  labels: { job, instance, grpc_method: 'Put', node: answers.node },
  leads,
});

/** One after the other: space first, members last. */
export const etcdCasesInTurn: readonly RunbookCase[] = [
  {
    ...quiet('etcdGRPCRequestsSlow', [
      ['disk', 'network', 'fsync'],
      ['network', 'client', 'path'],
      ['fast', 'done', 'tell'],
    ]),
    make: untilMeasured,
  },
  quiet('etcdHighCommitDurations', [
    ['fsync', 'size', 'disk'],
    ['waste', 'load', 'plan'],
    ['fast', 'done', 'tell'],
  ]),
  quiet('etcdHighFsyncDurations', [
    ['how', 'leader', 'load'],
    ['fast', 'done', 'tell'],
  ]),
  {
    alert: 'etcdHighNumberOfLeaderChanges',
    given: 'a leader that has changed three times',
    labels: { job, namespace: NAMESPACE },
    make: changeLeaders,
    leads: [
      ['disk', 'asks', 'load'],
      ['network', 'asks', 'path'],
      ['calm', 'tell'],
    ],
    log: silence,
  },
  {
    alert: 'etcdDatabaseQuotaLowSpace',
    given: 'a database of nine tenths of its quota',
    labels: { job, instance },
    make: (lab) => fillTo(lab, 0.9),
    leads: [
      ['alarm', 'asks'],
      ['free', 'who'],
      ['below', 'tell'],
    ],
    values: { rev: answers.rev },
  },
  {
    alert: 'etcdNoSpace',
    given: 'writes that are refused',
    labels: { job },
    make: async ({ etcd }) => {
      await etcd.fillUntilNoSpace();
    },
    leads: [
      ['sure', 'flood'],
      ['room', 'quota'],
      ['writes', 'tell'],
    ],
    values: { rev: answers.rev },
  },
  {
    alert: 'etcdDatabaseQuotaLowSpace',
    given: 'an alarm that is raised already',
    labels: { job, instance },
    leads: [['alarm', 'full']],
    values: { rev: answers.rev },
  },
  {
    alert: 'etcdNoSpace',
    given: 'a database that was compacted and defragmented',
    labels: { job },
    make: ({ etcd }) => etcd.compactAndDefrag(),
    undo: async ({ etcd }) => {
      await etcd.disarm();
    },
    leads: [['room', 'disarm']],
    values: { rev: answers.rev },
  },
  {
    alert: 'etcdMemberLostData',
    given: 'a member whose directory is empty',
    labels: { job, namespace: NAMESPACE },
    make: loseData,
    leads: [
      ['sure', 'quorum'],
      ['quorum', 'rule'],
      ['same', 'tell'],
    ],
  },
  {
    alert: 'etcdMembersDown',
    given: 'one member of three that has lost its data',
    labels: { job, namespace: NAMESPACE },
    leads: [
      ['quorum', 'why'],
      ['why', 'replace'],
      ['back', 'tell'],
    ],
    log: silence,
  },
  {
    alert: 'etcdInsufficientMembers',
    given: 'two members of three that do not answer',
    labels: { job, namespace: NAMESPACE },
    make: ({ etcd }) => etcd.kill(1),
    leads: [
      ['quorum', 'why'],
      ['why', 'keep'],
      ['leader', 'tell'],
    ],
    log: silence,
  },
  {
    alert: 'etcdNoLeader',
    given: 'too few members for an election',
    labels: { job, instance, namespace: NAMESPACE },
    leads: [
      ['others', 'members'],
      ['members', 'lost'],
      ['again', 'tell'],
    ],
    log: silence,
  },
  {
    alert: 'etcdMembersDown',
    given: 'a quorum that is lost',
    labels: { job, namespace: NAMESPACE },
    undo: ({ etcd }) => etcd.start(1),
    leads: [['quorum', 'lost']],
    log: silence,
  },
  {
    alert: 'etcdInsufficientMembers',
    given: 'a member that is back',
    labels: { job, namespace: NAMESPACE },
    leads: [
      ['quorum', 'done'],
      ['leader', 'clients'],
    ],
    log: silence,
  },
];
