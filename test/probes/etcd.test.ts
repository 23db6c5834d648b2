import { describe, expect, it } from 'vitest';
import { etcd, latenciesKept } from '../../src/probes/etcd.ts';
import {
  afterHealthy,
  cluster,
  every,
  idOf,
  isDown,
  measures,
  member,
  observed,
  says,
  start,
  three,
  told,
} from './etcd-told.ts';

describe('a member', () => {
  it('given a first reading, when folded, then there is a state and no change', () => {
    const { cluster: found, of, changes } = afterHealthy();
    expect(changes).toEqual([]);
    expect([...found.members.keys()]).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
    expect(of('etcd-1')).toMatchObject({
      answeredAt: start + 2 * every,
      since: start + 2 * every,
      down: null,
      lost: null,
      latencies: [2],
      peak: { index: 48_213, clusterId: 'cdf8', memberId: '101', at: start + 2 * every },
    });
    expect(found.leader).toEqual({ id: '100', term: 7, since: start + every });
    expect(found.leaderless).toBeNull();
    expect(found.elections).toEqual([]);
  });

  it('given one that falls silent, when it answers again, then each is told once and since stays', () => {
    const silent = afterHealthy(isDown('etcd-2'), isDown('etcd-2', 'timeout'));
    expect(silent.lines).toEqual(['bad: etcd-2 does not answer: connection refused']);
    expect(silent.changes[0]).toMatchObject({ key: 'payments/etcd-2', probe: 'etcd', rev: 5 });
    expect(silent.of('etcd-2')).toMatchObject({
      down: { since: start + 4 * every, failure: { message: 'timeout' } },
      since: start + 4 * every,
      latencies: [2, null, null],
      status: { index: 48_213 },
    });
    const back = afterHealthy(isDown('etcd-2'), isDown('etcd-2'), says('etcd-2'));
    expect(back.lines.at(-1)).toBe('good: etcd-2 answers again');
    expect(back.of('etcd-2')).toMatchObject({ down: null, since: start + 6 * every });
  });

  it('given many answers, when folded, then the latest latencies are kept', () => {
    const all = Array.from({ length: 50 }, (_, i) => says('etcd-1', {}, i));
    const { latencies } = afterHealthy(...all).of('etcd-1');
    expect(latencies).toHaveLength(latenciesKept);
    expect(latencies.at(-1)).toBe(49);
  });

  it('given metrics, when folded, then they stand beside the answer, and a later start is told', () => {
    const { of, lines } = afterHealthy(
      measures('etcd-1', null),
      measures('etcd-1', 1_000_000),
      measures('etcd-1', 1_000_900),
      measures('etcd-1', 2_000_000),
    );
    expect(lines).toEqual(['warn: etcd-1 has restarted']);
    expect(of('etcd-1')).toMatchObject({
      metrics: { fsyncP99: 4, startedAt: 2_000_000 },
      metricsAt: start + 7 * every,
      answeredAt: start + 2 * every,
    });
  });

  it('given another version, when it answers, then that is told', () => {
    expect(afterHealthy(says('etcd-1', { version: '3.6.1' })).lines).toEqual([
      'info: etcd-1 version 3.5.16 → 3.6.1',
    ]);
  });

  it('given hostile names and messages, when told, then it is one printable line', () => {
    const name = 'etcd\u001b[31m-9\n\u202e';
    const { lines } = told(
      [cluster(member('x', { name })), says('x'), isDown('x', 'a\nb\u001b]0;t\u0007c')],
      2,
    );
    expect(lines).toEqual(['bad: etcd-9 does not answer: a bc']);
  });
});

describe('members of a cluster', () => {
  const learner = member('etcd-3', { learner: true });

  it('given members that are found one after the other, when told, then they were there all the time', () => {
    const { lines, cluster: found } = told(
      [
        cluster(member('etcd-0')),
        says('etcd-0'),
        cluster(member('etcd-0', { id: '' })),
        three,
        says('etcd-1'),
      ],
      1,
    );
    expect(lines).toEqual([]);
    expect(found.members.size).toBe(3);
    expect(found.answersSince).toBe(start + every);
  });

  it('given one more, promoted and removed, when told, then each is a change, and the others keep what they said', () => {
    const {
      lines,
      of,
      cluster: found,
    } = afterHealthy(
      ...Array.from({ length: 5 }, () => says('etcd-0')),
      cluster(member('etcd-0'), member('etcd-1'), member('etcd-2'), learner),
      cluster(member('etcd-0'), member('etcd-1'), member('etcd-2'), { ...learner, learner: false }),
      cluster(member('etcd-0'), member('etcd-1')),
    );
    expect(lines).toEqual([
      'info: etcd-3 added to payments as learner',
      'info: etcd-3 promoted from learner to voter',
      'warn: etcd-2 removed from payments',
      'warn: etcd-3 removed from payments',
    ]);
    expect(of('etcd-0').status).not.toBeNull();
    expect([...found.members.keys()]).toEqual(['etcd-0', 'etcd-1']);
  });

  it('given a cluster that is not asked any more, when something of it still comes, then it stays away', () => {
    const lost = { kind: 'lost', id: 'cluster', cluster: 'payments' } as const;
    const { state, changes } = etcd.fold(
      etcd.empty,
      observed([three, says('etcd-0'), lost, says('etcd-1'), isDown('etcd-2')], 2),
    );
    expect(state.size).toBe(0);
    expect(changes.map(({ text, key }) => [key, text])).toEqual([
      ['payments', 'payments is not asked any more'],
    ]);
  });

  it('given a member that is not among them, when it answers, then it is not added by that', () => {
    expect([...afterHealthy(says('etcd-9')).cluster.members.keys()]).not.toContain('etcd-9');
  });
});

