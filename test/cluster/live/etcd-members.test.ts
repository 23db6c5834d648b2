import { expect, it, vi } from 'vitest';
import { describeWithCluster } from '../support.ts';
import { waitFor } from '../wait.ts';
import { describeEtcdOnScreen, leaderOf, write } from './etcd-on-screen.ts';
import type { Words } from './source-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const all = [0, 1, 2] as const;
/** Members are asked every 15 s who they are. */
const LISTED_MS = 150_000;

const healthy = (voters: number): readonly Words[] => [
  {
    at: 'etcd',
    has: [
      new RegExp(`✓ healthy: ${voters} of ${voters}, margin 1`),
      ...all.map((n) => new RegExp(`✓ etcd-${n} +healthy +(leader|follower)`)),
    ],
  },
  { at: 'home', has: [/nothing broken/, new RegExp(`2 etcd ✓ ${voters}/${voters}`)] },
];

describeWithCluster('etcd members on the screen', { nodes: 2, pods: 6 }, (cluster) => {
  describeEtcdOnScreen('members that come, go and lose their data', cluster, {}, (watched) => {
    it('given a member that is wiped and joins again, then it is missed, and well once it has everything', async () => {
      const { etcd, screen } = watched();
      await write(etcd, 30);
      await screen.until('all are healthy', healthy(3));
      await etcd.kill(2);
      etcd.wipe(2);
      // A leader from before the wipe counts on what the member once had, and its first word kills it.
      await etcd.moveLeader((await leaderOf(etcd)) === 0 ? 1 : 0);
      await screen.until('it is missed', [
        {
          at: 'etcd',
          has: [/▲ quorum 2 of 3: one more loss stops writes/, /✗ etcd-2 +unreachable/],
        },
        { at: 'home', has: [/▲ etcd payments +2\/3/] },
      ]);
      await etcd.start(2, { state: 'existing' });
      await screen.until('it has everything', healthy(3));
      const revisions = await Promise.all(
        all.map(async (n) => (await etcd.status(n)).header.revision),
      );
      expect(new Set(revisions).size).toBe(1);
    });

    it('given a learner that is added and never started, then it is told, and does not count for the quorum', async () => {
      const { etcd, screen } = watched();
      const asked = { peerURLs: ['https://127.0.0.1:1'], isLearner: true };
      // etcd refuses until it has been connected to every member for five seconds.
      const { member } = await waitFor(
        { until: 'a member may be added', timeoutMs: 20_000, everyMs: 500 },
        async () => etcd.gateway(await leaderOf(etcd)).call('/v3/cluster/member/add', asked),
      );
      await screen.until(
        'it is told',
        [
          {
            at: 'etcd',
            has: [
              /▲ learner .* was added and has never\s+started/,
              /added, never started/,
              /3 voters, quorum 2/,
            ],
          },
          {
            at: 'home',
            has: [/2 etcd ▲ 3\/3/, /▲ etcd payments +3\/3 /, /learner .* was added and has never/],
          },
        ],
        { within: LISTED_MS },
      );
      await etcd.gateway(await leaderOf(etcd)).call('/v3/cluster/member/remove', { ID: member.ID });
      await screen.until('it is gone', healthy(3), { within: LISTED_MS });
    });

    it('given a learner that runs and is never promoted, then it is a learner beside three voters, also when it is killed', async () => {
      const { etcd, screen } = watched();
      const learner = await etcd.addLearner('etcd-3');
      const well: Words = { at: 'etcd', has: [/✓ etcd-3 +healthy +learner/, /3 voters, quorum 2/] };
      await screen.until('it is there', [...healthy(3), well], { within: LISTED_MS });
      await etcd.kill(learner);
      await screen.until('it is missed', [
        {
          at: 'etcd',
          has: [/▲ quorum 3 of 3, margin 1/, /✗ etcd-3 +unreachable/, /▲ etcd-3 does not answer/],
        },
        { at: 'home', has: [/2 etcd ▲ 3\/3/, /etcd-3 does not answer/] },
      ]);
    });
  });

  for (const etcdChoice of ['tested', 'debian'] as const) {
    const options =
      etcdChoice === 'debian' ? ({ etcd: 'debian', writes: 4 } as const) : { writes: 4 };
    describeEtcdOnScreen(`two members wiped, etcd ${etcdChoice}`, cluster, options, (watched) => {
      it('given all well, then that is what is told', async () => {
        const { etcd, screen } = watched();
        if (etcdChoice === 'debian') expect(etcd.version).toMatch(/^3\.5\./);
        await screen.until('all are healthy', healthy(3));
      });

      it('given a member that is killed, then the quorum is told', async () => {
        const { etcd, screen } = watched();
        await etcd.kill(2);
        await screen.until('it is missed', [
          { at: 'etcd', has: [/▲ quorum 2 of 3: one more loss stops writes/] },
          { at: 'home', has: [/2 etcd ▲ 2\/3/] },
        ]);
        await etcd.start(2);
        await screen.until('all are healthy', healthy(3));
      });

      // What they answer then is well: a leader, the same ids, a database as large, an index as high.
      it('given two that are wiped and begin anew together, then they lead and follow, and are told to have lost their data', async ({
        annotate,
      }) => {
        const { etcd, screen } = watched();
        for (const n of all) await etcd.kill(n);
        for (const n of [1, 2]) etcd.wipe(n);
        await Promise.all([1, 2].map((n) => etcd.start(n)));
        const { header, raftIndex } = await etcd.status(1);
        await annotate(`revision ${header.revision} at raft index ${raftIndex}`);
        expect(Number(header.revision)).toBe(1);
        const lost: readonly Words[] = [
          {
            at: 'etcd',
            has: [
              /✗ etcd-\d, etcd-\d lost their data; quorum 2 of 3: one more loss\s+stops writes/,
              /✗ etcd-1 +lost its data/,
              /✗ etcd-2 +lost its data/,
              // By which of the two it is told depends on which answer was the first.
              /✗ etcd-1 lost its data: (revision \d+ → 1|raft index \d+ → \d+), db/,
            ],
            not: [/✓ etcd-[12]/],
          },
          {
            at: 'home',
            has: [
              /1 broken/,
              /2 etcd ✗ 2\/3/,
              /✗ etcd payments +2\/3 +etcd-\d, etcd-\d lost their data/,
              /etcd-\d, etcd-\d lost their data: .*was \d+/,
            ],
          },
        ];
        await screen.until('the loss is told', lost);
        // More of their own log does not make up for it.
        await write(etcd, 2);
        await screen.until('the loss is still told', [
          ...lost,
          { at: 'etcd', has: [/✗ etcd-1 +lost its data/] },
        ]);
      });
    });
  }
});
