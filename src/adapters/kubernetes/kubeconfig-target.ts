import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { InCluster } from './in-cluster.ts';
import type { Chosen, KubeconfigInput } from './kubeconfig.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './kubeconfig-schema.ts';
import { certificateOf, credentialSourceOf, impersonationOf, pemOf } from './kubeconfig-user.ts';
import { proxyFromEnv, proxyProblem, proxyText } from './proxy.ts';
import type {
  CredentialSource,
  Decision,
  Impersonation,
  Resolved,
  TlsSettings,
} from './resolved.ts';

const wrong = (path: string, message: string, hint?: string) =>
  failed(
    failure('misconfigured', 'read kubeconfig', message, {
      on: path,
      ...(hint === undefined ? {} : { hint }),
    }),
  );

/** The server as a URL; without a scheme it is plain http, as for kubectl. */
const serverOf = ({ name, value, path }: Chosen<ClusterEntry>): Result<URL> => {
  const { server } = value;
  if (server === '') return wrong(path, `cluster "${name}" has no server`);
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `http://${server}`;
  if (!URL.canParse(full))
    return wrong(path, `server "${server}" of cluster "${name}" is not a URL`);
  const url = new URL(full);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return wrong(path, `server "${server}" of cluster "${name}" is neither http nor https`);
  }
  url.search = '';
  url.hash = '';
  url.username = '';
  url.password = '';
  return ok(url);
};

const urlText = (url: URL): string => url.href.replace(/\/+$/, '');

const tlsOf = (
  { name, value: cluster, path }: Chosen<ClusterEntry>,
  certificate: TlsSettings['certificate'],
): Result<TlsSettings> => {
  const file = cluster['certificate-authority'];
  const data = cluster['certificate-authority-data'];
  if (file !== '' && data !== '') {
    return wrong(
      path,
      `cluster "${name}" has both certificate-authority and certificate-authority-data`,
      'remove one of the two',
    );
  }
  const ca = pemOf(file, data);
  const insecure = cluster['insecure-skip-tls-verify'];
  if (ca !== null && insecure) {
    return wrong(
      path,
      `cluster "${name}" has a certificate authority and insecure-skip-tls-verify`,
      'remove insecure-skip-tls-verify',
    );
  }
  return ok({ ca, certificate, serverName: cluster['tls-server-name'] || null, verify: !insecure });
};

const credentialWords = (source: CredentialSource): string => {
  switch (source.kind) {
    case 'none':
      return 'none';
    case 'token':
      return 'bearer token';
    case 'token-file':
      return `bearer token from ${source.path}`;
    case 'basic':
      return `password of ${source.username}`;
    case 'exec':
      return `plugin ${source.exec.command}`;
  }
};

const identityWords = (source: CredentialSource, tls: TlsSettings | null): string => {
  const words = credentialWords(source);
  if (tls === null || tls.certificate === null) return words;
  return source.kind === 'none' ? 'client certificate' : `client certificate and ${words}`;
};

const chainWords = ({ files }: KubeconfigInput): string =>
  files.map(({ path, kind }) => (kind === 'missing' ? `${path} (missing)` : path)).join(', ');

const impersonationWords = ({ user, groups }: Impersonation): string =>
  groups.length === 0 ? user : `${user} in ${groups.join(', ')}`;

const proxyOf = (
  input: KubeconfigInput,
  server: URL,
  cluster: Chosen<ClusterEntry> | null,
): Result<{ readonly url: string; readonly from: string } | null> => {
  const own = cluster?.value['proxy-url'] ?? '';
  const chosen =
    cluster !== null && own !== ''
      ? { url: own, from: cluster.path }
      : proxyFromEnv(server, input.env);
  if (chosen === null) return ok(null);
  const problem = proxyProblem(chosen.url);
  if (problem === null) return ok(chosen);
  return own === ''
    ? wrong(chosen.from, `the proxy in ${chosen.from} ${problem}`)
    : wrong(chosen.from, `proxy-url of cluster "${cluster?.name}" ${problem}`);
};

