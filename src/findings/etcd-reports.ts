import { type EtcdCase, type EtcdInput, etcdCase } from './etcd-case.ts';
import { etcdMembers } from './etcd-members.ts';
import { etcdDisagreements, etcdOutside } from './etcd-outside.ts';
import type { EtcdReport, ReportTone } from './etcd-report.ts';
import { etcdReasons } from './etcd-rules.ts';
import { type EtcdService, etcdServices } from './etcd-services.ts';
import { etcdBarred, etcdMarginText, etcdVerdict } from './etcd-verdict.ts';

/** A report, and what it was made from, for those who look for what hangs on it. */
export interface JudgedEtcd {
  readonly report: EtcdReport;
  readonly seen: EtcdCase;
  readonly services: readonly EtcdService[];
}

export const etcdKey = (cluster: string): string => `etcd/${cluster}`;

const order: readonly ReportTone[] = ['bad', 'warn', 'stale', 'unknown', 'good'];

const judge = (seen: EtcdCase): JudgedEtcd => {
  const services = etcdServices(seen);
  const reasons = etcdReasons(seen);
  const { quorum, cluster } = seen;
  const barred = etcdBarred(seen);
  return {
    seen,
    services,
    report: {
      name: cluster.name,
      ...etcdVerdict(seen, reasons),
      voters: quorum.voters,
      working: quorum.working,
      quorum: quorum.needed,
      margin: quorum.margin,
      marginText: etcdMarginText(seen),
      leader: quorum.leader?.name ?? '',
      term: quorum.term,
      members: etcdMembers(seen),
      reasons,
      outside: etcdOutside(seen, services),
      disagreements: etcdDisagreements(seen, services),
      own: seen.own,
      heard: seen.heard,
      ...(barred === '' ? {} : { barred }),
      finding: etcdKey(cluster.name),
    },
  };
};

/** Every cluster that is watched, worst first, and by name among equals. */
export const judgeEtcd = (input: EtcdInput): readonly JudgedEtcd[] =>
  [...input.etcd.state.values()]
    .map((cluster) => judge(etcdCase(cluster, input)))
    .sort(
      ({ report: a }, { report: b }) =>
        order.indexOf(a.tone) - order.indexOf(b.tone) ||
        a.margin - b.margin ||
        (a.name < b.name ? -1 : 1),
    );

/** The reports alone. Pure. */
export const etcdReports = (input: EtcdInput): readonly EtcdReport[] =>
  judgeEtcd(input).map((j) => j.report);
