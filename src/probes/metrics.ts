import { z } from 'zod';
import { everywhere, probeId } from '../kernel/fact.ts';
import { type Failure, failed, failure, ok, type Result } from '../kernel/failure.ts';
import { keyOf } from '../kernel/kind.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import type { Probe } from '../kernel/probe.ts';
import { type Bytes, bytes, type MilliCpu, milliCpu, minutes, seconds } from '../kernel/units.ts';
import { bytesOf, cpuOf } from './quantity.ts';

export interface Usage {
  readonly cpu: MilliCpu;
  readonly memory: Bytes;
}

/** Key, thousandths of a core, bytes. */
type Reading = readonly [key: string, cpu: number, memory: number];

interface Readings {
  readonly put: readonly Reading[];
  readonly del: readonly string[];
}

/** One poll: what has changed since the one before, or all of it after a beginning. */
export type MetricsData =
  | { readonly served: false }
  | {
      readonly served: true;
      /** True: forget what was known. */
      readonly whole: boolean;
      readonly nodes: Readings;
      readonly pods: Readings;
    };

/** Usage by node name and by pod `namespace/name`; `served` is false where nobody serves metrics.k8s.io. */
export interface MetricsState {
  readonly served: boolean;
  readonly nodes: ReadonlyMap<string, Usage>;
  readonly pods: ReadonlyMap<string, Usage>;
}

/** metrics-server itself measures every 15 s. */
const every = seconds(30);
const base = '/apis/metrics.k8s.io/v1beta1';
const mib = 1024 * 1024;

const text = z.string().max(600);
const amount = z.number().nonnegative();
const readings = z.object({
  put: z.array(z.tuple([text, amount, amount])).max(200_000),
  del: z.array(text).max(200_000),
});
const schema: z.ZodType<MetricsData> = z.discriminatedUnion('served', [
  z.object({ served: z.literal(false) }),
  z.object({ served: z.literal(true), whole: z.boolean(), nodes: readings, pods: readings }),
]);

const usage = z.object({ cpu: z.string().optional(), memory: z.string().optional() });
const list = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
      usage: usage.optional(),
      containers: z.array(z.object({ usage })).optional(),
    }),
  ),
});

/**
 * Three digits, as many as are shown: usage never stands still, and without this every poll would be news
 * about every pod.
 */
const coarse = (value: number, least: number): number => {
  const step = Math.max(least, 10 ** (Math.floor(Math.log10(Math.max(1, value))) - 2));
  return Math.round(Math.round(value / step) * step);
};

/** The readings in an answer, by key; null when it is not a list of metrics. */
export const readMetrics = (body: string): ReadonlyMap<string, Usage> | null => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = list.safeParse(json);
  if (!parsed.success) return null;
  const all = new Map<string, Usage>();
  for (const { metadata, usage: own, containers } of parsed.data.items) {
    let cpu = 0;
    let memory = 0;
    for (const used of own === undefined ? (containers ?? []).map((c) => c.usage) : [own]) {
      cpu += cpuOf(used.cpu);
      memory += bytesOf(used.memory);
    }
    all.set(keyOf({ namespace: metadata.namespace ?? '', name: metadata.name }), {
      cpu: milliCpu(coarse(cpu, 1)),
      memory: bytes(coarse(memory, mib)),
    });
  }
  return all;
};

const difference = (
  was: ReadonlyMap<string, Usage>,
  now: ReadonlyMap<string, Usage>,
): Readings => ({
  put: [...now].flatMap(([key, { cpu, memory }]) => {
    const before = was.get(key);
    return before?.cpu === cpu && before.memory === memory ? [] : [[key, cpu, memory] as const];
  }),
  del: [...was.keys()].filter((key) => !now.has(key)),
});

const apply = (was: ReadonlyMap<string, Usage>, { put, del }: Readings) => {
  const next = new Map(was);
  for (const key of del) next.delete(key);
  for (const [key, cpu, memory] of put) {
    next.set(key, { cpu: milliCpu(cpu), memory: bytes(memory) });
  }
  return next;
};

