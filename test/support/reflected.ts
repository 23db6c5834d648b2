import type { ApiClient } from '../../src/adapters/kubernetes/api-client.ts';
import { reflect } from '../../src/adapters/kubernetes/reflector.ts';
import { ReflectorIndex } from '../../src/adapters/kubernetes/reflector-index.ts';
import { kindSource } from '../../src/adapters/kubernetes/reflector-source.ts';
import type { Encoding } from '../../src/adapters/kubernetes/watch-decoder.ts';
import type { Signal } from '../../src/kernel/fact.ts';
import { keyOf, type ObjectData, type Slim } from '../../src/kernel/kind.ts';
import { namespaceKind } from '../../src/probes/namespaces.ts';
import { FakeClock, settle } from './fake-clock.ts';

export type Said = Signal<ObjectData<Slim>>;

/** What signals add up to: the objects, and a short word per signal. */
export class Reflected {
  readonly objects = new Map<string, Slim>();
  readonly words: string[] = [];
  readonly signals: Said[] = [];

  readonly emit = (signals: readonly Said[]): void => {
    for (const signal of signals) {
      this.signals.push(signal);
      this.words.push(wordOf(signal));
      if (signal.kind !== 'observed') continue;
      if ('put' in signal.data) this.objects.set(keyOf(signal.data.put), signal.data.put);
      else this.objects.delete(signal.data.del);
    }
  };

  /** Name to phase, in order of names. */
  get world(): Record<string, string> {
    const entries = [...this.objects].map(
      ([key, object]) => [key, (object as Slim & { phase: string }).phase] as const,
    );
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The words since the last call. */
  heard(): readonly string[] {
    return this.words.splice(0);
  }
}

const wordOf = (signal: Said): string => {
  switch (signal.kind) {
    case 'observed':
      return 'put' in signal.data ? `+${keyOf(signal.data.put)}` : `-${signal.data.del}`;
    case 'gap':
      return `gap: ${signal.why}`;
    case 'failed':
      return `failed ${signal.failure.kind}: ${signal.failure.message}`;
    default:
      return signal.kind;
  }
};

/** A reflector of namespaces against a client, with a clock of its own. Jitter is always in the middle. */
export const startReflecting = (
  client: Pick<ApiClient, 'request'>,
  encodings: readonly Encoding[] = ['json'],
) => {
  const clock = new FakeClock();
  const seen = new Reflected();
  const stop = new AbortController();
  const source = kindSource(namespaceKind, '', encodings);
  const done = reflect(
    { client, clock, random: () => 0.5 },
    { source, scope: '', index: new ReflectorIndex() },
    seen.emit,
    stop.signal,
  );
  return {
    clock,
    seen,
    /** Ends it; resolves when nothing of it runs any more. */
    stop: async () => {
      stop.abort();
      await done;
      await settle();
    },
  };
};
