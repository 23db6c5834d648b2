import type { EtcdMemberReport, EtcdReport } from '../../findings/etcd-report.ts';
import { etcd } from '../../probes/etcd.ts';
import { memberName } from '../../probes/etcd-member.ts';
import { alertsSection } from '../describe/alerts-section.ts';
import {
  type Detail,
  field,
  fieldIf,
  item,
  type Pen,
  type Section,
  section,
  toned,
  toObject,
} from '../describe/detail.ts';
import { gauge, sparkline } from '../parts/gauge.ts';
import { line, span } from '../parts/line.ts';
import { ageOf, ago, byteSize, clockUtc, count, dateUtc } from '../parts/words.ts';
import { latencyText, shareText, slow } from './member-columns.ts';
import { idText } from './member-facts.ts';

type Member = EtcdMemberReport;

const idWords = (id: string): string => (id === '' ? '' : `${idText(id)} (${id})`);

const momentText = (at: number, pen: Pen): string =>
  `${ageOf(at, pen.now)} ago, ${dateUtc(at as typeof pen.now)} ${clockUtc(at as typeof pen.now, true)} UTC`;

const nameOr = (member: Member | undefined, other: string): string =>
  member === undefined ? other : memberName(member.state);

/** Who it is, how it is doing, and where it runs. */
const identity = (cluster: EtcdReport, m: Member, pen: Pen): Section => {
  const { info, status, down, since, answeredAt } = m.state;
  const leader = status?.leader ?? '';
  const leads = cluster.members.find(
    (o) => leader !== '' && (o.state.info.id === leader || o.state.status?.memberId === leader),
  );
  const { pod } = info;
  return {
    title: `etcd member ${memberName(m.state)}`,
    details: [
      item(pen, m.tone, line(toned(m.tone, m.words)), [
        ...(down === null ? [] : [`${down.failure.message} ${down.failure.hint ?? ''}`.trim()]),
        ...(status?.errors ?? []),
      ]),
      field(pen, 'cluster', cluster.name, {
        open: { view: 'etcd', args: { cluster: cluster.name } },
      }),
      field(pen, 'role', since === null ? m.role : `${m.role}, since ${momentText(since, pen)}`),
      ...m.alarms.map((alarm) => field(pen, 'alarm', span(alarm, 'bad'))),
      field(pen, 'answered', answeredAt === null ? 'never' : ago(pen.now - answeredAt)),
      ...fieldIf(pen, 'leader', leader === '' ? 'none known' : nameOr(leads, idWords(leader))),
      ...fieldIf(pen, 'name', info.name),
      ...fieldIf(pen, 'id', idWords(info.id || (status?.memberId ?? ''))),
      ...fieldIf(pen, 'cluster id', idWords(status?.clusterId ?? '')),
      ...fieldIf(pen, 'version', status?.version ?? ''),
      field(pen, 'known from', info.foundBy),
      ...(pod === null
        ? []
        : [
            field(
              pen,
              'pod',
              `${pod.namespace}/${pod.name}`,
              toObject({ resource: 'pods', namespace: pod.namespace, name: pod.name }),
            ),
            ...(pod.node === ''
              ? []
              : [
                  field(
                    pen,
                    'node',
                    pod.node,
                    toObject({ resource: 'nodes', namespace: '', name: pod.node }),
                  ),
                ]),
          ]),
      ...fieldIf(pen, 'data', info.dataDir),
      ...info.clientUrls.map((url) => field(pen, 'client url', url)),
      ...info.peerUrls.map((url) => field(pen, 'peer url', url)),
      ...info.metricsUrls.map((url) => field(pen, 'metrics url', url)),
    ],
  };
};

/** How far its log has come, and what it once had. */
const logSection = (m: Member, pen: Pen): readonly Section[] => {
  const { status, peak, lost, answeredAt, down } = m.state;
  if (status === null) return [];
  const old =
    down === null || answeredAt === null ? '' : `last known, ${ageOf(answeredAt, pen.now)} old`;
  const behind = (n: number | null, what: string): string =>
    n === null || n === 0 ? '' : `, ${count(n)} ${what}`;
  return section(
    'log',
    [
      field(pen, 'term', count(status.term)),
      field(pen, 'index', `${count(status.index)}${behind(m.indexLag, 'behind the furthest')}`),
      field(pen, 'applied', `${count(status.applied)}${behind(m.appliedLag, 'not applied yet')}`),
      field(pen, 'revision', count(status.revision)),
      ...(peak === null
        ? []
        : [
            field(
              pen,
              'most seen',
              `index ${count(peak.index)}, db ${byteSize(peak.dbSize)}, ${momentText(peak.at, pen)}`,
            ),
          ]),
      ...(lost === null
        ? []
        : [
            field(
              pen,
              'lost',
              span(
                `index ${count(lost.had.index)} ${pen.glyphs.arrow} ${count(lost.left.index)}, db ${byteSize(lost.had.dbSize)} ${pen.glyphs.arrow} ${byteSize(lost.left.dbSize)}, ${momentText(lost.left.at, pen)}`,
                'bad',
              ),
            ),
          ]),
    ],
    old,
  );
};

