import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EtcdStatus } from '../../src/kernel/etcd-fact.ts';
import { reasonKeys, reportOf } from '../support/etcd-case.ts';
import {
  clusterFact,
  downFact,
  memberIds,
  memberInfo,
  metricsFact,
  mib,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
} from '../support/etcd-world.ts';

const three = told(3600, clusterFact([0, 1, 2].map((n) => memberInfo(n))));
/** Well, but for what is said of one member. */
const but = (n: number, over: Partial<EtcdStatus>): TimedFacts => [
  ...wellMembers(),
  ...told(3, statusFact(n, over)),
];
/** The same in three scrapes, one after another. */
const lasting = (over: Parameters<typeof metricsFact>[1]): TimedFacts =>
  [33, 18, 3].flatMap((ago) => told(ago, metricsFact(1, over)));
const textOf = (facts: TimedFacts, key: string, around = {}): string | undefined =>
  reportOf(facts, around).reasons.find((r) => r.key === key)?.text;

describe('what wears a cluster down', () => {
  it('given members that are well, then nothing is said', () => {
    expect(reportOf(wellMembers()).reasons).toEqual([]);
  });

  it('given one slow scrape, then nothing is said: it may be one backup', () => {
    const once = told(3, metricsFact(1, { fsyncP99: 42.4, commitP99: 99 }));
    expect(reportOf([...wellMembers(), ...once]).reasons).toEqual([]);
  });

  it.each<[string, TimedFacts, string, string]>([
    [
      'a database at 90 % of its quota',
      but(1, { dbSize: 7373 * mib, dbInUse: 7000 * mib }),
      'quota/etcd-1',
      'db of etcd-1 takes 90 % of its quota; at 100 % writes are refused',
    ],
    [
      'one that is full of holes',
      but(1, { dbSize: 7373 * mib, dbInUse: 1000 * mib }),
      'quota/etcd-1',
      'db of etcd-1 takes 90 % of its quota; at 100 % writes are refused; most of it is free inside, a defragmentation would help',
    ],
    [
      'holes alone',
      but(1, { dbInUse: 120 * mib }),
      'fragments/etcd-1',
      '90 % of the db of etcd-1 is free inside: it was not defragmented for long',
    ],
    [
      'a member far behind',
      [
        ...wellMembers(),
        ...told(3, ...[0, 1].map((n) => statusFact(n, { index: 80_000, applied: 80_000 }))),
      ],
      'lag/etcd-2',
      'etcd-2 is 31 787 entries behind, more than 20 000',
    ],
    [
      'entries that are not applied',
      but(2, { applied: 42_000 }),
      'applied/etcd-2',
      'etcd-2 has 6213 entries not applied; beyond 5000 etcd refuses requests',
    ],
    [
      'a clock that is ahead',
      but(2, { clockSkew: 4200 }),
      'clock/etcd-2',
      'the clock of etcd-2 is 4 s ahead of that of etcd-0',
    ],
    [
      'two versions',
      but(2, { version: '3.6.8' }),
      'versions',
      'members run different versions: 3.5.16 on etcd-0, etcd-1, 3.6.8 on etcd-2',
    ],
    [
      'a slow disk',
      [...wellMembers(), ...lasting({ fsyncP99: 42.4 })],
      'slow-fsyncP99/etcd-1',
      'etcd-1: writes of its log to disk (fsync) take 42 ms at p99, more than 10 ms',
    ],
    [
      'slow commits',
      [...wellMembers(), ...lasting({ commitP99: 31 })],
      'slow-commitP99/etcd-1',
      'etcd-1: commits of its database take 31 ms at p99, more than 25 ms',
    ],
    [
      'writes that wait',
      [...wellMembers(), ...told(3, metricsFact(0, { proposalsPending: 1200 }))],
      'pending/etcd-0',
      '1200 writes wait on etcd-0 to be agreed on',
    ],
    [
      'writes that fail',
      [...wellMembers(), ...told(3, metricsFact(0, { proposalsFailed: 40 }))],
      'failed/etcd-0',
      '40 more writes failed on etcd-0 than at the scrape before',
    ],
  ])('given %s, then it is to be looked at', (_, facts, key, text) => {
    const report = reportOf(facts);
    expect(report.tone).toBe('warn');
    expect(textOf(facts, key)).toBe(text);
    expect(report.reasons.every((r) => r.tone === 'warn' && r.proof.length > 0)).toBe(true);
  });

  it('given a clock within the resolution of the header, then nothing is said', () => {
    expect(reportOf(but(2, { clockSkew: 1900 })).reasons).toEqual([]);
  });

  it('given members that are all wrong by the same, then it is our clock and not theirs', () => {
    const skewed = [0, 1, 2].map((n) => statusFact(n, { clockSkew: -90_000 }));
    expect(reportOf([...wellMembers(), ...told(3, ...skewed)]).reasons).toEqual([]);
  });

  it('given writes that failed long before we looked, or a counter that began anew, then nothing is said', () => {
    const counted = (...counts: readonly number[]) =>
      counts.flatMap((proposalsFailed, i) => told(40 - i, metricsFact(0, { proposalsFailed })));
    const first = wellMembers().filter(
      ({ signal }) => !JSON.stringify(signal).includes('"metrics"'),
    );
    expect(reportOf([...first, ...counted(9000, 9000, 3)]).reasons).toEqual([]);
  });

  it('given a patch of difference, then nothing is said', () => {
    expect(reportOf(but(2, { version: '3.5.17' })).reasons).toEqual([]);
  });

  it('given a leader that changes all the time, then that is said', () => {
    const leaders = [500, 400, 300, 200, 100].flatMap((at, i) =>
      told(
        at,
        ...[0, 1, 2].map((n) => statusFact(n, { leader: memberIds[i % 2] ?? '', term: 8 + i })),
      ),
    );
    const facts = [
      ...three,
      ...leaders,
      ...told(4, ...[0, 1, 2].map((n) => statusFact(n, { leader: memberIds[0] ?? '', term: 12 }))),
    ];
    expect(textOf(facts, 'elections')).toMatch(/^the leader changed [45] times within 15 minutes$/);
  });

  it('given metrics of a minute ago, then they are not judged', () => {
    const facts = [
      ...three,
      ...told(70, metricsFact(1, { fsyncP99: 900 })),
      ...told(4, statusFact(0), statusFact(1), statusFact(2)),
    ];
    expect(reportOf(facts).reasons).toEqual([]);
  });
});

