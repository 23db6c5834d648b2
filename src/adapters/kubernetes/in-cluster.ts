import type { Env } from './proxy.ts';

const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where a pod finds its service account. */
export const inClusterPaths = {
  token: `${mount}/token`,
  ca: `${mount}/ca.crt`,
  namespace: `${mount}/namespace`,
} as const;

/** What was found there. */
export interface ServiceAccountMount {
  readonly token: boolean;
  readonly ca: boolean;
  readonly namespace: string | null;
}

export interface InCluster {
  readonly server: string;
  readonly tokenPath: string;
  /** Null: the machine's own authorities are used. */
  readonly caPath: string | null;
  readonly namespace: string;
}

/** The cluster whose pod this is, or null outside of a pod. The same test as kubectl's. */
export const inClusterOf = (env: Env, found: ServiceAccountMount): InCluster | null => {
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const port = env.KUBERNETES_SERVICE_PORT ?? '';
  if (host === '' || port === '' || !found.token) return null;
  const asUrl = host.includes(':') ? `[${host}]` : host;
  return {
    server: `https://${asUrl}:${port}`,
    tokenPath: inClusterPaths.token,
    caPath: found.ca ? inClusterPaths.ca : null,
    namespace: env.POD_NAMESPACE || found.namespace?.trim() || 'default',
  };
};