const databaseSection = (m: Member, pen: Pen): readonly Section[] => {
  const { status } = m.state;
  if (status === null) return [];
  const quota =
    m.quota === null
      ? 'not told by this version'
      : `${byteSize(m.quota)}${m.used === null ? '' : `  ${gauge(m.used, 20, pen.glyphs)} ${shareText(m.used)}`}`;
  return section('database', [
    field(pen, 'size', byteSize(status.dbSize)),
    field(pen, 'in use', byteSize(status.dbInUse)),
    field(pen, 'quota', quota),
    ...(m.fragmentation === null
      ? []
      : [
          field(
            pen,
            'free inside',
            `${shareText(m.fragmentation)}, what a defragmentation would give back`,
          ),
        ]),
  ]);
};

const timesSection = (m: Member, pen: Pen): readonly Section[] => {
  const { latencies, metrics, metricsAt, status } = m.state;
  const measured = (label: string, value: number | null | undefined, limit?: number): Detail[] =>
    value === null || value === undefined
      ? []
      : [
          field(
            pen,
            label,
            limit !== undefined && value > limit
              ? span(`${latencyText(value)}, above ${limit} ms`, 'warn')
              : latencyText(value),
          ),
        ];
  const number = (label: string, value: number | null | undefined): readonly Detail[] =>
    value === null || value === undefined ? [] : [field(pen, label, count(value))];
  const last = latencies.at(-1);
  const skew = status?.clockSkew ?? null;
  return section(
    'how fast',
    [
      ...(latencies.length === 0
        ? []
        : [
            field(
              pen,
              'answers',
              `${sparkline(latencies, latencies.length, pen.glyphs)}  last ${last === null || last === undefined ? 'none' : latencyText(last)}`,
            ),
          ]),
      ...measured('fsync p99', metrics?.fsyncP99, slow.fsync),
      ...measured('commit p99', metrics?.commitP99, slow.commit),
      ...measured('peer rtt p99', metrics?.peerRoundTripP99),
      ...number('leader changes', metrics?.leaderChanges),
      ...number('failed props', metrics?.proposalsFailed),
      ...number('pending props', metrics?.proposalsPending),
      ...(metrics?.startedAt == null
        ? []
        : [field(pen, 'started', momentText(metrics.startedAt, pen))]),
      ...(skew === null || Math.abs(skew) < 2000
        ? []
        : [field(pen, 'clock', span(`${Math.round(skew / 1000)} s from ours`, 'warn'))]),
    ],
    metricsAt === null ? 'no metrics' : `metrics ${ago(pen.now - metricsAt)}`,
  );
};

/** What is wrong with the cluster and names this member. */
const reasonsSection = (cluster: EtcdReport, m: Member, pen: Pen): readonly Section[] =>
  section(
    'why',
    cluster.reasons
      .filter((r) => r.key.endsWith(`/${m.key}`) || r.text.includes(memberName(m.state)))
      .map((r) =>
        item(
          pen,
          r.tone,
          line(span(r.text, r.tone)),
          r.proof.map((p) => p.text),
          { proof: { etcd: cluster.name, reason: r.key } },
        ),
      ),
  );

const changesShown = 20;

const historySection = (cluster: EtcdReport, m: Member, pen: Pen): readonly Section[] => {
  const key = `${cluster.name}/${m.key}`;
  const details: Detail[] = [];
  const { changes } = pen.world;
  for (let i = changes.length - 1; i >= 0 && details.length < changesShown; i -= 1) {
    const change = changes[i];
    if (change === undefined || change.probe !== etcd.id) continue;
    const names = change.key === cluster.name && change.text.includes(memberName(m.state));
    if (change.key !== key && !names) continue;
    details.push(
      item(pen, change.tone, line(span(`${clockUtc(change.at, true)}  `, 'dim'), change.text)),
    );
  }
  return section('what changed', details, 'UTC');
};

/** All that is known of a member. */
export const memberSections = (cluster: EtcdReport, m: Member, pen: Pen): readonly Section[] => [
  identity(cluster, m, pen),
  ...reasonsSection(cluster, m, pen),
  ...alertsSection({ kind: 'member', cluster: cluster.name, member: m.key }, pen),
  ...logSection(m, pen),
  ...databaseSection(m, pen),
  ...timesSection(m, pen),
  ...historySection(cluster, m, pen),
];
