import { absurd } from '../../kernel/absurd.ts';
import type { Scope } from '../../kernel/fact.ts';
import type { Failure } from '../../kernel/failure.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import type { ReflectorIndex } from './reflector-index.ts';
import { cachedList, readPages } from './reflector-pages.ts';
import {
  complete,
  decide,
  goesOn,
  type Outcome,
  passingRefusals,
  type ReflectorState,
  reflectorState,
  skippedOne,
  type Told,
} from './reflector-plan.ts';
import { refusedBy } from './reflector-refusal.ts';
import { type Effects, rest } from './reflector-rest.ts';
import { readStream, type StreamRequest } from './reflector-stream.ts';
import { type ReflectorEmit, ReflectorVoice } from './reflector-voice.ts';
import type { WatchItem, WatchSource } from './watch-decoder.ts';

/** Bookmarks come about once a minute: one missed and half of the next. */
export const watchQuiet = seconds(90);
/** While initial objects are being sent nobody pauses this long. */
const listQuiet = seconds(30);
/** A resumed watch that was not refused by now goes on. */
const settling = seconds(1);

export interface ReflectorOptions<S, N> {
  readonly source: WatchSource<S, N>;
  readonly scope: Scope;
  readonly index: ReflectorIndex;
  /** Leave when the scope is forbidden, for good as far as one can tell; else it is retried rarely. */
  readonly leaveWhenForbidden?: boolean;
}

/** A reflector left its scope because it is forbidden. */
export interface Left {
  readonly why: Failure;
  /** False when it never was allowed. */
  readonly everSynced: boolean;
}

/**
 * Keeps one resource in one scope: reads everything, then follows the watch, for as long as the signal lives.
 * All troubles become signals; what is told is only what differs from what was told before.
 * @returns why it left, or null when the signal aborted.
 */
export const reflect = async <S, N>(
  effects: Effects,
  options: ReflectorOptions<S, N>,
  emit: ReflectorEmit<S, N>,
  signal: AbortSignal,
): Promise<Left | null> => {
  const reflector = new Reflector(effects, options, emit);
  while (!signal.aborted) {
    const outcome = await reflector.next(signal);
    if (outcome === 'stopped') return null;
    if (options.leaveWhenForbidden === true && reflector.forbidden(outcome)) {
      return { why: outcome.failure, everSynced: reflector.everSynced };
    }
    const wait = reflector.digest(outcome);
    await rest(effects, wait, outcome, signal);
  }
  return null;
};

class Reflector<S, N> {
  readonly #effects: Effects;
  readonly #source: WatchSource<S, N>;
  readonly #scope: Scope;
  readonly #index: ReflectorIndex;
  readonly #voice: ReflectorVoice<S, N>;
  #state: ReflectorState;
  /** Items of the list under way that did not parse. */
  #skipping = 0;

  constructor(
    effects: Effects,
    { source, scope, index }: ReflectorOptions<S, N>,
    emit: ReflectorEmit<S, N>,
  ) {
    this.#effects = effects;
    this.#source = source;
    this.#scope = scope;
    this.#index = index;
    this.#voice = new ReflectorVoice(effects.clock, scope, emit);
    this.#state = reflectorState(source.title, source.encodings);
  }

  get everSynced(): boolean {
    return this.#state.everSynced;
  }

  /** The scope is closed to us, and not only for a moment. */
  forbidden(outcome: Outcome): outcome is Extract<Outcome, { kind: 'refused' }> {
    const { everSynced, failures } = this.#state;
    return (
      outcome.kind === 'refused' &&
      outcome.status === 403 &&
      (!everSynced || failures >= passingRefusals)
    );
  }

