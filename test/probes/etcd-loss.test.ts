import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EtcdData, EtcdStatus } from '../../src/kernel/etcd-fact.ts';
import { etcd } from '../../src/probes/etcd.ts';
import {
  afterHealthy,
  cluster,
  every,
  idOf,
  isDown,
  member,
  observed,
  says,
  size,
  start,
  three,
  told,
} from './etcd-told.ts';

/** Started on an empty directory with the flags of before: the same ids, since they are made of the addresses. */
const wiped: Partial<EtcdStatus> = {
  index: 3,
  applied: 3,
  revision: 1,
  term: 1,
  leader: '',
  dbSize: size.empty,
  dbInUse: 16 * 1024,
};

describe('a member that lost its data', () => {
  it('given a reboot onto an empty directory, when it answers, then what it had and what is left is told', () => {
    const {
      lines,
      changes,
      of,
      cluster: found,
    } = afterHealthy(isDown('etcd-1'), says('etcd-1', wiped));
    expect(lines).toEqual([
      'bad: etcd-1 does not answer: connection refused',
      'good: etcd-1 answers again',
      'bad: etcd-1: raft index 48 213 → 3, db 1.2 GiB → 20 KiB',
    ]);
    expect(changes[2]?.key).toBe('payments/etcd-1');
    expect(of('etcd-1')).toMatchObject({
      peak: { index: 48_213, dbSize: size.whole, at: start + 2 * every },
      lost: {
        had: { index: 48_213, dbSize: size.whole },
        left: { index: 3, dbSize: size.empty, at: start + 5 * every },
      },
    });
    // What it says about a leader is said of another log.
    expect(found.leader?.id).toBe(idOf('etcd-0'));
  });

  it('given more answers, when it stays behind, then it stays lost and is told once', () => {
    const { lines, of } = afterHealthy(
      says('etcd-1', wiped),
      says('etcd-1', { ...wiped, index: 900 }),
      isDown('etcd-1'),
      says('etcd-1', { ...wiped, index: 901 }),
    );
    expect(lines.filter((l) => l.includes('raft index'))).toHaveLength(1);
    expect(of('etcd-1').lost).toMatchObject({ had: { index: 48_213 }, left: { index: 3 } });
  });

  it('given a member that was removed and added anew, when its log is there again, then nothing is lost', () => {
    const { lines, of } = afterHealthy(
      says('etcd-1', { ...wiped, memberId: '777' }),
      says('etcd-1', { memberId: '777', index: 48_300 }),
    );
    expect(lines).toEqual([
      'bad: etcd-1: raft index 48 213 → 3, db 1.2 GiB → 20 KiB, another member id',
      'good: etcd-1 has caught up: raft index 48 300',
    ]);
    expect(of('etcd-1')).toMatchObject({ lost: null, peak: { index: 48_300, memberId: '777' } });
    const quick = afterHealthy(says('etcd-1', { memberId: '777', index: 48_230 }));
    expect(quick.lines).toEqual(['info: etcd-1 is a new member under its old name']);
    expect(quick.of('etcd-1').lost).toBeNull();
  });

  it('given another cluster id, when the index is as high, then it is lost beside those of the old one', () => {
    const { lines, of } = afterHealthy(
      says('etcd-1', { clusterId: '8e9e', index: 90_000 }),
      says('etcd-1', { clusterId: '8e9e', index: 90_001 }),
    );
    expect(lines).toEqual([
      'bad: etcd-1: raft index 48 213 → 90 000, db 1.2 GiB → 1.2 GiB, another cluster id',
    ]);
    expect(of('etcd-1').lost).not.toBeNull();
  });
});

