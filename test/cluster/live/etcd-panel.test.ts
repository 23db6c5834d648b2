import { expect, it, vi } from 'vitest';
import { describeWithCluster } from '../support.ts';
import { describeEtcdOnScreen, leaderOf, sourcesOf, write } from './etcd-on-screen.ts';
import { SourceScreen, type Words } from './source-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const healthy: readonly Words[] = [
  {
    at: 'etcd',
    has: [
      /✓ healthy: 3 of 3, margin 1/,
      /3 voters, quorum 2; leader etcd-\d,\s+term \d+/,
      /✓ etcd-0 +healthy +(leader|follower)/,
      /✓ etcd-1 +healthy +(leader|follower)/,
      /✓ etcd-2 +healthy +(leader|follower)/,
      /heard just now/,
    ],
    not: [/^ [✗▲]/m, /── why/],
  },
  {
    at: 'home',
    has: [/nothing broken/, /2 etcd ✓ 3\/3/, /✓ etcd +leader etcd-\d, term \d+, .*margin 1/],
    not: [/✗ +etcd|▲ +etcd/],
  },
];

/**
 * All three serve again. A loaded machine elects more leaders than were asked for, and the panel says so for fifteen
 * minutes: that is no fault here.
 */
const back: readonly Words[] = [
  {
    at: 'etcd',
    has: [
      /✓ healthy: 3 of 3, margin 1|▲ the leader changed \d+ times.*quorum 3 of 3, margin 1/,
      /✓ etcd-0 +healthy +(leader|follower)/,
      /✓ etcd-1 +healthy +(leader|follower)/,
      /✓ etcd-2 +healthy +(leader|follower)/,
      /heard just now/,
    ],
    not: [/^ ✗/m],
  },
  { at: 'home', has: [/2 etcd [✓▲] 3\/3/], not: [/✗ +etcd/] },
];

/** Rows of members that go on as if nothing was, and were heard within the last ten seconds. */
const goOn = (...numbers: readonly number[]): Words => ({
  at: 'etcd',
  has: numbers.map((n) => new RegExp(`✓ etcd-${n} +healthy +(leader|follower) .* \\ds`)),
});

