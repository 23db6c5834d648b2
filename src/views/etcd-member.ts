import type { EtcdMemberReport, EtcdReport } from '../findings/etcd-report.ts';
import { health } from '../findings/health.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type Pen, rowsOfSections } from './describe/detail.ts';
import { memberSections } from './etcd/member-sections.ts';
import { memberTarget } from './etcd/member-table.ts';
import { proofKey, runbookKey } from './keymap.ts';
import { cutLine, line, span } from './parts/line.ts';
import { wrap } from './parts/wrap.ts';
import { type Content, rowsOf, type Target, type View, type ViewInput } from './view.ts';

const membersOf = (report: EtcdReport | undefined, key: string): EtcdMemberReport | undefined =>
  report?.members.find((m) => m.key === key);

const titleKept = 80;

/** Everything of one member. Wherever the cursor is, keys of actions are about the member. */
export const memberContent = (reports: readonly EtcdReport[], input: ViewInput): Content => {
  const { world, now, width, glyphs, place } = input;
  const { cluster = '', member = '' } = place.args;
  const report = reports.find((r) => r.name === cluster);
  const found = membersOf(report, member);
  const title = clip(plainText(`etcd ${cluster} / ${member}`), titleKept);
  if (report === undefined || found === undefined) {
    const text = `nothing is known of a member ${member} of etcd ${cluster}; 2 shows those that are`;
    const empty = wrap(plainText(text), width - 4).map((part) => line('   ', span(part)));
    return { title, head: [], rows: rowsOf([]), empty };
  }
  const pen: Pen = { world, now, width, glyphs };
  const { open: _, ...own } = memberTarget(report, found);
  const rows = rowsOfSections(memberSections(report, found, pen), pen).map((row) => {
    if (row.selectable !== true) return row;
    const target: Target =
      row.target?.object === undefined ? { ...own, ...row.target } : row.target;
    return { ...row, line: cutLine(row.line, width), target };
  });
  return { title, head: [], rows: rowsOf(rows), empty: [] };
};

/** One member of an etcd cluster. Arguments: `cluster`, `member`, its key. */
export const etcdMember: View = {
  id: 'etcd-member',
  title: 'one etcd member',
  aliases: [],
  keys: [proofKey, runbookKey],
  content: (input) => memberContent(health(input.world, input.now).etcd, input),
};
