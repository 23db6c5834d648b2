import type { Audit } from '../adapters/audit/audit-file.ts';
import { takeAuditLock } from '../adapters/audit/audit-lock.ts';
import { readAudit } from '../adapters/audit/audit-read.ts';
import { lifeOf, readProcess } from '../adapters/audit/process-identity.ts';
import type { ToldAct } from '../kernel/act-fact.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { type UnendedAct, unended } from '../kernel/unended.ts';
import { epochMs, hours, mib, seconds, since } from '../kernel/units.ts';
import { cannotBeKnown, type Found } from './found.ts';

export interface ReconcileDeps {
  /** Of the audit. */
  readonly path: string;
  readonly put: Audit['put'];
  /** Acts on other clusters are left to who meets those: only there can be seen what has come of them. */
  readonly context: string;
  readonly by: string;
  readonly clock: Clock;
  /** What is there now of what an act was about. */
  readonly found: (asked: ToldAct<'asked'>, signal: AbortSignal) => Promise<Found>;
}

/**
 * An act that was started and whose end nobody knows, and what is found of it. What is `told` has been written down;
 * what is left for `later` has not, and is looked at again by who comes next.
 */
export interface Reconciled extends UnendedAct {
  readonly found: Found;
}

/** Older ones are months ago; what they have come to is told by something else by now. */
const window = mib(16);
const patience = seconds(10);
/** Who has not answered for so long is not asked for ever. */
const askedFor = hours(24 * 7);

/** What it leaves is a file of the machine that it ran on. */
const leavesFile = ({ asked }: UnendedAct): boolean => asked.action === 'etcd-snapshot';

/**
 * What was never answered is over, whoever began it. What has no end is left only where it began in a process of this
 * machine that does not live any more: of others, nothing can be told from here.
 */
const isLeft = (one: UnendedAct): boolean => {
  const process = readProcess(one.started.process);
  const life = process === null ? 'elsewhere' : lifeOf(process);
  if (one.end.kind === 'open') return life === 'dead';
  return life !== 'elsewhere' || !leavesFile(one);
};

const leftBehind = async ({
  path,
  context,
}: ReconcileDeps): Promise<Result<readonly UnendedAct[]>> => {
  const read = await readAudit(path, window);
  if (!read.ok) return read;
  return ok(unended(read.value.facts).filter((u) => u.asked.context === context && isLeft(u)));
};

const brokeOff: Found = { kind: 'told', text: 'what came of it could not be found out' };

/** A reader that fails tells nothing, and one that takes its time may tell it later. */
const foundOf = async (
  { found, clock }: ReconcileDeps,
  act: UnendedAct,
  signal: AbortSignal,
): Promise<Reconciled> => {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const late = clock
    .sleep(patience, until)
    .then((): Found => ({ kind: 'later', why: 'nothing was answered in time' }));
  const looked = await Promise.race([found(act.asked, until).catch(() => brokeOff), late]);
  over.abort();
  const isOld = since(epochMs(act.started.at), clock.now()) > askedFor;
  return {
    ...act,
    found: looked.kind === 'later' && isOld ? cannotBeKnown(looked.why) : looked,
  };
};

/**
 * Looks after acts that were started and whose end nobody knows: their programs were killed or without power before
 * they could write it, or were never answered. Each is told once, whichever program comes first; resolves with those
 * that this one has told, and with those that nobody answers for now.
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
    const facts = mine.flatMap(({ asked: { act }, found: looked }) =>
      looked.kind === 'told'
        ? [{ kind: 'reconciled', act, at, by, text: looked.text } as const]
        : [],
    );
    const told = facts.length === 0 ? ok(undefined) : await put(facts);
    return told.ok ? ok(mine) : told;
  } finally {
    await lock.value.release().catch(() => undefined);
  }
};
