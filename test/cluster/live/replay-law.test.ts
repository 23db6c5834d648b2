import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { unpack } from '../../../src/adapters/journal/codec.ts';
import { type FileRecording, openRecording } from '../../../src/adapters/journal/file-recording.ts';
import { isSound, verifyRecording } from '../../../src/adapters/journal/verify.ts';
import { ReplayFeed } from '../../../src/adapters/replay-feed.ts';
import type { ClusterSession } from '../../../src/cli/cluster-session.ts';
import { allProbes } from '../../../src/cli/probes.ts';
import { recordSession } from '../../../src/cli/record-session.ts';
import { Store } from '../../../src/kernel/store.ts';
import { type EpochMs, epochMs, mib, type Revision } from '../../../src/kernel/units.ts';
import { saveWorld, type World } from '../../../src/kernel/world.ts';
import type { Dashboard } from '../../../src/views/dashboard.ts';
import { placeOf } from '../../../src/views/session.ts';
import type { Manifest } from '../apply.ts';
import { chaosCase } from '../chaos/chaos-cases.ts';
import { churn } from '../churn.ts';
import { silenceNode } from '../silent-node.ts';
import { simulatedPlacement } from '../simulated-load.ts';
import { type Cluster, describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { dashboardOf, openSession } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** What must not be in a recording, by where it is in the cluster. */
const SECRETS = {
  'a Secret': 'Hunter2-of-the-vault-8Qx',
  'an environment variable': 'Env-value-5Tz-nobody-may-read',
  'an argument': 'Arg-passw0rd-7Kc',
  'a termination message': 'Term1nat10n-token-3Wd-abcdefgh',
  'an event': 'Ev3nt-bearer-9Pf-abcdefgh',
} as const;

const secretive = (cluster: Cluster): readonly Manifest[] => [
  namespaceOf('vault'),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'database', namespace: 'vault' },
    stringData: { password: SECRETS['a Secret'] },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'with-environment', namespace: 'vault' },
    spec: {
      ...simulatedPlacement,
      containers: [
        {
          name: 'main',
          image: 'registry.example/vault/main:1',
          args: ['--password', SECRETS['an argument'], `--db-password=${SECRETS['an argument']}`],
          env: [{ name: 'API_KEY', value: SECRETS['an environment variable'] }],
        },
      ],
    },
  },
  workload(cluster, {
    name: 'talkative',
    namespace: 'vault',
    failure: {
      kind: 'crash-loop',
      message: `request failed: Authorization: Bearer ${SECRETS['a termination message']}`,
      exitCode: 1,
    },
  }),
  {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'with-environment.1', namespace: 'vault' },
    involvedObject: { kind: 'Pod', namespace: 'vault', name: 'with-environment' },
    type: 'Warning',
    reason: 'FailedLogin',
    message: `the webhook was called with "Authorization: Bearer ${SECRETS['an event']}"`,
    source: { component: 'test' },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
    count: 1,
  },
];

/** One moment of the live session, as it was on the screen then. */
interface Moment {
  readonly rev: Revision;
  readonly now: EpochMs;
  readonly world: unknown;
  readonly frames: readonly string[];
}

const plain = (store: Pick<Store, 'probes'>, world: World): unknown =>
  JSON.parse(JSON.stringify(saveWorld(store.probes, world)));

/** The two screens that are compared, at a time that the test chooses. */
class Screens {
  now: EpochMs = epochMs(0);
  readonly #home: Dashboard;
  readonly #pods: Dashboard;

  constructor(store: Store) {
    const ticker = { now: () => this.now, subscribe: () => () => undefined };
    this.#home = dashboardOf(store, ticker);
    this.#pods = dashboardOf(store, ticker, placeOf('explorer', { resource: 'pods' }));
  }

