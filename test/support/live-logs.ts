import { systemClock } from '../../src/adapters/clock.ts';
import { openCluster } from '../../src/adapters/kubernetes/open-cluster.ts';
import { readLogs } from '../../src/adapters/logs/read-logs.ts';
import type { LogBounds, LogTarget } from '../../src/kernel/act.ts';
import type { LogItem, LogNote } from '../../src/kernel/effect-ports.ts';
import type { Result } from '../../src/kernel/failure.ts';
import { type Bytes, mib, minutes } from '../../src/kernel/units.ts';

export type Line = Extract<LogItem, { kind: 'line' }>;

/** A question for logs of a real cluster, and what has come of it so far. */
export class LiveLogs {
  readonly items: LogItem[] = [];
  readonly #stop = new AbortController();
  #result: Promise<Result<Bytes>> | null = null;

  static readonly bounds: LogBounds = {
    since: { kind: 'age', age: minutes(30) },
    tail: null,
    limitBytes: mib(32),
    previous: false,
    lease: null,
    streams: 20,
  };

  async start(
    kubeconfig: string,
    target: LogTarget,
    bounds: Partial<LogBounds> = {},
  ): Promise<this> {
    const flags = { kubeconfig };
    const options = { flags, env: {}, clock: systemClock, version: 'test' };
    const opened = await openCluster(options, this.#stop.signal);
    if (!opened.ok) throw new Error(opened.failure.message);
    const read = readLogs({ client: opened.value.client, clock: systemClock });
    this.#result = read(
      { kind: 'logs', target, bounds: { ...LiveLogs.bounds, ...bounds } },
      (items) => this.items.push(...items),
      this.#stop.signal,
    );
    return this;
  }

  get lines(): readonly Line[] {
    return this.items.filter((i) => i.kind === 'line');
  }

  texts(source = ''): readonly string[] {
    return this.lines.filter((l) => l.source.includes(source)).map((l) => l.text);
  }

  notes(note: LogNote): readonly string[] {
    return this.items.flatMap((i) => (i.kind === 'note' && i.note === note ? [i.text] : []));
  }

  /** Of lines that end with a number. */
  numbers(source = ''): readonly number[] {
    return this.texts(source).map((t) => Number(t.split(' ').at(-1)));
  }

  /** When all is told that was asked for. */
  async done(): Promise<Result<Bytes>> {
    if (this.#result === null) throw new Error('nothing was asked');
    return await this.#result;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#result;
  }
}
