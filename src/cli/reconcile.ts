import type { Audit } from '../adapters/audit/audit-file.ts';
import { takeAuditLock } from '../adapters/audit/audit-lock.ts';
import { readAudit } from '../adapters/audit/audit-read.ts';
import { lifeOf, readProcess } from '../adapters/audit/process-identity.ts';
import type { ToldAct } from '../kernel/act-fact.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { type UnendedAct, unended } from '../kernel/unended.ts';
import { mib, seconds } from '../kernel/units.ts';

export interface ReconcileDeps {
  /** Of the audit. */
  readonly path: string;
  readonly put: Audit['put'];
  /** Acts on other clusters are left to who meets those: only there can be seen what has come of them. */
  readonly context: string;
  readonly by: string;
  readonly clock: Clock;
  /** In words what is there now of what an act was about; '' where that cannot be told. */
  readonly found: (asked: ToldAct<'asked'>, signal: AbortSignal) => Promise<string>;
}

/** An act of a program that ended before the act did, and what is found of it. */
export interface Reconciled {
  readonly asked: ToldAct<'asked'>;
  readonly text: string;
}

/** Older ones are months ago; what they have come to is told by something else by now. */
const window = mib(16);
const patience = seconds(10);

/** What began in a process of this machine that does not live any more. Of others, nothing can be told from here. */
const isLeft = ({ started }: UnendedAct): boolean => {
  const process = readProcess(started.process);
  return process !== null && lifeOf(process) === 'dead';
};

const leftBehind = async ({
  path,
  context,
}: ReconcileDeps): Promise<Result<readonly UnendedAct[]>> => {
  const read = await readAudit(path, window);
  if (!read.ok) return read;
  return ok(unended(read.value.facts).filter((u) => u.asked.context === context && isLeft(u)));
};

const nothingTold = 'what came of it could not be found out';

/** A reader that fails or takes its time tells nothing; the act is told all the same. */
const foundOf = async (
  { found, clock }: ReconcileDeps,
  { asked }: UnendedAct,
  signal: AbortSignal,
): Promise<Reconciled> => {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(patience, until).then(() => '');
  const text = await Promise.race([found(asked, until).catch(() => ''), late]);
  over.abort();
  return { asked, text: text.trim() === '' ? nothingTold : text };
};

/**
 * Looks after acts that were started here by programs that ended before they could write how they ended: killed, or
 * without power. Each is told once, whichever program comes first; resolves with those that this one has told.
 */
export const reconcile = async (
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Result<readonly Reconciled[]>> => {
  const { path, put, by, clock } = deps;
  const first = await leftBehind(deps);
  if (!first.ok || first.value.length === 0) return first.ok ? ok([]) : first;
  const found = await Promise.all(first.value.map((one) => foundOf(deps, one, signal)));
  if (signal.aborted) return ok([]);
  const lock = await takeAuditLock(`${path}.reconcile`, clock, signal);
  if (!lock.ok) return lock;
  try {
    // Another program may have told some of them meanwhile.
    const now = await leftBehind(deps);
    if (!now.ok) return now;
    const still = new Set(now.value.map(({ started }) => started.act));
    const mine = found.filter(({ asked }) => still.has(asked.act));
    const at = clock.now();
    const told = await put(
      mine.map(({ asked, text }) => ({ kind: 'reconciled', act: asked.act, at, by, text })),
    );
    return told.ok ? ok(mine) : told;
  } finally {
    await lock.value.release().catch(() => undefined);
  }
};
