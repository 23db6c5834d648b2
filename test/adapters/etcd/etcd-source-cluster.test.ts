import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { etcdDataSchema } from '../../../src/kernel/etcd-fact.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import type { EtcdCluster } from '../../cluster/etcd-cluster-handle.ts';
import { describeWithEtcd } from '../../cluster/etcd-cluster-support.ts';
import { until } from '../../support/until.ts';
import { fasterClock, type Told, type WatchedEtcd, watchEtcd } from './watched-etcd.ts';

let watched: WatchedEtcd | undefined;
afterEach(async () => {
  await watched?.stop();
  watched = undefined;
});

const names = ['etcd-0', 'etcd-1', 'etcd-2'];
const answers = (told: Told): boolean => told.kind === 'status';
const isDown = (told: Told): boolean => told.kind === 'down';
const failureOf = (told: Told) => (told.kind === 'down' ? told.failure : undefined);
const statusOf = (told: Told) => (told.kind === 'status' ? told.status : undefined);

/** Starts from one address, as people do, and waits until all founders have told of themselves. */
const watchAll = async (cluster: EtcdCluster, from = 0): Promise<WatchedEtcd> => {
  watched = watchEtcd(cluster.endpoints.slice(from, from + 1), cluster.credentials);
  for (const name of names) await watched.until(name, 'is told', () => true);
  return watched;
};

const host = (url: string | undefined): string => new URL(url ?? '').host;

