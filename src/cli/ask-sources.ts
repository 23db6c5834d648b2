import type { Audit } from '../adapters/audit/audit-file.ts';
import { systemClock } from '../adapters/clock.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import type { NamedSources } from '../kernel/source-target.ts';
import type { LocalSources } from './cluster-session.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { auditOf } from './local-audit.ts';
import { localSources, type WebhookFlags } from './local-sources.ts';
import { namedSources, type SourceFlags } from './sources.ts';

export interface AskedSources {
  readonly named: NamedSources;
  readonly local: LocalSources;
  /** Where is written down what is done. */
  readonly audit: Audit;
  /** Has somebody told, until the signal aborts, that the audit cannot be sealed. */
  readonly whenUnsealed: (tell: (failure: Failure) => void, signal: AbortSignal) => void;
}

/** What a session is to ask besides the API server; null when that is not to be understood, which has been told. */
export const askedSources = (
  flags: SourceFlags & WebhookFlags,
  config: Config,
  io: Pick<Io, 'env' | 'err'>,
): AskedSources | null => {
  const named = namedSources(flags, io.env, config);
  const told = new Set<(failure: Failure) => void>();
  const audit = auditOf(io.env, config, systemClock, (why) => {
    for (const tell of told) tell(why);
  });
  const whenUnsealed: AskedSources['whenUnsealed'] = (tell, signal) => {
    told.add(tell);
    signal.addEventListener('abort', () => told.delete(tell), { once: true });
  };
  const local = named.ok ? localSources(flags, config, io.env, audit) : named;
  if (named.ok && local.ok) return { named: named.value, local: local.value, audit, whenUnsealed };
  const { failure } = named.ok ? (local as Extract<typeof local, { ok: false }>) : named;
  io.err(`midwatch: ${failureText(failure)}\n${failure.hint ?? ''}\n`);
  return null;
};