  frames(now: EpochMs): readonly string[] {
    this.now = now;
    return [this.#home.text(80, 24), this.#pods.text(120, 40)];
  }
}

const MOMENT_EVERY_MS = 700;

/** Keeps the live world and its screens, now and then, as they are right after a flush. */
const keepMoments = (session: ClusterSession): Moment[] => {
  const kept: Moment[] = [];
  const screens = new Screens(session.store);
  session.store.subscribe(() => {
    const now = systemClock.now();
    if (now - (kept.at(-1)?.now ?? 0) < MOMENT_EVERY_MS) return;
    const world = session.store.world();
    const frames = screens.frames(now);
    kept.push({ rev: world.rev, now, world: plain(session.store, world), frames });
  });
  return kept;
};

/** About twenty seconds in which much happens, a part of it out of sight. */
const live = async (cluster: Cluster): Promise<void> => {
  const changing = churn(cluster.api, { rate: 40, seconds: 8 });
  await chaosCase('crash-loop').apply(cluster);
  await chaosCase('evicted').apply(cluster);
  await silenceNode(cluster, 'sim-001');
  await cluster.apply(secretive(cluster));
  await changing;
  await chaosCase('api-stop').apply(cluster);
  await sleep(2000);
  await chaosCase('api-stop').undo(cluster);
  await chaosCase('crash-loop').undo(cluster);
  await sleep(4000);
};

/** Everything that is in the file, packed and unpacked. */
const everythingIn = (path: string, recording: FileRecording): readonly string[] => {
  const { events, snapshots, meta } = recording.scan;
  const blocks = [...events, ...snapshots.flat(), ...meta];
  return [
    readFileSync(path, 'latin1'),
    ...blocks.map((block) => {
      const text = unpack(recording.payload(block));
      if (!text.ok) throw new Error(text.failure.message);
      return text.value.toString('utf8');
    }),
  ];
};

describeWithCluster('a recorded session', { nodes: 3, pods: 60, failing: 8 }, (cluster) => {
  const directory = mkdtempSync(join(tmpdir(), 'midwatch-replay-'));
  const path = join(directory, 'session.mwr');
  let moments: readonly Moment[] = [];
  let recording: FileRecording;

  beforeAll(async () => {
    const session = await openSession({ kubeconfig: cluster().kubeconfig });
    const stop = new AbortController();
    const troubles: string[] = [];
    const kept = keepMoments(session);
    const running = session.run(stop.signal);
    const recorded = recordSession(
      { cluster: session, path, version: 'test', maxSize: mib(64) },
      stop.signal,
      (text) => troubles.push(text),
    );
    await live(cluster());
    stop.abort();
    const ended = await recorded;
    await running;
    await session.close();
    expect(troubles).toEqual([]);
    expect(ended).toMatchObject({ ok: true, value: { kind: 'ended', unsafe: 0 } });
    const opened = openRecording(path, allProbes);
    if (!opened.ok) throw new Error(opened.failure.message);
    recording = opened.value;
    // The file begins with the world as it was when it was made, a moment after the session began.
    moments = kept.filter(({ rev }) => rev >= recording.base);
  });
  afterAll(() => {
    recording?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is sound, and not short', ({ annotate }) => {
    expect(isSound(verifyRecording(recording))).toBe(true);
    expect(moments.length).toBeGreaterThan(10);
    expect(recording.last).toBeGreaterThan(200);
    // The session was cut off in the middle, and showed it.
    expect(moments.some(({ frames }) => frames[0]?.includes('API DOWN'))).toBe(true);
    return annotate(`${recording.last} entries, ${moments.length} moments compared`).then(() => {});
  });

  describe('replayed', () => {
    const replayed = () => {
      const store = new Store(allProbes);
      const feed = new ReplayFeed({ recording, store, clock: systemClock });
      return { store, feed, screens: new Screens(store) };
    };
    const expectSame = ({ store, feed, screens }: ReturnType<typeof replayed>, moment: Moment) => {
      feed.seekRevision(moment.rev);
      expect(screens.frames(moment.now), `frames at r${moment.rev}`).toEqual(moment.frames);
      expect(plain(store, store.world()), `world at r${moment.rev}`).toEqual(moment.world);
    };

    it('given every moment in order, then worlds and screens are those of the live session', () => {
      const replay = replayed();
      for (const moment of moments) expectSame(replay, moment);
    });

    it('given every moment from a fresh start, then they are the same', () => {
      for (const moment of moments) expectSame(replayed(), moment);
    });

    it('given jumps back and forth, then they are the same', () => {
      const replay = replayed();
      const last = moments.length - 1;
      for (let i = 0; i <= last; i += 1) {
        for (const at of [last - i, (i * 7) % moments.length]) {
          const moment = moments[at];
          if (moment !== undefined) expectSame(replay, moment);
        }
        replay.feed.step(1);
        replay.feed.step(-1);
      }
    });

    it('given the time instead of the revision, then it leads to the same world', () => {
      const { store, feed } = replayed();
      for (const { rev } of moments) {
        feed.seekTime(recording.timeOf(rev));
        expect(store.world().rev).toBeGreaterThanOrEqual(rev);
        expect(recording.timeOf(store.world().rev)).toBe(recording.timeOf(rev));
      }
    });
  });

  it.each(Object.entries(SECRETS))('given %s, then it is not in the file', (_, secret) => {
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    for (const text of everythingIn(path, recording)) {
      expect(text.includes(secret)).toBe(false);
      expect(text.includes(base64)).toBe(false);
    }
  });

  it('given the objects around them, then those are there, with what was taken out', () => {
    const all = everythingIn(path, recording).slice(1).join('\n');
    expect(all).toContain('with-environment');
    expect(all).toMatch(/request failed: Authorization: \[redacted\]/);
    expect(all).toMatch(/the webhook was called with \\+"Authorization: \[redacted\]/);
  });
});