describeWithEtcd('the etcd source on three members', { quotaBytes: 8 << 20 }, (cluster) => {
  it('given all three, when one is named, then all tell the same cluster, leader and quota, within what the schema allows', async () => {
    const etcd = await watchAll(cluster());
    const all = await Promise.all(names.map((name) => etcd.until(name, 'answers', answers)));
    expect(all.map((told) => statusOf(told)?.memberId)).toEqual(cluster().memberIds);
    const leader = cluster().memberIds[(await cluster().leader()) ?? -1];
    for (const told of all) {
      expect(statusOf(told)).toMatchObject({ leader, quota: 8 << 20, alarms: [], errors: [] });
    }
    expect(etcd.cluster()).toMatchObject({ cluster: 'payments', problems: [] });
    expect(
      etcd
        .cluster()
        .members.map(({ name, id }) => [name, id])
        .sort(),
    ).toEqual(names.map((name, i) => [name, cluster().memberIds[i]]));
    await until(
      'metrics are told',
      () => etcd.data.filter((d) => d.kind === 'metrics').length >= 3,
    );
    for (const fact of etcd.data) expect(etcdDataSchema.parse(fact)).toEqual(fact);
  });

  it('given two minutes of watching, when counted, then requests and bytes are few and the same, and nothing was written', async () => {
    const clock = fasterClock(8);
    watched = watchEtcd(cluster().endpoints, cluster().credentials, clock);
    const etcd = watched;
    for (const name of names) await etcd.until(name, 'answers', answers);
    const live = new AbortController().signal;
    await clock.sleep(seconds(20), live);
    const before = (await cluster().status(0)).raftIndex;
    const counts = [etcd.traffic()];
    for (let minute = 0; minute < 2; minute += 1) {
      await clock.sleep(minutes(1), live);
      counts.push(etcd.traffic());
    }
    const perMinute = [0, 1].map((i) => ({
      requests: (counts[i + 1]?.requests ?? 0) - (counts[i]?.requests ?? 0),
      bytes:
        (counts[i + 1]?.received ?? 0) +
        (counts[i + 1]?.sent ?? 0) -
        (counts[i]?.received ?? 0) -
        (counts[i]?.sent ?? 0),
    }));
    for (const { requests, bytes } of perMinute) {
      // 12 questions and 4 scrapes for each member, 4 questions who they are; one more or less at the edges each.
      expect(requests).toBeGreaterThanOrEqual(3 * 14 + 3);
      expect(requests).toBeLessThanOrEqual(3 * 18 + 5);
      expect(bytes / 3).toBeLessThan(100_000);
    }
    const [first, second] = perMinute;
    expect(Math.abs((first?.bytes ?? 0) / (second?.bytes ?? 1) - 1)).toBeLessThan(0.35);
    // No new connections: what was opened in the beginning carries everything.
    expect(counts[2]?.dials).toBe(counts[0]?.dials);
    expect((await cluster().status(0)).raftIndex).toBe(before);
  });

  it('given an authority, a certificate or a key that does not fit, when asked, then each is told in its own words', async () => {
    const { credentials, stranger, endpoints } = cluster();
    const cases = [
      [{ ...credentials, ca: stranger.ca }, 'unreachable', 'an authority that is not trusted'],
      [{ ca: credentials.ca }, 'unauthorized', 'wants a client certificate that it trusts'],
      [
        { ...stranger, ca: credentials.ca },
        'unauthorized',
        'wants a client certificate that it trusts',
      ],
    ] as const;
    for (const [tls, kind, words] of cases) {
      const etcd = watchEtcd(endpoints.slice(0, 1), tls);
      const told = await etcd.until(host(endpoints[0]), 'is told', () => true);
      expect(failureOf(told)).toMatchObject({
        kind,
        message: expect.stringContaining(words),
        hint: expect.stringContaining('ETCDCTL_CACERT'),
      });
      expect(etcd.cluster().members).toHaveLength(1);
      await etcd.stop();
    }
  });

  it('given a member that is frozen, when asked, then it is told as silent, and the others go on as if it were not there', async () => {
    const etcd = await watchAll(cluster());
    const from = etcd.mark();
    await cluster().pause(2);
    try {
      const told = await etcd.until('etcd-2', 'is silent', isDown, from);
      expect(failureOf(told)).toMatchObject({
        kind: 'timeout',
        message: `${host(cluster().endpoints[2])} took the question and did not answer within 2 s`,
      });
      // While it keeps its next question waiting for 2 s, both others have answered theirs of the same round.
      const second = etcd.mark();
      await etcd.until('etcd-2', 'is silent again', isDown, second);
      const order = etcd.data
        .slice(second)
        .flatMap((d) => (d.kind === 'status' ? ['answer'] : d.kind === 'down' ? ['silence'] : []));
      expect(order.filter((one) => one === 'answer').length).toBeGreaterThanOrEqual(2);
      expect(order.at(-1)).toBe('silence');
    } finally {
      cluster().resume(2);
    }
    await etcd.until('etcd-2', 'answers again', answers, etcd.mark());
  });

  it('given a frozen member that is asked for the first time, when 2.5 s have passed, then it and the others are told', async () => {
    await cluster().pause(1);
    try {
      const began = systemClock.now();
      watched = watchEtcd(cluster().endpoints, cluster().credentials);
      for (const name of cluster().endpoints.map(host))
        await watched.until(name, 'is told', () => true);
      // Its promise is 2.5 s; the rest is for a machine that is busy with other things.
      expect(systemClock.now() - began).toBeLessThan(10_000);
      expect(failureOf(watched.latest(host(cluster().endpoints[1])) as Told)).toMatchObject({
        kind: 'timeout',
        message: expect.stringContaining('accepts the connection and then says nothing within 2 s'),
      });
    } finally {
      cluster().resume(1);
    }
    await watched.until('etcd-1', 'answers', answers);
  });

  it('given a database that is full, when asked, then every member lists the alarm and who raised it', async () => {
    const etcd = await watchAll(cluster());
    await cluster().fillUntilNoSpace();
    const raised = (await cluster().alarms()).map(({ memberID, alarm }) => ({
      memberId: memberID,
      alarm,
    }));
    expect(raised).not.toEqual([]);
    for (const name of names) {
      const told = await etcd.until(
        name,
        'has alarms',
        (t) => statusOf(t)?.alarms.length === raised.length,
      );
      expect(statusOf(told)?.alarms).toEqual(expect.arrayContaining(raised));
      expect(statusOf(told)?.dbSize).toBeGreaterThan(4 << 20);
    }
    await cluster().compactAndDefrag();
    await cluster().disarm();
    for (const name of names) {
      await etcd.until(name, 'is well again', (t) => statusOf(t)?.alarms.length === 0);
    }
  });

  it('given one that is added and not started, then started as a learner, when told, then it keeps its key', async () => {
    const etcd = await watchAll(cluster());
    const learner = await cluster().addLearner('etcd-3');
    await until('the learner is told', () => etcd.cluster().members.length === 4, 40_000);
    const told = await etcd.until('etcd-3', 'answers', answers);
    expect(statusOf(told)).toMatchObject({ learner: true, memberId: cluster().memberIds[learner] });
    const info = etcd.cluster().members.find(({ name }) => name === 'etcd-3');
    expect(info).toMatchObject({ learner: true, foundBy: 'member list' });
    const keys = etcd.data.flatMap((d) =>
      d.kind === 'cluster' ? d.members.filter((m) => m.id === info?.id).map((m) => m.key) : [],
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('given members that end one after the other, when asked, then each is told at once, and who is left says that there is no leader', async () => {
    await cluster().kill(3);
    const etcd = await watchAll(cluster());
    await cluster().kill(2);
    const second = await etcd.until('etcd-2', 'is down', isDown);
    expect(failureOf(second)).toMatchObject({
      kind: 'unreachable',
      message: `${host(cluster().endpoints[2])} refuses connections`,
    });
    await cluster().kill(1);
    await etcd.until('etcd-1', 'is down', isDown);
    const told = await etcd.until('etcd-0', 'has no leader', (t) => statusOf(t)?.leader === '');
    expect(statusOf(told)?.errors).toContain('etcdserver: no leader');
    expect(
      etcd
        .cluster()
        .members.map(({ name }) => name)
        .sort(),
    ).toEqual([...names, 'etcd-3']);
  });
});

describeWithEtcd('the etcd source on members that lose their data', {}, (cluster) => {
  it('given two that come back empty, when asked, then their indexes begin anew under their old ids, and no member is forgotten', async () => {
    for (let i = 0; i < 20; i += 1) await cluster().put(`key-${i}`, 'value');
    const etcd = await watchAll(cluster());
    const had = await etcd.until('etcd-1', 'has its data', (t) => (statusOf(t)?.index ?? 0) > 20);
    for (const index of [0, 1, 2]) await cluster().kill(index);
    for (const index of [1, 2]) cluster().wipe(index);
    const from = etcd.mark();
    // While the one that knows of them is away, they begin anew as if they had never been there.
    await Promise.all([1, 2].map((index) => cluster().start(index)));
    const empty = (told: Told): boolean =>
      (statusOf(told)?.index ?? Number.POSITIVE_INFINITY) < (statusOf(had)?.index ?? 0);
    for (const name of ['etcd-1', 'etcd-2']) {
      const told = await etcd.until(name, 'is empty', empty, from);
      expect(cluster().memberIds).toContain(statusOf(told)?.memberId);
    }
    expect(
      etcd
        .cluster()
        .members.map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });
});
