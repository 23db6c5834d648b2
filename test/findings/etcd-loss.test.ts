import { describe, expect, it } from 'vitest';
import type { EtcdStatus } from '../../src/kernel/etcd-fact.ts';
import { memberPod, reasonKeys, reportOf } from '../support/etcd-case.ts';
import {
  clusterFact,
  downFact,
  memberIds,
  memberInfo,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
} from '../support/etcd-world.ts';
import { ago, crashing, downNode, event, minute, node, waiting } from '../support/objects.ts';

const three = told(3600, clusterFact([0, 1, 2].map((n) => memberInfo(n))));
/** Well, but for what is said of one member. */
const but = (n: number, over: Partial<EtcdStatus>): TimedFacts => [
  ...wellMembers(),
  ...told(3, statusFact(n, over)),
];
const textOf = (facts: TimedFacts, key: string, around = {}): string | undefined =>
  reportOf(facts, around).reasons.find((r) => r.key === key)?.text;

describe('members that lost their data', () => {
  const empty = { index: 3, applied: 3, term: 1, dbSize: 20 * 1024, dbInUse: 16 * 1024 };

  it('given an index that fell, then it is told with what there was', () => {
    const facts = but(1, empty);
    expect(textOf(facts, 'lost-data/etcd-1')).toBe(
      'etcd-1 lost its data: raft index 48 213 → 3, db 1.17 GiB → 20 KiB',
    );
    expect(reportOf(facts)).toMatchObject({ tone: 'bad' });
    expect(reportOf(facts).members[1]).toMatchObject({ tone: 'bad', words: 'lost its data' });
  });

  it('given one that was empty when it was first seen, and that nobody leads, then it is told against the others', () => {
    const facts = [
      ...three,
      ...told(4, statusFact(0), statusFact(2), statusFact(1, { ...empty, leader: '' })),
    ];
    expect(textOf(facts, 'lost-data/etcd-1')).toBe(
      'etcd-1 lost its data: raft index 3 of 48 213, db 20 KiB of 1.17 GiB, and nobody leads it',
    );
  });

  it('given a new member that is led, then it is behind and has lost nothing', () => {
    const facts = [...three, ...told(4, statusFact(0), statusFact(2), statusFact(1, empty))];
    expect(reasonKeys(reportOf(facts))).toEqual(['lag/etcd-1']);
  });

  it('given one that has applied as much and stores less, when it was not seen before, then it is told against the other', () => {
    const emptied = { index: 48_220, applied: 48_220, revision: 1 };
    const facts = [...three, ...told(4, statusFact(0), statusFact(2), statusFact(1, emptied))];
    expect(textOf(facts, 'lost-data/etcd-1')).toBe(
      'etcd-1 lost its data: revision 1, etcd-0 has 40 002 and has applied no more of the log',
    );
    const behind = { ...emptied, index: 48_000, applied: 48_000 };
    const joining = [...three, ...told(4, statusFact(0), statusFact(2), statusFact(1, behind))];
    expect(textOf(joining, 'lost-data/etcd-1')).toBeUndefined();
    const asked = { revision: 40_900, index: 49_200, applied: 49_200 };
    const later = [...three, ...told(4, statusFact(0), statusFact(2), statusFact(1, asked))];
    expect(textOf(later, 'lost-data/etcd-1')).toBeUndefined();
  });

  it('given a revision that fell at the same index, then the revision is what is told', () => {
    const facts = but(1, { revision: 1, dbSize: 1100 * 1024 * 1024 });
    const [reason] = reportOf(facts).reasons;
    expect(reason?.text).toBe('etcd-1 lost its data: revision 40 002 → 1, db 1.17 GiB → 1.07 GiB');
    expect(reason?.proof.map((p) => p.text).slice(0, 2)).toEqual([
      'etcd-1 had revision 40 002',
      'etcd-1 answered with revision 1',
    ]);
  });

  it('given another cluster id, then the one with the longer log is the cluster', () => {
    const strange = { ...empty, clusterId: '10276657743932975437', leader: memberIds[1] ?? '' };
    const facts = [
      ...three,
      ...told(4, statusFact(0, { leader: '' }), statusFact(1, strange), statusFact(2, strange)),
    ];
    const report = reportOf(facts);
    expect(report).toMatchObject({ tone: 'bad', working: 1 });
    expect(report.verdict).toBe('quorum lost: 1 of 3 members, writes stopped');
    expect(textOf(facts, 'lost-data/etcd-1')).toBe(
      'etcd-1 lost its data: it answers with cluster id 8e9e05c52164694d, the others cdf818194e3a8c32',
    );
  });

  it('given a pod that says so, then its words are the proof', () => {
    const message =
      '{"level":"fatal","msg":"discovery failed","error":"member 2943212f5e2cf73 has already been bootstrapped"}';
    const pods = [crashing('etcd-1', message, { namespace: 'kube-system', node: 'worker-7' })];
    const facts = [
      ...three,
      ...told(600, statusFact(0), statusFact(1), statusFact(2)),
      ...told(4, statusFact(0), downFact(1), statusFact(2)),
    ];
    const around = {
      listed: {
        pods,
        nodes: [node('worker-7')],
        events: [
          event('Node', 'worker-7', 'Rebooted', 'boot', { in: '', lastSeen: ago(5 * minute) }),
        ],
      },
    };
    expect(textOf(facts, 'lost-data/etcd-1', around)).toBe(
      'etcd-1 lost its data: it was started on an empty data directory, db was 1.17 GiB',
    );
    const proof = reportOf(facts, around).reasons[0]?.proof.map((p) => p.text);
    expect(proof).toContain('etcd-1: has already been bootstrapped');
    expect(proof).toContain('worker-7 rebooted');
  });

  it.each([
    ['mvcc: database file is corrupt, checksum error', 'its data are damaged'],
    ['write /var/lib/etcd/member: no space left on device', 'its disk is full'],
    ['the member has been permanently removed from the cluster', 'it was removed from the cluster'],
    ['listen tcp: bind: address already in use', 'another process has its port'],
  ])('given the last words %s, then it is told what they mean, and no loss', (message, means) => {
    const pods = [crashing('etcd-1', message, { namespace: 'kube-system' })];
    const facts = [...wellMembers(), ...told(3, downFact(1))];
    const around = { listed: { pods } };
    expect(textOf(facts, 'pod/etcd-1', around)).toContain(means);
    expect(textOf(facts, 'lost-data/etcd-1', around)).toBeUndefined();
  });

  it('given megabytes of last words, then they are read in no time', () => {
    const message = `tocommit(${'9'.repeat(2_000_000)}`;
    const pods = [crashing('etcd-1', message, { namespace: 'kube-system' })];
    const facts = [...wellMembers(), ...told(3, downFact(1))];
    expect(textOf(facts, 'pod/etcd-1', { listed: { pods } })).toBeDefined();
  });
});

describe('members that are down', () => {
  it('given a node that is down too, then that is said', () => {
    const facts = [...wellMembers(), ...told(3, downFact(2))];
    const listed = {
      pods: [memberPod('etcd-2', { node: 'worker-7' })],
      nodes: [downNode('worker-7')],
    };
    expect(textOf(facts, 'down/etcd-2', { listed })).toBe(
      'etcd-2 does not answer: connection refused; its node worker-7 does not answer either',
    );
  });

  it('given one that is pulled and never comes up, then its pod tells why', () => {
    const pods = [
      memberPod('etcd-2', {
        phase: 'Pending',
        status: 'ErrImagePull',
        ready: 0,
        containers: [waiting('ErrImagePull')],
        created: ago(600),
      }),
    ];
    const facts = [...wellMembers(), ...told(3, downFact(2))];
    expect(textOf(facts, 'pod/etcd-2', { listed: { pods } })).toMatch(
      /^etcd-2 has a pod that is not well: ImagePull/,
    );
  });
});
