import { systemClock, systemRandom } from '../../src/adapters/clock.ts';
import { type OpenIngestOptions, openIngest } from '../../src/adapters/kubernetes/ingest-open.ts';
import type { ConnectionFlags } from '../../src/adapters/kubernetes/kubeconfig.ts';
import type { UndiciClient } from '../../src/adapters/kubernetes/undici-client.ts';
import type { Signal } from '../../src/kernel/fact.ts';
import { keyOf, type Slim } from '../../src/kernel/kind.ts';
import type { KubernetesPort } from '../../src/kernel/ports.ts';
import { kindByResource } from '../../src/probes/index.ts';
import { waitFor } from '../cluster/wait.ts';

/** What the signals of one watch add up to, told in real time. */
export class Seen<S extends Slim = Slim> {
  readonly objects = new Map<string, S>();
  readonly words: string[] = [];
  readonly synced = new Set<string>();

  readonly emit = (signals: readonly Signal<unknown>[]): void => {
    for (const signal of signals) this.#take(signal);
  };

  #take(signal: Signal<unknown>): void {
    const scope = signal.scope === '' ? '' : ` ${signal.scope}`;
    if (signal.kind === 'observed') {
      const data = signal.data as { put: S } | { del: string } | object;
      if ('put' in data) this.objects.set(keyOf(data.put), data.put);
      else if ('del' in data) this.objects.delete(data.del);
      return;
    }
    if (signal.kind === 'synced') this.synced.add(signal.scope);
    else if (signal.kind !== 'heard') this.synced.delete(signal.scope);
    const why =
      signal.kind === 'gap'
        ? `: ${signal.why}`
        : signal.kind === 'failed'
          ? `: ${signal.failure.kind}`
          : '';
    this.words.push(`${signal.kind}${scope}${why}`);
  }

  /** Keys, in order. */
  get keys(): readonly string[] {
    return [...this.objects.keys()].sort();
  }

  /** Waits in real time, with a deadline. */
  async until(what: string, check: (seen: this) => boolean, timeoutMs = 30_000): Promise<void> {
    await waitFor(
      { until: `${what}; heard ${this.words.slice(-8).join(' | ')}`, timeoutMs, everyMs: 50 },
      async () => check(this),
    );
  }
}

export interface Live {
  readonly port: KubernetesPort;
  readonly client: UndiciClient;
  readonly signal: AbortSignal;
  watch<S extends Slim>(resource: string): Seen<S>;
  stop(): Promise<void>;
}

/** A port in this thread, on a real kubeconfig. */
export const openLive = async (
  flags: ConnectionFlags,
  options: Partial<OpenIngestOptions> = {},
): Promise<Live> => {
  const stop = new AbortController();
  const opened = await openIngest(
    {
      flags,
      env: {},
      clock: systemClock,
      random: systemRandom,
      version: 'test',
      kinds: kindByResource,
      ...options,
    },
    stop.signal,
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  const { port, client } = opened.value;
  const running: Promise<void>[] = [];
  return {
    port,
    client,
    signal: stop.signal,
    watch: <S extends Slim>(resource: string) => {
      const seen = new Seen<S>();
      running.push(port.watch(resource, seen.emit, stop.signal));
      return seen;
    },
    stop: async () => {
      stop.abort();
      await Promise.all(running);
      await client.close();
    },
  };
};
