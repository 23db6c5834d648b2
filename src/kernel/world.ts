import { type Entry, everywhere, type ProbeId, type Scope } from './fact.ts';
import {
  type Freshness,
  freshnessAt,
  never,
  refresh,
  type ScopedFreshness,
  worst,
} from './freshness.ts';
import type { AnyProbe, Change, Observed, Probe } from './probe.ts';
import { type EpochMs, epochMs, noRevision, type Revision } from './units.ts';

/** What one probe knows, and how far it can be trusted. */
export interface Slice<State> {
  readonly state: State;
  readonly scopes: ScopedFreshness;
}

/** What a session or recording is about. */
export interface Origin {
  readonly cluster: string;
  readonly context: string;
  readonly by: string;
}

/** Everything known at a revision: a fold over the journal up to it. */
export interface World {
  readonly rev: Revision;
  /** Time of the entry at `rev`. */
  readonly at: EpochMs;
  readonly origin: Origin | null;
  readonly slices: ReadonlyMap<ProbeId, Slice<unknown>>;
  /** The latest changes, oldest first, at most `changesKept`. */
  readonly changes: readonly Change[];
}

/** Enough for an incident of hours on a busy cluster, and a few hundred kB. */
export const changesKept = 2000;

export const emptyWorld: World = {
  rev: noRevision,
  at: epochMs(0),
  origin: null,
  slices: new Map(),
  changes: [],
};

/** The slice of a probe; empty and never heard of when nothing has arrived. */
export const sliceOf = <State>(
  world: World,
  probe: Pick<Probe<never, State>, 'id' | 'empty'>,
): Slice<State> =>
  (world.slices.get(probe.id) as Slice<State> | undefined) ?? {
    state: probe.empty,
    scopes: noScopes,
  };

const noScopes: ScopedFreshness = new Map();

/** Freshness of a whole slice at `now`: that of its worst scope. */
export const sliceFreshness = (
  slice: Slice<unknown>,
  probe: Pick<AnyProbe, 'patience'>,
  now: EpochMs,
): Freshness => worst([...slice.scopes.values()].map((f) => freshnessAt(f, now, probe.patience)));

/** Folds a batch of entries, in order, into a new world. Entries of unknown probes only move the revision. */
export const foldWorld = (
  probes: ReadonlyMap<ProbeId, AnyProbe>,
  world: World,
  entries: readonly Entry[],
): World => {
  const last = entries.at(-1);
  if (last === undefined) return world;
  const slices = new Map(world.slices);
  const pending = new Map<ProbeId, Observed<unknown>[]>();
  const scopes = new Map<ProbeId, Map<Scope, Freshness>>();
  const changes: Change[] = [];
  let origin = world.origin;
  for (const { rev, at, fact } of entries) {
    if (fact.kind === 'opened') {
      origin = { cluster: fact.cluster, context: fact.context, by: fact.by };
      continue;
    }
    if (fact.kind === 'mark') {
      changes.push({ rev, at, probe: '' as ProbeId, key: '', tone: 'info', text: fact.label });
      continue;
    }
    const probe = probes.get(fact.probe);
    if (probe === undefined) continue;
    let mine = scopes.get(fact.probe);
    if (mine === undefined) {
      mine = new Map(slices.get(fact.probe)?.scopes);
      scopes.set(fact.probe, mine);
    }
    const was = mine.get(fact.scope) ?? never;
    const now = refresh(was, fact, at);
    if (fact.kind === 'observed' && probe.isLast?.(fact.data) === true) mine.delete(fact.scope);
    else {
      mine.set(fact.scope, now);
      if (now.kind === 'fresh' && fact.scope !== everywhere) yieldToParts(mine);
    }
    if (fact.kind === 'observed') {
      const batch = pending.get(fact.probe);
      const observed = {
        rev,
        at,
        scope: fact.scope,
        data: fact.data,
        settled: wasComplete(was),
      };
      if (batch === undefined) pending.set(fact.probe, [observed]);
      else batch.push(observed);
    } else {
      const change = turn(was, now, probe.title, fact.scope);
      if (change !== null) changes.push({ rev, at, probe: fact.probe, key: '', ...change });
    }
  }
  for (const [id, mine] of scopes) {
    const probe = probes.get(id);
    if (probe === undefined) continue;
    const state = slices.get(id)?.state ?? probe.empty;
    const batch = pending.get(id);
    const folded = batch === undefined ? { state, changes: [] } : probe.fold(state, batch);
    changes.push(...folded.changes);
    slices.set(id, { state: folded.state, scopes: mine });
  }
  changes.sort((a, b) => a.rev - b.rev);
  return {
    rev: last.rev,
    at: last.at,
    origin,
    slices,
    changes:
      changes.length === 0 ? world.changes : [...world.changes, ...changes].slice(-changesKept),
  };
};

/** Whether the scope has ever been read to the end: before that, what is observed is not news. */
const wasComplete = (f: Freshness): boolean => f.kind !== 'never' && f.heard !== null;

/**
 * A whole that could never be read gives way once one of its parts can: the parts tell from then on.
 * Otherwise a user who may read two namespaces would be told forever that the cluster cannot be read.
 */
const yieldToParts = (scopes: Map<Scope, Freshness>): void => {
  const whole = scopes.get(everywhere);
  if (whole !== undefined && !wasComplete(whole)) scopes.delete(everywhere);
};

/**
 * A source that goes dark or comes back is itself something that happened. It is told quietly: when the API server
 * goes away, a dozen sources say so at once, and the link says it aloud.
 */
const turn = (
  was: Freshness,
  now: Freshness,
  title: string,
  scope: Scope,
): Pick<Change, 'tone' | 'text'> | null => {
  const what = scope === '' ? title : `${title} in ${scope}`;
  if (now.kind === 'failing' && was.kind !== 'failing') {
    return { tone: 'info', text: `${what} can no longer be read: ${now.failure.message}` };
  }
  if (now.kind === 'fresh' && was.kind === 'failing')
    return { tone: 'info', text: `${what} can be read again` };
  return null;
};

/** A world as JSON-safe data. */
export const saveWorld = (probes: ReadonlyMap<ProbeId, AnyProbe>, world: World): unknown => ({
  rev: world.rev,
  at: world.at,
  origin: world.origin,
  changes: world.changes,
  slices: [...world.slices].flatMap(([id, slice]) => {
    const probe = probes.get(id);
    return probe === undefined
      ? []
      : [{ id, scopes: [...slice.scopes], state: probe.save(slice.state) }];
  }),
});

/** The inverse of `saveWorld`. Slices of probes that are no longer known are dropped. */
export const loadWorld = (probes: ReadonlyMap<ProbeId, AnyProbe>, saved: unknown): World => {
  const s = saved as {
    rev: Revision;
    at: EpochMs;
    origin: Origin | null;
    changes: readonly Change[];
    slices: readonly { id: ProbeId; scopes: [Scope, Freshness][]; state: unknown }[];
  };
  return {
    rev: s.rev,
    at: s.at,
    origin: s.origin,
    changes: s.changes,
    slices: new Map(
      s.slices.flatMap(({ id, scopes, state }) => {
        const probe = probes.get(id);
        return probe === undefined
          ? []
          : [[id, { state: probe.load(state), scopes: new Map(scopes) }] as const];
      }),
    ),
  };
};
