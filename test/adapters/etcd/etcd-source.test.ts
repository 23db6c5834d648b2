import { describe, expect, it } from 'vitest';
import { etcdDataSchema } from '../../../src/kernel/etcd-fact.ts';
import { milliseconds, minutes, seconds } from '../../../src/kernel/units.ts';
import {
  json,
  membersOf,
  metricsText,
  named,
  type Play,
  type PlayedMember,
  playEtcd,
  refused,
  statusOf,
} from './played-etcd.ts';

const three: readonly PlayedMember[] = ['1', '2', '3'].map((id) => ({ id, name: `etcd-${id}` }));
const urlOf = (id: string): string => `https://10.0.0.${id}:2379`;
const all = three.map(({ id }) => urlOf(id));
const idIn = (url: string): string => /10\.0\.0\.(\d+)/.exec(url)?.[1] ?? '';

/** A healthy cluster; `more` answers first. */
const healthy =
  (more: Play | Record<string, never> = {}, members = three): Play =>
  (url, path, method) => {
    const own = typeof more === 'function' ? more(url, path, method) : undefined;
    if (own !== undefined) return own;
    if (path === '/metrics') return { ok: true, value: { status: 200, body: metricsText } };
    return path.endsWith('/list') ? membersOf(members) : statusOf({ id: idIn(url) });
  };
const unless = (when: (url: string, path: string) => boolean, then: ReturnType<Play>): Play =>
  ((url, path) => (when(url, path) ? then : undefined)) as Play;

describe('members that are named', () => {
  it('given three addresses, when started, then the cluster is told before anybody was asked, and all answer at once', async () => {
    const etcd = playEtcd(named('payments', ...all), healthy());
    await etcd.clock.advance(milliseconds(0));
    expect(etcd.data().map((d) => d.kind)[0]).toBe('cluster');
    expect(etcd.signals.slice(0, 2).map(({ signal }) => [signal.kind, signal.scope])).toEqual([
      ['observed', 'payments'],
      ['synced', 'payments'],
    ]);
    const told = etcd.data().filter((d) => d.kind === 'status');
    expect(told.map((d) => d.member).sort()).toEqual(all.map((url) => url.slice(8)));
    for (const data of etcd.data()) expect(etcdDataSchema.safeParse(data).success).toBe(true);
    await etcd.stop();
  });

  it('given one address, when its member list is read, then the others are asked too, by their names', async () => {
    const etcd = playEtcd(named('payments', urlOf('2')), healthy());
    await etcd.clock.advance(seconds(1));
    expect(
      etcd
        .cluster('payments')
        ?.members.map(({ key, name, id, foundBy }) => [key, name, id, foundBy]),
    ).toEqual([
      ['10.0.0.2:2379', 'etcd-2', '2', 'setting'],
      ['etcd-1', 'etcd-1', '1', 'member list'],
      ['etcd-3', 'etcd-3', '3', 'member list'],
    ]);
    expect(new Set(etcd.data().flatMap((d) => (d.kind === 'status' ? [d.member] : [])))).toEqual(
      new Set(['10.0.0.2:2379', 'etcd-1', 'etcd-3']),
    );
    await etcd.stop();
  });

  it('given a minute, when counted, then each member is asked 12 times and scraped 4 times, and 4 times one of them who they are', async () => {
    const etcd = playEtcd(named('payments', ...all), healthy());
    await etcd.clock.advance(seconds(20));
    const before = etcd.requests.length;
    await etcd.clock.advance(minutes(1));
    const asked = etcd.requests.slice(before);
    for (const url of all) {
      const mine = asked.filter((r) => r.url === url);
      expect(mine.filter((r) => r.path.endsWith('/status'))).toHaveLength(12);
      expect(mine.filter((r) => r.path === '/metrics')).toHaveLength(4);
    }
    expect(asked.filter((r) => r.path.endsWith('/list'))).toHaveLength(4);
    expect(asked).toHaveLength(3 * 16 + 4);
    await etcd.stop();
  });

  it('given any chance, when questions are jittered, then none is more than a tenth early or late', async () => {
    for (const chance of [0, 0.999]) {
      const etcd = playEtcd(named('payments', urlOf('1')), healthy({}, three.slice(0, 1)), {
        random: () => chance,
      });
      await etcd.clock.advance(seconds(30));
      const at = etcd.requests.filter((r) => r.path.endsWith('/status')).map((r) => r.at);
      for (const [i, time] of at.slice(1).entries()) {
        expect(time - (at[i] ?? 0)).toBeGreaterThanOrEqual(4500);
        expect(time - (at[i] ?? 0)).toBeLessThanOrEqual(5500);
      }
      await etcd.stop();
    }
  });

  it('given a member that never answers, when asked, then it is down within 2.5 s and the others are asked as before', async () => {
    const etcd = playEtcd(
      named('payments', ...all),
      healthy(unless((url) => url === urlOf('2'), null)),
    );
    await etcd.clock.advance(milliseconds(2500));
    const told = new Set(
      etcd
        .data()
        .flatMap((d) =>
          d.kind === 'status' || d.kind === 'down' ? [`${d.kind} ${d.member}`] : [],
        ),
    );
    expect(told).toEqual(
      new Set(['status 10.0.0.1:2379', 'down 10.0.0.2:2379', 'status 10.0.0.3:2379']),
    );
    await etcd.clock.advance(seconds(60));
    const times = (url: string) =>
      etcd.requests.filter((r) => r.url === url && r.path.endsWith('/status')).map((r) => r.at);
    expect(times(urlOf('1'))).toEqual(times(urlOf('3')));
    expect(times(urlOf('1'))).toHaveLength(13);
    // Its period counts from question to question, however long it keeps silent.
    expect(times(urlOf('2'))).toEqual(times(urlOf('1')));
    await etcd.stop();
  });

  it('given alarms in the status, when told, then they are in the fact and nobody was asked for them', async () => {
    const alarms = ['memberID:2 alarm:NOSPACE '];
    const etcd = playEtcd(
      named('payments', urlOf('1')),
      healthy(
        unless((_, path) => path.endsWith('/status'), statusOf({ id: '1', alarms })),
        three.slice(0, 1),
      ),
    );
    await etcd.clock.advance(seconds(60));
    expect(etcd.data().find((d) => d.kind === 'status')?.status).toMatchObject({
      alarms: [{ memberId: '2', alarm: 'NOSPACE' }],
      errors: ['memberID:2 alarm:NOSPACE'],
    });
    expect(new Set(etcd.requests.map(({ path }) => path))).toEqual(
      new Set(['/v3/maintenance/status', '/v3/cluster/member/list', '/metrics']),
    );
    await etcd.stop();
  });
});

