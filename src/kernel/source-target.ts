import { globMatches } from './glob.ts';

/** How to prove who we are to a source. Secrets stay in files and are read where the requests are made. */
export type SourceAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly passwordFile: string }
  | { readonly kind: 'bearer'; readonly tokenFile: string };

/** Paths of PEM files; null where there is none. */
export interface SourceTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** Name that the server's certificate must have, where it is not the host of the URL. */
  readonly serverName: string | null;
  readonly verify: boolean;
}

/** The way to a source. Paths are prefixes with a leading and without a trailing slash, or ''. */
export type SourceWay =
  /** `url` may have a path prefix and never holds credentials. */
  | { readonly kind: 'direct'; readonly url: string }
  /** Through the API server's proxy to a service, with the right `get services/proxy`. */
  | {
      readonly kind: 'service';
      readonly namespace: string;
      readonly name: string;
      /** Name or number of the service's port. */
      readonly port: string;
      readonly scheme: 'http' | 'https';
      readonly path: string;
    }
  /** Through the API server's proxy to one pod, with the right `get pods/proxy`. */
  | {
      readonly kind: 'pod-proxy';
      readonly namespace: string;
      readonly name: string;
      readonly port: number;
      readonly scheme: 'http' | 'https';
      readonly path: string;
    }
  /** Through a port-forward to one pod, with the rights `get` and `create pods/portforward`. */
  | {
      readonly kind: 'pod';
      readonly namespace: string;
      readonly name: string;
      readonly port: number;
      readonly scheme: 'http' | 'https';
      readonly path: string;
    };

/** One Alertmanager, Prometheus or Loki. */
export interface SourceTarget {
  /** Unique among its kind; the scope of its facts. */
  readonly name: string;
  readonly way: SourceWay;
  readonly auth: SourceAuth;
  readonly tls: SourceTls;
  /** Whose data is meant where a Loki keeps those of several. */
  readonly tenant?: string;
}

/** One etcd cluster by its client URLs. */
export interface EtcdTarget {
  /** Unique; what people call it. */
  readonly name: string;
  /** `https://10.0.0.1:2379`; the other members are learnt from those that answer. */
  readonly endpoints: readonly string[];
  readonly tls: SourceTls;
}

/** What to ask besides the API server. */
export interface SourceSettings {
  readonly etcd: readonly EtcdTarget[];
  readonly alertmanagers: readonly SourceTarget[];
  readonly prometheus: readonly SourceTarget[];
  /** Look for those that are not named, in the cluster itself: static pods of etcd, services of the others. */
  readonly discover: boolean;
  /** Certificates for etcd members that are discovered. */
  readonly etcdTls: SourceTls;
}

export const noTls: SourceTls = { ca: null, cert: null, key: null, serverName: null, verify: true };

/** A target, and the contexts that it belongs to, with * as wildcard; none: all. */
export interface Scoped<Target> {
  readonly target: Target;
  readonly contexts: readonly string[];
}

/** Everything that flags, environment and configuration name, before it is known which context it is for. */
export interface NamedSources extends Pick<SourceSettings, 'discover' | 'etcdTls'> {
  readonly etcd: readonly Scoped<EtcdTarget>[];
  readonly alertmanagers: readonly Scoped<SourceTarget>[];
  readonly prometheus: readonly Scoped<SourceTarget>[];
}

/** Nothing named, nothing looked for. */
export const noNamedSources: NamedSources = {
  etcd: [],
  alertmanagers: [],
  prometheus: [],
  discover: false,
  etcdTls: noTls,
};

/** What of it belongs to a context. */
export const sourcesFor = (named: NamedSources, context: string): SourceSettings => {
  const mine = <Target>(scoped: readonly Scoped<Target>[]): readonly Target[] =>
    scoped
      .filter(
        ({ contexts }) => contexts.length === 0 || contexts.some((c) => globMatches(c, context)),
      )
      .map(({ target }) => target);
  return {
    ...named,
    etcd: mine(named.etcd),
    alertmanagers: mine(named.alertmanagers),
    prometheus: mine(named.prometheus),
  };
};
