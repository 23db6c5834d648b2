import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readAnchors } from '../adapters/audit/audit-anchor.ts';
import type { AuditReport } from '../adapters/audit/audit-report.ts';
import { verifyAudit } from '../adapters/audit/audit-verify.ts';
import { diskFailure } from '../adapters/journal/disk-failure.ts';
import { failed, failureText, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import type { Io } from './io.ts';
import type { AuditPaths } from './local-audit.ts';

export interface VerifyAudit {
  /** Null: the audit of this machine. */
  readonly file: string | null;
  /** Null: the seals of this machine. */
  readonly anchor: string | null;
  readonly paths: AuditPaths;
  readonly json: boolean;
  readonly io: Pick<Io, 'out' | 'err'>;
}

const unsound = 1;
const couldNot = 2;

/** Null: there is no such file. */
const read = async (path: string): Promise<Result<Uint8Array | null>> => {
  try {
    return ok(await readFile(path));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return isAbsent ? ok(null) : failed(diskFailure('read the audit', path, cause));
  }
};

const stamp = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const line = (name: string, text: string): string => plainText(`${name.padEnd(9)} ${text}`);

const sealText = ({ sealed, records }: AuditReport, seals: string): string => {
  if (sealed === null) return `no: ${seals} has no seal that agrees with it`;
  const since = records - sealed.seq;
  const after = since > 0 ? `; ${since} written since` : '';
  return `until record ${sealed.seq}, at ${stamp(sealed.at)}${after}`;
};

const reportLines = (path: string, seals: string, report: AuditReport): readonly string[] => {
  const { records, lines, from, to, by, faults, torn, unknown } = report;
  return [
    line('file', path),
    line('records', `${records}${lines === records ? '' : ` in ${lines} lines`}`),
    ...(from === null || to === null ? [] : [line('from', stamp(from)), line('to', stamp(to))]),
    ...by.map((one, n) => line(n === 0 ? 'by' : '', `${one.name}: ${one.records}`)),
    line('sealed', sealText(report, seals)),
    ...torn.map((n) =>
      line('torn', `line ${n} was left half written by a program that was killed: no fault`),
    ),
    ...(unknown === 0
      ? []
      : [line('unknown', `${unknown} records are of a kind that this version does not know`)]),
    ...faults.map((f) => line('FAULT', `line ${f.line}, ${f.kind}: ${f.text}`)),
    line('verdict', faults.length === 0 ? 'sound' : `NOT SOUND: ${faults.length} faults`),
  ];
};

/**
 * Whether an audit is what was written. 0 when it is, 1 when it is not, 2 when it cannot be read. An audit that was
 * never begun is sound, unless a seal says that there was one.
 */
export const verifyAuditFile = async (options: VerifyAudit): Promise<number> => {
  const { paths, io, json } = options;
  const path = resolve(options.file ?? paths.path);
  const seals = options.anchor ?? paths.seals;
  const cannot = (why: string): number => {
    if (json)
      io.out(`${JSON.stringify({ schema: 'midwatch.audit-verify/v1', path, failure: why })}\n`);
    io.err(`midwatch: ${plainText(why)}\n`);
    return couldNot;
  };
  // Seals first: one that is made meanwhile would be of records behind the end of what was read.
  const anchors = await readAnchors(seals);
  if (!anchors.ok) return cannot(failureText(anchors.failure));
  if (options.anchor !== null && anchors.value.length === 0) {
    return cannot(`there are no seals in ${options.anchor}`);
  }
  const file = await read(path);
  if (!file.ok) return cannot(failureText(file.failure));
  const report = verifyAudit(file.value ?? new Uint8Array(), anchors.value, path);
  if (file.value === null && report.faults.length === 0) {
    if (options.file !== null) return cannot(`there is no ${options.file}`);
    io.out(
      json
        ? `${JSON.stringify({ schema: 'midwatch.audit-verify/v1', path, sound: true, ...report })}\n`
        : `nothing has been written to ${plainText(path)} yet\n`,
    );
    return 0;
  }
  const sound = report.faults.length === 0;
  io.out(
    json
      ? `${JSON.stringify({ schema: 'midwatch.audit-verify/v1', path, sound, ...report })}\n`
      : `${reportLines(path, seals, report).join('\n')}\n`,
  );
  return sound ? 0 : unsound;
};