  /** One request, or one paged list, to its end. */
  next(signal: AbortSignal): Promise<Outcome | 'stopped'> {
    if (this.#state.resume !== null) return this.#watch(this.#state.resume, signal);
    return this.#state.list === 'watch-list' ? this.#watchList(signal) : this.#pages(signal);
  }

  /** Says what there is to say about an end, and tells how long to wait. */
  digest(outcome: Outcome): Milliseconds {
    const { state, say, wait } = decide(this.#state, outcome, this.#effects.random());
    this.#told({ state, say });
    this.#voice.flush();
    return wait;
  }

  async #watchList(signal: AbortSignal): Promise<Outcome | 'stopped'> {
    this.#beginList();
    let listing = true;
    const request = this.#watchRequest(
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
      () => (listing ? listQuiet : watchQuiet),
    );
    const outcome = await this.#read(request, 'watch', signal, (item) => {
      if (!listing) return this.#follow(item, request);
      if (item.kind !== 'bookmark' || !item.initialEnd) return this.#list(item, request);
      listing = false;
      this.#endList(item.revision);
      return null;
    });
    if (listing) this.#index.abandonList(this.#scope);
    return outcome;
  }

  async #pages(signal: AbortSignal): Promise<Outcome | 'stopped'> {
    this.#beginList();
    const first = this.#state.list === 'cached' ? cachedList : undefined;
    const listed = await readPages<S, N>((query, seen) => {
      const request: StreamRequest = {
        op: `list ${this.#source.title}`,
        path: this.#path(query),
        accept: this.#source.accept(this.#state.encoding, 'list'),
        streaming: false,
        quiet: () => listQuiet,
      };
      return this.#read(request, 'list', signal, (item) => {
        seen(item);
        return this.#list(item, request);
      });
    }, first);
    if (listed.kind === 'listed' && listed.revision !== '') {
      this.#endList(listed.revision);
      this.#voice.flush();
      return this.#watch(listed.revision, signal);
    }
    this.#index.abandonList(this.#scope);
    return listed.kind === 'listed'
      ? { kind: 'undecodable', why: 'a list without a resource version' }
      : listed.outcome;
  }

  async #watch(resume: string, signal: AbortSignal): Promise<Outcome | 'stopped'> {
    const request = this.#watchRequest(
      `resourceVersion=${encodeURIComponent(resume)}`,
      () => watchQuiet,
    );
    const settled = new AbortController();
    const outcome = await this.#read(
      request,
      'watch',
      signal,
      (item) => this.#follow(item, request),
      () => void this.#settle(settled.signal),
    );
    settled.abort();
    return outcome;
  }

  async #settle(signal: AbortSignal): Promise<void> {
    if (!this.#state.troubled) return;
    await this.#effects.clock.sleep(settling, signal);
    if (signal.aborted) return;
    this.#told(goesOn(this.#state));
    this.#voice.flush();
  }

  async #read(
    request: StreamRequest,
    of: 'watch' | 'list',
    signal: AbortSignal,
    take: (item: WatchItem<S, N>) => Outcome | null,
    opened: () => void = () => {},
  ): Promise<Outcome | 'stopped'> {
    const { encoding } = this.#state;
    const decoder =
      of === 'watch' ? this.#source.watchDecoder(encoding) : this.#source.listDecoder(encoding);
    const items = (all: readonly WatchItem<S, N>[]): Outcome | null => {
      try {
        for (const item of all) {
          const outcome = take(item);
          if (outcome !== null) return outcome;
        }
        return null;
      } finally {
        this.#voice.flush();
      }
    };
    const { client, clock } = this.#effects;
    return readStream(client, clock, request, decoder, { opened, items }, signal);
  }

  /** An item before the list is complete: nothing to continue from yet. */
  #list(item: WatchItem<S, N>, request: StreamRequest): Outcome | null {
    if (item.kind === 'bad') this.#skipping += 1;
    return item.kind === 'bookmark' || item.kind === 'bad' ? null : this.#take(item, request);
  }

  /** An item of a running watch. */
  #follow(item: WatchItem<S, N>, request: StreamRequest): Outcome | null {
    if (item.kind === 'bad') {
      this.#told(skippedOne(this.#state));
      return null;
    }
    const outcome = this.#take(item, request);
    if (outcome !== null) return outcome;
    if ('revision' in item && item.revision !== '') {
      this.#state = { ...this.#state, resume: item.revision };
    }
    this.#told(goesOn(this.#state));
    this.#voice.heard();
    return null;
  }

  #take(item: WatchItem<S, N>, request: StreamRequest): Outcome | null {
    switch (item.kind) {
      case 'put':
        if (this.#index.put(this.#scope, item.key, this.#source.news(item.object)))
          this.#voice.data({ put: item.object });
        return null;
      case 'del':
        if (this.#index.del(this.#scope, item.key)) this.#voice.data({ del: item.key });
        return null;
      case 'note':
        this.#voice.note(item.note);
        return null;
      case 'error':
        return refusedBy(request, item.status);
      case 'broken':
        return { kind: 'undecodable', why: item.why };
      case 'bookmark':
      case 'page':
      case 'bad':
        return null;
      default:
        return absurd(item);
    }
  }

  #beginList(): void {
    this.#skipping = 0;
    this.#index.beginList(this.#scope);
  }

  #endList(revision: string): void {
    for (const key of this.#index.endList(this.#scope)) this.#voice.data({ del: key });
    this.#told(complete(this.#state, revision, this.#skipping));
  }

  #told({ state, say }: Told): void {
    this.#state = state;
    this.#voice.say(say);
  }

  #watchRequest(query: string, quiet: () => Milliseconds): StreamRequest {
    // Jitter: watches that began together must not all end together.
    const timeout = 240 + Math.floor(this.#effects.random() * 60);
    return {
      op: `watch ${this.#source.title}`,
      path: this.#path(`watch=true&allowWatchBookmarks=true&timeoutSeconds=${timeout}&${query}`),
      accept: this.#source.accept(this.#state.encoding, 'watch'),
      streaming: true,
      quiet,
    };
  }

  #path(query: string): string {
    const { path, query: selection } = this.#source;
    return `${path}?${selection === '' ? '' : `${selection}&`}${query}`;
  }
}
