import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/kernel/fact.ts';
import type { Observed } from '../../src/kernel/probe.ts';
import { epochMs, minutes, revision, seconds } from '../../src/kernel/units.ts';
import { type ControlPlaneData, controlPlane } from '../../src/probes/control-plane.ts';
import { readHealthChecks } from '../../src/probes/health-checks.ts';
import { type ScriptedAnswer, scriptedPorts } from '../support/scripted-port.ts';

const healthy = `[+]ping ok
[+]etcd ok
[+]poststarthook/rbac/bootstrap-roles ok
readyz check passed
`;
const broken = `[+]ping ok
[-]etcd failed: reason withheld
[+]poststarthook/rbac/bootstrap-roles ok
readyz check failed
`;

describe('readHealthChecks', () => {
  it('given the verbose text, when read, then each check is there with its reason', () => {
    expect(readHealthChecks(broken)).toEqual([
      { name: 'ping', ok: true, reason: '' },
      { name: 'etcd', ok: false, reason: 'reason withheld' },
      { name: 'poststarthook/rbac/bootstrap-roles', ok: true, reason: '' },
    ]);
  });

  it('given a bare ok, or something else, when read, then it is no check, or nothing', () => {
    expect(readHealthChecks('ok')).toEqual([]);
    expect(readHealthChecks('<html>Bad Gateway</html>')).toBeNull();
    expect(readHealthChecks('')).toBeNull();
  });
});

const observed = (
  n: number,
  data: ControlPlaneData,
  settled = true,
): Observed<ControlPlaneData> => ({
  rev: revision(n),
  at: epochMs(n * 1000),
  scope: '',
  data,
  settled,
});
const checks = (body: string, endpoint: 'readyz' | 'livez' = 'readyz'): ControlPlaneData => {
  const read = readHealthChecks(body) ?? [];
  return { kind: 'checks', endpoint, ok: read.every(({ ok }) => ok), checks: read };
};

describe('controlPlane, folding', () => {
  it('given a check that turns and turns back, when folded, then both are told with its name', () => {
    const { state, changes } = controlPlane.fold(controlPlane.empty, [
      observed(1, checks(healthy), false),
      observed(2, checks(broken)),
      observed(3, checks(healthy)),
    ]);
    expect(changes.map(({ key, tone, text }) => [key, tone, text])).toEqual([
      ['etcd', 'bad', 'readyz check etcd fails: reason withheld'],
      ['etcd', 'good', 'readyz check etcd passes again'],
    ]);
    expect(state.readyz?.checks.get('etcd')).toEqual({ ok: true, reason: '', since: 3000 });
    expect(state.readyz?.checks.get('ping')?.since).toBe(1000);
  });

  it('given a check that fails from the beginning, when folded, then it is a state and no change', () => {
    const { state, changes } = controlPlane.fold(controlPlane.empty, [
      observed(1, checks(broken), false),
    ]);
    expect(changes).toEqual([]);
    expect(state.readyz?.ok).toBe(false);
  });

  it('given a server that shuts down, when only the verdict turns, then that is told', () => {
    const down: ControlPlaneData = { kind: 'checks', endpoint: 'readyz', ok: false, checks: [] };
    const { changes } = controlPlane.fold(controlPlane.empty, [
      observed(1, { ...down, ok: true }, false),
      observed(2, down),
    ]);
    expect(changes.map(({ text }) => text)).toEqual(['readyz fails']);
  });

  it('given a new version, when folded, then the upgrade is told', () => {
    const { state, changes } = controlPlane.fold(controlPlane.empty, [
      observed(1, { kind: 'version', version: 'v1.36.3' }),
      observed(2, { kind: 'version', version: 'v1.36.4' }),
    ]);
    expect(changes.map(({ text }) => text)).toEqual(['API server version v1.36.3 → v1.36.4']);
    expect(state.version).toBe('v1.36.4');
  });

  it('given a state, when saved as JSON and loaded, then it is the same', () => {
    const { state } = controlPlane.fold(controlPlane.empty, [
      observed(1, checks(broken)),
      observed(2, checks(healthy, 'livez')),
    ]);
    expect(controlPlane.load(JSON.parse(JSON.stringify(controlPlane.save(state))))).toEqual(state);
  });

  it('given data from a file, when they are wrong, then they are refused', () => {
    expect(controlPlane.schema.safeParse(checks(broken)).success).toBe(true);
    expect(controlPlane.schema.safeParse({ kind: 'checks', endpoint: 'healthz' }).success).toBe(
      false,
    );
  });
});

