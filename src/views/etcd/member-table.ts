import type { EtcdMemberReport, EtcdReport } from '../../findings/etcd-report.ts';
import { matcherOf } from '../filter.ts';
import { cutLine, type Line, line, span } from '../parts/line.ts';
import { layout } from '../parts/table.ts';
import { headLine, rowLine } from '../parts/table-lines.ts';
import { type RowMaker, rowMaker } from '../parts/table-rows.ts';
import { sign } from '../parts/tone.ts';
import type { PlainRow, Target, ViewInput } from '../view.ts';
import { memberColumns, memberTable } from './member-columns.ts';
import { memberFacts } from './member-facts.ts';

const make: RowMaker<EtcdMemberReport> = rowMaker(memberTable);

/** What a member's line leads to, and what the keys of actions are about. */
export const memberTarget = (cluster: EtcdReport, member: EtcdMemberReport): Target => ({
  open: { view: 'etcd-member', args: { cluster: cluster.name, member: member.key } },
  object: { resource: 'etcd-members', namespace: cluster.name, name: member.key },
  subject: { kind: 'etcd', cluster: cluster.name, member: member.key },
  facts: memberFacts(cluster, member),
  proof: { etcd: cluster.name },
});

/** The sign of an old word is its own: what was well a while ago is neither well nor unknown. */
const withSign = (row: Line, member: EtcdMemberReport, input: ViewInput): Line =>
  member.tone === 'stale' ? row.map((s, i) => (i === 1 ? sign('stale', input.glyphs) : s)) : row;

const unsorted = { column: memberColumns[0], descending: false };
const noArrows = { up: '', down: '' };

/** The members as a table: its heads, then a row for each. */
export const memberRows = (cluster: EtcdReport, input: ViewInput): readonly PlainRow[] => {
  const { world, now, glyphs, width } = input;
  const context = { world, now, glyphs };
  const rows = cluster.members.map((m) => make(m.key, m));
  const natural = new Map(
    memberTable.columns.map((c, i) => [c.id, Math.max(0, ...rows.map((r) => r.widths[i] ?? 0))]),
  );
  const shape = layout(memberTable.columns, natural, { width, wide: false, sorted: '' });
  if (rows.length === 0) {
    return [{ key: `${cluster.name}/none`, line: line('   ', span('no member is known', 'dim')) }];
  }
  return [
    { key: `${cluster.name}/heads`, line: cutLine(headLine(shape, unsorted, noArrows), width) },
    ...rows.map(
      (row): PlainRow => ({
        key: `${cluster.name}/member/${row.key}`,
        selectable: true,
        target: memberTarget(cluster, row.object),
        line: cutLine(
          withSign(rowLine(memberTable, row, shape, matcherOf(''), context), row.object, input),
          width,
        ),
      }),
    ),
  ];
};
