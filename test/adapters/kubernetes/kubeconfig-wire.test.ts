import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ConnectionFlags } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import {
  clientOf,
  respond,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { describeWithKubectl } from '../../support/kubectl.ts';
import { createTestCa, type TestCa } from '../../support/test-pki.ts';
import { kubeconfigCases } from './kubeconfig-cases.ts';

interface Seen {
  readonly path: string;
  readonly client: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const ofInterest = ['authorization', 'impersonate-user', 'impersonate-uid', 'impersonate-group'];

describeWithKubectl('kubeconfig, compared with what the real kubectl sends', (kubectl) => {
  let dir: string;
  let ca: TestCa;
  let server: ScriptedServer;
  let other: ScriptedServer;
  let seen: Seen[] = [];

  const see = (where: string) => (request: Parameters<typeof clientOf>[0]) =>
    seen.push({
      path: `${where}${request.url}`,
      client: clientOf(request),
      headers: Object.fromEntries(
        Object.entries(request.headers).filter(
          ([name]) => ofInterest.includes(name) || name.startsWith('impersonate-extra-'),
        ),
      ),
    });

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'midwatch-kubeconfig-'));
    ca = createTestCa(join(dir, 'pki'));
    const leaf = ca.issue({ name: 'server', names: 'IP:127.0.0.1,DNS:api.example' });
    for (const name of ['jane', 'joe']) ca.issue({ name });
    const options = { tls: leaf, clients: { ca: ca.cert, must: false } } as const;
    const start = (where: string) =>
      startScriptedServer((request, response) => {
        see(where)(request);
        respond(response, 200, '{}');
      }, options);
    server = await start('main');
    other = await start('other');
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    seen = [];
  });

  const fill = (text: string): string =>
    text
      .replaceAll('SERVER', server.url)
      .replaceAll('OTHER', other.url)
      .replaceAll('CA_DATA', Buffer.from(ca.cert).toString('base64'))
      .replaceAll('PKI', join(dir, 'pki'));

  const kubectlFlags = (flags: ConnectionFlags, at: string): readonly string[] => [
    ...(flags.kubeconfig ? ['--kubeconfig', join(at, flags.kubeconfig)] : []),
    ...(flags.context ? ['--context', flags.context] : []),
    ...(flags.cluster ? ['--cluster', flags.cluster] : []),
    ...(flags.user ? ['--user', flags.user] : []),
    ...(flags.as ? ['--as', flags.as] : []),
    ...(flags.asGroups ?? []).flatMap((group) => ['--as-group', group]),
    ...(flags.asUid ? ['--as-uid', flags.asUid] : []),
  ];

  it.each(kubeconfigCases)(
    'given $name, when a request is sent, then it is the one kubectl sends',
    async (c) => {
      const at = mkdtempSync(join(dir, 'case-'));
      for (const [path, text] of Object.entries(c.files)) {
        mkdirSync(join(at, path, '..'), { recursive: true });
        writeFileSync(join(at, path), fill(text).replaceAll('../pki', '../../pki'));
      }
      const list = c.list ?? [Object.keys(c.files)[0] ?? ''];
      const env = { KUBECONFIG: list.map((path) => join(at, path)).join(':'), HOME: at };
      const flags = c.flags ?? {};
      const theirs = await kubectl([...kubectlFlags(flags, at), 'get', '--raw', '/probe'], env, at);
      const sentByThem = seen;
      seen = [];

      const stop = new AbortController();
      const kubeconfig = flags.kubeconfig === undefined ? undefined : join(at, flags.kubeconfig);
      const opened = await openCluster(
        { flags: { ...flags, kubeconfig }, env, clock: systemClock, version: 'test' },
        stop.signal,
      );
      const answer = opened.ok
        ? await opened.value.client.request(
            { method: 'GET', path: '/probe', accept: '*/*' },
            stop.signal,
          )
        : opened;
      stop.abort();
      if (c.bothRefuse) {
        expect(theirs.ok, theirs.stderr).toBe(false);
        expect(answer.ok).toBe(false);
        if (!answer.ok)
          expect(answer.failure).toMatchObject({
            kind: 'misconfigured',
            on: expect.stringContaining('/'),
          });
        return;
      }
      expect(theirs.ok, theirs.stderr).toBe(true);
      expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
      expect(sentByThem).toHaveLength(1);
      expect(seen).toEqual(sentByThem);
    },
  );
});
