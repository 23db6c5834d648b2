import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeconfigInput } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { resolveKubeconfig } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { parseKubeconfig } from '../../../src/adapters/kubernetes/kubeconfig-file.ts';
import { kubeconfigChain } from '../../../src/adapters/kubernetes/kubeconfig-merge.ts';

const noMount = { token: false, ca: false, namespace: null };

const config = `apiVersion: v1
kind: Config
current-context: prod-eu
clusters:
- name: prod-eu
  cluster: {server: "https://api.prod.example:6443"}
- name: stg
  cluster: {server: "https://api.stg.example:6443"}
users:
- name: me
  user: {token: t}
contexts:
- name: prod-eu
  context: {cluster: prod-eu, user: me, namespace: shop}
- name: stg-eu
  context: {cluster: stg, user: me}
- name: lost
  context: {cluster: gone, user: me}
`;

const input = (
  files: Readonly<Record<string, string | null>>,
  more: Partial<KubeconfigInput> = {},
): KubeconfigInput => ({
  chain: { paths: Object.keys(files), from: 'KUBECONFIG' },
  files: Object.entries(files).map(([path, text]) =>
    text === null ? { kind: 'missing', path } : { kind: 'text', path, text },
  ),
  flags: {},
  env: {},
  mount: noMount,
  ...more,
});