describe('alarms', () => {
  const anyAlarm = fc.record({
    alarm: fc.constantFrom('NOSPACE', 'CORRUPT', 'SOMETHING'),
    at: fc.integer({ min: 0, max: 2 }),
    by: fc.subarray([0, 1, 2], { minLength: 1 }),
    listed: fc.boolean(),
    leader: fc.boolean(),
    down: fc.subarray([0, 1, 2]),
    metrics: fc.boolean(),
  });

  it('given any alarm that a member tells, whatever else is so, then the cluster is bad', () => {
    fc.assert(
      fc.property(anyAlarm, ({ alarm, at, by, listed, leader, down, metrics }) => {
        const raised: Partial<EtcdStatus> = listed
          ? { alarms: [{ memberId: memberIds[at] ?? '', alarm }] }
          : { errors: [`memberID:${memberIds[at]} alarm:${alarm} `] };
        const without: Partial<EtcdStatus> = leader ? {} : { leader: '' };
        const facts = [
          ...three,
          ...told(
            4,
            ...[0, 1, 2].map((n) =>
              statusFact(n, { ...without, ...(by.includes(n) ? raised : {}) }),
            ),
          ),
          ...told(3, ...down.map((n) => downFact(n))),
          ...(metrics ? told(2, metricsFact(0)) : []),
        ];
        const report = reportOf(facts);
        expect(report.tone).toBe('bad');
        expect(report.verdict).not.toContain('healthy');
        expect(reasonKeys(report)).toContain(`alarm/${alarm}`);
      }),
    );
  });

  it('given NOSPACE, then the verdict says what it means, and where', () => {
    const raised = { alarms: [{ memberId: memberIds[1] ?? '', alarm: 'NOSPACE' }] };
    const report = reportOf([
      ...wellMembers(),
      ...told(3, ...[0, 1, 2].map((n) => statusFact(n, raised))),
    ]);
    expect(report.verdict).toBe(
      'out of space, writes refused: NOSPACE on etcd-1; quorum 3 of 3, margin 1',
    );
    expect(report.members.map((m) => m.words)).toEqual([
      'refuses writes',
      'alarm NOSPACE',
      'refuses writes',
    ]);
  });

  it('given one that was disarmed while its member is down, then it is over', () => {
    const raised = { alarms: [{ memberId: memberIds[1] ?? '', alarm: 'NOSPACE' }] };
    const report = reportOf([
      ...three,
      ...told(300, ...[0, 1, 2].map((n) => statusFact(n, raised))),
      ...told(200, downFact(1)),
      ...told(4, statusFact(0), statusFact(2), downFact(1)),
    ]);
    expect(reasonKeys(report)).toEqual(['down/etcd-1']);
  });
});
