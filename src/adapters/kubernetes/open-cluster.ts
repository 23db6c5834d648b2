import type { Clock } from '../../kernel/clock.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import { type Credential, credentialOf } from './credential.ts';
import { execPlugin } from './exec-plugin.ts';
import type { ConnectionFlags } from './kubeconfig.ts';
import { loadKubeconfig } from './kubeconfig-load.ts';
import { type PodForward, podForward } from './port-forward.ts';
import type { Env } from './proxy.ts';
import type { Resolved } from './resolved.ts';
import { readPem } from './tls.ts';
import { type ApiGuard, UndiciClient } from './undici-client.ts';

export interface OpenOptions {
  readonly flags: ConnectionFlags;
  readonly env: Env;
  readonly clock: Clock;
  /** Of midwatch. */
  readonly version: string;
  /** Where the client may be asked for more than reading. */
  readonly guard?: ApiGuard;
}

export interface OpenedCluster {
  readonly client: UndiciClient;
  readonly resolved: Resolved;
  /** Opens connections to ports of pods, as the same user. */
  readonly forward: PodForward;
}

/** The credential that a resolved connection asks for, plugins included. */
export const credentialFor = (
  resolved: Resolved,
  { clock, env }: Pick<OpenOptions, 'clock' | 'env'>,
  lifetime: AbortSignal,
): Credential => {
  const { credential, tls, server, proxy, compression } = resolved;
  if (credential.kind !== 'exec') return credentialOf(credential, clock);
  return execPlugin({
    exec: credential.exec,
    cluster: async () => {
      const ca = tls?.ca ? await readPem('certificate-authority', tls.ca) : ok(null);
      if (!ca.ok) return ca;
      return ok({
        server,
        serverName: tls?.serverName ?? null,
        verify: tls?.verify ?? true,
        ca: ca.value,
        proxy,
        compression,
      });
    },
    env,
    clock,
    lifetime,
  });
};

/**
 * From the command line and the environment to a client. Nothing is dialled yet.
 * The client is closed, and a running plugin ended, when the signal aborts.
 */
export const openCluster = async (
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Result<OpenedCluster>> => {
  const { clock, version, flags, env, guard } = options;
  const resolved = await loadKubeconfig(flags, env);
  if (!resolved.ok) return resolved;
  const credential = credentialFor(resolved.value, options, signal);
  const client = new UndiciClient({
    resolved: resolved.value,
    credential,
    clock,
    version,
    guard,
  });
  signal.addEventListener('abort', () => void client.close(), { once: true });
  const forward = podForward({ resolved: resolved.value, credential, version });
  return ok({ client, resolved: resolved.value, forward });
};
