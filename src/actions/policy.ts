import type { Challenge } from '../kernel/act.ts';
import { type Bytes, hours, type Milliseconds, mib, minutes } from '../kernel/units.ts';

/** How far logs may be read in one question. */
export interface LogPolicy {
  /** Where no time is given. */
  readonly since: Milliseconds;
  readonly sinceMax: Milliseconds;
  readonly tailMax: number;
  readonly bytesMax: Bytes;
  /** How long new lines are waited for before somebody has to ask again. */
  readonly followMax: Milliseconds;
  readonly streamsMax: number;
  /** Of a session, all questions together. */
  readonly budget: Bytes;
  /** What opens a question beyond `sinceMax`, for that one question. */
  readonly override: 'never' | 'reason' | 'second-person';
  /** The newest lines whenever they were, at most this many; 0: not at all. */
  readonly newest: number;
}

/** What holds for a class of namespaces and contexts. */
export interface PolicyClass {
  /** For people: `payments in production`. */
  readonly name: string;
  readonly mode: 'read-only' | 'guarded';
  readonly logs: LogPolicy;
  /** Ids of actions, with * as wildcard; the first list that has it decides, in this order: deny, ask, allow. */
  readonly deny: readonly string[];
  readonly ask: readonly string[];
  readonly allow: readonly string[];
  /** How what changes something is agreed to. */
  readonly challenge: Challenge;
  /** Ids of actions that need another person, with * as wildcard. */
  readonly secondPerson: readonly string[];
  /** Images of debug containers, by digest, the first is the default; [] lets none be started. */
  readonly images: readonly string[];
  /** Changes a minute, of this session. */
  readonly rate: number;
  /** More pods than this are never touched at once. */
  readonly podsMax: number;
  /** Whether a change needs an open window even where no calendar is about the subject. */
  readonly windowRequired: boolean;
}

/** What holds where the configuration says nothing. */
export const usualLogs: LogPolicy = {
  since: minutes(30),
  sinceMax: hours(24),
  tailMax: 20_000,
  bytesMax: mib(32),
  followMax: hours(8),
  streamsMax: 50,
  budget: mib(1024),
  override: 'reason',
  newest: 20,
};

export const productionLogs: LogPolicy = {
  since: minutes(10),
  sinceMax: hours(1),
  tailMax: 5_000,
  bytesMax: mib(8),
  followMax: minutes(30),
  streamsMax: 20,
  budget: mib(256),
  override: 'reason',
  newest: 20,
};

export const usualClass: PolicyClass = {
  name: 'usual',
  mode: 'guarded',
  logs: usualLogs,
  deny: [],
  // The file holds every Secret of the cluster.
  ask: ['etcd-snapshot'],
  allow: ['*'],
  challenge: { kind: 'name' },
  secondPerson: [],
  images: [],
  rate: 10,
  podsMax: 50,
  windowRequired: false,
};

export const productionClass: PolicyClass = {
  ...usualClass,
  name: 'production',
  mode: 'read-only',
  logs: productionLogs,
  rate: 4,
  podsMax: 20,
};
