import { absurd } from '../../kernel/absurd.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { type Milliseconds, milliseconds, minutes, seconds } from '../../kernel/units.ts';
import type { Encoding } from './watch-decoder.ts';

/** First wait after a failed try, and the longest one. */
export const firstWait = seconds(0.5);
export const longestWait = seconds(30);
/** What is forbidden or not served changes when an administrator acts, not by asking often. */
export const rareWait = minutes(5);

/** Refusals in a row, of what was allowed before, that are taken for passing ones: about a minute of tries. */
export const passingRefusals = 6;

/** What a reflector knows about how to go on. Immutable; made anew by `decide`, `caughtUp` and `alive`. */
export interface ReflectorState {
  readonly title: string;
  /**
   * How everything is read when there is no revision to continue from. `cached` is one answer out of the server's
   * memory, which may be a little old: the watch after it brings what is new.
   */
  readonly list: 'watch-list' | 'pages' | 'cached';
  readonly encoding: Encoding;
  readonly otherEncodings: readonly Encoding[];
  /** Where the watch continues; null: everything has to be read first. Opaque, never compared. */
  readonly resume: string | null;
  /** Tries in a row that failed. */
  readonly failures: number;
  /** The failure that was told last and not taken back: the same one is not told again. */
  readonly told: string;
  /** Something was said since the last `synced` that only another `synced` takes back. */
  readonly troubled: boolean;
  /** Everything has been read once: what is refused now was allowed before. */
  readonly everSynced: boolean;
  /** Items that did not parse since everything was last read: until then the picture has holes. */
  readonly skipped: number;
}

/** How one request, or one watch, ended. */
export type Outcome =
  /** Closed by the server in good order: after a while, after a moment in which it said something, or at once. */
  | { readonly kind: 'ended'; readonly lived: 'long' | 'briefly' | 'not-at-all' }
  | { readonly kind: 'silent'; readonly quiet: Milliseconds }
  | { readonly kind: 'lost'; readonly failure: Failure }
  /** Answered with an error status, or ended by an ERROR event. */
  | {
      readonly kind: 'refused';
      readonly failure: Failure;
      readonly status: number;
      readonly expired: boolean;
      readonly retryAfter: Milliseconds;
    }
  | { readonly kind: 'undecodable'; readonly why: string };

