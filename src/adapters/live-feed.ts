import type { Random } from '../kernel/clock.ts';
import { everywhere, type Fact, type Scope, type Signal } from '../kernel/fact.ts';
import { type Failure, failure } from '../kernel/failure.ts';
import type { Feed } from '../kernel/feed.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Ports } from '../kernel/ports.ts';
import type { AnyProbe } from '../kernel/probe.ts';
import { type Milliseconds, milliseconds, minutes, seconds, since } from '../kernel/units.ts';
import type { Origin } from '../kernel/world.ts';

export interface LiveFeedOptions {
  readonly probes: readonly AnyProbe[];
  readonly ports: Ports;
  readonly journal: Journal;
  readonly origin: Origin;
  readonly random: Random;
}

/** A probe that ran this long before it stopped starts again without the patience learnt from earlier failures. */
const healthy = minutes(1);
const longestWait = seconds(30);

/**
 * Runs every probe against the ports and appends what they say. The first fact is `opened`.
 * A probe that throws, or returns before its time, is a `failed` signal for all it had watched and starts again
 * after a growing, jittered wait; the others do not notice.
 */
export const liveFeed = (options: LiveFeedOptions): Feed => ({
  now: () => options.ports.clock.now(),
  start: async (signal) => {
    options.journal.append([{ kind: 'opened', ...options.origin }]);
    await Promise.all(options.probes.map((probe) => keepObserving(probe, options, signal)));
  },
});

const keepObserving = async (
  probe: AnyProbe,
  { ports, journal, random }: LiveFeedOptions,
  signal: AbortSignal,
): Promise<void> => {
  const scopes = new Set<Scope>();
  let failures = 0;
  while (!signal.aborted) {
    const began = ports.clock.now();
    const ended = await observeOnce(probe, ports, journal, scopes, signal);
    if (signal.aborted) return;
    failures = since(began, ports.clock.now()) >= healthy ? 1 : failures + 1;
    const scopesNow = scopes.size === 0 ? [everywhere] : [...scopes];
    journal.append(
      scopesNow.map((scope): Fact => ({ kind: 'failed', probe: probe.id, scope, failure: ended })),
    );
    await ports.clock.sleep(backOff(failures, random), signal);
  }
};

/** One run of a probe. Whatever it left running is ended with it, and no longer heard. */
const observeOnce = async (
  probe: AnyProbe,
  ports: Ports,
  journal: Journal,
  scopes: Set<Scope>,
  signal: AbortSignal,
): Promise<Failure> => {
  const run = new AbortController();
  const emit = (signals: readonly Signal[]) => {
    if (run.signal.aborted || signal.aborted) return;
    for (const { scope } of signals) scopes.add(scope);
    journal.append(signals.map((said): Fact => ({ ...said, probe: probe.id })));
  };
  try {
    await probe.observe(ports, emit, AbortSignal.any([signal, run.signal]));
    return failure('ended', `observe ${probe.id}`, `${probe.title}: the observation ended early`);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return failure('broken', `observe ${probe.id}`, `${probe.title}: ${message}`);
  } finally {
    run.abort();
  }
};

/** Between half and all of 1, 2, 4 … 30 s: quick after one failure, without a herd after many. */
const backOff = (failures: number, random: Random): Milliseconds => {
  const most = Math.min(longestWait, 1000 * 2 ** Math.min(failures - 1, 10));
  return milliseconds(most / 2 + (random() * most) / 2);
};
