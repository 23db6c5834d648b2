import type { EtcdMemberReport } from '../../findings/etcd-report.ts';
import type { EtcdStatus } from '../../kernel/etcd-fact.ts';
import { memberName } from '../../probes/etcd-member.ts';
import { gauge, sparkline } from '../parts/gauge.ts';
import type { Style } from '../parts/line.ts';
import type { Column, Table } from '../parts/table.ts';
import { ageOf, byteSize, count } from '../parts/words.ts';

type Member = EtcdMemberReport;

/** Where a member has said nothing, or nothing that still holds. */
const none = '–';

/** What a member that is down said last is old: it stands in its details with its age, not beside what others say now. */
const nowOf = ({ state }: Member): EtcdStatus | null => (state.down === null ? state.status : null);

const said = (value: number | null | undefined, text: (n: number) => string): string =>
  value === null || value === undefined ? none : text(value);

/** Milliseconds with at most two significant digits: `0.4 ms`, `4 ms`, `120 ms`, `2.1 s`. */
export const latencyText = (ms: number): string => {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 1 || ms === 0 ? Math.round(ms) : ms.toFixed(1)} ms`;
};

export const shareText = (share: number): string => `${Math.round(share * 100)} %`;

const metric = (m: Member, value: number | null | undefined): string =>
  m.state.down === null ? said(value, latencyText) : none;

/** Above these the disk or the network is too slow for etcd, by its own guidance. */
export const slow = { fsync: 10, commit: 25 } as const;

const slower =
  (value: (m: Member) => number | null | undefined, limit: number) =>
  (m: Member): Style =>
    (value(m) ?? 0) > limit ? 'warn' : 'plain';

/** From this share of the quota on one looks. */
export const nearlyFull = 0.8;

const fullness = (m: Member): Style =>
  (m.used ?? 0) >= 1 || m.alarms.includes('NOSPACE')
    ? 'bad'
    : (m.used ?? 0) >= nearlyFull
      ? 'warn'
      : 'plain';

const barWidth = 8;

/** Rank 0 stays at any width; the others give way from the highest on. */
export const memberColumns: readonly [Column<Member>, ...Column<Member>[]] = [
  {
    id: 'member',
    title: 'member',
    min: 6,
    max: 30,
    rank: 0,
    value: ({ state }) => memberName(state),
  },
  {
    id: 'state',
    title: 'state',
    min: 10,
    max: 44,
    rank: 0,
    value: ({ words, alarms }) => [words, ...alarms.filter((a) => !words.includes(a))].join(', '),
  },
  {
    id: 'role',
    title: 'role',
    min: 4,
    max: 9,
    rank: 0,
    value: (m) => (m.role === 'unknown' || m.state.down !== null ? none : m.role),
  },
  {
    id: 'term',
    title: 'term',
    align: 'right',
    min: 4,
    max: 8,
    rank: 3,
    value: (m) => said(nowOf(m)?.term, count),
  },
  {
    id: 'index',
    title: 'index',
    align: 'right',
    min: 5,
    max: 15,
    rank: 2,
    value: (m) => said(nowOf(m)?.index, count),
  },
  {
    id: 'lag',
    title: 'lag',
    align: 'right',
    min: 3,
    max: 11,
    rank: 0,
    value: (m) => (nowOf(m) === null ? none : said(m.indexLag, count)),
  },
  {
    id: 'applied',
    title: 'unapplied',
    align: 'right',
    min: 5,
    max: 11,
    rank: 9,
    value: (m) => (nowOf(m) === null ? none : said(m.appliedLag, count)),
  },
  {
    id: 'db',
    title: 'db',
    align: 'right',
    min: 6,
    max: 8,
    rank: 0,
    value: (m) => said(nowOf(m)?.dbSize, byteSize),
  },
  {
    id: 'inUse',
    title: 'in use',
    align: 'right',
    min: 6,
    max: 8,
    rank: 5,
    value: (m) => said(nowOf(m)?.dbInUse, byteSize),
  },
  {
    id: 'bar',
    title: '',
    min: barWidth,
    max: barWidth,
    rank: 4,
    volatile: true,
    value: (m, { glyphs }) =>
      nowOf(m) === null || m.used === null ? '' : gauge(m.used, barWidth, glyphs),
    tone: fullness,
  },
  {
    id: 'quota',
    title: 'quota',
    align: 'right',
    min: 5,
    max: 6,
    rank: 0,
    value: (m) => (nowOf(m) === null ? none : said(m.used, shareText)),
    tone: fullness,
  },
  {
    id: 'free',
    title: 'free',
    align: 'right',
    min: 5,
    max: 6,
    rank: 10,
    value: (m) => (nowOf(m) === null ? none : said(m.fragmentation, shareText)),
  },
  {
    id: 'fsync',
    title: 'fsync p99',
    align: 'right',
    min: 6,
    max: 9,
    rank: 6,
    value: (m) => metric(m, m.state.metrics?.fsyncP99),
    tone: slower((m) => m.state.metrics?.fsyncP99, slow.fsync),
  },
  {
    id: 'commit',
    title: 'commit p99',
    align: 'right',
    min: 6,
    max: 9,
    rank: 8,
    value: (m) => metric(m, m.state.metrics?.commitP99),
    tone: slower((m) => m.state.metrics?.commitP99, slow.commit),
  },
  {
    id: 'rtt',
    title: 'peer rtt',
    align: 'right',
    min: 6,
    max: 9,
    rank: 11,
    value: (m) => metric(m, m.state.metrics?.peerRoundTripP99),
  },
  {
    id: 'version',
    title: 'version',
    min: 6,
    max: 10,
    rank: 12,
    value: (m) => m.state.status?.version ?? '',
  },
  {
    id: 'latency',
    title: 'answers',
    min: 8,
    max: 8,
    rank: 7,
    volatile: true,
    value: (m, { glyphs }) => sparkline(m.state.latencies, 8, glyphs),
  },
  {
    id: 'answer',
    title: '',
    align: 'right',
    min: 6,
    max: 7,
    rank: 7.5,
    volatile: true,
    value: (m) => said(m.state.latencies.at(-1), latencyText),
  },
  {
    id: 'seen',
    title: 'seen',
    align: 'right',
    min: 4,
    max: 5,
    rank: 0,
    volatile: true,
    // When it last answered: that it does not is heard every few seconds.
    value: ({ state }, { now }) =>
      state.answeredAt === null ? 'never' : ageOf(state.answeredAt, now),
  },
];

/** Members of one etcd cluster. */
export const memberTable: Table<Member> = {
  columns: memberColumns,
  tone: ({ tone }) => (tone === 'stale' ? 'unknown' : tone),
  labels: () => ({}),
};
