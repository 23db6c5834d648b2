import { everywhere, type Scope, type Signal } from '../../kernel/fact.ts';
import { failure } from '../../kernel/failure.ts';
import { milliseconds } from '../../kernel/units.ts';
import type { ClusterInfo } from './api-client.ts';
import { reflect } from './reflector.ts';
import { ReflectorIndex } from './reflector-index.ts';
import { listNamespaces, mayList } from './reflector-namespaces.ts';
import { backOff, rareWait } from './reflector-plan.ts';
import type { Effects } from './reflector-rest.ts';
import { heardEvery, type ReflectorEmit } from './reflector-voice.ts';
import type { WatchSource } from './watch-decoder.ts';

/** First requests of one kind at a time, where it is watched in each namespace. */
const atOnce = 8;
/** Namespaces of one kind that are watched each on its own. Every one is a stream held open. */
export const namespaceLimit = 100;

export interface KindOptions<S, N> {
  readonly title: string;
  readonly namespaced: boolean;
  readonly info: Pick<ClusterInfo, 'namespace' | 'namespaceOnly'>;
  /** '' for all namespaces. */
  source(namespace: string): WatchSource<S, N>;
}

/**
 * Keeps one resource: everywhere at once where that is allowed, else in each namespace on its own, and then
 * every namespace has a scope, and a freshness, of its own.
 */
export const reflectKind = async <S, N>(
  effects: Effects,
  options: KindOptions<S, N>,
  emit: ReflectorEmit<S, N>,
  signal: AbortSignal,
): Promise<void> => {
  const { info, namespaced } = options;
  const index = new ReflectorIndex();
  if (namespaced && info.namespaceOnly) {
    const source = options.source(info.namespace);
    await reflect(effects, { source, scope: info.namespace, index }, emit, signal);
    return;
  }
  const scopes = new Scopes(effects, options, index, emit);
  while (!signal.aborted) {
    const source = options.source('');
    const left = await reflect(
      effects,
      { source, scope: everywhere, index, leaveWhenForbidden: namespaced },
      scopes.emit,
      signal,
    );
    if (left === null) return;
    // Only what was once told needs to be taken back.
    if (left.everSynced) {
      emit([{ kind: 'failed', scope: everywhere, failure: left.why }]);
    }
    await scopes.each(signal);
  }
};

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<unknown>;
}

class Scopes<S, N> {
  readonly #effects: Effects;
  readonly #options: KindOptions<S, N>;
  readonly #index: ReflectorIndex;
  readonly #emit: ReflectorEmit<S, N>;
  readonly #running = new Map<Scope, Running>();
  /** Scopes that were told and are no longer watched on their own: others vouch for them. */
  readonly #retired = new Set<Scope>();
  readonly #permits = new Permits(atOnce);
  #vouched = 0;

  constructor(
    effects: Effects,
    options: KindOptions<S, N>,
    index: ReflectorIndex,
    emit: ReflectorEmit<S, N>,
  ) {
    this.#effects = effects;
    this.#options = options;
    this.#index = index;
    this.#emit = emit;
  }

  /** Tells, and lets the retired scopes be heard of: they are part of what is watched now. */
  readonly emit: ReflectorEmit<S, N> = (signals) => {
    this.#emit(signals);
    if (this.#retired.size === 0) return;
    const complete = signals.some((s) => s.kind === 'synced' && s.scope === everywhere);
    const alive = signals.some((s) => s.kind === 'heard' || s.kind === 'observed');
    const now = this.#effects.clock.now();
    if (!complete && !(alive && now - this.#vouched >= heardEvery)) return;
    this.#vouched = now;
    const kind = complete ? 'synced' : 'heard';
    this.#emit([...this.#retired].map((scope): Signal<never> => ({ kind, scope })));
  };

  /** Watches each namespace that there is, until all of them may be watched at once. */
  async each(signal: AbortSignal): Promise<void> {
    const { clock, client, random } = this.#effects;
    const wide = this.#options.source('').path;
    let failures = 0;
    try {
      while (!signal.aborted) {
        const seen = await listNamespaces(client, signal);
        if (signal.aborted) return;
        if (seen.kind === 'failed') {
          failures += 1;
          // Signals of running namespaces tell of the outage; only when there are none somebody has to.
          if (this.#running.size === 0 && failures > 1) {
            this.#emit([{ kind: 'failed', scope: everywhere, failure: seen.failure }]);
          }
          await clock.sleep(backOff(failures, random()), signal);
          continue;
        }
        failures = 0;
        this.#match(seen.kind === 'listed' ? seen.names : [this.#options.info.namespace], signal);
        await clock.sleep(milliseconds(rareWait * (1 + random())), signal);
        if (!signal.aborted && (await mayList(client, wide, signal))) return;
      }
    } finally {
      const all = [...this.#running];
      this.#running.clear();
      for (const [, { stop }] of all) stop.abort();
      await Promise.all(all.map(([, { done }]) => done));
      for (const [scope] of all) this.#retired.add(scope);
    }
  }

  /** Starts what is new and ends what is gone. The context's own namespace comes first. */
  #match(names: readonly string[], signal: AbortSignal): void {
    const own = this.#options.info.namespace;
    const wanted = [...names].sort((a, b) => Number(b === own) - Number(a === own));
    const watched = new Set(wanted.slice(0, namespaceLimit));
    for (const [scope, { stop }] of this.#running) {
      if (watched.has(scope)) continue;
      stop.abort();
      this.#running.delete(scope);
      this.#retired.add(scope);
      const gone = this.#index.drop(scope).map((del): Signal<{ del: string }> => {
        return { kind: 'observed', scope, data: { del } };
      });
      this.#emit([...gone, { kind: 'synced', scope }]);
    }
    for (const scope of watched) if (!this.#running.has(scope)) this.#start(scope, signal);
    if (wanted.length > namespaceLimit) {
      const words = `${wanted.length} namespaces to read one by one; only ${namespaceLimit} are`;
      this.#emit([
        {
          kind: 'failed',
          scope: everywhere,
          failure: failure('forbidden', `watch ${this.#options.title}`, words, {
            hint: 'name one with --namespace',
          }),
        },
      ]);
    }
  }

  #start(scope: Scope, signal: AbortSignal): void {
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    const run = async () => {
      const release = await this.#permits.take();
      const emit: ReflectorEmit<S, N> = (signals) => {
        release();
        if (!stop.signal.aborted) this.emit(signals);
      };
      try {
        const source = this.#options.source(scope);
        await reflect(this.#effects, { source, scope, index: this.#index }, emit, stop.signal);
      } finally {
        release();
        signal.removeEventListener('abort', onAbort);
      }
    };
    this.#retired.delete(scope);
    this.#running.set(scope, { stop, done: run() });
  }
}

/** Lets so many go ahead at once; the others wait their turn. */
class Permits {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns gives the permit back; more than once does no harm. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
