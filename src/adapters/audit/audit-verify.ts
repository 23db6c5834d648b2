import { actFactSchema } from '../../kernel/act-fact.ts';
import { type EpochMs, epochMs } from '../../kernel/units.ts';
import type { AuditAnchor } from './audit-anchor.ts';
import { type AuditLine, auditLinesOf, walkChain } from './audit-chain.ts';
import type { AuditFault, AuditReport } from './audit-report.ts';

const timeText = (at: number): string => new Date(at).toISOString();

interface Sealed {
  readonly faults: readonly AuditFault[];
  readonly sealed: AuditReport['sealed'];
}

/** What seals say of a file that stands at `path`; without it, seals of other chains mean nothing. */
const compareSeals = (
  lines: readonly AuditLine[],
  anchors: readonly AuditAnchor[],
  path: string | null,
): Sealed => {
  const records = new Map(lines.flatMap((l) => (l.record === null ? [] : [[l.record.seq, l]])));
  const first = lines.find((l) => l.record !== null)?.record ?? null;
  const last = lines.reduce((seq, l) => Math.max(seq, l.record?.seq ?? 0), 0);
  const own = anchors.filter((a) => a.chain === first?.chain);
  const others = anchors.filter((a) => a.chain !== first?.chain && a.file === path);
  const faults: AuditFault[] = [];
  let sealed: AuditReport['sealed'] = null;
  for (const { seq, sha256, at } of own) {
    const found = records.get(seq);
    if (found?.record?.sha256 === sha256) {
      if (sealed === null || seq > sealed.seq) sealed = { seq, at: epochMs(at) };
    } else if (found !== undefined) {
      const text = `record ${seq} is not the one that was sealed at ${timeText(at)}`;
      faults.push({ kind: 'unlike-seal', line: found.line, text });
    }
  }
  const beyond = own.filter((a) => a.seq > last).toSorted((a, b) => b.seq - a.seq)[0];
  if (beyond !== undefined) {
    const text = `the file ends at record ${last}; record ${beyond.seq} was sealed at ${timeText(beyond.at)}`;
    faults.push({ kind: 'truncated', line: lines.length + 1, text });
  }
  const newest = others.toSorted((a, b) => b.at - a.at)[0];
  if (newest !== undefined) {
    const text = `another audit stood here, sealed up to record ${newest.seq} at ${timeText(newest.at)}`;
    faults.push({ kind: first === null ? 'truncated' : 'unlike-seal', line: 1, text });
  }
  return { faults, sealed };
};

const countedBy = (names: readonly string[]): AuditReport['by'] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, records]) => ({ name, records }))
    .toSorted((a, b) => b.records - a.records || (a.name < b.name ? -1 : 1));
};

/**
 * Whether an audit is what was written: every line against its own hash, every record against the one before, all of it
 * against its seals.
 * @param path Where the file stands as seals name it; null when that is not to be compared.
 */
export const verifyAudit = (
  file: Uint8Array,
  anchors: readonly AuditAnchor[],
  path: string | null,
): AuditReport => {
  const lines = auditLinesOf(file);
  const chain = walkChain(lines);
  const seals = compareSeals(lines, anchors, path);
  const records = lines.flatMap((l) => (l.record === null ? [] : [l.record]));
  const facts = records.flatMap((r) => actFactSchema.safeParse(r.fact).data ?? []);
  const times = facts.map((f) => f.at);
  const bound = (of: (a: number, b: number) => number): EpochMs | null =>
    times.length === 0 ? null : epochMs(times.reduce(of));
  return {
    lines: lines.length,
    records: records.length,
    from: bound((a, b) => Math.min(a, b)),
    to: bound((a, b) => Math.max(a, b)),
    by: countedBy(facts.map((f) => f.by)),
    sealed: seals.sealed,
    faults: [...chain.faults, ...seals.faults].toSorted((a, b) => a.line - b.line),
    torn: chain.torn,
    unknown: records.length - facts.length,
  };
};