const empty: MetricsState = { served: false, nodes: new Map(), pods: new Map() };

const step = (was: MetricsState, data: MetricsData): MetricsState => {
  if (!data.served) return empty;
  const from = data.whole ? empty : was;
  return {
    served: true,
    nodes: apply(from.nodes, data.nodes),
    pods: apply(from.pods, data.pods),
  };
};

/** 404: nobody has registered the API. 503: somebody has, and does not answer. */
const isAbsent = ({ status }: Failure): boolean => status === 404 || status === 503;

const poll = async (
  kubernetes: KubernetesPort,
  signal: AbortSignal,
): Promise<Result<Pick<MetricsState, 'nodes' | 'pods'> | null>> => {
  const [nodes, pods] = await Promise.all([
    kubernetes.get(`${base}/nodes`, signal),
    kubernetes.get(`${base}/pods`, signal),
  ]);
  const broken = [nodes, pods].find((part) => !part.ok);
  if (broken !== undefined && !broken.ok) {
    if (isAbsent(broken.failure)) return ok(null);
    const hint = 'allow list on nodes and pods in metrics.k8s.io';
    return failed({
      ...broken.failure,
      op: 'poll metrics',
      ...(broken.failure.kind === 'forbidden' ? { hint } : {}),
    });
  }
  const read = {
    nodes: nodes.ok ? readMetrics(nodes.value) : null,
    pods: pods.ok ? readMetrics(pods.value) : null,
  };
  return read.nodes === null || read.pods === null
    ? failed(failure('undecodable', 'poll metrics', 'the metrics cannot be read', { on: base }))
    : ok({ nodes: read.nodes, pods: read.pods });
};

const same = ({ put, del }: Readings): boolean => put.length === 0 && del.length === 0;

/** What nodes and pods use, where metrics-server or another serves it. Never a line in the timeline. */
export const metrics: Probe<MetricsData, MetricsState> = {
  id: probeId('metrics'),
  title: 'usage',
  patience: minutes(2),
  schema,
  empty,
  fold: (state, batch) => ({
    state: batch.reduce((was, { data }) => step(was, data), state),
    changes: [],
  }),
  save: ({ served, nodes, pods }) => ({ served, nodes: [...nodes], pods: [...pods] }),
  load: (from) => {
    const { served, nodes, pods } = from as {
      served: boolean;
      nodes: [string, Usage][];
      pods: [string, Usage][];
    };
    return { served, nodes: new Map(nodes), pods: new Map(pods) };
  },
  observe: async ({ clock, kubernetes }, emit, signal) => {
    // Undefined until the first poll, null where nothing is served.
    let was: Pick<MetricsState, 'nodes' | 'pods'> | null | undefined;
    while (!signal.aborted) {
      const polled = await poll(kubernetes, signal);
      if (signal.aborted) return;
      if (!polled.ok) {
        emit([{ kind: 'failed', scope: everywhere, failure: polled.failure }]);
      } else {
        const now = polled.value;
        const data = newsOf(was, now);
        if (data !== null) emit([{ kind: 'observed', scope: everywhere, data }]);
        emit([{ kind: 'synced', scope: everywhere }]);
        was = now;
      }
      await clock.sleep(every, signal);
    }
  },
};

type Polled = Pick<MetricsState, 'nodes' | 'pods'> | null;

const newsOf = (was: Polled | undefined, now: Polled): MetricsData | null => {
  if (now === null) return was === null ? null : { served: false };
  const from = was ?? { nodes: new Map<string, Usage>(), pods: new Map<string, Usage>() };
  const nodes = difference(from.nodes, now.nodes);
  const pods = difference(from.pods, now.pods);
  const whole = was === null || was === undefined;
  return !whole && same(nodes) && same(pods) ? null : { served: true, whole, nodes, pods };
};
