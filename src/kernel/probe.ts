import type { z } from 'zod';
import type { Entry, ProbeId, Scope, Signal } from './fact.ts';
import type { Ports } from './ports.ts';
import type { EpochMs, Milliseconds, Revision } from './units.ts';

export type Tone = 'bad' | 'warn' | 'good' | 'info';

/** One thing that changed, in words, for the timeline. */
export interface Change {
  readonly rev: Revision;
  readonly at: EpochMs;
  readonly probe: ProbeId;
  /** What it is about: `namespace/name` or `name`; '' for the source itself. */
  readonly key: string;
  readonly tone: Tone;
  readonly text: string;
}

/** An `observed` signal with its place in the journal. */
export interface Observed<Data> {
  readonly rev: Revision;
  readonly at: EpochMs;
  readonly scope: Scope;
  readonly data: Data;
  /** False while the scope is being read for the first time: then nothing of it is a change. */
  readonly settled: boolean;
}

export interface Folded<State> {
  readonly state: State;
  readonly changes: readonly Change[];
}

export type Emit<Data> = (signals: readonly Signal<Data>[]) => void;

/**
 * One thing that is watched: how its data look, how they are folded into a slice of the world, and how they are had.
 * All but `observe` is pure. Folding must not depend on how entries are cut into batches.
 */
export interface Probe<Data, State> {
  readonly id: ProbeId;
  /** For people, in the plural where there are many: `pods`. */
  readonly title: string;
  /** Silence for longer than this makes the slice stale. */
  readonly patience: Milliseconds;
  /** Checks data that come from a file. */
  readonly schema: z.ZodType<Data>;
  readonly empty: State;
  fold(state: State, batch: readonly Observed<Data>[]): Folded<State>;
  /**
   * Whether this is the last word about its scope: then nobody is asked there any more, and how far it was heard does
   * not count, until something of it is heard again. Without it scopes stay for good.
   */
  isLast?(data: Data): boolean;
  /** State as JSON-safe data, and back: `load(save(s))` equals `s`. */
  save(state: State): unknown;
  load(saved: unknown): State;
  /** Emits signals until the signal aborts. Only the live feed calls it. */
  observe(ports: Ports, emit: Emit<Data>, signal: AbortSignal): Promise<void>;
}

// The registry holds probes of many types; each is only ever given its own data back.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyProbe = Probe<any, any>;

export type { Entry };
