import type { ApiAnswer, ApiClient, ApiRequest } from '../../src/adapters/kubernetes/api-client.ts';
import { ApiError } from '../../src/adapters/kubernetes/network-failure.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';

/** One run of a played container: lines as the node has them, each `stamp text` without its end. */
export interface PlayedRun {
  readonly id: string;
  readonly startedAt: string;
  lines: readonly string[];
  /** Lines at the beginning that are not in the current file any more. */
  rotated?: number;
  finishedAt?: string;
  exitCode?: number;
}

export interface PlayedPod {
  readonly name: string;
  /** Of each container the runs so far, the present one last. */
  readonly containers: Readonly<Record<string, PlayedRun[]>>;
  readonly restartPolicy?: 'Always' | 'Never';
  readonly labels?: string;
}

export interface PlayedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of requests for logs, from 1. */
  readonly n: number;
}

const second = (stamp: string): number => Math.floor(Date.parse(stamp) / 1000);
const stampOf = (line: string): string => line.split(' ', 1)[0] ?? '';

const terminated = (run: PlayedRun) => ({
  terminated: {
    containerID: run.id,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    exitCode: run.exitCode ?? 0,
  },
});

const statusOf = (name: string, runs: readonly PlayedRun[]) => {
  const now = runs.at(-1);
  const before = runs.at(-2);
  return {
    name,
    containerID: now?.id ?? '',
    restartCount: Math.max(0, runs.length - 1),
    state:
      now === undefined
        ? { waiting: { reason: 'ContainerCreating' } }
        : now.finishedAt === undefined
          ? { running: { startedAt: now.startedAt } }
          : terminated(now),
    ...(before === undefined ? {} : { lastState: terminated(before) }),
  };
};

/** An API server with kubelets behind it that has pods, their logs, and connections that break where a test says. */
export class PlayedLogs implements Pick<ApiClient, 'request'> {
  readonly pods: Map<string, PlayedPod>;
  readonly requests: PlayedRequest[] = [];
  /** Bytes after which the answer to this request for logs breaks; null: it does not. */
  breaks: (request: PlayedRequest) => number | null = () => null;
  /** Bytes of an answer that come together. */
  chunk = 64;
  /** Another answer than the usual one, by status and message; of status 200 the message is the log. */
  refuses: (request: PlayedRequest) => readonly [number, string] | null = () => null;
  /** Called when all lines were sent to somebody who follows; the answer ends when it resolves. */
  atEnd: (run: PlayedRun) => Promise<void> = async () => {};
  /** False: nobody answers. */
  up = true;
  #asked = 0;

  constructor(pods: readonly PlayedPod[]) {
    this.pods = new Map(pods.map((p) => [p.name, p]));
  }

  get logRequests(): readonly PlayedRequest[] {
    return this.requests.filter(({ path }) => path.endsWith('/log'));
  }

  async request(request: ApiRequest, signal: AbortSignal): Promise<Result<ApiAnswer>> {
    if (signal.aborted) return failed(failure('ended', 'get', 'cancelled'));
    if (!this.up) return failed(failure('unreachable', 'get', 'api:6443 refuses connections'));
    const url = new URL(request.path, 'http://api');
    const isLog = url.pathname.endsWith('/log');
    if (isLog) this.#asked += 1;
    const asked = { path: url.pathname, query: url.searchParams, n: isLog ? this.#asked : 0 };
    this.requests.push(asked);
    const refused = this.refuses(asked);
    if (refused?.[0] === 200) return this.#text(...refused);
    if (refused !== null) return this.#status(...refused);
    const [, , , , namespace, , name = '', log] = url.pathname.split('/');
    if (namespace !== 'shop') return this.#status(404, 'namespace not found');
    if (name === '') return this.#list(asked, signal);
    const pod = this.pods.get(name);
    if (pod === undefined) return this.#status(404, `pods "${name}" not found`);
    return log === 'log' ? this.#log(pod, asked, signal) : this.#json(this.#object(pod));
  }

  #object({ name, containers, restartPolicy = 'Always' }: PlayedPod): unknown {
    const named = Object.entries(containers);
    return {
      metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1' },
      spec: { restartPolicy, containers: named.map(([container]) => ({ name: container })) },
      status: {
        phase: 'Running',
        containerStatuses: named.map(([container, runs]) => statusOf(container, runs)),
      },
    };
  }

  #list({ query }: PlayedRequest, signal: AbortSignal): Result<ApiAnswer> {
    if (query.get('watch') === 'true') return this.#answer(200, this.#silence(signal));
    const items = [...this.pods.values()].map((pod) => this.#object(pod));
    return this.#json({ metadata: { resourceVersion: '1' }, items });
  }

  async *#silence(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #log(pod: PlayedPod, asked: PlayedRequest, signal: AbortSignal): Result<ApiAnswer> {
    const runs = pod.containers[asked.query.get('container') ?? ''] ?? [];
    const run = asked.query.get('previous') === 'true' ? runs.at(-2) : runs.at(-1);
    if (run === undefined) return this.#status(400, 'previous terminated container not found');
    return this.#answer(200, this.#lines(run, asked, signal));
  }

  async *#lines(
    run: PlayedRun,
    asked: PlayedRequest,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { query } = asked;
    const from = second(query.get('sinceTime') ?? '');
    const tail = query.get('tailLines');
    let lines = run.lines.slice(run.rotated ?? 0);
    if (!Number.isNaN(from)) lines = lines.filter((line) => second(stampOf(line)) >= from);
    if (tail !== null) lines = lines.slice(-Number(tail));
    const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const bytes = whole.subarray(0, Number(query.get('limitBytes')));
    const end = Math.min(this.breaks(asked) ?? Number.POSITIVE_INFINITY, bytes.length);
    for (let at = 0; at < end; at += this.chunk) {
      if (signal.aborted) return;
      yield bytes.subarray(at, Math.min(end, at + this.chunk));
    }
    if (this.breaks(asked) !== null) {
      throw new ApiError(failure('unreachable', 'get', 'api:6443 closed the connection'));
    }
    if (query.get('follow') === 'true') await this.atEnd(run);
  }

  #json(body: unknown): Result<ApiAnswer> {
    return this.#text(200, JSON.stringify(body));
  }

  #status(code: number, message: string): Result<ApiAnswer> {
    return this.#text(code, JSON.stringify({ kind: 'Status', code, message }));
  }

  #text(status: number, body: string): Result<ApiAnswer> {
    return this.#answer(status, [Buffer.from(body)]);
  }

  #answer(
    status: number,
    body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Result<ApiAnswer> {
    const all = async function* (): AsyncGenerator<Uint8Array> {
      yield* body;
    };
    const text = async (): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    return ok({ status, headers: {}, body: all(), text });
  }
}
