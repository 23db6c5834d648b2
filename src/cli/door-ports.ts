import { attach } from '../adapters/attach/attach.ts';
import { forbiddenAttach } from '../adapters/effects/kubernetes-guard.ts';
import type { OpenedEffects } from '../adapters/effects/open-effects.ts';
import { credentialFor, openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { readLogs } from '../adapters/logs/read-logs.ts';
import type { EffectPorts, LogItem } from '../kernel/effect-ports.ts';
import { ok, type Result } from '../kernel/failure.ts';
import type { Bytes } from '../kernel/units.ts';
import type { EffectLatch } from './effect-latch.ts';
import type { DoorOptions } from './open-door.ts';

export interface DoorPortsDeps {
  readonly options: Pick<DoorOptions, 'flags' | 'clock' | 'env' | 'version' | 'loki'>;
  readonly effects: OpenedEffects;
  readonly latch: Pick<EffectLatch, 'mode'>;
  /** What the session has used; counted here. */
  readonly used: { bytes: number; streams: number };
}

type Emit = (items: readonly LogItem[]) => void;

/** Asked for once, and again after it has failed. */
const once = <T>(open: () => Promise<Result<T>>): (() => Promise<Result<T>>) => {
  let opening: Promise<Result<T>> | null = null;
  return async () => {
    opening ??= open();
    const opened = await opening;
    if (!opened.ok) opening = null;
    return opened;
  };
};

/** Everything that the door can send, over connections that are opened when they are first needed. */
export const doorPorts = (
  { options, effects, latch, used }: DoorPortsDeps,
  signal: AbortSignal,
): EffectPorts => {
  const { flags, clock, env, version } = options;
  // Logs have a connection of their own, which can only read: whoever follows one holds it for hours.
  const logs = once(async () => {
    const opened = await openCluster({ flags, env, clock, version }, signal);
    return opened.ok ? ok(readLogs({ client: opened.value.client, clock })) : opened;
  });
  const loki = once(async () => {
    const opened = await effects.cluster();
    if (!opened.ok) return opened;
    const { client: api, forward } = opened.value;
    return ok(options.loki({ api, forward, clock, version }));
  });
  const counted = async (
    emit: Emit,
    read: (emit: Emit) => ReturnType<EffectPorts['logs']>,
  ): Promise<Result<Bytes>> => {
    const streams = new Set<string>();
    const seen: Emit = (items) => {
      for (const { source } of items) {
        if (source === '' || streams.has(source)) continue;
        streams.add(source);
        used.streams += 1;
      }
      emit(items);
    };
    try {
      const result = await read(seen);
      if (result.ok) used.bytes += result.value;
      return result;
    } finally {
      used.streams -= streams.size;
    }
  };
  return {
    ...effects.ports,
    logs: async (request, emit, until) => {
      const port = await logs();
      if (!port.ok) return port;
      return await counted(emit, (seen) => port.value(request, seen, until));
    },
    loki: async (request, emit, until) => {
      const port = await loki();
      return port.ok ? await counted(emit, (seen) => port.value(request, seen, until)) : port;
    },
    attach: async (request, terminal, until) => {
      const opened = await effects.cluster();
      if (!opened.ok) return opened;
      const { resolved } = opened.value;
      const join = attach({
        resolved,
        credential: credentialFor(resolved, { clock, env }, signal),
        version,
        forbidden: (path) => forbiddenAttach(latch.mode, path),
      });
      return await join(request, terminal, until);
    },
  };
};
