import { z } from 'zod';
import type { LogTarget } from '../../kernel/act.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { jsonOf } from '../kubernetes/json-answer.ts';
import { type PodSight, podSchema, podSight, type ReadPod } from './pod-sight.ts';
import { watchPods } from './pod-watch.ts';

export interface RosterDeps {
  readonly client: Pick<ApiClient, 'request'>;
  readonly clock: Clock;
}

/** A page of full pods stays below what an answer may take. */
const page = 200;
/** Pods behind one selector; whoever reads the logs of more reads none of them. */
export const podsMost = 1000;
const again: Milliseconds = seconds(3);

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().default('') }),
  items: z.array(z.unknown()),
});

const accept = 'application/json';
const root = ({ namespace }: LogTarget): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;

const read = (item: unknown): readonly ReadPod[] => {
  const parsed = podSchema.safeParse(item);
  return parsed.success ? [parsed.data] : [];
};

const listed = async (
  { client }: RosterDeps,
  target: LogTarget,
  selector: string,
  signal: AbortSignal,
): Promise<Result<{ readonly pods: readonly PodSight[]; readonly version: string }>> => {
  const pods: PodSight[] = [];
  let next = '';
  for (;;) {
    const query = new URLSearchParams({ labelSelector: selector, limit: String(page) });
    if (next !== '') query.set('continue', next);
    const path = `${root(target)}?${query}`;
    const answer = await jsonOf(client, { method: 'GET', path, accept }, signal);
    if (!answer.ok) return failed({ ...answer.failure, op: 'list pods' });
    const list = listSchema.safeParse(answer.value);
    if (!list.success)
      return failed(failure('undecodable', 'list pods', 'this is no list of pods'));
    pods.push(...list.data.items.flatMap(read).map(podSight));
    const { metadata } = list.data;
    next = metadata.continue;
    if (next === '' || pods.length >= podsMost) {
      return ok({ pods: pods.slice(0, podsMost), version: metadata.resourceVersion });
    }
  }
};

/** One pod as it is now; null when there is none of this name. */
export const podNow = async (
  { client }: RosterDeps,
  target: LogTarget,
  name: string,
  signal: AbortSignal,
): Promise<Result<PodSight | null>> => {
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)) return ok(null);
  const path = `${root(target)}/${name}`;
  const answer = await jsonOf(client, { method: 'GET', path, accept }, signal);
  if (!answer.ok) {
    return answer.failure.kind === 'absent'
      ? ok(null)
      : failed({ ...answer.failure, op: 'get pod' });
  }
  const pod = read(answer.value)[0];
  return pod === undefined
    ? failed(failure('undecodable', 'get pod', 'this is no pod', { on: path }))
    : ok(podSight(pod));
};

/** The pods whose logs are asked for: once, and then as they come and go. */
export class PodRoster {
  readonly #deps: RosterDeps;
  readonly #target: LogTarget;
  #pods = new Map<string, PodSight>();
  #version = '';
  #heard: (() => void)[] = [];

  constructor(deps: RosterDeps, target: LogTarget) {
    this.#deps = deps;
    this.#target = target;
  }

  /** In the order of their names. */
  get pods(): readonly PodSight[] {
    return [...this.#pods.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Reads all of them. Names of which there is no pod are told. */
  async read(signal: AbortSignal): Promise<Result<readonly string[]>> {
    const { pods } = this.#target;
    if (pods.kind === 'selected') {
      const all = await listed(this.#deps, this.#target, pods.selector, signal);
      if (!all.ok) return all;
      this.#version = all.value.version;
      this.#pods = new Map(all.value.pods.map((p) => [p.name, p]));
      return ok([]);
    }
    const absent: string[] = [];
    let why: Failure | null = null;
    for (const name of pods.names) {
      const pod = await podNow(this.#deps, this.#target, name, signal);
      if (!pod.ok) why ??= pod.failure;
      else if (pod.value === null) absent.push(name);
      else this.#pods.set(name, pod.value);
    }
    return why !== null && this.#pods.size === 0 ? failed(why) : ok(absent);
  }

  /** The pod as it is now, asked for. */
  async now(name: string, signal: AbortSignal): Promise<Result<PodSight | null>> {
    const pod = await podNow(this.#deps, this.#target, name, signal);
    if (pod.ok) this.#put(name, pod.value);
    return pod;
  }

  #put(name: string, pod: PodSight | null): void {
    // Whoever waits for news asks again, and must not wake others by that.
    if (JSON.stringify(this.#pods.get(name) ?? null) === JSON.stringify(pod)) return;
    if (pod === null) this.#pods.delete(name);
    else this.#pods.set(name, pod);
    const heard = this.#heard;
    this.#heard = [];
    for (const wake of heard) wake();
  }

  /** Resolves when something is heard of any of the pods, after `wait`, or when the signal aborts. */
  async news(wait: Milliseconds, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const wake = () => over.abort();
    this.#heard.push(wake);
    await this.#deps.clock.sleep(wait, AbortSignal.any([signal, over.signal]));
    this.#heard = this.#heard.filter((w) => w !== wake);
  }

  /**
   * Keeps up with pods behind a selector until the signal aborts: by a watch, or, where watching is not allowed, by
   * looking every few seconds. Named pods are looked at by those who read their logs.
   */
  async follow(signal: AbortSignal): Promise<void> {
    const { pods } = this.#target;
    if (pods.kind === 'named') return;
    while (!signal.aborted) {
      const query = new URLSearchParams({
        labelSelector: pods.selector,
        watch: 'true',
        timeoutSeconds: '600',
        resourceVersion: this.#version,
      });
      await watchPods(
        this.#deps.client,
        `${root(this.#target)}?${query}`,
        (kind, item) => {
          for (const pod of read(item).map(podSight)) {
            this.#put(pod.name, kind === 'gone' ? null : pod);
          }
        },
        signal,
      );
      await this.#deps.clock.sleep(again, signal);
      if (!signal.aborted) await this.#relist(signal);
    }
  }

  async #relist(signal: AbortSignal): Promise<void> {
    const before = this.#pods;
    const read = await this.read(signal);
    if (!read.ok) return;
    const after = this.#pods;
    this.#pods = new Map(before);
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      this.#put(name, after.get(name) ?? null);
    }
  }
}
