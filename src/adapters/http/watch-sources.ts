import type { Clock } from '../../kernel/clock.ts';
import { everywhere, type Scope, type Signal } from '../../kernel/fact.ts';
import { failureText, type Result } from '../../kernel/failure.ts';
import type { SourceTarget } from '../../kernel/source-target.ts';
import { type Milliseconds, minutes, seconds, since } from '../../kernel/units.ts';

type Tell<Data> = (signals: readonly Signal<Data>[]) => void;

export interface WatchSourcesOptions<Data> {
  /** Those that are named; watched all the time. */
  readonly named: readonly SourceTarget[];
  /** Looks for others; null when nobody is to be looked for. */
  readonly find: ((signal: AbortSignal) => Promise<Result<readonly SourceTarget[]>>) | null;
  /** Watches one until the signal aborts. */
  readonly watch: (target: SourceTarget, emit: Tell<Data>, signal: AbortSignal) => Promise<void>;
  /** Says that a source is not asked any more. */
  readonly left: Data;
  readonly clock: Clock;
}

const looksEvery: Milliseconds = minutes(10);
/** While none is found, or one of those that were does not answer: its pod may have another name by now. */
const looksSoon: Milliseconds = minutes(1);
/** The search says that it is alive, or its scope would grow stale. */
const saysEvery: Milliseconds = seconds(15);

interface Watched {
  readonly text: string;
  readonly stop: AbortController;
  failing: boolean;
}

/** Hosts that lead to a service or pod of the cluster, as far as a target's way tells. */
const addressOf = ({ way }: SourceTarget): string => {
  if (way.kind !== 'direct') return `${way.namespace}/${way.name}`;
  const host = URL.canParse(way.url) ? new URL(way.url).hostname : '';
  const [name = '', namespace = ''] = host.replace(/\.svc(?:\..*)?$/, '').split('.');
  return host.includes('.svc') ? `${namespace}/${name}` : host;
};

/** That it is there to be heard: until it has said something itself, nobody may take its silence for an answer. */
const isWaitedFor = <Data>({ name }: SourceTarget): Signal<Data> => ({
  kind: 'gap',
  scope: name,
  why: 'not answered yet',
});

/**
 * Watches sources that are named, and those that are found besides, each on its own, until the signal aborts. The
 * search itself tells under the scope of everything: that it may not look, or that it has.
 * @throws what a watch throws: a bug, after all others have been ended.
 */
export const watchSources = async <Data>(
  options: WatchSourcesOptions<Data>,
  emit: Tell<Data>,
  signal: AbortSignal,
): Promise<void> => {
  const ended = new AbortController();
  const all = AbortSignal.any([signal, ended.signal]);
  const running = new Set<Promise<void>>();
  let thrown: { readonly error: unknown } | null = null;
  const run = (work: Promise<void>): void => {
    const task = work
      .catch((error: unknown) => {
        thrown ??= { error };
        ended.abort();
      })
      .finally(() => running.delete(task));
    running.add(task);
  };
  for (const target of options.named) {
    emit([isWaitedFor(target)]);
    run(options.watch(target, emit, all));
  }
  if (options.find !== null) run(keepLooking(options, options.find, run, emit, all));
  await aborted(all);
  while (running.size > 0) await Promise.all(running);
  const bug = thrown as { readonly error: unknown } | null;
  if (bug !== null && !signal.aborted) throw bug.error;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const keepLooking = async <Data>(
  options: WatchSourcesOptions<Data>,
  find: NonNullable<WatchSourcesOptions<Data>['find']>,
  run: (work: Promise<void>) => void,
  emit: Tell<Data>,
  signal: AbortSignal,
): Promise<void> => {
  const { clock, named } = options;
  const watched = new Map<Scope, Watched>();
  const taken = new Set(named.flatMap((target) => [target.name, addressOf(target)]));
  const begin = (target: SourceTarget): void => {
    const own: Watched = {
      text: JSON.stringify(target),
      stop: new AbortController(),
      failing: false,
    };
    watched.set(target.name, own);
    const tell: Tell<Data> = (signals) => {
      if (own.stop.signal.aborted) return;
      own.failing = signals.at(-1)?.kind === 'failed';
      emit(signals);
    };
    emit([isWaitedFor(target)]);
    run(options.watch(target, tell, AbortSignal.any([signal, own.stop.signal])));
  };
  const reconcile = (targets: readonly SourceTarget[]): void => {
    const found = new Map(
      targets.filter((t) => !taken.has(t.name) && !taken.has(addressOf(t))).map((t) => [t.name, t]),
    );
    for (const [scope, own] of watched) {
      const target = found.get(scope);
      if (target !== undefined && own.text === JSON.stringify(target)) continue;
      own.stop.abort();
      watched.delete(scope);
      if (target === undefined) emit([{ kind: 'observed', scope, data: options.left }]);
    }
    for (const target of found.values()) if (!watched.has(target.name)) begin(target);
  };
  let said = '';
  while (!signal.aborted) {
    const result = await find(signal);
    if (signal.aborted) return;
    const looked = clock.now();
    if (result.ok) {
      reconcile(result.value);
      emit([{ kind: 'synced', scope: everywhere }]);
      said = '';
    } else {
      const text = failureText(result.failure);
      if (text !== said) emit([{ kind: 'failed', scope: everywhere, failure: result.failure }]);
      said = text;
    }
    const due = (): Milliseconds =>
      !result.ok || watched.size === 0 || [...watched.values()].some((own) => own.failing)
        ? looksSoon
        : looksEvery;
    while (!signal.aborted && since(looked, clock.now()) < due()) {
      await clock.sleep(saysEvery, signal);
      if (result.ok && !signal.aborted) emit([{ kind: 'heard', scope: everywhere }]);
    }
  }
};
