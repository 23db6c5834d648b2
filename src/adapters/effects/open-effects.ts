import type { Clock } from '../../kernel/clock.ts';
import type { EffectPorts, EffectReads } from '../../kernel/effect-ports.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import type { SourceSettings } from '../../kernel/source-target.ts';
import type { MemberFiles } from '../etcd/etcd-pod.ts';
import type { ConnectionFlags } from '../kubernetes/kubeconfig.ts';
import { type OpenedCluster, openCluster } from '../kubernetes/open-cluster.ts';
import type { Env } from '../kubernetes/proxy.ts';
import { alertmanagerEffect } from './alertmanager-effect.ts';
import { alertmanagerGuard } from './alertmanager-guard.ts';
import { type EffectLooks, effectLooks } from './effect-looks.ts';
import type { EffectMode } from './effect-mode.ts';
import { etcdEffect } from './etcd-effect.ts';
import { etcdGuard } from './etcd-guard.ts';
import { etcdSnapshot } from './etcd-snapshot.ts';
import { etcdTls } from './etcd-tls.ts';
import { kubernetesEffect } from './kubernetes-effect.ts';
import { kubernetesGuard } from './kubernetes-guard.ts';

export interface EffectsOptions {
  readonly flags: ConnectionFlags;
  readonly env: Env;
  readonly clock: Clock;
  /** Of midwatch. */
  readonly version: string;
  /** What is asked besides the API server: those may be told something. */
  readonly settings: Pick<SourceSettings, 'etcd' | 'alertmanagers' | 'discover' | 'etcdTls'>;
  /** Asked for at every request, by each of the connections. */
  readonly mode: () => EffectMode;
  /** Where a control-plane node keeps a client certificate for etcd; kubeadm's place unless a test has another. */
  readonly nodeFiles?: MemberFiles;
}

export interface OpenedEffects {
  readonly ports: Pick<EffectPorts, 'kubernetes' | 'etcd' | 'etcdSnapshot' | 'alertmanager'>;
  readonly reads: EffectReads;
  /** For whoever looks later what has come of something that was sent. */
  readonly looks: EffectLooks;
  /** The connection that is written over, for who needs it besides; opened when it is first asked for. */
  cluster(): Promise<Result<OpenedCluster>>;
}

/**
 * Everything that changes something outside. Nothing is read or dialled before it is needed; all of it ends when the
 * signal aborts. What is watched is watched over other connections, which cannot write.
 */
export const openEffects = (options: EffectsOptions, signal: AbortSignal): OpenedEffects => {
  const { flags, env, clock, version, settings, mode, nodeFiles } = options;
  const guard = kubernetesGuard(mode);
  let opening: Promise<Result<OpenedCluster>> | null = null;
  const cluster = async (): Promise<Result<OpenedCluster>> => {
    opening ??= openCluster({ flags, env, clock, version, guard }, signal);
    const opened = await opening;
    // A kubeconfig that was mended is read again.
    if (!opened.ok) opening = null;
    return opened;
  };
  const api = kubernetesEffect({
    client: async () => {
      const opened = await cluster();
      return opened.ok ? ok(opened.value.client) : opened;
    },
    guard,
    clock,
  });
  const tls = etcdTls({
    settings,
    read: api.read,
    ...(nodeFiles === undefined ? {} : { nodeFiles }),
  });
  const members = { tls, guard: etcdGuard(mode), clock, version };
  const etcd = etcdEffect(members);
  return {
    ports: {
      kubernetes: api.kubernetes,
      etcd: etcd.etcd,
      etcdSnapshot: etcdSnapshot(members),
      alertmanager: alertmanagerEffect({
        settings,
        read: api.read,
        kubernetes: api.kubernetes,
        forward: async () => {
          const opened = await cluster();
          return opened.ok ? ok(opened.value.forward) : opened;
        },
        guard: alertmanagerGuard(mode),
        clock,
        version,
      }),
    },
    reads: { kubernetes: api.read, etcdStatus: etcd.etcdStatus },
    looks: effectLooks({ settings, read: api.read, cluster, members, clock, version }),
    cluster,
  };
};