export type Saying =
  | { readonly kind: 'synced' }
  | { readonly kind: 'gap'; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Decision {
  readonly state: ReflectorState;
  readonly say: readonly Saying[];
  readonly wait: Milliseconds;
}

export const reflectorState = (title: string, encodings: readonly Encoding[]): ReflectorState => ({
  title,
  list: 'watch-list',
  encoding: encodings[0] ?? 'json',
  otherEncodings: encodings.slice(1),
  resume: null,
  failures: 0,
  told: '',
  troubled: false,
  everSynced: false,
  skipped: 0,
});

const noWait = milliseconds(0);

/** Exponential with full jitter: anything between the first wait and a bound that doubles up to the longest. */
export const backOff = (failures: number, chance: number): Milliseconds => {
  const bound = Math.min(longestWait, firstWait * 2 ** Math.min(failures, 10));
  return milliseconds(Math.round(firstWait + chance * (bound - firstWait)));
};

const rare = (chance: number): Milliseconds => milliseconds(Math.round(rareWait * (1 + chance)));

const gap = (why: string): Saying => ({ kind: 'gap', why });

const failNow = (
  state: ReflectorState,
  cause: Failure,
  chance: number,
  wait?: Milliseconds,
): Decision => {
  const failures = state.failures + 1;
  const told = `${cause.kind} ${cause.message}`;
  return {
    state: { ...state, failures, troubled: true, told },
    say: told === state.told ? [] : [{ kind: 'failed', failure: cause }],
    wait: wait ?? backOff(failures, chance),
  };
};

/** The first time it is only a gap; from the second in a row on it is a failure. */
const tryAgain = (
  state: ReflectorState,
  why: string,
  cause: Failure,
  chance: number,
  wait?: Milliseconds,
): Decision =>
  state.failures > 0
    ? failNow(state, cause, chance, wait)
    : {
        state: { ...state, failures: 1, troubled: true },
        say: [gap(why)],
        wait: wait ?? backOff(1, chance),
      };

const nextEncoding = (state: ReflectorState, why: string): Decision | null => {
  const [encoding, ...otherEncodings] = state.otherEncodings;
  if (encoding === undefined) return null;
  const was = state.encoding;
  return {
    state: { ...state, encoding, otherEncodings, resume: null, troubled: true },
    say: [gap(`${state.title}: ${was} ${why}, reading ${encoding} instead`)],
    wait: noWait,
  };
};

const onRefused = (
  state: ReflectorState,
  outcome: Extract<Outcome, { kind: 'refused' }>,
  chance: number,
): Decision => {
  const { status, failure: cause } = outcome;
  if (outcome.expired) {
    const next = tryAgain(
      { ...state, resume: null },
      'the server no longer knows our place: reading everything anew',
      cause,
      chance,
    );
    // A place that was known is given up but once: then everything is read, and only that may be refused again.
    return state.resume !== null ? { ...next, wait: noWait } : next;
  }
  if ((status === 400 || status === 422) && state.list !== 'pages' && state.resume === null) {
    return { state: { ...state, list: 'pages' }, say: [], wait: noWait };
  }
  if (status === 406 || status === 415) {
    const other = nextEncoding(state, 'is not served');
    if (other !== null) return other;
  }
  if (status === 429) {
    const wait = Math.max(outcome.retryAfter, backOff(state.failures + 1, chance));
    return tryAgain(state, 'the server asks us to slow down', cause, chance, milliseconds(wait));
  }
  if (status === 403 || status === 404) {
    // An API server that is just starting refuses what it will allow a moment later.
    const passing = state.everSynced && state.failures < passingRefusals;
    return failNow(state, cause, chance, passing ? undefined : rare(chance));
  }
  if (status >= 400 && status < 500) return failNow(state, cause, chance);
  return tryAgain(state, `watch ended by the server: ${cause.message}`, cause, chance);
};

const onEnded = (
  state: ReflectorState,
  lived: Extract<Outcome, { kind: 'ended' }>['lived'],
  chance: number,
): Decision => {
  // A server closes a watch that changes fill faster than the objects before them are sent. A list has no such race;
  // an old one must not take back what is known already.
  if (state.resume === null && state.list === 'watch-list') {
    const list = state.everSynced ? 'pages' : 'cached';
    return { state: { ...state, list }, say: [], wait: noWait };
  }
  if (state.resume === null || lived === 'not-at-all') {
    const why =
      state.resume === null
        ? 'the server ends the watch before everything is read'
        : 'the server ends the watch as soon as it begins';
    return tryAgain(state, why, failure('ended', `watch ${state.title}`, why), chance);
  }
  return {
    // A picture with holes is read anew when a watch ends anyway, every few minutes.
    state: { ...state, resume: state.skipped > 0 ? null : state.resume, failures: 0 },
    say: [],
    wait: lived === 'long' ? noWait : backOff(1, chance),
  };
};

/**
 * What to do after a request ended: the next state, what to tell, and how long to wait. Pure.
 * @param chance uniform in [0, 1), for the jitter.
 */
export const decide = (state: ReflectorState, outcome: Outcome, chance: number): Decision => {
  switch (outcome.kind) {
    case 'ended':
      return onEnded(state, outcome.lived, chance);
    case 'silent': {
      const quiet = `${Math.round(outcome.quiet / 1000)} s`;
      // A server that does not know WatchList sends the objects but never the end mark.
      const list = state.resume === null ? 'pages' : state.list;
      return tryAgain(
        { ...state, list },
        `nothing heard for ${quiet}: reconnecting`,
        failure('timeout', `watch ${state.title}`, `nothing heard for ${quiet}`),
        chance,
      );
    }
    case 'lost':
      return tryAgain(
        state,
        `watch connection lost: ${outcome.failure.message}`,
        outcome.failure,
        chance,
      );
    case 'undecodable':
      return (
        nextEncoding(state, `does not parse (${outcome.why})`) ??
        tryAgain(
          { ...state, resume: null },
          `answer does not parse: ${outcome.why}`,
          failure('undecodable', `watch ${state.title}`, outcome.why),
          chance,
        )
      );
    case 'refused':
      return onRefused(state, outcome, chance);
    default:
      return absurd(outcome);
  }
};

export interface Told {
  readonly state: ReflectorState;
  readonly say: readonly Saying[];
}

const skippedText = (n: number): string =>
  `${n} ${n === 1 ? 'object' : 'objects'} could not be read and may be missing or old`;

/** Everything has been read, up to `revision`. */
export const complete = (state: ReflectorState, revision: string, skipped: number): Told => ({
  state: {
    ...state,
    resume: revision,
    list: state.list === 'cached' ? 'pages' : state.list,
    failures: 0,
    troubled: skipped > 0,
    everSynced: true,
    told: '',
    skipped,
  },
  say: skipped > 0 ? [{ kind: 'synced' }, gap(skippedText(skipped))] : [{ kind: 'synced' }],
});

/** The watch goes on from where it was: what was missed has been or is being sent. */
export const goesOn = (state: ReflectorState): Told => {
  if (state.failures === 0 && !state.troubled) return { state, say: [] };
  const settled = { ...state, failures: 0, told: '' };
  if (state.skipped === 0) {
    return state.troubled
      ? { state: { ...settled, troubled: false }, say: [{ kind: 'synced' }] }
      : { state: settled, say: [] };
  }
  // The connection is well again, the hole in the picture remains.
  return state.failures === 0
    ? { state, say: [] }
    : { state: settled, say: [{ kind: 'synced' }, gap(skippedText(state.skipped))] };
};

/** An item of a running watch did not parse. */
export const skippedOne = (state: ReflectorState): Told => {
  const skipped = state.skipped + 1;
  return {
    state: { ...state, skipped, troubled: true },
    say: [gap(skippedText(skipped))],
  };
};
