import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execPlugin } from '../../../src/adapters/kubernetes/exec-plugin.ts';
import type { ExecSettings } from '../../../src/adapters/kubernetes/resolved.ts';
import { ok, type Result } from '../../../src/kernel/failure.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { clientFor, get, never, resolvedFor } from '../../support/api-client.ts';
import { clientOf, respond, startScriptedServer } from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTestCa } from '../../support/test-pki.ts';
import { until } from '../../support/until.ts';

let root: string;
let dir: string;
let clock: FakeClock;
let lifetime: AbortController;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'midwatch-exec-'));
});
beforeEach(() => {
  dir = mkdtempSync(join(root, 'case-'));
  clock = new FakeClock();
  lifetime = new AbortController();
});
afterEach(() => lifetime.abort());
afterAll(() => rmSync(root, { recursive: true, force: true }));

const apiVersion = 'client.authentication.k8s.io/v1';

/** A plugin that counts its runs in `runs` and then does what `body` says. */
const script = (body: string): string => {
  const path = join(dir, 'plugin');
  writeFileSync(path, `#!/bin/sh\necho run >> "${dir}/runs"\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
};

const runs = (): number =>
  existsSync(join(dir, 'runs'))
    ? readFileSync(join(dir, 'runs'), 'utf8').trim().split('\n').length
    : 0;

const credential = (status: object, version = apiVersion): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion: version, status });

const prints = (status: object, version?: string): string =>
  `cat <<'END'\n${credential(status, version)}\nEND`;

const plugin = (
  command: string,
  more: Partial<ExecSettings> = {},
  env: Readonly<Record<string, string | undefined>> = { PATH: process.env.PATH },
) =>
  execPlugin({
    exec: {
      apiVersion,
      command,
      args: [],
      env: [],
      installHint: null,
      provideClusterInfo: false,
      clusterConfig: null,
      ...more,
    },
    cluster: async () =>
      ok({
        server: 'https://api.example:6443',
        serverName: 'name.example',
        verify: true,
        ca: 'PEM',
        proxy: null,
        compression: true,
      }),
    env,
    clock,
    lifetime: lifetime.signal,
  });

const failureOf = (result: Result<unknown>) => (result.ok ? undefined : result.failure);
const tokenOf = (result: Result<{ authorization: string | null }>) =>
  result.ok ? result.value.authorization : result.failure;

describe('execPlugin', () => {
  it('given six requests at once, when the plugin has not run, then it runs once for all', async () => {
    const subject = plugin(script(`sleep 0.1\n${prints({ token: 't' })}`));
    const all = await Promise.all(Array.from({ length: 6 }, () => subject.current(never)));
    expect(all.map(tokenOf)).toEqual(Array(6).fill('Bearer t'));
    expect(runs()).toBe(1);
  });

  it('given no expiry, when asked much later, then it has not run again', async () => {
    const subject = plugin(script(prints({ token: 't' })));
    await subject.current(never);
    await clock.advance(minutes(600));
    await subject.current(never);
    expect(runs()).toBe(1);
  });

  it('given an expiry, when it comes near, then the plugin runs again', async () => {
    const expirationTimestamp = new Date(clock.now() + minutes(10)).toISOString();
    const subject = plugin(script(prints({ token: 't', expirationTimestamp })));
    await subject.current(never);
    await clock.advance(minutes(9));
    await subject.current(never);
    expect(runs()).toBe(1);
    await clock.advance(seconds(31));
    await subject.current(never);
    expect(runs()).toBe(2);
  });

  it('given a refused credential, when asked again, then the plugin runs once, and not for every refusal after it', async () => {
    const subject = plugin(script(prints({ token: 't' })));
    const first = await subject.current(never);
    expect(first.ok && subject.invalidate(first.value)).toBe(true);
    const second = await subject.current(never);
    expect(second.ok && first.ok && second.value !== first.value).toBe(true);
    expect(second.ok && subject.invalidate(second.value)).toBe(false);
    await subject.current(never);
    expect(runs()).toBe(2);
    await clock.advance(seconds(31));
    expect(second.ok && subject.invalidate(second.value)).toBe(true);
    await subject.current(never);
    expect(runs()).toBe(3);
  });

  it('given a plugin that waits for input, when it runs, then its input is at an end and it has no terminal', async () => {
    const subject = plugin(
      script(
        `read line && exit 3\n(: > /dev/tty) 2>/dev/null && exit 4\n${prints({ token: 't' })}`,
      ),
    );
    expect(tokenOf(await subject.current(never))).toBe('Bearer t');
  });

  it('given a plugin that hangs with a child, when 30 s have passed, then both are ended and the failure says so', async () => {
    const subject = plugin(script(`sleep 1000 & echo $! > "${dir}/child"\nwait`));
    const asked = subject.current(never);
    await until(
      'the child runs',
      () => existsSync(join(dir, 'child')) && readFileSync(join(dir, 'child'), 'utf8') !== '',
    );
    const pid = Number(readFileSync(join(dir, 'child'), 'utf8'));
    await clock.advance(seconds(30));
    expect(failureOf(await asked)).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('30 s'),
    });
    await until('the child is gone', () => !isAlive(pid));
  });

  it('given the program ends, when a plugin runs, then it is ended too', async () => {
    const subject = plugin(script(`echo $$ > "${dir}/pid"; exec sleep 1000`));
    const asked = subject.current(never);
    await until(
      'it runs',
      () => existsSync(join(dir, 'pid')) && readFileSync(join(dir, 'pid'), 'utf8') !== '',
    );
    lifetime.abort();
    expect(failureOf(await asked)).toMatchObject({ kind: 'ended' });
    await until('it is gone', () => !isAlive(Number(readFileSync(join(dir, 'pid'), 'utf8'))));
  });

  it('given a plugin that fails, when it complains, then its words are shown, without escapes and secrets, and it rests', async () => {
    const subject = plugin(
      script(
        `printf '\\033[31mSSO session expired\\033[0m\\ntoken=hunter2hunter2 %0900d' 7 >&2; exit 9`,
      ),
    );
    const failure = failureOf(await subject.current(never));
    expect(failure).toMatchObject({ kind: 'unauthorized', hint: expect.any(String) });
    expect(failure?.message).toContain('exit code 9: SSO session expired token=');
    expect(failure?.message).not.toContain('\u001b');
    expect(failure?.message).not.toContain('hunter2');
    expect(failure?.message.length).toBeLessThan(500);
    await subject.current(never);
    expect(runs()).toBe(1);
    await clock.advance(seconds(5));
    await subject.current(never);
    expect(runs()).toBe(2);
  });

  it('given no such program, when asked, then the install hint is shown', async () => {
    const subject = plugin('no-such-plugin-anywhere', { installHint: 'brew install\u001b[2J it' });
    expect(failureOf(await subject.current(never))).toMatchObject({
      kind: 'misconfigured',
      on: 'no-such-plugin-anywhere',
      message: expect.stringContaining('not installed'),
      hint: 'brew install it',
    });
  });

  it('given a name without a slash, when it is in PATH, then it is found there and not in the current directory', async () => {
    script(prints({ token: 'path' }));
    expect(
      tokenOf(await plugin('plugin', {}, { PATH: `${dir}:/usr/bin:/bin` }).current(never)),
    ).toBe('Bearer path');
    expect(
      failureOf(await plugin('package.json', {}, { PATH: `.::` }).current(never)),
    ).toMatchObject({
      kind: 'misconfigured',
    });
  });

  it('given env, args and cluster information, when it runs, then it has all of them', async () => {
    const subject = plugin(
      script(
        `printf '%s\\n' "$KUBERNETES_EXEC_INFO" "$1" "$FROM_US" "$FROM_CONFIG" > "${dir}/seen"\n${prints({ token: 't' })}`,
      ),
      {
        args: ['a b'],
        env: [{ name: 'FROM_CONFIG', value: 'c' }],
        provideClusterInfo: true,
        clusterConfig: { audience: 'x' },
      },
      { PATH: process.env.PATH, FROM_US: 'u', FROM_CONFIG: 'hidden' },
    );
    await subject.current(never);
    const [info = '', ...rest] = readFileSync(join(dir, 'seen'), 'utf8').trim().split('\n');
    expect(rest).toEqual(['a b', 'u', 'c']);
    expect(JSON.parse(info)).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://api.example:6443',
          'tls-server-name': 'name.example',
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
          config: { audience: 'x' },
        },
      },
    });
  });

  it.each([
    ['nothing', ':', 'printed nothing'],
    ['no JSON', 'echo secret-output', 'did not print JSON'],
    ['another kind', `echo '{"kind":"Pod"}'`, 'ExecCredential'],
    ['another version', prints({ token: 't' }, 'client.authentication.k8s.io/v1beta1'), 'v1beta1'],
    ['no credential', prints({}), 'no credential'],
    ['half a pair', prints({ clientKeyData: 'k' }), 'only one of'],
    ['a wrong time', prints({ token: 't', expirationTimestamp: 'soon' }), 'not a time'],
  ])(
    'given %s in its output, when read, then the failure says so and shows none of it',
    async (_, body, words) => {
      const failure = failureOf(await plugin(script(body)).current(never));
      expect(failure).toMatchObject({
        kind: 'undecodable',
        message: expect.stringContaining(words),
      });
      expect(JSON.stringify(failure)).not.toContain('secret-output');
    },
  );
});

describe('a client with a plugin', () => {
  it('given client certificates that rotate, when the old one is refused, then a new connection has the new one', async () => {
    const ca = createTestCa(join(dir, 'pki'));
    const [first, second] = ['first', 'second'].map((name) => ca.issue({ name }));
    const pair = ca.issue({ name: 'server', names: 'IP:127.0.0.1' });
    const status = (p: typeof first) =>
      credential({ clientCertificateData: p?.cert, clientKeyData: p?.key });
    writeFileSync(join(dir, 'out1'), status(first));
    writeFileSync(join(dir, 'out2'), status(second));
    const server = await startScriptedServer(
      (request, response) => {
        const name = clientOf(request);
        respond(response, name === 'second' ? 200 : 401, name);
      },
      { tls: pair, clients: { ca: ca.cert, must: true } },
    );
    const subject = plugin(script(`cat "${dir}/out$(wc -l < "${dir}/runs" | tr -d ' ')"`));
    const client = clientFor(resolvedFor(server.url, ca.cert), { clock, credential: subject });
    expect(await get(client, '/')).toMatchObject({ status: 200, body: 'second' });
    expect(client.stats()).toMatchObject({ dials: 2, requests: 2 });
    await client.close();
    await server.close();
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A killed orphan stays as a zombie until somebody reaps it.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};
