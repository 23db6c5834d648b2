import { readFileSync, writeFileSync } from 'node:fs';
import type { KeyPair } from './pki.ts';

export interface KubeconfigRequest {
  readonly server: string;
  readonly ca: string;
  readonly context: string;
  readonly user: string;
  readonly namespace?: string;
  readonly credentials:
    | { readonly kind: 'certificate'; readonly pair: KeyPair }
    | { readonly kind: 'token'; readonly token: string }
    /** Read again by the client when it changes: what a rotated service account token looks like. */
    | { readonly kind: 'token-file'; readonly path: string };
}

const base64File = (path: string): string => readFileSync(path).toString('base64');

const credentialsOf = (credentials: KubeconfigRequest['credentials']): Record<string, string> => {
  switch (credentials.kind) {
    case 'certificate':
      return {
        'client-certificate-data': base64File(credentials.pair.cert),
        'client-key-data': base64File(credentials.pair.key),
      };
    case 'token':
      return { token: credentials.token };
    case 'token-file':
      return { tokenFile: credentials.path };
  }
};

/** Writes a kubeconfig with everything inline, so that it can be copied elsewhere. JSON is valid YAML. */
export const writeKubeconfig = (path: string, request: KubeconfigRequest): string => {
  const { server, ca, context, user, namespace, credentials } = request;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      { name: context, cluster: { server, 'certificate-authority-data': base64File(ca) } },
    ],
    users: [{ name: user, user: credentialsOf(credentials) }],
    contexts: [
      { name: context, context: { cluster: context, user, ...(namespace ? { namespace } : {}) } },
    ],
  };
  writeFileSync(path, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  return path;
};
