import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ApiClient } from './api-client.ts';
import { SERVICE_ACCOUNT_ISSUER } from './control-plane.ts';
import { serviceAccountKeysOf } from './pki.ts';
import type { Run } from './run-dir.ts';

export interface TokenOptions {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly expiresInSeconds: number;
}

// The TokenRequest API refuses anything shorter.
const SHORTEST_TOKEN_REQUEST_SECONDS = 600;

const base64url = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token the server accepts because it is signed with the server's own key: for expiry within seconds. */
const signToken = async (
  run: Run,
  api: ApiClient,
  { namespace, serviceAccount, expiresInSeconds }: TokenOptions,
): Promise<string> => {
  const account = await api.request(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}`,
  );
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: SERVICE_ACCOUNT_ISSUER,
    aud: [SERVICE_ACCOUNT_ISSUER],
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    iat: now,
    nbf: now,
    exp: now + expiresInSeconds,
    'kubernetes.io': {
      namespace,
      serviceaccount: { name: serviceAccount, uid: account.metadata.uid },
    },
  };
  const payload = `${base64url({ alg: 'ES256', typ: 'JWT' })}.${base64url(claims)}`;
  const signature = sign('sha256', Buffer.from(payload), {
    key: readFileSync(serviceAccountKeysOf(run.dir).private),
    dsaEncoding: 'ieee-p1363',
  });
  return `${payload}.${signature.toString('base64url')}`;
};

/**
 * A service account token that expires when asked. From 600 s on through TokenRequest, as in pods; below
 * that signed here. The server caches a token it has accepted for up to 10 s beyond its expiry.
 */
export const serviceAccountToken = async (
  run: Run,
  api: ApiClient,
  options: TokenOptions,
): Promise<string> => {
  const { namespace, serviceAccount, expiresInSeconds } = options;
  if (expiresInSeconds < SHORTEST_TOKEN_REQUEST_SECONDS) return signToken(run, api, options);
  const answer = await api.request(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
    {
      method: 'POST',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: expiresInSeconds, audiences: [SERVICE_ACCOUNT_ISSUER] },
      },
    },
  );
  return answer.status.token;
};
