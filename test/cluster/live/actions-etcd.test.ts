import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import { type OpenedEffects, openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { etcdSource } from '../../../src/adapters/etcd/etcd-source.ts';
import type { ActSubject, EffectRequest } from '../../../src/kernel/act.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { sliceOf } from '../../../src/kernel/world.ts';
import { type EtcdClusterState, etcd as etcdProbe } from '../../../src/probes/etcd.ts';
import { actOn } from '../../support/act-on.ts';
import { watchedWorld } from '../../support/watched-world.ts';
import type { EtcdCluster } from '../etcd-cluster-handle.ts';
import { describeWithEtcd } from '../etcd-cluster-support.ts';
import { waitFor } from '../wait.ts';

type Sent = Extract<EffectRequest, { kind: 'etcd' }>;

/** A watched cluster, the whole pipeline, and what was sent through it. */
const actOnEtcd = (etcd: EtcdCluster) => {
  const target = {
    name: 'payments',
    endpoints: [etcd.endpoints[0] ?? ''],
    tls: { ...noTls, ...etcd.credentials },
  };
  const settings = { etcd: [target], alertmanagers: [], discover: false, etcdTls: noTls };
  const stop = new AbortController();
  const watched = watchedWorld(
    etcdProbe,
    etcdSource({
      settings,
      kubernetes: { get: async () => failed(failure('broken', 'get', 'not asked for')) },
      clock: systemClock,
      random: systemRandom,
      version: 'test',
    }),
  );
  const effects: OpenedEffects = openEffects(
    {
      flags: { kubeconfig: '/nonexistent' },
      env: {},
      clock: systemClock,
      version: 'test',
      settings,
      mode: () => 'guarded',
    },
    stop.signal,
  );
  const sent: Sent[] = [];
  let after: (request: Sent) => Promise<void> = async () => {};
  const door = actOn({
    ports: {
      ...effects.ports,
      etcd: async (request, signal) => {
        sent.push(request);
        const answer = await effects.ports.etcd(request, signal);
        await after(request);
        return answer;
      },
    },
    reads: effects.reads,
    world: watched.world,
    get scene() {
      return { now: systemClock.now() };
    },
  });
  const state = (): EtcdClusterState | undefined =>
    sliceOf(watched.world(), etcdProbe).state.get('payments');
  return {
    ...door,
    sent,
    writes: () => sent.filter((r) => r.path !== '/v3/maintenance/status'),
    afterEach: (then: typeof after) => {
      after = then;
    },
    untilSeen: (what: string, check: (cluster: EtcdClusterState) => boolean) =>
      waitFor({ until: what, timeoutMs: 90_000, everyMs: 100 }, () => {
        const now = state();
        return now !== undefined && check(now);
      }),
    stop: async () => {
      stop.abort();
      await watched.stop();
    },
  };
};

const cluster: ActSubject = { kind: 'etcd', cluster: 'payments', member: '' };
const all = (n: number) => (c: EtcdClusterState) =>
  c.members.size === n &&
  [...c.members.values()].every((m) => m.status !== null && m.down === null) &&
  c.leader !== null;

describeWithEtcd('actions on a real etcd', { quotaBytes: 16 << 20 }, (etcd) => {
  let act: ReturnType<typeof actOnEtcd>;
  const written = async (n: number) => {
    for (let i = 0; i < n; i++) await etcd().put('k', `${i}`.padEnd(2000, 'x'));
  };
  beforeAll(async () => {
    act = actOnEtcd(etcd());
    await act.untilSeen('all three are well', all(3));
  });
  afterEach(() => {
    act.sent.splice(0);
    act.afterEach(async () => {});
  });
  afterAll(() => act?.stop());

  it('given a history, when it is compacted, then to what was read then less what is kept', async () => {
    await written(40);
    const asked = await act.ask('etcd-compact', cluster, { keep: '10' });
    const now = Number((await etcd().status(0)).header.revision);
    expect(asked.plan.title).toBe(`compact etcd payments to revision ${now - 10}`);
    expect(asked.plan.weight).toMatchObject({ quorumMargin: 'untouched', unknown: [] });
    expect(await act.carryOut(asked)).toMatchObject({ kind: 'done' });
    const leader = etcd().endpoints[(await etcd().leader()) ?? -1];
    expect(act.sent).toEqual([
      {
        kind: 'etcd',
        cluster: 'payments',
        endpoint: leader,
        path: '/v3/kv/compaction',
        body: `{"revision":"${now - 10}","physical":true}`,
      },
    ]);
    const old = { key: Buffer.from('k').toString('base64'), revision: String(now - 20) };
    await expect(etcd().gateway(0).call('/v3/kv/range', old)).rejects.toThrow(/compacted/);
    // The same again is refused by the server, in its words.
    const again = await act.carryOut(asked);
    expect(again).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/has been compacted/) },
    });
  });

  it('given three members, when they are defragmented, then followers first and the leader last, with a look between', async () => {
    const leader = (await etcd().leader()) ?? -1;
    const asked = await act.ask('etcd-defrag', cluster);
    expect(asked.plan.refusals).toEqual([]);
    const before = (await etcd().status(leader)).dbSize;
    const result = await act.carryOut(asked);
    expect(result).toMatchObject({ kind: 'done', text: expect.stringMatching(/3 members/) });
    const order = act.writes().map((r) => etcd().endpoints.indexOf(r.endpoint));
    expect(order).toEqual([...[0, 1, 2].filter((n) => n !== leader), leader]);
    expect(act.sent.map((r) => (r.path.endsWith('/status') ? 's' : 'D')).join('')).toBe(
      'sssDsssDsssDsss',
    );
    expect(Number((await etcd().status(leader)).dbSize)).toBeLessThanOrEqual(Number(before));
  });

  it('given leadership that moved after somebody agreed, when members are defragmented, then it stops before the new leader', async () => {
    const asked = await act.ask('etcd-defrag', cluster);
    const leader = (await etcd().leader()) ?? -1;
    const next = leader === 0 ? 1 : 0;
    await etcd().moveLeader(next);
    const result = await act.carryOut(asked);
    expect(result).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/it leads now/) },
    });
    expect(act.writes().map((r) => r.endpoint)).not.toContain(etcd().endpoints[next]);
    await act.untilSeen('it is seen', (c) => c.leader?.id === etcd().memberIds[next]);
  });

  it('given a follower, when leadership is moved to it, then it leads', async () => {
    const leader = (await etcd().leader()) ?? -1;
    const to = leader === 2 ? 1 : 2;
    const wish = { to: etcd().memberIds[to] ?? '' };
    const result = await act.act('etcd-move-leader', cluster, wish);
    expect(result).toMatchObject({ kind: 'done', text: expect.stringMatching(/it leads/) });
    expect(await etcd().leader()).toBe(to);
    await act.untilSeen('it is seen', (c) => c.leader?.id === etcd().memberIds[to]);
    const again = await act.ask('etcd-move-leader', cluster, wish);
    expect(again.plan.refusals.join()).toMatch(/leads already/);
  });

  it('given a cluster, when its status and alarms are asked for, then each member tells its own', async () => {
    const status = await act.act('etcd-status', cluster);
    expect(status).toMatchObject({ kind: 'done' });
    const text = status.kind === 'done' ? status.text : '';
    expect(text.split('\n')).toHaveLength(3);
    expect(text.match(/: leader, 3\./g)).toHaveLength(1);
    expect(await act.act('etcd-alarms', cluster)).toMatchObject({
      kind: 'done',
      text: 'no alarm is raised',
    });
  });

  it('given a path, when a snapshot is saved, then it is ours alone, never overwrites, and can be restored', async () => {
    await etcd().put('proof', 'kept');
    const dir = etcd().run.dir;
    const path = join(dir, 'snap.db');
    const revision = Number((await etcd().status(0)).header.revision);
    const result = await act.act('etcd-snapshot', cluster, { path });
    expect(result).toMatchObject({
      kind: 'done',
      text: expect.stringMatching(/sha256 [0-9a-f]{64}/),
    });
    expect(result.kind === 'done' ? result.text : '').toContain(`revision ${revision} `);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(path).size % 512).toBe(32);
    const again = await act.act('etcd-snapshot', cluster, { path });
    expect(again).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/never overwritten/) },
    });
    const missing = join(dir, 'no', 'such', 'place.db');
    expect(await act.act('etcd-snapshot', cluster, { path: missing })).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/directory does not exist/) },
    });
    expect(readdirSync(dir).filter((n) => n.includes('partial'))).toEqual([]);
    await etcd().put('proof', 'lost again');
    await etcd().restore(path);
    expect(await etcd().get('proof')).toBe('kept');
    writeFileSync(join(dir, 'other.db'), 'mine');
    await act.stop();
    act = actOnEtcd(etcd());
    await act.untilSeen('all three are well', all(3));
    expect(existsSync(path)).toBe(true);
  });

  it('given a full database, when it is compacted, defragmented and disarmed, then it takes writes; disarmed before that it is refused', async () => {
    await etcd().fillUntilNoSpace();
    await act.untilSeen('the alarm is seen', (c) => c.alarms.length > 0);
    const early = await act.ask('etcd-disarm', cluster);
    expect(early.plan.title).toMatch(/^disarm NOSPACE of etcd-\d/);
    expect(early.verdict.outcome).toBe('deny');
    expect(early.plan.refusals.join()).toMatch(/compact and defragment first/);
    expect(await act.act('etcd-compact', cluster, { keep: '0' })).toMatchObject({ kind: 'done' });
    expect(await act.act('etcd-defrag', cluster)).toMatchObject({ kind: 'done' });
    act.sent.splice(0);
    const raised = await etcd().alarms();
    expect(await act.act('etcd-disarm', cluster)).toMatchObject({ kind: 'done' });
    expect(act.sent.map((r) => JSON.parse(r.body))).toEqual(
      expect.arrayContaining(
        raised.map((a) => ({ action: 'DEACTIVATE', memberID: a.memberID, alarm: a.alarm })),
      ),
    );
    expect(await etcd().alarms()).toEqual([]);
    await etcd().put('after', 'all');
  });

  it('given a member that dies after the first turn, when others are defragmented, then it stops, and says what was done', async () => {
    const asked = await act.ask('etcd-defrag', cluster);
    const leader = (await etcd().leader()) ?? -1;
    const turns = [0, 1, 2].filter((n) => n !== leader);
    const victim = turns[1] ?? -1;
    act.afterEach(async (request) => {
      if (request.path.endsWith('/defragment')) await etcd().kill(victim);
    });
    const result = await act.carryOut(asked);
    const first = new URL(etcd().endpoints[turns[0] ?? -1] ?? '').host;
    const dead = new URL(etcd().endpoints[victim] ?? '').host;
    expect(result).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining(`so far: ${first}`) },
    });
    expect(result).toMatchObject({
      failure: { message: expect.stringContaining(`stopped before ${dead}`) },
    });
    expect(act.writes()).toHaveLength(1);
    await act.untilSeen('it is missed', (c) =>
      [...c.members.values()].some((m) => m.down !== null),
    );
    const again = await act.ask('etcd-defrag', cluster);
    expect(again.plan.weight.quorumMargin).toBe(0);
    expect(again.plan.refusals.join()).toMatch(/no voter is to spare/);
    await etcd().start(victim);
  });
});