/** What a context, its cluster and its user come to. */
export const resolveEntries = (
  input: KubeconfigInput,
  context: Chosen<ContextEntry> | null,
  cluster: Chosen<ClusterEntry>,
  user: Chosen<UserEntry> | null,
): Result<Resolved> => {
  const { flags } = input;
  const server = serverOf(cluster);
  if (!server.ok) return server;
  const secure = server.value.protocol === 'https:';
  const proxy = proxyOf(input, server.value, cluster);
  if (!proxy.ok) return proxy;
  const certificate = user === null ? ok(null) : certificateOf(user.name, user);
  if (!certificate.ok) return certificate;
  const tls = secure ? tlsOf(cluster, certificate.value) : ok(null);
  if (!tls.ok) return tls;
  const source =
    user === null
      ? ok({ kind: 'none' } as const)
      : credentialSourceOf(user.name, user, cluster.value);
  if (!source.ok) return source;
  // Whoever listens on a plain connection would have the password.
  const credential: CredentialSource = secure ? source.value : { kind: 'none' };
  const impersonate = impersonationOf(
    user?.name ?? '',
    user?.value ?? null,
    flags,
    user?.path ?? 'the command line',
  );
  if (!impersonate.ok) return impersonate;
  const namespace = flags.namespace || context?.value.namespace || 'default';
  const decisions: Decision[] = [
    { what: 'kubeconfig', value: chainWords(input), from: input.chain.from },
    ...(context === null ? [] : [{ what: 'context', value: context.name, from: context.by }]),
    { what: 'cluster', value: `${cluster.name} at ${urlText(server.value)}`, from: cluster.path },
    ...(user === null ? [] : [{ what: 'user', value: user.name, from: user.path }]),
    {
      what: 'credential',
      value: identityWords(credential, tls.value),
      from: user?.path ?? cluster.path,
    },
    {
      what: 'namespace',
      value: namespace,
      from: flags.namespace ? '--namespace' : context?.value.namespace ? context.path : 'default',
    },
    ...(tls.value?.verify === false
      ? [{ what: 'TLS', value: 'the server is NOT verified', from: cluster.path }]
      : []),
    ...(proxy.value === null
      ? []
      : [{ what: 'proxy', value: proxyText(proxy.value.url), from: proxy.value.from }]),
    ...(impersonate.value === null
      ? []
      : [
          {
            what: 'acting as',
            value: impersonationWords(impersonate.value),
            from: flags.as ? '--as' : (user?.path ?? ''),
          },
        ]),
  ];
  return ok({
    info: {
      context: context?.name ?? '',
      cluster: cluster.name,
      server: urlText(server.value),
      user: user?.name ?? '',
      namespace,
      namespaceOnly: Boolean(flags.namespace),
    },
    server: urlText(server.value),
    tls: tls.value,
    proxy: proxy.value?.url ?? null,
    compression: !cluster.value['disable-compression'],
    impersonate: impersonate.value,
    credential,
    decisions,
  });
};

/** The cluster this pod runs in, as its service account. */
export const resolveInCluster = (input: KubeconfigInput, pod: InCluster): Result<Resolved> => {
  const { flags } = input;
  const proxy = proxyOf(input, new URL(pod.server), null);
  if (!proxy.ok) return proxy;
  const impersonate = impersonationOf('', null, flags, 'the command line');
  if (!impersonate.ok) return impersonate;
  const namespace = flags.namespace || pod.namespace;
  return ok({
    info: {
      context: 'in-cluster',
      cluster: 'in-cluster',
      server: pod.server,
      user: 'service account',
      namespace,
      namespaceOnly: Boolean(flags.namespace),
    },
    server: pod.server,
    tls: {
      ca: pod.caPath === null ? null : { kind: 'file', path: pod.caPath },
      certificate: null,
      serverName: null,
      verify: true,
    },
    proxy: proxy.value?.url ?? null,
    compression: true,
    impersonate: impersonate.value,
    credential: { kind: 'token-file', path: pod.tokenPath, fallback: null },
    decisions: [
      { what: 'cluster', value: `this pod's, at ${pod.server}`, from: 'KUBERNETES_SERVICE_HOST' },
      {
        what: 'credential',
        value: `bearer token from ${pod.tokenPath}`,
        from: 'the service account',
      },
      { what: 'namespace', value: namespace, from: flags.namespace ? '--namespace' : 'the pod' },
    ],
  });
};
