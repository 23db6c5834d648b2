import { describe, expect, it } from 'vitest';
import type { ActSubject } from '../../src/kernel/act.ts';
import { sceneOf } from '../support/act-on.ts';
import {
  clusterFact,
  downFact,
  memberInfo,
  mib,
  quorumLost,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
  withEtcd,
} from '../support/etcd-world.ts';
import { planFor } from '../support/sample-acts.ts';
import { worldOf } from '../support/world-of.ts';

const cluster: ActSubject = { kind: 'etcd', cluster: 'payments', member: '' };
const member = (n: number): ActSubject => ({ ...cluster, member: `etcd-${n}` });
const sceneAfter = (...facts: TimedFacts[]) => sceneOf(withEtcd(worldOf({}), facts.flat()));
const well = (...more: TimedFacts[]) => sceneAfter(wellMembers(), ...more);

describe('plans of actions on etcd', () => {
  it('given a member that does not answer, when others are defragmented, then no voter is to spare', () => {
    const plan = planFor('etcd-defrag', member(1), {}, well(told(2, downFact(2))));
    expect(plan.weight.quorumMargin).toBe(0);
    expect(plan.refusals.join()).toMatch(/no voter is to spare/);
    expect(plan.dangers.join()).toMatch(/2 of 3 voters take part: one more loss stops all writes/);
  });

  it('given a cluster of one, when it is defragmented, then that nobody can read meanwhile is told', () => {
    const one = told(3600, clusterFact([memberInfo(0)]));
    const plan = planFor('etcd-defrag', cluster, {}, sceneAfter(one, told(2, statusFact(0))));
    expect(plan.refusals).toEqual([]);
    expect(plan.weight.quorumMargin).toBe(0);
    expect(plan.dangers.join()).toMatch(/only voter: nobody can read or write/);
  });

  it('given a cluster without a quorum, when anything is planned that writes, then it is refused', () => {
    const scene = sceneAfter(quorumLost());
    for (const id of ['etcd-compact', 'etcd-defrag', 'etcd-disarm']) {
      expect(planFor(id, cluster, {}, scene).refusals.join(), id).toMatch(/no member leads/);
    }
    expect(planFor('etcd-move-leader', member(0), {}, scene).refusals.join()).toMatch(
      /no member leads/,
    );
    expect(planFor('etcd-defrag', cluster, {}, scene).weight.quorumMargin).toBeLessThan(0);
  });

  it('given members that were not heard lately, when a snapshot is planned, then nobody is asked for it', () => {
    const scene = sceneOf(
      withEtcd(worldOf({}), [
        ...told(3600, clusterFact([0, 1, 2].map((n) => memberInfo(n)))),
        ...told(300, statusFact(0), statusFact(1), statusFact(2)),
      ]),
    );
    const plan = planFor('etcd-snapshot', cluster, { path: '/tmp/x.db' }, scene);
    expect(plan.requests).toEqual([]);
    expect(plan.refusals).toEqual(['no member has all data and answers']);
  });

  it.each([
    [{ keep: '0' }, 40_002n, []],
    [{ keep: '2' }, 40_000n, []],
    [{ keep: '0', revision: '17' }, 17n, []],
    [{ keep: '0', revision: '99999' }, 99_999n, [/at revision 40002 only/]],
    [{ keep: '40002' }, 0n, [/no revision as old/]],
  ])('given %j, when a compaction is planned, then it is to %s', (args, revision, why) => {
    const plan = planFor('etcd-compact', cluster, args, well());
    expect(plan.title).toBe(`compact etcd payments to revision ${revision}`);
    expect(plan.refusals).toEqual(why.map((w) => expect.stringMatching(w)));
  });

  it.each(['-1', 'x', '', '1e3'])(
    'given "%s" to keep, when it is planned, then it is not',
    (keep) => {
      expect(() => planFor('etcd-compact', cluster, { keep }, well())).toThrow(
        /number of revisions/,
      );
    },
  );

  it('given alarms, when they are disarmed, then not while the file is full, and never a corruption of a member', () => {
    const raised = (alarm: string, over = {}) => {
      const alarms = [{ memberId: '9372538179322589801', alarm }];
      return well(told(2, statusFact(0, { alarms, ...over }), statusFact(1, { alarms })));
    };
    const full = planFor('etcd-disarm', cluster, {}, raised('NOSPACE', { dbSize: 8100 * mib }));
    expect(full.refusals.join()).toMatch(/7.91 GiB of 8 GiB: compact and defragment first/);
    expect(planFor('etcd-disarm', cluster, {}, raised('NOSPACE')).refusals).toEqual([]);
    expect(planFor('etcd-disarm', cluster, {}, raised('CORRUPT')).refusals.join()).toMatch(
      /replace it/,
    );
    expect(planFor('etcd-disarm', cluster, {}, raised('NEWS')).refusals.join()).toMatch(
      /NEWS is not known here/,
    );
    expect(planFor('etcd-disarm', cluster, {}, well()).refusals).toEqual(['no alarm is raised']);
  });

  it('given a learner, the leader, or one that is far behind, when leadership is to move there, then not', () => {
    const learns = well(told(2, statusFact(1, { learner: true })));
    expect(planFor('etcd-move-leader', member(1), {}, learns).refusals.join()).toMatch(/learner/);
    expect(planFor('etcd-move-leader', member(0), {}, well()).refusals).toEqual([
      'etcd-0 leads already',
    ]);
    const slow = well(told(2, statusFact(2, { index: 1000, applied: 1000 })));
    expect(planFor('etcd-move-leader', cluster, { to: 'etcd-2' }, slow).refusals.join()).toMatch(
      /too far behind/,
    );
    expect(() => planFor('etcd-move-leader', cluster, {}, well())).toThrow(/name the member/);
  });

  it.each(['x.db', '/tmp/', '/tmp/../etc/x', '/tmp/a\nb', ''])(
    'given the path %j, when a snapshot is planned, then it is not',
    (path) => {
      expect(() => planFor('etcd-snapshot', cluster, { path }, well())).toThrow(/path/);
    },
  );

  it('given an address that leads only to the own machine of a member, when others are named too, then those are used', () => {
    const found = [
      memberInfo(0),
      memberInfo(1, {
        foundBy: 'member list',
        clientUrls: ['http://127.0.0.1:2379', 'http://10.0.0.9:2379'],
      }),
    ];
    const scene = sceneAfter(told(3600, clusterFact(found)), told(2, statusFact(0), statusFact(1)));
    const plan = planFor('etcd-status', cluster, {}, scene);
    expect(plan.requests.map((r) => r.kind === 'etcd' && r.endpoint)).toEqual([
      'https://10.88.0.1:2379',
      'http://10.0.0.9:2379',
    ]);
  });
});
