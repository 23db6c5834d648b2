import { readAudit } from '../adapters/audit/audit-read.ts';
import { failureText } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import {
  type AuditEntry,
  type AuditRow,
  type AuditWish,
  auditEntries,
  auditRow,
  resultText,
  verdictText,
} from './audit-entries.ts';
import type { Io } from './io.ts';

export interface ShowAudit {
  readonly path: string;
  readonly wish: AuditWish;
  readonly json: boolean;
  readonly io: Pick<Io, 'out' | 'err'>;
}

/** Exit code where the file cannot be read. */
const couldNot = 2;

/** Entries of a file, or null: then why is told. What could not be read is told too. */
export const entriesIn = async (
  path: string,
  wish: AuditWish,
  io: Pick<Io, 'err'>,
): Promise<readonly AuditEntry[] | null> => {
  // What goes on within an act is for the screen; here it is what came of it.
  const read = await readAudit(path, null, (f) => f.kind !== 'progress');
  if (!read.ok) {
    io.err(`midwatch: ${plainText(failureText(read.failure))}\n`);
    return null;
  }
  const { facts, unreadable } = read.value;
  if (unreadable > 0) {
    const lines = unreadable === 1 ? 'a line holds' : `${unreadable} lines hold`;
    io.err(`midwatch: ${lines} no fact that can be read: midwatch audit verify tells more\n`);
  }
  return auditEntries(facts, wish);
};

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

const cells = ({ at, by, context, what, verdict, result }: AuditRow): readonly string[] =>
  [
    [stamp(at), 19],
    [by, 30],
    [context, 30],
    [what, 60],
    [verdict, 30],
    [result, 400],
  ].map(([text, most]) => clip(plainText(String(text)), Number(most)));

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((r) => r[n]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ');
  return rows.map((row) => `${lineOf(row).trimEnd()}\n`).join('');
};

/** For programs; fields may be added. */
const entryJson = (entry: AuditEntry): Readonly<Record<string, unknown>> => {
  if (entry.kind === 'other') {
    const { at, ...fact } = entry.fact;
    return { at: new Date(at).toISOString(), ...fact };
  }
  const { asked, steps, state, reasons } = entry.act;
  const { kind: _, at, act, by, ...wish } = asked;
  const confirmed = steps.find((s) => s.kind === 'confirmed');
  const started = steps.find((s) => s.kind === 'started');
  return {
    at: new Date(at).toISOString(),
    kind: 'act',
    act,
    by,
    ...wish,
    verdict: verdictText(entry.act),
    reasons,
    agreed:
      confirmed === undefined
        ? null
        : { how: confirmed.how, reason: confirmed.reason, approvedBy: confirmed.approvedBy },
    startedAt: started === undefined ? null : new Date(started.at).toISOString(),
    state: state.kind,
    stateAt: new Date(state.at).toISOString(),
    result: resultText(state),
  };
};

/** What was wanted, judged and done here, oldest first. 0, or 2 when the audit cannot be read. */
export const showAudit = async ({ path, wish, json, io }: ShowAudit): Promise<number> => {
  const entries = await entriesIn(path, wish, io);
  if (entries === null) return couldNot;
  if (json) {
    const all = entries.map(entryJson);
    io.out(`${JSON.stringify({ schema: 'midwatch.audit/v1', path, entries: all })}\n`);
    return 0;
  }
  if (entries.length === 0) {
    io.err(`midwatch: nothing of this stands in ${plainText(path)}\n`);
    return 0;
  }
  const head = ['WHEN (UTC)', 'WHO', 'CONTEXT', 'WHAT', 'VERDICT', 'RESULT'];
  io.out(table([head, ...entries.map((e) => cells(auditRow(e)))]));
  return 0;
};
