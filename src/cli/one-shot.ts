import type { Pipeline } from '../actions/pipeline.ts';
import { systemClock, systemRandom } from '../adapters/clock.ts';
import { openIngest } from '../adapters/kubernetes/ingest-open.ts';
import { everywhere } from '../kernel/fact.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { noNamedSources } from '../kernel/source-target.ts';
import { revision } from '../kernel/units.ts';
import { emptyWorld, foldWorld, type World } from '../kernel/world.ts';
import { kindByResource } from '../probes/index.ts';
import { namespaceKind, namespaces } from '../probes/namespaces.ts';
import { connectionFlags } from './cluster-session.ts';
import type { Config } from './config.ts';
import type { ClusterFlags, Io } from './io.ts';
import { liveDoor } from './live-door.ts';
import { auditOf, unsealedText } from './local-audit.ts';
import { allProbes } from './probes.ts';
import type { GuardFlags } from './program.ts';
import type { Reconciled } from './reconcile.ts';
import { namedSources } from './sources.ts';

export interface OneShotOptions {
  readonly flags: ClusterFlags & GuardFlags;
  readonly config: Config;
  readonly io: Pick<Io, 'env' | 'err'>;
  /** Of midwatch. */
  readonly version: string;
}

/** The door of one command: the same guards and the same audit as those of a screen. */
export interface OneShot {
  readonly pipeline: Pipeline;
  readonly context: string;
  /** Of the context, or the one that was asked for. */
  readonly namespace: string;
  /** GET, for what a command shows besides. */
  readonly get: (path: string, signal: AbortSignal) => Promise<Result<string>>;
  /** Looks after what was started on this cluster and whose end nobody knows; writes down what is found. */
  readonly lookAfter: (signal: AbortSignal) => Promise<Result<readonly Reconciled[]>>;
  /** Ends connections, and seals what was written. */
  close(): Promise<void>;
}

/** Nothing is watched: only the namespace is read, since its labels say which policy holds. */
const worldWith = (namespace: string, context: string, text: string | null): World => {
  const at = systemClock.now();
  const origin = { kind: 'opened', cluster: context, context, by: 'midwatch' } as const;
  const labels = labelsIn(text);
  const seen =
    labels === null
      ? []
      : ([
          {
            kind: 'observed',
            probe: namespaces.id,
            scope: everywhere,
            data: { put: namespaceKind.slim({ metadata: { name: namespace, labels } }) },
          },
          { kind: 'synced', probe: namespaces.id, scope: everywhere },
        ] as const);
  const facts = [origin, ...seen].map((fact, i) => ({ rev: revision(i + 1), at, fact }));
  return foldWorld(new Map(allProbes.map((p) => [p.id, p])), emptyWorld, facts);
};

const labelsIn = (text: string | null): Record<string, string> | null => {
  if (text === null) return null;
  try {
    const read = JSON.parse(text) as { metadata?: { labels?: Record<string, string> } };
    return read.metadata?.labels ?? {};
  } catch {
    return null;
  }
};

/** A door without a screen. Nothing but the namespace is read before something is asked for. */
export const openOneShot = async (
  { flags, config, io, version }: OneShotOptions,
  signal: AbortSignal,
): Promise<Result<OneShot>> => {
  const { env } = io;
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const opened = await openIngest(
    {
      flags: connectionFlags(flags),
      env,
      clock: systemClock,
      random: systemRandom,
      version,
      kinds: kindByResource,
    },
    until,
  );
  if (!opened.ok) return opened;
  const { client, port: kubernetes } = opened.value;
  const { info } = client;
  const read = await kubernetes.get(
    `/api/v1/namespaces/${encodeURIComponent(info.namespace)}`,
    until,
  );
  const world = worldWith(info.namespace, info.context, read.ok ? read.value : null);
  const audit = auditOf(env, config, systemClock, (why) =>
    io.err(`midwatch: ${unsealedText(why)}\n`),
  );
  // Who was told something before is asked what came of it; that a source is set wrong stands in nobody's way.
  const named = namedSources({}, env, config);
  const { door, reconcile } = liveDoor(
    {
      cluster: { info, ports: { kubernetes }, store: { world: () => world } },
      flags,
      config,
      env,
      version,
      named: named.ok ? named.value : noNamedSources,
      audit,
    },
    until,
  );
  return ok({
    pipeline: door.pipeline,
    context: info.context,
    namespace: info.namespace,
    get: kubernetes.get,
    lookAfter: reconcile,
    close: async () => {
      await audit.seal();
      ended.abort();
      await client.close();
    },
  });
};
