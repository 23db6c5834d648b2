import { describe, expect, it } from 'vitest';
import {
  type DoctorCluster,
  type DoctorPorts,
  doctorJson,
  doctorText,
  runDoctor,
} from '../../src/cli/doctor.ts';
import type { TimedAnswer } from '../../src/cli/doctor-cluster.ts';
import type { DoorSeen } from '../../src/cli/doctor-door.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import type { Access } from '../../src/kernel/ports.ts';
import { epochMs, milliseconds } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { now } from '../support/objects.ts';

const signal = new AbortController().signal;
/** Whether others could is asked; no path is made of it. */
const inContainers = ['pods', 'exec'].join('/');
const answer = (body: string, over: Partial<TimedAnswer> = {}): Result<TimedAnswer> =>
  ok({ status: 200, body, sent: now, took: milliseconds(12), serverTime: now, ...over });

const readyz = '[+]ping ok\n[+]etcd ok\nreadyz check passed\n';
const bodies: Readonly<Record<string, Result<TimedAnswer>>> = {
  '/version': answer('{"gitVersion": "v1.36.3"}'),
  '/readyz?verbose': answer(readyz),
  '/apis/metrics.k8s.io/v1beta1': answer('{}'),
};

const cluster = (
  over: Readonly<Record<string, Result<TimedAnswer>>> = {},
  may: (access: Access) => boolean = () => true,
): DoctorCluster => ({
  get: async (path) =>
    over[path] ?? bodies[path] ?? failed(failure('absent', 'get', 'no such path')),
  may: async (access) => ok(may(access)),
  whoAmI: async () => ok({ name: 'ops', groups: ['sre'] }),
  sources: async () => emptyWorld,
});

const door: DoorSeen = {
  mode: 'read-only',
  policy: 'production',
  audit: ok({ path: '/state/audit.jsonl', last: now, sealed: now }),
};

const ports = (over: Partial<DoctorPorts> = {}): DoctorPorts => ({
  terminal: {
    node: '22.19.0',
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    stdin: true,
    stdout: true,
    columns: 120,
    rows: 40,
  },
  resolve: async () =>
    ok({
      info: {
        context: 'prod-eu',
        cluster: 'eu-1',
        server: 'https://eu.test:6443',
        user: 'ops',
        namespace: 'payments',
        namespaceOnly: false,
      },
      decisions: [{ what: 'file', value: '/home/ops/.kube/config', from: 'the default' }],
    }),
  open: async () => ok(cluster()),
  config: () => ok({ path: '/home/ops/.config/midwatch/config.yaml', found: false }),
  stateDir: async () => ok('/home/ops/.local/state/midwatch'),
  door: async () => door,
  ...over,
});

const linesOf = async (over: Partial<DoctorPorts> = {}) =>
  (await runDoctor(ports(over), signal)).lines;
const find = async (check: string, over: Partial<DoctorPorts> = {}) => {
  const line = (await linesOf(over)).find((l) => l.check === check);
  return line === undefined ? 'absent' : `${line.mark} ${line.text}`;
};
const terminal = (over: Partial<DoctorPorts['terminal']>): Partial<DoctorPorts> => ({
  terminal: { ...ports().terminal, ...over },
});
const served = (path: string, said: Result<TimedAnswer>): Partial<DoctorPorts> => ({
  open: async () => ok(cluster({ [path]: said })),
});
const allowed = (may: (access: Access) => boolean): Partial<DoctorPorts> => ({
  open: async () => ok(cluster({}, may)),
});

