import { describe, expect, it } from 'vitest';
import { failure } from '../../src/kernel/failure.ts';
import { epochMs, minutes } from '../../src/kernel/units.ts';
import { reasonKeys, reportOf } from '../support/etcd-case.ts';
import {
  clusterFact,
  downFact,
  memberIds,
  memberInfo,
  metricsFact,
  quorumLost,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
} from '../support/etcd-world.ts';
import { ago, now } from '../support/objects.ts';

const members = (n: number, over: Parameters<typeof memberInfo>[1] = {}) =>
  told(3600, clusterFact(Array.from({ length: n }, (_, i) => memberInfo(i, over))));
const answers = (...which: readonly number[]): TimedFacts =>
  told(4, ...which.map((i) => statusFact(i)));
const all = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
/** All of them have answered before. */
const earlier = (n: number): TimedFacts => told(600, ...all(n).map((i) => statusFact(i)));
const down = (...which: readonly number[]): TimedFacts => told(4, ...which.map((i) => downFact(i)));

describe('the verdict about an etcd cluster', () => {
  it.each<[string, TimedFacts, string, string, number]>([
    ['three of three', wellMembers(), 'good', 'healthy: 3 of 3, margin 1', 1],
    [
      'two of three',
      [...members(3), ...earlier(3), ...answers(0, 1), ...down(2)],
      'warn',
      'quorum 2 of 3: one more loss stops writes',
      0,
    ],
    [
      'four of five',
      [...members(5), ...earlier(5), ...answers(0, 1, 2, 3), ...down(4)],
      'warn',
      'quorum 4 of 5, margin 1',
      1,
    ],
    [
      'four of four: an even number adds no margin',
      [...members(4), ...answers(0, 1, 2, 3)],
      'good',
      'healthy: 4 of 4, margin 1',
      1,
    ],
    [
      'the only one',
      [...members(1), ...answers(0)],
      'good',
      'healthy: 1 of 1, margin 0: its loss stops writes',
      0,
    ],
    [
      'a pair, of which both are needed',
      [...members(2), ...answers(0, 1)],
      'warn',
      'quorum 2 of 2: any loss stops writes',
      0,
    ],
    [
      'one of three, with the others refusing',
      [
        ...members(3),
        ...earlier(3),
        ...down(1, 2),
        ...told(4, statusFact(0, { leader: '', term: 9 })),
      ],
      'bad',
      'quorum lost: 1 of 3 members, writes stopped',
      -1,
    ],
    [
      'the evening of the sketches',
      quorumLost(),
      'bad',
      'quorum lost: 1 of 3 members, writes stopped',
      -1,
    ],
    [
      'three that answer and have no leader',
      [...members(3), ...told(4, ...all(3).map((i) => statusFact(i, { leader: '' })))],
      'bad',
      'no leader: 3 of 3 members answer, writes stopped',
      -2,
    ],
    [
      'one that lives without taking requests, as its metrics say',
      [
        ...members(3),
        ...earlier(3),
        ...down(0, 1, 2),
        ...told(2, metricsFact(0, { hasLeader: false })),
      ],
      'bad',
      'quorum lost: 1 of 3 members, writes stopped',
      -1,
    ],
    [
      'nobody who has ever answered us: it may be our way to them',
      [...members(3), ...down(0, 1, 2)],
      'unknown',
      'members cannot be asked: connection refused',
      -2,
    ],
    ['nobody asked yet', members(3), 'unknown', '3 members, not asked yet', -2],
  ])('given %s', (_, facts, tone, verdict, margin) => {
    expect(reportOf(facts)).toMatchObject({ tone, verdict, margin });
  });

  it('given a learner that is down, then it is no voter and costs no margin', () => {
    const learner = memberInfo(3, { learner: true });
    const report = reportOf([
      ...told(3600, clusterFact([...all(3).map((i) => memberInfo(i)), learner])),
      ...told(600, statusFact(3, { learner: true })),
      ...answers(0, 1, 2),
      ...down(3),
    ]);
    expect(report).toMatchObject({ voters: 3, working: 3, margin: 1, tone: 'warn' });
    expect(reasonKeys(report)).toEqual(['down/etcd-3']);
  });

  it('given a member that was added and never started, then it counts for the quorum', () => {
    const unstarted = memberInfo(3, {
      key: '10.88.0.4:2380',
      name: '',
      foundBy: 'member list',
      clientUrls: [],
      pod: null,
    });
    const report = reportOf([
      ...told(3600, clusterFact([...all(3).map((i) => memberInfo(i)), unstarted])),
      ...answers(0, 1, 2),
    ]);
    expect(report).toMatchObject({ voters: 4, working: 3, quorum: 3, margin: 0, tone: 'warn' });
    expect(report.members[3]).toMatchObject({ role: 'unstarted', words: 'added, never started' });
  });

  it('given a certificate that is missing, then nothing is called well, and nothing broken', () => {
    const missing = failure('misconfigured', 'read key', 'the client key file may not be read', {
      hint: 'set ETCDCTL_KEY',
    });
    const report = reportOf([
      ...members(3),
      ...told(4, ...all(3).map((i) => downFact(i, missing))),
    ]);
    expect(report.tone).toBe('unknown');
    expect(report.reasons.map((r) => r.text)[0]).toContain('set ETCDCTL_KEY');
  });

  it('given members that are known by their metrics only, then the quorum is counted by those', () => {
    const missing = failure('misconfigured', 'read key', 'the client key file may not be read');
    const report = reportOf([
      ...members(3),
      ...told(40, ...all(3).map((i) => downFact(i, missing))),
      ...told(6, ...all(3).map((i) => metricsFact(i))),
    ]);
    expect(report).toMatchObject({ working: 3, margin: 1, tone: 'unknown' });
  });

  it('given a silence of minutes, then what was well is old, and what was lost is still told', () => {
    const later = epochMs(now + minutes(5));
    expect(reportOf(wellMembers(), { at: later })).toMatchObject({
      tone: 'stale',
      verdict: 'last known: healthy: 3 of 3, margin 1',
      heard: ago(4),
    });
    const lost = reportOf(quorumLost(), { at: later });
    expect(lost).toMatchObject({ tone: 'stale' });
    expect(lost.verdict).toContain('quorum lost: 1 of 3');
    expect(lost.disagreements).toEqual([]);
  });

  it('given one of three that was not heard for a minute, then it is not called well', () => {
    const facts = wellMembers().filter(
      ({ at, signal }) => at < ago(60) || !signal.scope.endsWith('/etcd-2'),
    );
    expect(reportOf(facts)).toMatchObject({
      tone: 'unknown',
      verdict: 'quorum 2 of 3: one more loss stops writes; etcd-2 not known',
    });
  });
});

describe('members that follow different leaders', () => {
  const other = memberIds[1] ?? '';

  it('given one that answers later and still follows the leader of before, then it is split off', () => {
    const report = reportOf([
      ...members(3),
      ...earlier(3),
      ...told(
        6,
        statusFact(1, { leader: other, term: 8 }),
        statusFact(2, { leader: other, term: 8 }),
      ),
      ...told(3, statusFact(0)),
    ]);
    expect(report).toMatchObject({ working: 2, leader: 'etcd-1', term: 8, tone: 'warn' });
    expect(reasonKeys(report)).toContain('split/etcd-0');
  });

  it('given one that answered before the election, then it is only not asked again yet', () => {
    const report = reportOf([
      ...members(3),
      ...told(8, statusFact(0)),
      ...told(
        4,
        statusFact(1, { leader: other, term: 8 }),
        statusFact(2, { leader: other, term: 8 }),
      ),
    ]);
    expect(report).toMatchObject({ working: 3, leader: 'etcd-1' });
    expect(reasonKeys(report)).toEqual([]);
  });
});
