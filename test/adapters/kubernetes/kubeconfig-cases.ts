import type { ConnectionFlags } from '../../../src/adapters/kubernetes/kubeconfig.ts';

export interface KubeconfigCase {
  readonly name: string;
  /** Content by path below the test's directory. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths below the test's directory, joined as KUBECONFIG. */
  readonly list?: readonly string[];
  readonly flags?: ConnectionFlags;
  readonly bothRefuse?: boolean;
}

const minimal = (name: string, url: string, user: string, current = name): string => `
apiVersion: v1
kind: Config
${current === '' ? '' : `current-context: ${current}`}
clusters: [{name: ${name}, cluster: {server: "${url}", certificate-authority: PKI/ca.crt}}]
users: [{name: ${name}, user: ${user}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
`;

/**
 * Kubeconfigs that are easily got wrong. `SERVER` and `OTHER` stand for two servers, `PKI` for a directory with
 * `ca`, `jane` and `joe`, `CA_DATA` for the authority in base64.
 */
export const kubeconfigCases: readonly KubeconfigCase[] = [
  { name: 'a token', files: { a: minimal('a', 'SERVER', '{token: t1}') } },
  { name: 'a password', files: { a: minimal('a', 'SERVER', '{username: u, password: "p:w"}') } },
  {
    name: 'a client certificate and CA data, with a path prefix and a query in the server',
    files: {
      a: minimal(
        'a',
        'SERVER/k8s/c-1/?x=1',
        '{client-certificate: PKI/jane.crt, client-key: PKI/jane.key}',
      ).replace('certificate-authority: PKI/ca.crt', 'certificate-authority-data: CA_DATA'),
    },
  },
  {
    name: 'certificate and token together',
    files: {
      a: minimal(
        'a',
        'SERVER',
        '{token: t, client-certificate: PKI/joe.crt, client-key: PKI/joe.key}',
      ),
    },
  },
  {
    name: 'relative paths, against the file that holds them',
    files: {
      'deep/a': minimal(
        'a',
        'SERVER',
        '{client-certificate: ../pki/jane.crt, client-key: ../pki/jane.key}',
      ).replace('PKI/ca.crt', '../pki/ca.crt'),
    },
  },
  {
    name: 'a token file, trimmed',
    files: {
      a: minimal('a', 'SERVER', '{tokenFile: secret/token}'),
      'secret/token': ' filed \n',
    },
  },
  {
    name: 'token and token file: the file wins',
    files: { a: minimal('a', 'SERVER', '{token: old, tokenFile: tok}'), tok: 'new' },
  },
  {
    name: 'two files: the first current-context wins, not the last',
    files: {
      stg: minimal('stg', 'SERVER', '{token: stg}'),
      prod: minimal('prod', 'OTHER', '{token: prod}'),
    },
    list: ['stg', 'prod'],
  },
  {
    name: 'two files: the first has no current-context',
    files: {
      stg: minimal('stg', 'SERVER', '{token: stg}', ''),
      prod: minimal('prod', 'OTHER', '{token: prod}'),
    },
    list: ['stg', 'prod'],
  },
  {
    name: 'two files with the same names: the whole entry of the first counts',
    files: {
      one: minimal('x', 'SERVER', '{token: one}'),
      two: minimal('x', 'OTHER', '{token: two, as: joe, as-groups: [g]}'),
    },
    list: ['one', 'two'],
  },
  {
    name: 'a missing file and the same file twice',
    files: { a: minimal('a', 'SERVER', '{token: a}') },
    list: ['not-there', 'a', 'a'],
  },
  {
    name: 'an empty file first',
    files: { empty: '', a: minimal('a', 'SERVER', '{token: a}') },
    list: ['empty', 'a'],
  },
  {
    name: '--context',
    files: {
      a: minimal('a', 'SERVER', '{token: a}'),
      b: minimal('b', 'OTHER', '{token: b}'),
    },
    list: ['a', 'b'],
    flags: { context: 'b' },
  },
  {
    name: '--cluster and --user',
    files: {
      a: minimal('a', 'SERVER', '{token: a}'),
      b: minimal('b', 'OTHER', '{token: b}'),
    },
    list: ['a', 'b'],
    flags: { cluster: 'b', user: 'b' },
  },
  {
    name: '--kubeconfig beats KUBECONFIG',
    files: {
      a: minimal('a', 'SERVER', '{token: a}'),
      b: minimal('b', 'OTHER', '{token: b}'),
    },
    list: ['a'],
    flags: { kubeconfig: 'b' },
  },
  {
    name: 'impersonation in the user entry',
    files: {
      a: minimal(
        'a',
        'SERVER',
        '{token: a, as: jane, as-uid: "7", as-groups: ["g, h", k], as-user-extra: {"Reason/Why": [x, "y,z"]}}',
      ),
    },
  },
  {
    name: '--as with groups and uid over the user entry',
    files: { a: minimal('a', 'SERVER', '{token: a, as: jane, as-groups: [k]}') },
    flags: { as: 'joe', asGroups: ['l', 'm'], asUid: '9' },
  },
  {
    name: 'tls-server-name',
    files: {
      a: minimal('a', 'SERVER', '{token: a}').replace(
        '{server',
        '{tls-server-name: api.example, server',
      ),
    },
  },
  {
    name: 'insecure-skip-tls-verify',
    files: {
      a: minimal('a', 'SERVER', '{token: a}').replace(
        'certificate-authority: PKI/ca.crt',
        'insecure-skip-tls-verify: true',
      ),
    },
  },
  {
    name: 'YAML anchors, merge keys and several documents',
    files: {
      a: `x: &u {token: anchored}\n${minimal('a', 'SERVER', '{<<: *u}').trim()}\n---\ncurrent-context: b\n`,
    },
  },
  {
    name: 'a user that does not exist (kubectl asks for a login)',
    files: { a: minimal('a', 'SERVER', '{}').replace('users: [{name: a', 'users: [{name: z') },
    bothRefuse: true,
  },
  {
    name: 'a context that does not exist',
    files: { a: minimal('a', 'SERVER', '{}', 'b') },
    bothRefuse: true,
  },
  {
    name: '--context that does not exist',
    files: { a: minimal('a', 'SERVER', '{}') },
    flags: { context: 'b' },
    bothRefuse: true,
  },
  {
    name: '--kubeconfig that does not exist',
    files: { a: minimal('a', 'SERVER', '{}') },
    flags: { kubeconfig: 'nope' },
    bothRefuse: true,
  },
  {
    name: 'a name twice in one file',
    files: {
      a: minimal('a', 'SERVER', '{}').replace('users: [', 'users: [{name: a, user: {}}, '),
    },
    bothRefuse: true,
  },
  {
    name: 'broken YAML in one of two files',
    files: { a: minimal('a', 'SERVER', '{}'), b: 'contexts: [' },
    list: ['a', 'b'],
    bothRefuse: true,
  },
  {
    name: 'token and password',
    files: { a: minimal('a', 'SERVER', '{token: a, username: u, password: p}') },
    bothRefuse: true,
  },
  {
    name: 'CA file and CA data',
    files: {
      a: minimal('a', 'SERVER', '{}').replace(
        '{server',
        '{certificate-authority-data: CA_DATA, server',
      ),
    },
    bothRefuse: true,
  },
  {
    name: 'CA and insecure',
    files: {
      a: minimal('a', 'SERVER', '{}').replace('{server', '{insecure-skip-tls-verify: true, server'),
    },
    bothRefuse: true,
  },
  {
    name: 'certificate without key',
    files: { a: minimal('a', 'SERVER', '{client-certificate: PKI/jane.crt}') },
    bothRefuse: true,
  },
  {
    name: 'groups without user',
    files: { a: minimal('a', 'SERVER', '{as-groups: [g]}') },
    bothRefuse: true,
  },
  {
    name: 'a number for a token',
    files: { a: minimal('a', 'SERVER', '{token: 12345}') },
    bothRefuse: true,
  },
  {
    name: 'data that are not base64',
    files: {
      a: minimal('a', 'SERVER', '{}').replace(
        'certificate-authority: PKI/ca.crt',
        'certificate-authority-data: "%%%"',
      ),
    },
    bothRefuse: true,
  },
  {
    name: 'another kind',
    files: { a: minimal('a', 'SERVER', '{}').replace('kind: Config', 'kind: Secret') },
    bothRefuse: true,
  },
  {
    name: 'a proxy of an unknown scheme',
    files: {
      a: minimal('a', 'SERVER', '{}').replace('{server', '{proxy-url: "ftp://127.0.0.1:1", server'),
    },
    bothRefuse: true,
  },
  {
    name: 'a missing CA file',
    files: { a: minimal('a', 'SERVER', '{}').replace('PKI/ca.crt', 'PKI/gone.crt') },
    bothRefuse: true,
  },
  {
    name: 'an exec plugin without a command',
    files: {
      a: minimal(
        'a',
        'SERVER',
        '{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}}',
      ),
    },
    bothRefuse: true,
  },
  {
    name: 'an auth-provider',
    files: { a: minimal('a', 'SERVER', '{auth-provider: {name: gcp}}') },
    bothRefuse: true,
  },
];