describe('the doctor', () => {
  it('given that everything is in place, then every line is ok and nothing is to be fixed', async () => {
    const everything = cluster({}, ({ resource }) => resource !== inContainers);
    const report = await runDoctor(ports({ open: async () => ok(everything) }), signal);
    expect(report.code).toBe(0);
    const open = report.lines.filter((l) => l.mark !== 'ok' || l.fix !== '');
    // There is no source of alerts in this cluster, and no doctor can be happy about that.
    expect(open.map((l) => l.check)).toEqual(['alertmanager', 'prometheus']);
  });

  it.each<[string, string, Partial<DoctorPorts>, string]>([
    ['an old Node.js', 'node', terminal({ node: '22.4.1' }), 'bad Node.js 22.4.1 is too old'],
    ['a newer Node.js', 'node', terminal({ node: '24.0.0' }), 'ok Node.js 24.0.0'],
    [
      'a dumb terminal',
      'terminal',
      terminal({ env: { TERM: 'dumb' } }),
      'warn TERM is dumb: the plain report is printed instead of the screen',
    ],
    [
      'a pipe',
      'terminal',
      terminal({ stdout: false }),
      'warn the output is not a terminal: the plain report is printed instead of the screen',
    ],
    [
      'a locale without UTF-8',
      'signs',
      terminal({ env: { TERM: 'xterm', LANG: 'C' } }),
      'warn the locale does not say UTF-8: plain ASCII signs are used',
    ],
    [
      'a small window',
      'size',
      terminal({ columns: 60 }),
      'warn 60 x 40: some columns are left out',
    ],
    ['a tiny window', 'size', terminal({ columns: 30 }), 'bad 30 x 40 is too small to read'],
    [
      'tmux with the wrong TERM',
      'tmux',
      terminal({ env: { TMUX: '/tmp/t', TERM: 'xterm' } }),
      'warn inside tmux, but TERM is xterm',
    ],
    ['no tmux', 'tmux', {}, 'absent'],
    [
      'NO_COLOR',
      'colours',
      terminal({ env: { TERM: 'xterm', NO_COLOR: '1' } }),
      'ok none: NO_COLOR is set',
    ],
    [
      'a server that is far away',
      'api',
      served('/version', answer('{"gitVersion":"v1.36.3"}', { took: milliseconds(900) })),
      'warn reachable, round trip 900 ms, first answer 900 ms',
    ],
    [
      'a user that is not known',
      'api',
      served('/version', answer('', { status: 401 })),
      'bad the server does not know this user (401)',
    ],
    [
      'a clock that is ahead',
      'clock',
      served('/version', answer('{"gitVersion":"v1.36.3"}', { serverTime: epochMs(now - 30_000) })),
      'warn this machine is 30 s ahead of the server',
    ],
    [
      'a clock that is far behind',
      'clock',
      served(
        '/version',
        answer('{"gitVersion":"v1.36.3"}', { serverTime: epochMs(now + 300_000) }),
      ),
      'bad this machine is 300 s behind the server',
    ],
    [
      'an old server',
      'version',
      served('/version', answer('{"gitVersion":"v1.24.2"}')),
      'warn v1.24.2 is older than what is tried',
    ],
    [
      'readyz that fails',
      'readyz',
      served(
        '/readyz?verbose',
        answer('[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed', { status: 500 }),
      ),
      'bad fails: etcd',
    ],
    [
      'no metrics',
      'metrics',
      served('/apis/metrics.k8s.io/v1beta1', answer('', { status: 404 })),
      'warn metrics.k8s.io is not served: no usage columns',
    ],
    [
      'metrics that are broken',
      'metrics',
      served('/apis/metrics.k8s.io/v1beta1', answer('', { status: 503 })),
      'warn metrics.k8s.io answers 503',
    ],
    ['no logs', 'may get pods/log', allowed((a) => a.resource !== 'pods/log'), 'warn no: no logs'],
    [
      'no pods at all',
      'may read pods',
      allowed((a) => a.resource !== 'pods'),
      'bad may not list and watch: it stays "?" on the screen',
    ],
    [
      'no nodes',
      'may read nodes',
      allowed((a) => a.resource !== 'nodes'),
      'warn may not list and watch: it stays "?" on the screen',
    ],
    [
      'pods of one namespace',
      'may read pods',
      allowed((a) => a.resource !== 'pods' || a.namespace === 'payments'),
      'warn list and watch only in namespace payments; others are tried one by one',
    ],
    [
      'no watch on deployments',
      'may read deployments.apps',
      allowed((a) => a.verb !== 'watch' || a.resource !== 'deployments'),
      'warn may not watch: it stays "?" on the screen',
    ],
  ])('given %s, then %s says so', async (_, check, over, expected) => {
    expect(await find(check, over)).toBe(expected);
  });

  it("given no kubeconfig, then nothing is asked of a server, and the fix is the resolver's own", async () => {
    const why = failure('misconfigured', 'read kubeconfig', 'no kubeconfig was found', {
      hint: 'set KUBECONFIG',
    });
    const report = await runDoctor(
      ports({
        resolve: async () => failed(why),
        open: () => Promise.reject(new Error('must not be asked')),
      }),
      signal,
    );
    expect(report.code).toBe(1);
    expect(report.lines.at(-1)).toEqual({
      check: 'kubeconfig',
      mark: 'bad',
      text: 'no kubeconfig was found',
      fix: 'set KUBECONFIG',
    });
  });

  it('given a server that cannot be reached, then one line says it, not one per question', async () => {
    const why = failed(failure('unreachable', 'connect', 'connect ECONNREFUSED 10.0.0.1:6443'));
    for (const open of [async () => why, async () => ok(cluster({ '/version': why }))]) {
      const bad = (await linesOf({ open })).filter((l) => l.mark === 'bad');
      expect(bad.map((l) => `${l.check}: ${l.text}`)).toEqual([
        'api: connect ECONNREFUSED 10.0.0.1:6443',
      ]);
    }
  });

  it('given any trouble, then its line has a fix', async () => {
    const reports = await Promise.all([
      linesOf(allowed(() => false)),
      linesOf({
        stateDir: async () => failed(failure('misconfigured', 'write', 'read-only file system')),
      }),
      linesOf({ config: () => failed(failure('misconfigured', 'read', 'line 3: unknown key')) }),
      linesOf({ ...terminal({ node: '20.1.0', env: {}, columns: 10 }) }),
    ]);
    const troubles = reports.flat().filter((l) => l.mark !== 'ok');
    expect(troubles.length).toBeGreaterThan(20);
    expect(troubles.filter((l) => l.fix === '')).toEqual([]);
  });

  it('given a report, then the text lines up and ends with the sum, and the JSON is the same lines', async () => {
    const report = await runDoctor(ports(terminal({ columns: 60 })), signal);
    const text = doctorText(report);
    expect(text).toContain('[warn] size');
    expect(text).toContain('fix: best from 80 x 24 on');
    expect(text).toMatch(/\n\n\d+ ok, 4 to look at, 0 in the way\n$/);
    expect(JSON.parse(doctorJson(report))).toEqual(report);
  });
});