describe('the leader', () => {
  const led = (by: string, term: number) => ({ leader: idOf(by), term });

  it('given a leader that is moved, when each member says so in turn, then it is told once', () => {
    const {
      lines,
      cluster: found,
      of,
    } = afterHealthy(
      says('etcd-1', led('etcd-1', 8)),
      says('etcd-2', led('etcd-1', 8)),
      says('etcd-0', led('etcd-1', 8)),
    );
    expect(lines).toEqual(['info: etcd-1 became leader (term 8)']);
    expect(found.leader).toEqual({ id: '101', term: 8, since: start + 4 * every });
    expect(found.elections).toEqual([start + 4 * every]);
    expect(of('etcd-1').since).toBe(start + 4 * every);
    expect(of('etcd-0').since).toBe(start + 6 * every);
    expect(of('etcd-2').since).toBe(start + 3 * every);
  });

  it('given a leader that dies, when another is elected, then it is a warning', () => {
    const { lines } = afterHealthy(isDown('etcd-0'), says('etcd-2', led('etcd-2', 9)));
    expect(lines).toEqual([
      'bad: etcd-0 does not answer: connection refused',
      'warn: etcd-2 became leader (term 9)',
    ]);
  });

  it('given members that lose their leader, when the last says so, then it is told once, until it is back', () => {
    const none = { leader: '', term: 8 };
    const { lines, cluster: found } = afterHealthy(
      isDown('etcd-0'),
      isDown('etcd-1'),
      says('etcd-2', none),
      says('etcd-2', none),
      isDown('etcd-2'),
      says('etcd-2', none),
      says('etcd-0', none),
    );
    expect(lines.filter((l) => l.includes('leader'))).toEqual(['bad: payments has no leader']);
    expect(found.leaderless).toBe(start + 6 * every);
    const back = afterHealthy(
      isDown('etcd-1'),
      isDown('etcd-2'),
      says('etcd-0', none),
      says('etcd-1', led('etcd-0', 9)),
    );
    expect(back.lines.slice(2)).toEqual([
      'bad: payments has no leader',
      'good: etcd-1 answers again',
      'good: etcd-0 leads again (term 9)',
    ]);
    expect(back.cluster.elections).toEqual([]);
  });

  it('given an answer from before the election, when it comes late, then the leader is not the old one again', () => {
    const { lines, cluster: found } = afterHealthy(
      says('etcd-1', led('etcd-1', 8)),
      isDown('etcd-1'),
      says('etcd-2', led('etcd-0', 7)),
    );
    expect(lines.filter((l) => l.includes('became'))).toHaveLength(1);
    expect(found.leader?.id).toBe('101');
  });
});

describe('alarms', () => {
  const full = { alarms: [{ memberId: idOf('etcd-0'), alarm: 'NOSPACE' }] };

  it('given an alarm that every member tells, when it is raised and cleared, then each is told once', () => {
    const { lines } = afterHealthy(
      says('etcd-0', full),
      says('etcd-1', full),
      says('etcd-2', full),
      says('etcd-0'),
      says('etcd-1'),
      says('etcd-2'),
    );
    expect(lines).toEqual([
      'bad: alarm NOSPACE raised on etcd-0',
      'good: alarm NOSPACE cleared on etcd-0',
    ]);
  });

  it('given an alarm, when the member that told it is silent for a while, then nothing is cleared by that', () => {
    const { lines } = afterHealthy(
      says('etcd-0', full),
      isDown('etcd-0'),
      says('etcd-1', full),
      says('etcd-0', full),
    );
    expect(lines.filter((l) => l.includes('alarm'))).toEqual([
      'bad: alarm NOSPACE raised on etcd-0',
    ]);
  });
});