describe('members that were wiped together', () => {
  // Measured: two of three that began anew answered 8 s later with the index that they had had, and with nothing stored.
  const young = { index: 14, applied: 14, revision: 7, dbSize: 32_768 };
  const empty = { ...young, index: 16, applied: 16, revision: 1, dbSize: 28_672 };
  const begin = [three, ...['etcd-0', 'etcd-1', 'etcd-2'].map((key) => says(key, young))];

  it('given an index that is where it was, when the revision is that of nothing stored, then it is told as lost', () => {
    const { lines, of } = told([...begin, isDown('etcd-0'), says('etcd-1', empty)], begin.length);
    expect(lines.at(-1)).toBe('bad: etcd-1: revision 7 → 1, db 32 KiB → 28 KiB');
    expect(of('etcd-1').lost).toMatchObject({ had: { revision: 7 }, left: { revision: 1 } });
  });

  it('given all of them, when they agree on a new log, then that is no restored cluster', () => {
    const all = ['etcd-0', 'etcd-1', 'etcd-2'].map((key) => says(key, empty));
    const { cluster: found, lines } = told([...begin, ...all, ...all], begin.length);
    for (const { lost } of found.members.values()) expect(lost).not.toBeNull();
    expect(lines.filter((l) => l.includes('restored'))).toEqual([]);
  });

  it('given one, when index and revision are where they had been, then it was given everything again', () => {
    const { of } = told([...begin, says('etcd-1', empty), says('etcd-1', { ...empty, index: 40 })]);
    expect(of('etcd-1').lost).not.toBeNull();
    const again = { ...empty, index: 41, revision: 7 };
    expect(told([...begin, says('etcd-1', empty), says('etcd-1', again)]).of('etcd-1').lost).toBe(
      null,
    );
  });

  it('given a revision that is a little behind after a restart, when told, then nothing is lost', () => {
    expect(afterHealthy(says('etcd-1', { revision: 39_950 })).of('etcd-1').lost).toBeNull();
  });
});

describe('what is no loss', () => {
  it('given a defragmentation, when the database shrinks alone, then that is told as such', () => {
    const mib = 1024 ** 2;
    const { lines, of } = afterHealthy(says('etcd-1', { index: 48_214, dbSize: 310 * mib }));
    expect(lines).toEqual(['info: db of etcd-1 shrank 1.2 GiB → 310 MiB']);
    expect(of('etcd-1')).toMatchObject({ lost: null, peak: { index: 48_214, dbSize: 310 * mib } });
  });

  it('given a commit that was not on disk, when the index is a little behind, then the peak stays', () => {
    const { lines, of } = afterHealthy(says('etcd-1', { index: 48_150 }));
    expect(lines).toEqual([]);
    expect(of('etcd-1')).toMatchObject({ lost: null, peak: { index: 48_213 } });
  });

  it('given a young cluster, when a member falls below half of little, then that is a loss', () => {
    const young = { index: 40, dbSize: 25_000 };
    const all = [three, says('etcd-0', young), says('etcd-1', young)];
    expect(told([...all, says('etcd-1', { ...young, index: 30 })]).of('etcd-1').lost).toBeNull();
    expect(told([...all, says('etcd-1', { ...young, index: 3 })]).of('etcd-1').lost).not.toBeNull();
  });
});