describe('who the members are', () => {
  it('given the same answers, when asked again and again, then the cluster is told no more', async () => {
    const etcd = playEtcd(named('payments', ...all), healthy());
    await etcd.clock.advance(seconds(5));
    const before = etcd.data().filter((d) => d.kind === 'cluster').length;
    await etcd.clock.advance(minutes(5));
    expect(etcd.data().filter((d) => d.kind === 'cluster')).toHaveLength(before);
    await etcd.stop();
  });

  it('given a member that is added and later started, when told, then its key stays what it was at first', async () => {
    const added = [...three, { id: '4' }];
    const etcd = playEtcd(named('payments', ...all), healthy({}, added));
    await etcd.clock.advance(seconds(1));
    expect(etcd.cluster('payments')?.members[3]).toMatchObject({
      key: '10.0.0.4:2380',
      name: '',
      learner: true,
      clientUrls: [],
    });
    expect(etcd.requests.some(({ url }) => idIn(url) === '4')).toBe(false);
    etcd.play = healthy({}, [...three, { id: '4', name: 'etcd-4' }]);
    await etcd.clock.advance(seconds(16));
    expect(etcd.cluster('payments')?.members[3]).toMatchObject({
      key: '10.0.0.4:2380',
      name: 'etcd-4',
      learner: false,
    });
    expect(etcd.data().some((d) => d.kind === 'status' && d.member === '10.0.0.4:2380')).toBe(true);
    await etcd.stop();
  });

  it('given a member of the list that is removed, when told, then it is asked no more and its scope does not grow old', async () => {
    const etcd = playEtcd(named('payments', urlOf('1')), healthy());
    await etcd.clock.advance(seconds(1));
    etcd.play = healthy({}, three.slice(0, 2));
    await etcd.clock.advance(seconds(16));
    expect(etcd.cluster('payments')?.members.map((m) => m.key)).toEqual([
      '10.0.0.1:2379',
      'etcd-2',
    ]);
    const asked = etcd.requests.length;
    await etcd.clock.advance(seconds(40));
    expect(etcd.requests.slice(asked).some(({ url }) => idIn(url) === '3')).toBe(false);
    const last = etcd.signals.findLast(({ signal }) => signal.scope === 'payments/etcd-3');
    expect(last).toMatchObject({ at: 45_000, signal: { kind: 'heard' } });
    await etcd.stop();
  });

  it('given a member that founded a cluster of its own, when asked who the members are, then it is not the one', async () => {
    const own = (url: string, path: string) =>
      idIn(url) !== '1'
        ? undefined
        : path.endsWith('/status')
          ? statusOf({ id: '1', cluster: '88' })
          : path.endsWith('/list')
            ? membersOf(three.slice(0, 1))
            : undefined;
    const etcd = playEtcd(named('payments', ...all), healthy(own as Play));
    await etcd.clock.advance(seconds(40));
    expect(etcd.cluster('payments')?.members).toHaveLength(3);
    const list = etcd.requests.filter(({ path }) => path.endsWith('/list')).slice(1);
    expect(list.length).toBeGreaterThan(1);
    expect(list.every(({ url }) => idIn(url) !== '1')).toBe(true);
    await etcd.stop();
  });

  it('given one member by two addresses, when both answer, then it counts once and the second is a problem', async () => {
    const twice = 'https://lb.example:2379';
    const play = healthy(
      unless((url, path) => url === twice && path.endsWith('/status'), statusOf({ id: '1' })),
    );
    const etcd = playEtcd(named('payments', urlOf('1'), twice), play);
    await etcd.clock.advance(seconds(1));
    expect(etcd.cluster('payments')?.members.map((m) => m.key)).toEqual([
      '10.0.0.1:2379',
      'etcd-2',
      'etcd-3',
    ]);
    expect(etcd.cluster('payments')?.problems).toMatchObject([
      { kind: 'misconfigured', message: 'lb.example:2379 is the same member as 10.0.0.1:2379' },
    ]);
    await etcd.stop();
  });

  it('given a member that tells only an address of its own machine, when found from another, then it is not asked here', async () => {
    const list = json({
      header: { cluster_id: '77' },
      members: [
        { ID: '1', name: 'etcd-1', clientURLs: [urlOf('1')] },
        { ID: '2', name: 'etcd-2', clientURLs: ['https://127.0.0.1:2379'] },
      ],
    });
    const etcd = playEtcd(
      named('payments', urlOf('1')),
      healthy(unless((_, path) => path.endsWith('/list'), list)),
    );
    await etcd.clock.advance(seconds(1));
    expect(etcd.requests.some(({ url }) => url.includes('127.0.0.1'))).toBe(false);
    expect(etcd.data().find((d) => d.kind === 'down')).toMatchObject({
      member: 'etcd-2',
      failure: { kind: 'misconfigured', hint: expect.stringContaining('advertise-client-urls') },
    });
    await etcd.stop();
  });
});