const failureOf = (given: KubeconfigInput) => {
  const result = resolveKubeconfig(given);
  if (result.ok) throw new Error('it was resolved');
  return result.failure;
};
const resolvedOf = (given: KubeconfigInput) => {
  const result = resolveKubeconfig(given);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('kubeconfigChain', () => {
  const chain = (flag: string | undefined, list?: string) =>
    kubeconfigChain(flag, { KUBECONFIG: list }, '/home/me', '/work', ':');

  it('given nothing, when asked, then it is the file in the home directory', () => {
    expect(chain(undefined)).toEqual({ paths: ['/home/me/.kube/config'], from: 'default' });
    expect(chain('', '')).toEqual({ paths: ['/home/me/.kube/config'], from: 'default' });
  });

  it('given a list with empty parts, repetitions and relative paths, when asked, then each file is there once', () => {
    expect(chain(undefined, ':a::/b:a:~/c').paths).toEqual(['/work/a', '/b', '/work/~/c']);
  });

  it('given --kubeconfig, when asked, then KUBECONFIG does not count', () => {
    expect(chain('x', '/a:/b')).toEqual({ paths: ['/work/x'], from: '--kubeconfig' });
  });
});

describe('resolveKubeconfig', () => {
  it('given a context, when resolved, then people are told which file decided what', () => {
    const { info, decisions } = resolvedOf(input({ '/a': null, '/b': config }));
    expect(info).toEqual({
      context: 'prod-eu',
      cluster: 'prod-eu',
      server: 'https://api.prod.example:6443',
      user: 'me',
      namespace: 'shop',
      namespaceOnly: false,
    });
    expect(decisions).toEqual([
      { what: 'kubeconfig', value: '/a (missing), /b', from: 'KUBECONFIG' },
      { what: 'context', value: 'prod-eu', from: 'current-context in /b' },
      { what: 'cluster', value: 'prod-eu at https://api.prod.example:6443', from: '/b' },
      { what: 'user', value: 'me', from: '/b' },
      { what: 'credential', value: 'bearer token', from: '/b' },
      { what: 'namespace', value: 'shop', from: '/b' },
    ]);
  });

  it('given --namespace, when resolved, then only it is watched', () => {
    const { info } = resolvedOf(input({ '/b': config }, { flags: { namespace: 'web' } }));
    expect(info).toMatchObject({ namespace: 'web', namespaceOnly: true });
  });

  it('given a context that does not exist, when resolved, then near and existing names are shown', () => {
    expect(failureOf(input({ '/b': config }, { flags: { context: 'prod' } }))).toEqual({
      kind: 'misconfigured',
      op: 'read kubeconfig',
      message: 'context "prod" (from --context) is not in the kubeconfig',
      on: '/b',
      hint: 'contexts: did you mean "prod-eu"? there is: lost, prod-eu, stg-eu',
    });
  });

  it('given a context whose cluster does not exist, when resolved, then it is no reason to use the pod', () => {
    const mount = { token: true, ca: true, namespace: 'ns' };
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const failure = failureOf(input({ '/b': config }, { flags: { context: 'lost' }, mount, env }));
    expect(failure.message).toBe('cluster "gone" (from context "lost") is not in the kubeconfig');
  });

  it('given no current-context, when resolved, then the contexts to choose from are shown', () => {
    const text = config.replace('current-context: prod-eu\n', '');
    expect(failureOf(input({ '/b': text })).hint).toContain('there is: lost, prod-eu, stg-eu');
  });

  it('given no file and no pod, when resolved, then the failure names the paths', () => {
    expect(failureOf(input({ '/a': null, '/b': null }))).toMatchObject({
      on: '/a, /b',
      message: expect.stringContaining('no kubeconfig was found at any path in KUBECONFIG'),
    });
  });

  it('given no file, when this is a pod, then its service account is used', () => {
    const mount = { token: true, ca: true, namespace: 'shop\n' };
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const resolved = resolvedOf(input({ '/a': null }, { mount, env, flags: { as: 'jane' } }));
    expect(resolved).toMatchObject({
      server: 'https://[fd00::1]:443',
      info: { namespace: 'shop', context: 'in-cluster' },
      tls: { ca: { path: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' }, verify: true },
      credential: { kind: 'token-file' },
      impersonate: { user: 'jane' },
    });
  });

  it('given a file that cannot be read, when resolved, then it is not skipped', () => {
    const files = [{ kind: 'unreadable', path: '/a', why: 'permission denied' } as const];
    expect(failureOf({ ...input({}), files })).toMatchObject({
      on: '/a',
      message: expect.stringContaining('permission denied'),
    });
  });

  it('given an auth-provider, when resolved, then it says what to use instead', () => {
    const text = config.replace('{token: t}', '{auth-provider: {name: oidc}}');
    expect(failureOf(input({ '/b': text }))).toMatchObject({
      on: '/b',
      hint: expect.stringContaining('kubelogin'),
    });
  });

  it('given a plugin that wants a terminal, when resolved, then it is refused before anything runs', () => {
    const exec =
      '{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}';
    expect(failureOf(input({ '/b': config.replace('{token: t}', exec) })).message).toContain(
      'terminal',
    );
  });

  it('given a plain http server, when resolved, then nothing secret is kept for it', () => {
    const text = config.replace('https://api.prod.example:6443', 'localhost:8080');
    expect(resolvedOf(input({ '/b': text }))).toMatchObject({
      server: 'http://localhost:8080',
      tls: null,
      credential: { kind: 'none' },
    });
  });

  it('given secrets, when resolved, then none of them is among the decisions', () => {
    const text = config
      .replace('{token: t}', '{username: u, password: hunter2}')
      .replace('6443"}', '6443", proxy-url: "http://joe:hunter3@proxy.example:3128"}');
    const shown = JSON.stringify(resolvedOf(input({ '/b': text })).decisions);
    expect(shown).toContain('proxy.example:3128');
    expect(shown).not.toMatch(/hunter/);
  });
});

describe('parseKubeconfig', () => {
  it.each([
    [
      'a field of the wrong type',
      'users:\n- name: a\n  user:\n    token: 5\n',
      ':4',
      'users[0].user.token must be text',
    ],
    ['a list that is none', 'contexts:\n  a: b\n', ':2', 'contexts must be a list'],
    [
      'base64 that is none',
      'clusters:\n- name: a\n  cluster:\n    certificate-authority-data: "*"\n',
      ':4',
      'not valid base64',
    ],
    ['a name twice', 'users:\n- name: a\n- name: a\n', ':3', 'users has "a" twice'],
    ['YAML that ends too early', 'users:\n- name: "a\n', ':', 'not valid YAML'],
    ['text', 'hello', ':1', 'not a kubeconfig'],
  ])('given %s, when read, then line and field are named', (_, text, line, words) => {
    const result = parseKubeconfig('/f', text);
    expect(result).toMatchObject({
      ok: false,
      failure: {
        on: expect.stringContaining(`/f${line}`),
        message: expect.stringContaining(words),
      },
    });
  });

  it('given any text, when read, then it is a configuration or a failure, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof parseKubeconfig('/f', text).ok).toBe('boolean');
      }),
      { numRuns: 100 },
    );
  });

  it('given a good file with a part cut out, doubled or replaced, when resolved, then it never throws', () => {
    const damage = fc.tuple(
      fc.nat(config.length),
      fc.nat(60),
      fc.constantFrom('', '\t', '- ', ': ', '{', '*a', '&a ', '<<: ', 'null'),
    );
    fc.assert(
      fc.property(damage, ([at, length, instead]) => {
        const text = config.slice(0, at) + instead + config.slice(at + length);
        const result = resolveKubeconfig(input({ '/b': text }));
        if (!result.ok) {
          expect(result.failure.kind).toBe('misconfigured');
          expect(result.failure.message).not.toMatch(/undefined|\[object/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('given aliases that multiply, when read, then it gives up', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghi', (c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`;
    expect(parseKubeconfig('/f', bomb)).toMatchObject({ ok: false });
  });
});
