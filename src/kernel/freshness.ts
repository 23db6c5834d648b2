import { absurd } from './absurd.ts';
import type { Scope, Signal } from './fact.ts';
import type { Failure } from './failure.ts';
import { type EpochMs, type Milliseconds, since } from './units.ts';

/**
 * How far a scope of a slice can be trusted.
 * `never` nothing complete has arrived yet. `fresh` complete, and heard from at `heard`.
 * `stale` last known state, being caught up. `failing` last known state, and the source says why.
 */
export type Freshness =
  | { readonly kind: 'never' }
  | { readonly kind: 'fresh'; readonly heard: EpochMs }
  | {
      readonly kind: 'stale';
      readonly since: EpochMs;
      readonly why: string;
      readonly heard: EpochMs | null;
    }
  | {
      readonly kind: 'failing';
      readonly since: EpochMs;
      readonly failure: Failure;
      readonly heard: EpochMs | null;
    };

export const never: Freshness = { kind: 'never' };

const heardOf = (f: Freshness): EpochMs | null => (f.kind === 'never' ? null : f.heard);

/** The freshness of a scope after one more signal about it. */
export const refresh = (was: Freshness, signal: Signal, at: EpochMs): Freshness => {
  switch (signal.kind) {
    case 'synced':
      return { kind: 'fresh', heard: at };
    case 'observed':
    case 'heard':
      return was.kind === 'fresh' ? { kind: 'fresh', heard: at } : was;
    case 'gap':
      if (was.kind === 'never' || was.kind === 'failing') return was;
      return was.kind === 'stale'
        ? { ...was, why: signal.why }
        : { kind: 'stale', since: at, why: signal.why, heard: was.heard };
    case 'failed':
      return {
        kind: 'failing',
        since: was.kind === 'failing' ? was.since : at,
        failure: signal.failure,
        heard: heardOf(was),
      };
    default:
      return absurd(signal);
  }
};

const rank = { fresh: 0, stale: 1, failing: 2, never: 3 } as const;

/** Freshness seen at `now`: a source that has been silent for longer than its probe's patience is stale. */
export const freshnessAt = (f: Freshness, now: EpochMs, patience: Milliseconds): Freshness =>
  f.kind === 'fresh' && since(f.heard, now) > patience
    ? { kind: 'stale', since: f.heard, why: 'nothing heard', heard: f.heard }
    : f;

/** The least trustworthy of several scopes; `never` when there are none. */
export const worst = (all: Iterable<Freshness>): Freshness => {
  let found: Freshness | undefined;
  for (const f of all) if (found === undefined || rank[f.kind] > rank[found.kind]) found = f;
  return found ?? never;
};

export type ScopedFreshness = ReadonlyMap<Scope, Freshness>;