describe('the life of the source', () => {
  it('given nobody who answers, when time passes, then the cluster stays known, and who they are is not asked', async () => {
    const etcd = playEtcd(named('payments', ...all), () => refused);
    await etcd.clock.advance(minutes(1));
    expect(etcd.data().filter((d) => d.kind === 'down')).toHaveLength(3 * 13);
    expect(etcd.requests.some(({ path }) => path.endsWith('/list'))).toBe(false);
    const heard = etcd.signals.filter(({ signal }) => signal.kind === 'heard');
    expect(heard.map(({ signal }) => signal.scope)).toEqual(
      Array.from({ length: 4 }, () => ['', 'payments']).flat(),
    );
    await etcd.stop();
  });

  it('given nothing to watch, when started, then it is known that there is nothing', async () => {
    const etcd = playEtcd({}, () => null);
    await etcd.clock.advance(seconds(1));
    expect(etcd.signals.map(({ signal }) => signal)).toEqual([{ kind: 'synced', scope: '' }]);
    await etcd.stop();
  });

  it('given a source that is ended in the middle of questions, when it is, then no timer, connection or signal is left', async () => {
    const etcd = playEtcd(
      named('payments', ...all),
      healthy(unless((url) => url === urlOf('3'), null)),
    );
    await etcd.clock.advance(milliseconds(6000));
    expect(etcd.openConnections()).toBe(3);
    const told = etcd.signals.length;
    await etcd.stop();
    expect(etcd.openConnections()).toBe(0);
    expect(etcd.clock.sleeping).toBe(0);
    expect(etcd.signals).toHaveLength(told);
  });
});
