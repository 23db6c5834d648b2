import { describe, expect, it } from 'vitest';
import type { EffectRequest } from '../../src/kernel/act.ts';
import { ok, type Result } from '../../src/kernel/failure.ts';
import { deps, laterOn, look, one, refused, told, two } from '../support/found-stage.ts';

const etcd = (path: string, body: object, endpoint: string = one): EffectRequest => ({
  kind: 'etcd',
  cluster: 'main',
  endpoint,
  path,
  body: JSON.stringify(body),
});

const status = (more: object = {}): string =>
  JSON.stringify({
    header: { cluster_id: '7', member_id: '1', revision: '900' },
    leader: '1',
    dbSize: '20971520',
    dbSizeInUse: '1048576',
    ...more,
  });

describe('what is there now in etcd', () => {
  const compact = [etcd('/v3/kv/compaction', { revision: '800', physical: true })];
  const says = (revision: string) =>
    deps({
      etcdCompaction: async () => ok(`etcd_debugging_mvcc_compact_revision ${revision}`),
    });

  it.each([
    ['800', 'history before revision 800 is gone, as it was asked for, up to 800'],
    ['850', 'history before revision 850 is gone, as it was asked for, up to 800'],
    ['1.2e+06', 'history before revision 1200000 is gone, as it was asked for, up to 800'],
    ['799', 'history is compacted to revision 799 only, not to 800 as it was asked for'],
    ['-1', 'history is compacted to revision 0 only, not to 800 as it was asked for'],
  ])(
    'given a compaction and a member that is compacted to %s, then %s',
    async (revision, words) => {
      expect(await look(says(revision), compact)).toEqual(told(words));
    },
  );

  it('given a member that does not say how far it is compacted, then nothing is claimed', async () => {
    const silent = deps({ etcdCompaction: async () => ok('') });
    expect(await look(silent, compact)).toEqual(
      told(
        'what came of it cannot be known: etcd does not say up to which revision it is compacted',
      ),
    );
  });

  it('given a member that is down, then another one is asked; given none that answers, it is left for later', async () => {
    const asked: string[] = [];
    const second = deps({
      etcdCompaction: async (_, endpoint): Promise<Result<string>> => {
        asked.push(endpoint);
        return endpoint === two ? ok('etcd_debugging_mvcc_compact_revision 800') : refused;
      },
    });
    expect(await look(second, compact)).toMatchObject({ text: expect.stringMatching(/is gone/) });
    expect(asked).toEqual([one, two]);
    expect(await look(deps(), compact)).toEqual(laterOn);
  });

  it.each([
    ['1', 'member 1 leads now, not 2 as it was asked for'],
    ['2', 'member 2 leads now, as it was asked for'],
    ['0', 'no member leads now; 2 was to lead'],
  ])('given leadership that was to move to 2, when %s leads, then %s', async (leader, words) => {
    const move = [etcd('/v3/maintenance/transfer-leadership', { targetID: '2' })];
    const answers = deps({ etcdStatus: async () => ok(status({ leader })) });
    expect(await look(answers, move)).toEqual(told(words));
  });

  it('given alarms that were to be taken back, then each is told by its member', async () => {
    const disarm = ['1', '2'].map((memberID) =>
      etcd('/v3/maintenance/alarm', { action: 'DEACTIVATE', memberID, alarm: 'NOSPACE' }),
    );
    const errors = ['memberID:2 alarm:NOSPACE '];
    const answers = deps({ etcdStatus: async () => ok(status({ errors })) });
    expect(await look(answers, disarm)).toEqual(
      told(
        'NOSPACE of member 1 is not raised, as it was asked for; NOSPACE of member 2 is raised, not as it was asked for',
      ),
    );
  });

  it('given a defragmentation, then sizes, and that whether it was done cannot be known', async () => {
    const turns = [one, two].flatMap((endpoint) => [
      etcd('/v3/maintenance/status', {}, endpoint),
      etcd('/v3/maintenance/defragment', {}, endpoint),
    ]);
    const answers = deps({
      etcdStatus: async (_, endpoint) => (endpoint === one ? ok(status()) : refused),
    });
    expect(await look(answers, turns)).toEqual(
      told(
        '10.0.0.1:2379 has 20 MiB on disk, 1 MiB of it in use; 10.0.0.2:2379 does not answer; whether it was defragmented cannot be known: etcd keeps no note of it',
      ),
    );
    expect(await look(deps(), turns)).toEqual(laterOn);
  });

  it.each([
    [{ kind: 'whole', bytes: 2_097_152 }, '/var/tmp/etcd.db is there and whole, 2 MiB'],
    [
      { kind: 'partial' },
      '/var/tmp/etcd.db.partial is there, unfinished: remove it; nothing was changed in etcd',
    ],
    [
      { kind: 'none' },
      'there is no /var/tmp/etcd.db: no snapshot was saved, and nothing was changed in etcd',
    ],
  ] as const)('given a snapshot and a file that is %j, then %s', async (file, words) => {
    const save: EffectRequest = {
      kind: 'etcd-snapshot',
      cluster: 'main',
      endpoint: one,
      path: '/var/tmp/etcd.db',
    };
    expect(await look(deps({}, file), [save], { effect: 'read' })).toEqual(told(words));
  });
});

describe('what only reads', () => {
  it('given logs of a program that was killed, then nothing was changed', async () => {
    expect(await look(deps(), [], { effect: 'read' })).toEqual(
      told('it only reads: nothing was changed by it'),
    );
  });
});
