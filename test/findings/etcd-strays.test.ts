import { describe, expect, it } from 'vitest';
import { failure } from '../../src/kernel/failure.ts';
import { reasonKeys, reportOf } from '../support/etcd-case.ts';
import {
  clusterFact,
  downFact,
  memberInfo,
  statusFact,
  type TimedFacts,
  told,
} from '../support/etcd-world.ts';

/** As a person names it: by its address, and the rest from the list of members. */
const named = (n: number, over: Parameters<typeof memberInfo>[1] = {}) =>
  memberInfo(n, { foundBy: 'setting', pod: null, dataDir: '', ...over });
/** An address that no list has. */
const stray = (n: number, over: Parameters<typeof memberInfo>[1] = {}) =>
  named(n, { name: '', id: '', ...over });
const unlisted = failure('absent', 'look for members', 'etcd-3 is not in the member list');
const answers = (...which: readonly number[]): TimedFacts =>
  told(4, ...which.map((n) => statusFact(n)));
const down = (...which: readonly number[]): TimedFacts => told(4, ...which.map((n) => downFact(n)));
const three = [0, 1, 2].map((n) => named(n));

describe('an address that a person named', () => {
  it('given it never answered and is in no list of members, then it is no voter, and is told', () => {
    const report = reportOf([
      ...told(600, clusterFact([...three, stray(3)], { problems: [unlisted] })),
      ...answers(0, 1, 2),
      ...down(3),
    ]);
    expect(report).toMatchObject({ voters: 3, working: 3, quorum: 2, margin: 1, tone: 'warn' });
    expect(report.members[3]).toMatchObject({ role: 'unknown' });
    expect(reasonKeys(report)).toEqual(['down/etcd-3', 'problem/0']);
  });

  it('given a voter is gone too, then it is that one which costs the margin', () => {
    const report = reportOf([
      ...told(900, clusterFact([...three, stray(3)])),
      ...told(600, statusFact(2)),
      ...answers(0, 1),
      ...down(2, 3),
    ]);
    expect(report).toMatchObject({ voters: 3, working: 2, margin: 0 });
  });

  it.each([
    ['no list has been told yet', [0, 1, 2, 3].map((n) => stray(n)), 4],
    ['a static pod has it', [...three, stray(3, { pod: memberInfo(0).pod })], 4],
    ['it is a static pod of its own', [...three, stray(3, { foundBy: 'static pod' })], 4],
    ['a list has it', [...three, named(3)], 4],
    ['as many are strangers as are members', [named(0), stray(1)], 2],
    ['the list is that of one which began anew alone', [named(0), stray(1), stray(2)], 3],
  ])('given %s, then it counts', (_, members, voters) => {
    const silent = members.slice(members.length === 4 ? 3 : 1).map((m) => Number(m.key.at(-1)));
    const report = reportOf([
      ...told(600, clusterFact(members)),
      ...answers(0),
      ...down(...silent),
    ]);
    expect(report.voters).toBe(voters);
  });

  it('given it has answered once, then it counts, whatever the list says', () => {
    const report = reportOf([
      ...told(600, clusterFact([...three, stray(3)])),
      ...told(500, statusFact(3)),
      ...answers(0, 1, 2),
      ...down(3),
    ]);
    expect(report).toMatchObject({ voters: 4, working: 3, margin: 0 });
  });
});
