import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtcdGateway, type EtcdCredentials, EtcdError } from './etcd-cluster-gateway.ts';
import type { EtcdCluster } from './etcd-cluster-handle.ts';
import { describeWithEtcd } from './etcd-cluster-support.ts';
import { etcdObstacle, findEtcd, findEtcdutl } from './etcd-cluster-tools.ts';
import { listRuns } from './run-dir.ts';
import { skipReason } from './skip-reason.ts';
import { waitFor } from './wait.ts';

const someLeader = (cluster: EtcdCluster): Promise<number> =>
  waitFor({ until: 'somebody leads', timeoutMs: 15_000, everyMs: 50 }, () => cluster.leader());

const others = (cluster: EtcdCluster, index: number): readonly number[] =>
  cluster.members.flatMap((_, other) => (other === index ? [] : [other]));

/** The error, or undefined when there is none. */
const failureOf = (work: Promise<unknown>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: Error) => error,
  );

const statusAs = async (cluster: EtcdCluster, credentials: EtcdCredentials): Promise<unknown> => {
  const gateway = createEtcdGateway(cluster.endpoints[0]!, credentials);
  try {
    return await gateway.call('/v3/maintenance/status');
  } finally {
    await gateway.close();
  }
};

describeWithEtcd('an etcd cluster', { quotaBytes: 8 << 20 }, (cluster) => {
  it('given three members, when asked, then they agree on ids and leader', async () => {
    const statuses = await Promise.all([0, 1, 2].map((index) => cluster().status(index)));
    expect(new Set(cluster().memberIds).size).toBe(3);
    expect(statuses.map(({ header }) => header.member_id)).toEqual(cluster().memberIds);
    const leader = cluster().memberIds[await someLeader(cluster())];
    expect(statuses.map((status) => status.leader)).toEqual([leader, leader, leader]);
    expect(statuses[0].version).toBe(cluster().version);
  });

  it('given plain http, when metrics and health are read, then no certificate is needed', async () => {
    const [url] = cluster().metricsUrls;
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ health: 'true' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('etcd_server_has_leader 1');
  });

  it('given a wrong CA, no certificate or a stranger, when asked, then there is no answer', async () => {
    const { credentials, stranger } = cluster();
    expect(await statusAs(cluster(), credentials)).toMatchObject({ header: {} });
    const noTrust = await failureOf(statusAs(cluster(), { ...credentials, ca: stranger.ca }));
    expect(noTrust).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    const nobody = await failureOf(statusAs(cluster(), { ca: credentials.ca }));
    expect(nobody).toMatchObject({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    const unknown = await failureOf(statusAs(cluster(), { ...stranger, ca: credentials.ca }));
    expect(unknown).toBeInstanceOf(Error);
  });

  it('given a leader, when it is moved, then the other one leads', async () => {
    const to = (await someLeader(cluster())) === 0 ? 1 : 0;
    await cluster().moveLeader(to);
    expect(await cluster().leader()).toBe(to);
  });

  it('given a killed leader, when started again, then it has what was written meanwhile', async () => {
    const first = await someLeader(cluster());
    await cluster().kill(first);
    const [left] = others(cluster(), first);
    await someLeader(cluster());
    await cluster().put('while', 'away');
    await cluster().start(first);
    await cluster().kill(left!);
    await someLeader(cluster());
    expect(await cluster().get('while')).toBe('away');
    await cluster().start(left!);
  });

  it('given two members killed, when asked, then the third has no leader', async () => {
    await cluster().kill(1);
    await cluster().kill(2);
    await waitFor({ until: 'the leader is gone', timeoutMs: 10_000, everyMs: 50 }, async () => {
      const { errors } = await cluster().status(0);
      return errors?.includes('etcdserver: no leader') === true;
    });
    expect(await cluster().leader()).toBeUndefined();
    // Serving takes a quorum, so neither would come up before the other.
    await Promise.all([cluster().start(1), cluster().start(2)]);
    await someLeader(cluster());
  });

  it('given a frozen member, when resumed, then it answers again', async () => {
    await cluster().pause(2);
    const failure = await failureOf(cluster().status(2, AbortSignal.timeout(500)));
    expect(failure).toMatchObject({ name: 'TimeoutError' });
    cluster().resume(2);
    const answered = { until: 'it answers', timeoutMs: 10_000, everyMs: 50 };
    await waitFor(answered, async () => (await cluster().status(2)).header !== undefined);
  });

  it('given a full database, when compacted, defragmented and disarmed, then it takes writes', async () => {
    expect(await cluster().fillUntilNoSpace()).toBeGreaterThan(4);
    const refused = await failureOf(cluster().put('one', 'more'));
    expect(refused).toBeInstanceOf(EtcdError);
    expect(refused).toMatchObject({ grpcCode: 8 });
    const before = Number((await cluster().status(0)).dbSize);
    await cluster().compactAndDefrag();
    expect(Number((await cluster().status(0)).dbSize)).toBeLessThan(before / 2);
    expect(await failureOf(cluster().put('one', 'more'))).toMatchObject({ grpcCode: 8 });
    expect(await cluster().disarm()).toContainEqual(expect.objectContaining({ alarm: 'NOSPACE' }));
    expect(await cluster().alarms()).toEqual([]);
    await cluster().put('one', 'more');
  });

  it('given a running member, when its data is to be wiped, then that is refused', () => {
    expect(() => cluster().wipe(2)).toThrow('kill it first');
  });

  it('given a wiped founder, when started while the others run, then it finds it was here', async () => {
    await cluster().put('kept', 'by the others');
    if ((await someLeader(cluster())) === 2) await cluster().moveLeader(0);
    await cluster().kill(2);
    const { dataDir } = cluster().members[2]!;
    expect(readdirSync(dataDir)).toEqual(['member']);
    cluster().wipe(2);
    expect(readdirSync(dataDir)).toEqual([]);
    const failure = await failureOf(cluster().start(2));
    expect(failure?.message).toContain('has already been bootstrapped');
    expect(cluster().logTail(2)).toContain('discovery failed');
  });

  it('given a wiped member, when it says it joins, then it gets the data of the others', async () => {
    // A leader from before the wipe counts on what the member once had, and its first word kills it.
    await cluster().moveLeader((await someLeader(cluster())) === 0 ? 1 : 0);
    await cluster().start(2, { state: 'existing' });
    const { header } = await cluster().status(2);
    expect(header.member_id).toBe(cluster().memberIds[2]);
    const path = '/v3/kv/range';
    const body = { key: Buffer.from('kept').toString('base64'), serializable: true };
    await waitFor({ until: 'it has caught up', timeoutMs: 10_000, everyMs: 50 }, async () => {
      const { kvs } = await cluster().gateway(2).call(path, body);
      return kvs?.length === 1;
    });
  });

  it('given a learner, when it is there, then its status says so', async () => {
    const index = await cluster().addLearner('learner');
    expect(index).toBe(3);
    expect((await cluster().status(index)).isLearner).toBe(true);
    expect(cluster().endpoints).toHaveLength(4);
    expect((await cluster().status(index)).header.member_id).toBe(cluster().memberIds[index]);
  });

  const noEtcdutl = skipReason('etcdutl', () => {
    const found = findEtcdutl();
    return found.kind === 'missing' ? found.reason : undefined;
  });

  it.skipIf(noEtcdutl)(
    'given a snapshot, when restored, then its data is there and what came later is not',
    async () => {
      const path = join(cluster().run.dir, 'snapshot.db');
      const size = await waitFor({ until: 'a snapshot is taken', timeoutMs: 15_000 }, async () => {
        // A member that has got all data anew may find its database full, and raise the alarm of before again.
        if ((await cluster().alarms()).length > 0) {
          await cluster()
            .compactAndDefrag()
            .catch(() => undefined);
          await cluster().disarm();
        }
        await cluster().put('history', 'before');
        return cluster().snapshotSave(path);
      });
      expect(statSync(path).size).toBe(size);
      await cluster().put('history', 'after');
      const before = cluster().memberIds;
      await cluster().restore(path);
      expect(await cluster().get('history')).toBe('before');
      expect(cluster().memberIds).toHaveLength(3);
      expect(before).not.toContain(cluster().memberIds[0]);
    },
  );
});

// An extra where `ensure` could fetch it, and not asked for where it could not.
if (findEtcd('debian').kind === 'found' && etcdObstacle('debian') === undefined) {
  describeWithEtcd('an older etcd', { etcd: 'debian', members: 1 }, (cluster) => {
    it('given the binary of Debian, when asked, then it is 3.5 and takes writes', async () => {
      expect(cluster().version).toMatch(/^3\.5\./);
      await cluster().put('a', 'b');
      expect(await cluster().get('a')).toBe('b');
      expect((await cluster().status(0)).version).toBe(cluster().version);
    });
  });
}

describe('an etcd that cannot be had', () => {
  it('given a path with nothing there, when asked, then the reason names it', () => {
    expect(etcdObstacle({ path: '/nowhere/etcd' })).toBe('no /nowhere/etcd');
  });
});

describeWithEtcd('a stopped cluster', { members: 1 }, (cluster) => {
  it('given a run, when stopped, then nothing is left of it', async () => {
    const { run, endpoints } = cluster();
    await cluster().stop();
    expect(existsSync(run.dir)).toBe(false);
    expect(listRuns().map(({ id }) => id)).not.toContain(run.id);
    await expect(fetch(endpoints[0]!.replace('https', 'http'))).rejects.toThrow();
  });
});