describe('a restored cluster', () => {
  const restored = (clusterId: string): Partial<EtcdStatus> => ({
    clusterId,
    index: 4,
    term: 2,
    leader: idOf('etcd-0'),
    dbSize: size.whole * 0.8,
    revision: 39_000,
  });

  it.each(['8e9e', 'cdf8'])(
    'given a snapshot under cluster id %s, when all members have it, then nothing is lost any more',
    (clusterId) => {
      const two = afterHealthy(
        says('etcd-0', restored(clusterId)),
        says('etcd-1', restored(clusterId)),
      );
      expect(two.of('etcd-0').lost).not.toBeNull();
      const all = afterHealthy(
        says('etcd-0', restored(clusterId)),
        says('etcd-1', restored(clusterId)),
        says('etcd-2', restored(clusterId)),
        says('etcd-0', { ...restored(clusterId), index: 9 }),
      );
      expect([...all.cluster.members.values()].map(({ lost }) => lost)).toEqual([null, null, null]);
      expect(all.of('etcd-0').peak).toMatchObject({ index: 9, clusterId });
      expect(all.cluster.leader).toMatchObject({ id: '100', term: 2 });
      expect(all.lines.at(-1)).toBe(
        'info: payments was restored: all members have begun the same new log',
      );
    },
  );

  it('given a member that is not asked any more, when the others are restored, then it is not waited for', () => {
    const found = afterHealthy(
      says('etcd-0', restored('8e9e')),
      says('etcd-1', restored('8e9e')),
      cluster(member('etcd-0'), member('etcd-1')),
      says('etcd-0', restored('8e9e')),
    );
    expect(found.of('etcd-1').lost).toBeNull();
  });

  it('given two of three wiped together beside one that is down, then they are not taken for restored', () => {
    const found = afterHealthy(
      isDown('etcd-0'),
      says('etcd-1', { ...restored('cdf8'), leader: idOf('etcd-1') }),
      says('etcd-2', { ...restored('cdf8'), leader: idOf('etcd-1') }),
    );
    expect(found.of('etcd-1').lost).not.toBeNull();
    expect(found.of('etcd-2').lost).not.toBeNull();
  });

  it('given all members wiped together, when they are a cluster again, then all of them have lost their data', () => {
    const all = ['etcd-0', 'etcd-1', 'etcd-2'].map((key) => says(key, { ...wiped, index: 9 }));
    const found = afterHealthy(...all, ...all);
    for (const { lost } of found.cluster.members.values()) expect(lost).not.toBeNull();
  });

  it('given a cluster of one, when its log begins anew, then only how far it has come can say that it is over', () => {
    const one = [cluster(member('etcd-0')), says('etcd-0')];
    expect(told([...one, says('etcd-0', restored('8e9e'))]).of('etcd-0').lost).not.toBeNull();
    const later = told([
      ...one,
      says('etcd-0', restored('8e9e')),
      says('etcd-0', { ...restored('8e9e'), index: 50_000, revision: 40_100 }),
    ]);
    expect(later.of('etcd-0')).toMatchObject({ lost: null, peak: { index: 50_000 } });
  });
});

const keys = fc.constantFrom('etcd-0', 'etcd-1', 'etcd-2');
const life: fc.Arbitrary<EtcdData> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        index: fc.constantFrom(3, 9, 48_150, 48_213, 50_000),
        term: fc.constantFrom(1, 7, 8),
        leader: fc.constantFrom('', '100', '101'),
        clusterId: fc.constantFrom('cdf8', 'cdf8', '8e9e'),
        dbSize: fc.constantFrom(size.empty, size.whole),
        alarms: fc.constantFrom([], [{ memberId: '100', alarm: 'NOSPACE' }]),
      })
      .chain((status) => keys.map((key) => says(key, status))),
  },
  { weight: 3, arbitrary: keys.map((key) => isDown(key)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(three, cluster(member('etcd-0'), member('etcd-1'))),
  },
);

describe('any life of a cluster', () => {
  const lives = fc.array(life, { maxLength: 25 }).map((all) => [three, ...all]);

  it('given any cut into batches, when folded, then it is the same, also over a save', () => {
    fc.assert(
      fc.property(lives, fc.nat(25), (all, cut) => {
        const whole = etcd.fold(etcd.empty, observed(all));
        const first = etcd.fold(etcd.empty, observed(all.slice(0, cut)));
        const saved = etcd.load(JSON.parse(JSON.stringify(etcd.save(first.state))));
        const second = etcd.fold(saved, observed(all.slice(cut), 0, cut));
        expect(second.state).toEqual(whole.state);
        expect([...first.changes, ...second.changes]).toEqual(whole.changes);
      }),
      { numRuns: 500 },
    );
  });

  it('given any answers, when folded, then what is lost was had, and no leader is told twice in a row', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const { cluster: found, lines } = told(all);
        for (const { lost, peak, status } of found.members.values()) {
          if (lost !== null) expect(peak).toEqual(lost.had);
          if (status !== null) expect(peak).not.toBeNull();
        }
        const about = lines.filter((l) => /has no leader|leads again|became leader/.test(l));
        for (const [i, line] of about.entries()) {
          if (line.includes('has no leader')) expect(about[i + 1]).not.toBe(line);
        }
        expect(found.leaderless !== null).toBe(about.at(-1)?.includes('has no leader') === true);
      }),
      { numRuns: 500 },
    );
  });
});
