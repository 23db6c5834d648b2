import type { ClusterInfo } from './api-client.ts';

/** A PEM file, read when it is needed so that rotation is noticed, or the PEM itself. */
export type Pem =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'inline'; readonly pem: string };

export interface TlsSettings {
  readonly ca: Pem | null;
  readonly certificate: { readonly cert: Pem; readonly key: Pem } | null;
  /** Name the server's certificate must have, where it is not the host of the URL. */
  readonly serverName: string | null;
  /** False for `insecure-skip-tls-verify`. */
  readonly verify: boolean;
}

export interface ExecSettings {
  readonly apiVersion: string;
  /** Absolute, or a name to look for in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | null;
  readonly provideClusterInfo: boolean;
  /** Contents of the cluster's `client.authentication.k8s.io/exec` extension, handed to the plugin. */
  readonly clusterConfig: unknown;
}

/** Who proves to be whom. Client certificates from files are part of the TLS settings instead. */
export type CredentialSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** `fallback` is used while the file cannot be read. */
  | { readonly kind: 'token-file'; readonly path: string; readonly fallback: string | null }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'exec'; readonly exec: ExecSettings };

export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string | null;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** One answer of the resolution and where it came from, for `doctor`. Holds no secret. */
export interface Decision {
  readonly what: string;
  readonly value: string;
  /** A file, a flag, or an environment variable. */
  readonly from: string;
}

/** Everything needed to reach one API server as one user. Holds secrets: never log it, never put it into a fact. */
export interface Resolved {
  readonly info: ClusterInfo;
  /** `http:` or `https:`, without a trailing slash; a path prefix stays (`https://rancher/k8s/clusters/c-1`). */
  readonly server: string;
  /** null for plain http; credentials are never sent there. */
  readonly tls: TlsSettings | null;
  /** `http:`, `https:`, `socks5:` or `socks5h:` URL; null for a direct connection. */
  readonly proxy: string | null;
  /** False for `disable-compression`. */
  readonly compression: boolean;
  readonly impersonate: Impersonation | null;
  readonly credential: CredentialSource;
  readonly decisions: readonly Decision[];
}
