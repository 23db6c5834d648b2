import { describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '../../src/cli/config.ts';
import { checkedPolicy, checkedPolicyText } from '../../src/cli/policy-check.ts';
import { type ExplainFlags, explained, offlineCluster } from '../../src/cli/policy-explain.ts';
import { policyReportText } from '../../src/cli/policy-report.ts';
import { runProgram } from '../../src/cli/program.ts';
import { epochMs } from '../../src/kernel/units.ts';

const now = epochMs(Date.UTC(2026, 10, 23, 12));
const { signal } = new AbortController();

const config = (text: string): Config => {
  const parsed = parseConfig(text, 'config.yaml');
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};

const usual = config(`policy:
  classes:
    - name: payments
      match: {namespaces: ["pay-*"], labels: tier=payments}
      secondPerson: [delete-pod]
      logs: {sinceMax: 15m, override: never, since: 5m}
  windows:
    - {name: weekend, kind: deny, schedule: "0 18 * * FRI", duration: 2d14h, timeZone: Europe/Madrid}
  approvers: [{name: boris, publicKey: abc}]
`);

const explain = async (action: string, target: string, flags: ExplainFlags = {}) => {
  const all: ExplainFlags = { context: 'dev', offline: true, ...flags };
  const io = { env: { SUDO_USER: 'anna' }, out: () => undefined, err: () => undefined };
  const options = { action, target, flags: all, config: usual, io, version: 'test' };
  return await explained(options, offlineCluster(all), now, signal);
};

const report = async (...asked: Parameters<typeof explain>) => {
  const made = await explain(...asked);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
};

const says = (made: Awaited<ReturnType<typeof report>>, guard: string) =>
  made.guards.find((g) => g.guard === guard)?.says;

describe('policy explain, offline', () => {
  it('given a change on a day without a closed window, when it is explained, then somebody is asked', async () => {
    const made = await report('cordon', 'node/worker-1');
    expect(made).toMatchObject({
      outcome: 'ask',
      class: 'usual',
      mode: 'guarded',
      challenges: ['name'],
      title: 'cordon nodes worker-1',
    });
    expect(says(made, 'uid-pinned')).toBeUndefined();
    expect(made.notAsked).toContain('rights');
  });

  it('given a time within a closed window, when it is explained for then, then it is denied until the window ends', async () => {
    const made = await report('cordon', 'node/worker-1', { at: '2026-11-28T10:00:00Z' });
    expect(made).toMatchObject({
      outcome: 'deny',
      breakable: true,
      at: '2026-11-28T10:00:00.000Z',
    });
    expect(policyReportText(made)).toContain('wait until 2026-11-30T07:00:00.000Z');
  });

  it('given production, when it is explained, then the session is read-only unless it is guarded', async () => {
    const flags = { context: 'prod-eu', namespace: 'shop' };
    expect(says(await report('restart', 'deploy/cart', flags), 'read-only')).toBe('deny');
    const guarded = await report('restart', 'deploy/cart', { ...flags, guarded: true });
    expect(guarded).toMatchObject({ outcome: 'ask', mode: 'guarded', challenges: ['name'] });
  });

  it('given labels that a class asks for, when they are told, then it is that class; else nothing is allowed', async () => {
    const flags = { namespace: 'pay-cards' };
    const told = await report('delete-pod', 'pod/cart-0', { ...flags, labels: 'tier=payments' });
    expect(told).toMatchObject({ class: 'payments', challenges: ['name', 'second-person'] });
    const other = await report('delete-pod', 'pod/cart-0', { ...flags, labels: 'tier=web' });
    expect(other.class).toBe('usual');
    expect((await report('delete-pod', 'pod/cart-0', flags)).outcome).toBe('deny');
  });

  it('given logs, when more is asked for than the class has, then the limit is told', async () => {
    const flags = { namespace: 'pay-cards', labels: 'tier=payments', arg: ['since=2h'] };
    const made = await report('logs', 'pod/cart-0', flags);
    expect(made.outcome).toBe('deny');
    expect(policyReportText(made)).toContain('asked for 2h, the limit is 15m');
    expect((await report('logs', 'pod/cart-0', { ...flags, arg: [] })).outcome).toBe('allow');
  });

  it.each([
    ['no such action', 'cordn', 'node/a', {}, /there is no action cordn; did you mean cordon\?/],
    ['no namespace', 'restart', 'deploy/cart', {}, /deploy need a namespace/],
    ['no name', 'restart', 'deploy', { namespace: 'a' }, /has no name/],
    ['too many parts', 'restart', 'a/b/c', {}, /no target/],
    ['no time', 'cordon', 'node/a', { at: 'soon' }, /soon is no time/],
    ['logs without a bound', 'logs', 'pod/a', { namespace: 'a', arg: ['since=-1'] }, /above zero/],
  ] as const)(
    'given %s, when it is explained, then it says what is wrong',
    async (_, action, target, flags, why) => {
      const made = await explain(action, target, flags);
      expect(made.ok ? '' : made.failure.message).toMatch(why);
      expect(made.ok ? '' : made.failure.kind).toBe('misconfigured');
    },
  );

  it('given etcd and alerts, when they are explained, then they are of no namespace', async () => {
    expect((await report('etcd-defrag', 'etcd/main/member-1')).outcome).not.toBe('allow');
    expect((await report('silence-create', 'alerts')).title).toContain('alerts');
  });

  it('given the text, when it is read, then no line holds what is no word', async () => {
    const text = policyReportText(await report('scale', 'deploy/cart', { namespace: 'shop' }));
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });
});

describe('policy check', () => {
  it('given a policy that can be meant, when it is checked, then classes and windows are told, and no problem', () => {
    const checked = checkedPolicy(usual, 'config.yaml', now);
    expect(checked).toMatchObject({
      problems: [],
      classes: [{ name: 'payments', where: 'namespace pay-*, labels tier=payments' }],
      windows: [{ name: 'weekend', allowed: true, changesAt: '2026-11-27T17:00:00.000Z' }],
      approvers: ['boris'],
    });
    expect(checkedPolicyText(checked)).toContain('weekend: deny "0 18 * * FRI" for 2d14h');
  });

  it.each([
    [
      'a class behind one about everything',
      'policy: {classes: [{name: a}, {name: b}]}',
      /no class after it/,
    ],
    [
      'an action that there is not',
      'policy: {classes: [{name: a, deny: [scal]}]}',
      /no action scal/,
    ],
    [
      'two people of whom one is nobody',
      'policy: {classes: [{name: a, challenge: second-person}]}',
      /no approvers/,
    ],
    [
      'a window about nothing',
      'policy: {windows: [{name: w, kind: deny, schedule: "0 0 * * *", duration: 1h, actions: [x]}]}',
      /window w: there is no action x/,
    ],
  ])('given %s, when it is checked, then it is a problem', (_, text, problem) => {
    const { problems } = checkedPolicy(config(text), 'c', now);
    expect(problems.join()).toMatch(problem);
  });

  it('given no configuration, when the command checks it, then it is fine; a missing file is not', async () => {
    const out: string[] = [];
    const io = {
      env: { XDG_CONFIG_HOME: '/nowhere-at-all' },
      out: (t: string) => void out.push(t),
      err: (t: string) => void out.push(t),
      paints: false,
    };
    expect(await runProgram(['policy', 'check'], io)).toBe(0);
    expect(await runProgram(['policy', 'check', '/nowhere-at-all/x.yaml'], io)).toBe(64);
    const offline = ['policy', 'explain', 'cordon', 'node/a', '--offline', '--json'];
    expect(await runProgram(offline, io)).toBe(0);
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({ schema: 'midwatch.policy-explain/v1' });
  });
});
