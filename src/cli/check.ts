import { linkKey } from '../findings/control-plane-problem.ts';
import { evidenceOf, unaskedEtcd } from '../findings/evidence.ts';
import type { Finding, Health } from '../findings/finding.ts';
import { health } from '../findings/health.ts';
import type { Trust } from '../findings/trust.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AnyProbe } from '../kernel/probe.ts';
import { type EpochMs, type Milliseconds, seconds } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { etcd } from '../probes/etcd.ts';
import {
  type AlertsSummary,
  alertsSummary,
  type EtcdSummary,
  etcdSummary,
  everyMemberAsked,
  openAlerts,
  type Stamp,
  stamp,
} from './check-sources.ts';
import { reportText } from './report-text.ts';
import { worldWithin } from './world-within.ts';

/** 0 healthy, 1 problems, 2 could not tell. */
export type CheckCode = 0 | 1 | 2;

export interface CheckOptions {
  /** Only what is in this namespace, and what belongs to none. */
  readonly namespace?: string;
  /** From which tone on a finding is a problem. */
  readonly failOn?: Finding['tone'];
}

export interface CheckResult {
  readonly code: CheckCode;
  readonly text: string;
  readonly json: CheckReport;
}

/** Form of the JSON; raised when a field changes its meaning or goes away. See docs/check.md. */
export const checkSchema = 'midwatch.check/v1';

export interface CheckReport {
  readonly schema: typeof checkSchema;
  readonly code: CheckCode;
  readonly verdict: Health['verdict'];
  readonly context: string;
  readonly cluster: string;
  readonly namespace: string | null;
  readonly at: string;
  /** Evidence that is needed and is not there, or is old. */
  readonly missing: readonly { readonly what: string; readonly why: string }[];
  readonly standings: readonly (Omit<Health['standings'][number], 'heard'> & {
    readonly heard: Stamp;
  })[];
  readonly counts: Health['counts'];
  readonly findings: readonly (Omit<Finding, 'since' | 'proof'> & {
    readonly since: Stamp;
    readonly proof: readonly {
      readonly text: string;
      readonly source: string;
      readonly at: Stamp;
    }[];
  })[];
  /** etcd clusters whose members are asked, worst first. */
  readonly etcd: readonly EtcdSummary[];
  readonly alerts: AlertsSummary;
  readonly progress: readonly (Omit<Health['progress'][number], 'since'> & {
    readonly since: Stamp;
  })[];
}

const whyMissing = (trust: Trust): string | null => {
  switch (trust.kind) {
    case 'fresh':
      return null;
    case 'stale':
      return `last heard ${stamp(trust.heard)}: ${trust.why}`;
    case 'unknown':
      return trust.why;
  }
};

const codeOf = (problems: number, missing: number): CheckCode => {
  // What is known to be broken is told even when not everything could be seen.
  if (problems > 0) return 1;
  return missing > 0 ? 2 : 0;
};

/** One look at a world: what a script needs to know, as an exit code, as text and as data. Pure. */
export const check = (seen: World, now: EpochMs, options: CheckOptions = {}): CheckResult => {
  const { namespace, failOn = 'warn' } = options;
  const world = namespace === undefined ? seen : worldWithin(seen, namespace);
  const known = health(world, now);
  const unread = evidenceOf(world, now).flatMap(([what, trust]) => {
    const why = whyMissing(trust);
    return why === null ? [] : [{ what, why }];
  });
  const missing = [...unread, ...unaskedEtcd(known.etcd)];
  // That nobody answers us is no finding about the cluster: it is why nothing can be told.
  const silent = known.findings.some((f) => f.key === linkKey);
  const broken = known.findings.filter((f) => f.subsystem !== 'alerts' && f.key !== linkKey);
  const problems = broken.filter((f) => failOn === 'warn' || f.tone === 'bad').length;
  const alerting = openAlerts(known.alerts).filter(
    (i) => failOn === 'warn' || i.severity === 'critical',
  ).length;
  // How the alerts stand counts those, too, that are explained or acknowledged.
  const badStandings = known.standings.filter(
    (s) => s.tone === 'bad' && s.subsystem !== 'alerts' && !(silent && s.subsystem === 'api'),
  ).length;
  const code = codeOf(problems + alerting + badStandings, missing.length + (silent ? 1 : 0));
  const context = world.origin?.context ?? '';
  return {
    code,
    text: reportText(known, { context, now }),
    json: {
      schema: checkSchema,
      code,
      verdict: known.verdict,
      context,
      cluster: world.origin?.cluster ?? '',
      namespace: namespace ?? null,
      at: new Date(now).toISOString(),
      missing,
      standings: known.standings.map((s) => ({ ...s, heard: stamp(s.heard) })),
      counts: known.counts,
      findings: known.findings.map((f) => ({
        ...f,
        since: stamp(f.since),
        proof: f.proof.map((p) => ({ ...p, at: stamp(p.at) })),
      })),
      etcd: known.etcd.map(etcdSummary),
      alerts: alertsSummary(known.alerts),
      progress: known.progress.map((p) => ({ ...p, since: stamp(p.since) })),
    },
  };
};

/** One JSON document, indented, with a line end. The order of keys is that of `CheckReport`. */
export const checkJson = (report: CheckReport): string => `${JSON.stringify(report, null, 2)}\n`;

export const checkDeadline = seconds(30);
/** For what is not there in every cluster. */
const wantedDeadline = seconds(4);

export interface CheckDeps {
  readonly clock: Clock;
  /** What has been folded so far. */
  readonly world: () => World;
  readonly subscribe: (onChange: () => void) => () => void;
  /** Probes that must have said something final, be it that they may not. */
  readonly needed: readonly AnyProbe[];
  /** Probes that are waited for a little longer, when the needed ones are settled: they may be there or not. */
  readonly wanted?: readonly AnyProbe[];
  /** Feeds the store until the signal aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Everything of a probe has been read once, or it has said why it cannot be. */
export const isSettled = (world: World, probe: AnyProbe): boolean => {
  const scopes = [...sliceOf(world, probe).scopes.values()];
  if (probe.id === etcd.id && !everyMemberAsked(sliceOf(world, etcd).state)) return false;
  return scopes.length > 0 && scopes.every((f) => f.kind !== 'never');
};

/**
 * Watches until every needed probe is settled, or until the deadline, and then looks once.
 * What has not come by then counts as not known. Leaves nothing running.
 * @throws what the feed throws, which is a bug.
 */
export const runCheck = async (
  deps: CheckDeps,
  options: CheckOptions & { readonly deadline?: Milliseconds },
  signal: AbortSignal,
): Promise<CheckResult> => {
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  const settled = Promise.withResolvers<void>();
  const wanted = Promise.withResolvers<void>();
  const all = (probes: readonly AnyProbe[]): boolean =>
    probes.every((probe) => isSettled(deps.world(), probe));
  const look = (): void => {
    if (!all(deps.needed)) return;
    settled.resolve();
    if (all(deps.wanted ?? [])) wanted.resolve();
  };
  const settledAndWanted = async (): Promise<void> => {
    await settled.promise;
    await Promise.race([wanted.promise, deps.clock.sleep(wantedDeadline, both)]);
  };
  const leave = deps.subscribe(look);
  const running = deps.run(both);
  look();
  try {
    await Promise.race([
      settledAndWanted(),
      deps.clock.sleep(options.deadline ?? checkDeadline, both),
      // A feed that fails must not be waited for; one that merely ends has told all it knows.
      running,
    ]);
    return check(deps.world(), deps.clock.now(), options);
  } finally {
    leave();
    done.abort();
    await running;
  }
};
