import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Placed } from './kubeconfig-merge.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './kubeconfig-schema.ts';
import type {
  CredentialSource,
  ExecSettings,
  Impersonation,
  Pem,
  TlsSettings,
} from './resolved.ts';

const op = 'read kubeconfig';

const wrong = (path: string, message: string, hint?: string): Failure =>
  failure('misconfigured', op, message, { on: path, ...(hint === undefined ? {} : { hint }) });

export const pemOf = (path: string, data: string): Pem | null => {
  if (data !== '') return { kind: 'inline', pem: data };
  return path === '' ? null : { kind: 'file', path };
};

/** Client certificate and key of a user entry, null when it has none. */
export const certificateOf = (
  name: string,
  { value: user, path }: Placed<UserEntry>,
): Result<TlsSettings['certificate']> => {
  const cert = pemOf(user['client-certificate'], user['client-certificate-data']);
  if (cert === null) return ok(null);
  for (const field of ['client-certificate', 'client-key'] as const) {
    if (user[field] !== '' && user[`${field}-data`] !== '') {
      return failed(
        wrong(path, `user "${name}" has both ${field} and ${field}-data`, 'remove one of the two'),
      );
    }
  }
  const key = pemOf(user['client-key'], user['client-key-data']);
  return key === null
    ? failed(
        wrong(
          path,
          `user "${name}" has a client certificate without client-key or client-key-data`,
        ),
      )
    : ok({ cert, key });
};

const legacyVersions = /^client\.authentication\.k8s\.io\/v1alpha1$/;
const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

const execProblem = (exec: ExecEntry): readonly [string, string?] | null => {
  if (exec.command === '') return ['exec has no command'];
  if (exec.apiVersion === '') return ['exec has no apiVersion', `set it to ${execVersions[0]}`];
  if (!execVersions.includes(exec.apiVersion)) {
    return [
      `exec has apiVersion ${exec.apiVersion}, which ${legacyVersions.test(exec.apiVersion) ? 'is no longer spoken' : 'is not known'}`,
      'update the plugin and let it write the kubeconfig entry again',
    ];
  }
  if (exec.env.some(({ name }) => name === '')) return ['exec has an env entry without a name'];
  switch (exec.interactiveMode) {
    case 'Never':
    case 'IfAvailable':
      return null;
    case '':
      return exec.apiVersion.endsWith('/v1')
        ? ['exec has no interactiveMode', 'set it to IfAvailable or Never']
        : null;
    case 'Always':
      return [
        'the credential plugin insists on a terminal (interactiveMode: Always), which midwatch needs for itself',
        'log in with another tool first and use a plugin that works without a terminal, or set IfAvailable',
      ];
    default:
      return [`exec has interactiveMode "${exec.interactiveMode}"`, 'use Never or IfAvailable'];
  }
};

const execExtension = 'client.authentication.k8s.io/exec';

const execOf = (exec: ExecEntry, cluster: ClusterEntry): ExecSettings => ({
  apiVersion: exec.apiVersion,
  command: exec.command,
  args: exec.args,
  env: exec.env,
  installHint: exec.installHint === '' ? null : exec.installHint,
  provideClusterInfo: exec.provideClusterInfo,
  clusterConfig: cluster.extensions.find(({ name }) => name === execExtension)?.extension ?? null,
});

/** How a user entry proves itself, apart from its client certificate. */
export const credentialSourceOf = (
  name: string,
  { value: user, path }: Placed<UserEntry>,
  cluster: ClusterEntry,
): Result<CredentialSource> => {
  const basic = user.username !== '' || user.password !== '';
  if (user['auth-provider']) {
    const provider = user['auth-provider'].name;
    return failed(
      wrong(
        path,
        `user "${name}" uses the auth-provider "${provider}", which kubectl has removed`,
        'use an exec credential plugin instead, e.g. kubelogin for oidc, or the plugin of your cloud',
      ),
    );
  }
  if (basic && user.token !== '') {
    return failed(
      wrong(path, `user "${name}" has both a token and a password`, 'remove one of the two'),
    );
  }
  const exec = user.exec ?? null;
  const problem = exec === null ? null : execProblem(exec);
  if (problem !== null) {
    return failed(wrong(path, `user "${name}": ${problem[0]}`, problem[1]));
  }
  if (user.tokenFile !== '') {
    const fallback = user.token === '' ? null : user.token;
    return ok({ kind: 'token-file', path: user.tokenFile, fallback });
  }
  if (user.token !== '') return ok({ kind: 'token', token: user.token });
  if (basic) return ok({ kind: 'basic', username: user.username, password: user.password });
  const certificate = user['client-certificate'] !== '' || user['client-certificate-data'] !== '';
  // A plugin is only asked when nothing else says who we are.
  if (exec !== null && !certificate) return ok({ kind: 'exec', exec: execOf(exec, cluster) });
  return ok({ kind: 'none' });
};

export interface ImpersonationFlags {
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
}

/** Whom to act as: flags win over the user entry, field by field. */
export const impersonationOf = (
  name: string,
  user: UserEntry | null,
  flags: ImpersonationFlags,
  path: string,
): Result<Impersonation | null> => {
  const flagGroups = flags.asGroups ?? [];
  const who = flags.as || (user?.as ?? '');
  const groups = flagGroups.length > 0 ? flagGroups : (user?.['as-groups'] ?? []);
  const uid = flags.asUid || (user?.['as-uid'] ?? '');
  const extra = user?.['as-user-extra'] ?? {};
  if (who !== '') return ok({ user: who, groups, uid: uid === '' ? null : uid, extra });
  if (groups.length > 0 || uid !== '' || Object.keys(extra).length > 0) {
    return failed(
      wrong(
        path,
        `groups, uid or extra to impersonate are given without a user${name === '' ? '' : ` (user "${name}")`}`,
        'add --as, or `as` to the user in the kubeconfig',
      ),
    );
  }
  return ok(null);
};
