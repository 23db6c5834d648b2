import { resolve } from 'node:path';
import { type ActFact, actFactSchema } from '../../kernel/act-fact.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourcePort } from '../../kernel/ports.ts';
import { cleanse } from '../../kernel/redact.ts';
import { type EpochMs, mib, minutes } from '../../kernel/units.ts';
import { openAppendLog } from '../append-log.ts';
import { cutToSchema } from '../cut-to-schema.ts';
import { putAnchor } from './audit-anchor.ts';
import { appendRecords } from './audit-append.ts';
import { auditLines } from './audit-lines.ts';
import type { ChainHead } from './audit-record.ts';

/** Some thousand acts: what the screen knows of the past. The file itself is never cut. */
const window = mib(4);
/** A tail that is rewritten unseen is at most this long, and this old. */
export const sealEvery = { records: 200, time: minutes(5) } as const;

export interface AuditOptions {
  /** JSON lines, each joined to the one before; made with its directory at the first fact. */
  readonly path: string;
  /** Where seals are kept. */
  readonly anchors: string;
  readonly clock: Clock;
  /** A seal could not be written; facts go on being written. */
  readonly unsealed?: (failure: Failure) => void;
}

/** What was wanted, judged and done on this machine, whoever asked. Several programs write it at the same time. */
export interface Audit {
  /** Facts of all contexts, own ones at once, others within two seconds. */
  readonly port: SourcePort<ActFact>;
  /** Resolves when they would survive the loss of power, or with the reason why they may not. */
  put(facts: readonly ActFact[]): Promise<Result<void>>;
  /** Seals what was written since the last seal, if anything was. */
  seal(): Promise<Result<void>>;
  /** Seals every few minutes while there is something to seal, and once more when the signal aborts. */
  keepSealed(signal: AbortSignal): Promise<void>;
}

/** Printable, bounded, and without what looks like a secret. */
const cleaned = (fact: ActFact): ActFact => cutToSchema(actFactSchema, cleanse(fact).value);

/** Opens nothing yet: a file that cannot be read or written is a signal, or a failed `put`. */
export const openAudit = ({ path, anchors, clock, unsealed }: AuditOptions): Audit => {
  let head: ChainHead | null = null;
  let sealed: { readonly seq: number; readonly at: EpochMs } | null = null;
  let sealing: Promise<unknown> = Promise.resolve();

  const sealNow = async (): Promise<Result<void>> => {
    if (head === null || sealed?.seq === head.seq) return ok(undefined);
    const at = clock.now();
    const { chain, seq, sha256 } = head;
    const done = await putAnchor(anchors, { chain, seq, sha256, at, file: resolve(path) });
    if (done.ok) sealed = { seq, at };
    else unsealed?.(done.failure);
    return done;
  };
  const seal = (): Promise<Result<void>> => {
    const done = sealing.then(sealNow);
    sealing = done;
    return done;
  };
  const isDue = (now: ChainHead): boolean =>
    sealed === null ||
    now.seq - sealed.seq >= sealEvery.records ||
    clock.now() - sealed.at >= sealEvery.time;

  const append = async (facts: readonly ActFact[]): Promise<Result<void>> => {
    if (facts.length === 0) return ok(undefined);
    const done = await appendRecords(path, facts.map(cleaned), clock);
    if (!done.ok) return done;
    head = done.value;
    if (isDue(head)) await seal();
    return ok(undefined);
  };
  const ops = { put: 'write the audit', read: 'read the audit' };
  const log = openAppendLog({ path, clock, lines: auditLines, window, ops, append });

  return {
    port: log.port,
    put: log.put,
    seal,
    keepSealed: async (signal) => {
      while (!signal.aborted) {
        await clock.sleep(sealEvery.time, signal);
        await seal();
      }
    },
  };
};