describeWithCluster('etcd on the screen', { nodes: 2, pods: 6 }, (cluster) => {
  describeEtcdOnScreen(
    'three members',
    cluster,
    { quotaBytes: 8 << 20, writes: 200 },
    (watched) => {
      it('given all well and one member named, then all three stand there, and who leads', async ({
        annotate,
      }) => {
        const { screen } = watched();
        await annotate(`seen after ${await screen.until('all are healthy', healthy)} ms`);
      });

      it('given a leader that is moved, then the new one and its term are told, and nothing is broken', async ({
        annotate,
      }) => {
        const { etcd, screen } = watched();
        const to = ((await leaderOf(etcd)) + 1) % 3;
        const { raftTerm } = await etcd.status(to);
        await etcd.moveLeader(to);
        const term = Number(raftTerm) + 1;
        const words = new RegExp(`leader etcd-${to},\\s+term ${term}`);
        const wanted: readonly Words[] = [
          ...healthy,
          { at: 'etcd', has: [words, new RegExp(`✓ etcd-${to} +healthy +leader`)] },
          { at: 'home', has: [new RegExp(`✓ etcd +leader etcd-${to}, term ${term}`)] },
        ];
        const took = await screen.until('the new one leads', wanted, {
          always: [{ at: 'home', has: [/nothing broken/, /2 etcd ✓ 3\/3/] }],
        });
        await annotate(`seen after ${took} ms`);
      });

      it('given a member that is frozen, then it alone does not answer, and is back when it goes on', async ({
        annotate,
      }) => {
        const { etcd, screen } = watched();
        await etcd.pause(2);
        try {
          const took = await screen.until(
            'etcd-2 does not answer',
            [
              goOn(0, 1),
              {
                at: 'etcd',
                has: [
                  /▲ quorum 2 of 3: one more loss stops writes/,
                  /✗ etcd-2 +does not answer: /,
                  /▲ etcd-2 does not answer: 127/,
                  /within 2 s/,
                ],
              },
              { at: 'home', has: [/2 etcd ▲ 2\/3/, /nothing down, 1 to look at/] },
            ],
            // That one is waited for delays nobody.
            { always: [{ at: 'etcd', has: [/✓ etcd-0 +healthy/, /✓ etcd-1 +healthy/] }] },
          );
          await annotate(`seen after ${took} ms`);
        } finally {
          etcd.resume(2);
        }
        await screen.until('all are healthy again', back);
      });

      it('given a member that is killed, then the quorum is told within seconds, while the others stay fresh', async ({
        annotate,
      }) => {
        const { etcd, screen } = watched();
        const gone = ((await leaderOf(etcd)) + 1) % 3;
        const others = [0, 1, 2].filter((n) => n !== gone);
        await etcd.kill(gone);
        const took = await screen.until('it is missed', [
          goOn(...others),
          {
            at: 'etcd',
            has: [
              /▲ quorum 2 of 3: one more loss stops writes/,
              new RegExp(`✗ etcd-${gone} +unreachable: 127`),
              new RegExp(
                `▲ etcd-${gone} does not answer: 127\\.0\\.0\\.1:\\d+ refuses connections`,
              ),
            ],
          },
          {
            at: 'home',
            has: [
              /▲ etcd payments +2\/3 +quorum 2 of 3: one more loss stops writes/,
              new RegExp(`etcd-${gone} does not answer: 127\\.0\\.0\\.1:\\d+ refuses`),
            ],
          },
        ]);
        await annotate(`seen after ${took} ms`);
        // Half a minute is what a member may be silent before its row is old: theirs must not come near that.
        await screen.until('the others are heard again', [goOn(...others)]);
        await etcd.start(gone);
        await screen.until('all are healthy again', back);
      });

      it('given a database that is full, then writes are told as refused until the alarm is taken back, and never as healthy', async () => {
        const { etcd, screen } = watched();
        await etcd.fillUntilNoSpace();
        const full: readonly Words[] = [
          {
            at: 'etcd',
            has: [/✗ out of space, writes refused: NOSPACE on etcd-\d/, /✗ etcd-\d +alarm NOSPACE/],
            not: [/healthy/],
          },
          {
            at: 'home',
            has: [
              /1 broken/,
              /2 etcd ✗ 3\/3/,
              /✗ etcd payments +3\/3 +out of space, writes refused: NOSPACE on etcd-\d/,
            ],
          },
        ];
        await screen.until('it is full', [
          ...full,
          { at: 'etcd', has: [/1[0-9][0-9] %/, /takes 1\d\d % of its quota/] },
        ]);
        await etcd.compactAndDefrag();
        const small = /etcd-\d +(alarm NOSPACE|refuses writes) .* [1-9] %/;
        await screen.until(
          'the databases are small again',
          [...full, { at: 'etcd', has: [small], not: [/1[0-9][0-9] %/] }],
          { always: full },
        );
        await etcd.disarm();
        await screen.until('the alarm is gone', [
          ...back,
          { at: 'home', has: [/alarm NOSPACE cleared/] },
        ]);
        expect(await etcd.alarms()).toEqual([]);
        await write(etcd, 1);
      });

      it('given two that are killed, then the quorum is lost, and nothing of the third looks well', async ({
        annotate,
      }) => {
        const { etcd, screen } = watched();
        await etcd.kill(1);
        await etcd.kill(2);
        const took = await screen.until('the quorum is lost', [
          {
            at: 'etcd',
            has: [
              /✗ quorum lost: 1 of 3 members, writes stopped/,
              /no leader known/,
              /▲ etcd-0 +healthy, no leader/,
              /✗ etcd-1 +unreachable/,
              /✗ etcd-2 +unreachable/,
              /✗ 1 of 3 members live with their data, 2 are needed: nothing can be/,
            ],
            not: [/✓ (etcd|healthy)/],
          },
          {
            at: 'home',
            has: [
              /2 etcd ✗ 1\/3/,
              /✗ etcd payments +1\/3 +quorum lost: 1 of 3 members, writes stopped/,
              /✗ \d\d:\d\d:\d\d +payments +(etcd )?.*(has no leader|does not answer)/,
            ],
          },
        ]);
        await annotate(`seen after ${took} ms`);
        await Promise.all([etcd.start(1), etcd.start(2)]);
        await screen.until('all are healthy again', back);
      });

      it.each([
        {
          way: 'an authority that did not sign its certificate',
          over: 'ca',
          says: /is\s+signed\s+by\s+an\s+authority\s+that\s+is\s+not\s+trusted/,
          set: /name\s+the\s+certificate\s+authority/,
        },
        {
          way: 'no client certificate',
          over: 'none',
          says: /wants\s+a\s+client\s+certificate\s+that\s+it\s+trusts/,
          set: /name\s+a\s+client\s+certificate\s+and\s+its\s+key/,
        },
        {
          way: 'a client that it does not trust',
          over: 'stranger',
          says: /wants\s+a\s+client\s+certificate\s+that\s+it\s+trusts/,
          set: /ETCDCTL_CERT\s+and\s+ETCDCTL_KEY/,
        },
        {
          way: 'a file that is not there',
          over: 'missing',
          says: /the\s+client\s+certificate\s+file\s+does\s+not\s+exist/,
          set: /\(\/nonexistent\/client\.crt\):\s+correct\s+the\s+path/,
        },
      ] as const)(
        'given $way, then the panel says what is in the way and what to set, and nothing of etcd is called well or broken',
        async ({ over, says, set }) => {
          const { etcd } = watched();
          const { stranger } = etcd;
          const config = {
            ca: { caFile: stranger.ca },
            none: { certFile: undefined, keyFile: undefined },
            stranger: { certFile: stranger.cert, keyFile: stranger.key },
            missing: { certFile: '/nonexistent/client.crt' },
          }[over];
          const screen = await SourceScreen.open({
            kubeconfig: cluster().kubeconfig,
            sources: sourcesOf(etcd, config),
          });
          try {
            await screen.until('it is told', [
              {
                at: 'etcd',
                has: [
                  /\? members cannot be asked: /,
                  says,
                  set,
                  /not known how many more may be lost/,
                ],
                not: [/✓ (etcd|127|healthy)/, /✗ etcd/, /…\s*$/m],
              },
              { at: 'home', has: [/2 etcd \? /, /\? etcd +members cannot be asked: /] },
            ]);
            expect(screen.green('etcd')).toEqual([]);
          } finally {
            await screen.close();
          }
        },
      );
    },
  );
});
