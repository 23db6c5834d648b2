import { inLedgerOrder, type LedgerEntry, ledgerOf, mayText } from '../actions/debug-ledger.ts';
import { asList, asRecord, asText, readJson } from '../actions/read-json.ts';
import { readJson as readFields } from '../adapters/kubernetes/wire/json-reader.ts';
import { durationText } from '../kernel/duration.ts';
import { failureText, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { type EpochMs, milliseconds } from '../kernel/units.ts';
import { podFields } from '../probes/pod-fields.ts';
import { podKind } from '../probes/pods.ts';
import type { Io } from './io.ts';

type Get = (path: string, signal: AbortSignal) => Promise<Result<string>>;

export interface TellLedger {
  readonly io: Pick<Io, 'out' | 'err'>;
  readonly get: Get;
  /** '' is all. */
  readonly namespace: string;
  readonly json: boolean;
  readonly now: EpochMs;
}

/** Pods in one answer: whole ones, of which a cluster may have thousands. */
const page = 250;

/** Everything that is left behind, page by page; whole pods are held no longer than that. */
export const readLedger = async (
  get: Get,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<readonly LedgerEntry[]>> => {
  const where = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const found: LedgerEntry[] = [];
  let next = '';
  do {
    const more = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    const path = `/api/v1${where}/pods?limit=${page}${more}`;
    const read = await readJson({ kubernetes: get }, path, signal);
    if (!read.ok) return read;
    for (const item of asList(read.value.items)) {
      const pod = readFields(podFields, item);
      if (!pod.ok) return pod;
      found.push(...ledgerOf(podKind.slim(pod.value)));
    }
    next = asText(asRecord(read.value.metadata).continue);
  } while (next !== '');
  return ok(inLedgerOrder(found));
};

const rowOf = (e: LedgerEntry, now: EpochMs): readonly string[] => {
  const age =
    e.since === null
      ? ''
      : ` ${durationText(milliseconds(Math.floor((now - e.since) / 60_000) * 60_000))}`;
  const state = e.state === 'ended' ? `ended ${e.exitCode ?? '?'},${age} ago` : `${e.state}${age}`;
  const where = e.kind === 'node-pod' ? `node ${e.node}` : `${e.namespace}/${e.pod}`;
  const what = e.kind === 'node-pod' ? `${e.namespace}/${e.pod}` : e.container;
  const by = e.ours ? e.by || '?' : 'not midwatch';
  return [state, where, what, by, mayText(e), e.reason].map((text) => plainText(text));
};

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((r) => r[n]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** `midwatch debug ledger`: exit 0, also when there is something; 2 when it cannot be read. */
export const tellLedger = async (
  { io, get, namespace, json, now }: TellLedger,
  signal: AbortSignal,
): Promise<number> => {
  const read = await readLedger(get, namespace, signal);
  if (!read.ok) {
    io.err(`midwatch: ${failureText(read.failure)}\n${read.failure.hint ?? ''}\n`);
    return 2;
  }
  const entries = read.value;
  if (json) {
    io.out(`${JSON.stringify({ schema: 'midwatch.debug-ledger/v1', entries })}\n`);
    return 0;
  }
  if (entries.length === 0) {
    io.out('nothing is left behind: no debug containers, no debug pods\n');
    return 0;
  }
  const head = ['STATE', 'WHERE', 'WHAT', 'BY', 'MAY', 'WHY'];
  io.out(`${table([head, ...entries.map((e) => rowOf(e, now))])}\n`);
  io.err('a container stays in its pod until the pod is gone; a pod on a node can be deleted\n');
  return 0;
};