describe('controlPlane, observing', () => {
  const begin = (more: readonly (readonly [string, ScriptedAnswer])[] = []) => {
    const answers = new Map<string, ScriptedAnswer>([
      ['/readyz?verbose', { status: 200, body: healthy }],
      ['/livez?verbose', { status: 200, body: healthy.replaceAll('readyz', 'livez') }],
      ['/version', { status: 200, body: '{"gitVersion":"v1.36.3"}' }],
      ...more,
    ]);
    const { clock, ports, asked } = scriptedPorts(answers);
    const signals: Signal<ControlPlaneData>[] = [];
    const stop = new AbortController();
    const ended = controlPlane.observe(ports, (more) => signals.push(...more), stop.signal);
    const kinds = () => signals.splice(0).map(({ kind }) => kind);
    return { answers, clock, asked, signals, kinds, stop, ended };
  };

  it('given no news, when polled again, then only that it was heard is said, and the version every five minutes', async () => {
    const { clock, kinds, asked, stop, ended } = begin();
    await clock.advance(seconds(0));
    expect(kinds()).toEqual(['observed', 'observed', 'observed', 'synced']);
    await clock.advance(seconds(15));
    expect(kinds()).toEqual(['synced']);
    await clock.advance(minutes(6));
    expect(asked.filter((path) => path === '/version')).toHaveLength(2);
    stop.abort();
    await ended;
  });

  it('given a check that fails, when polled, then the 500 is read and told', async () => {
    const { answers, clock, signals, kinds, stop, ended } = begin();
    await clock.advance(seconds(0));
    kinds();
    answers.set('/readyz?verbose', { status: 500, body: broken });
    await clock.advance(seconds(15));
    expect(signals[0]).toMatchObject({ kind: 'observed', data: { endpoint: 'readyz', ok: false } });
    expect(signals[1]).toMatchObject({ kind: 'synced' });
    stop.abort();
    await ended;
  });

  it('given nobody who answers, when it goes on, then he is asked again within seconds', async () => {
    const { answers, clock, kinds, stop, ended } = begin();
    await clock.advance(seconds(0));
    kinds();
    answers.set('/livez?verbose', { status: 0, body: 'connection refused' });
    await clock.advance(seconds(15));
    expect(kinds()).toEqual(['failed']);
    const again = healthy.replaceAll('readyz', 'livez');
    answers.set('/livez?verbose', { status: 200, body: again });
    await clock.advance(seconds(3));
    expect(kinds()).toEqual(['synced']);
    stop.abort();
    await ended;
  });

  it('given 403, when polled, then it is a failure with the role that helps, and well again afterwards', async () => {
    const { answers, clock, signals, kinds, stop, ended } = begin([
      ['/readyz?verbose', { status: 403, body: 'forbidden' }],
    ]);
    await clock.advance(seconds(0));
    expect(signals.at(-1)).toMatchObject({
      kind: 'failed',
      failure: {
        kind: 'forbidden',
        on: '/readyz',
        hint: expect.stringContaining('system:public-info-viewer'),
      },
    });
    kinds();
    answers.set('/readyz?verbose', { status: 200, body: healthy });
    await clock.advance(seconds(15));
    expect(kinds()).toEqual(['observed', 'synced']);
    stop.abort();
    await ended;
  });
});
