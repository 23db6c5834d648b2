import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAnchorText } from '../../src/adapters/audit/audit-anchor.ts';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { verifyAudit } from '../../src/adapters/audit/audit-verify.ts';
import { systemClock, systemRandom } from '../../src/adapters/clock.ts';
import { openRecording } from '../../src/adapters/journal/file-recording.ts';
import { openIngest } from '../../src/adapters/kubernetes/ingest-open.ts';
import { liveFeed } from '../../src/adapters/live-feed.ts';
import { closedLive } from '../../src/cli/closed-plan.ts';
import type { ClusterSession } from '../../src/cli/cluster-session.ts';
import type { Config } from '../../src/cli/config.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { liveDoor, liveDoorActs } from '../../src/cli/live-door.ts';
import { liveEffects } from '../../src/cli/live-effects.ts';
import { liveWalker, settingsOf } from '../../src/cli/live-walks.ts';
import { localSources } from '../../src/cli/local-sources.ts';
import { allProbes } from '../../src/cli/probes.ts';
import type { GuardFlags } from '../../src/cli/program.ts';
import { openWhenWanted, RunbookDesk, shownWith } from '../../src/cli/runbook-desk.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { walkEffect } from '../../src/cli/walk-effect.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { failed, failure, failureText } from '../../src/kernel/failure.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { noSource } from '../../src/kernel/no-source.ts';
import { pace } from '../../src/kernel/pace.ts';
import { worldAt } from '../../src/kernel/recording.ts';
import { noNamedSources } from '../../src/kernel/source-target.ts';
import { Store } from '../../src/kernel/store.ts';
import { milliseconds, noRevision, type Revision, revision } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { acknowledgements } from '../../src/probes/acknowledgements.ts';
import { acts } from '../../src/probes/acts.ts';
import { kindByResource } from '../../src/probes/index.ts';
import { runs } from '../../src/probes/runs.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { objectOf } from '../../src/views/related.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { scriptedKubeconfig } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';
import { loopbackServer } from './loopback-server.ts';
import type { Stroke } from './random-hands.ts';

const nothing = (): void => undefined;
const recordings = resolve(import.meta.dirname, '../../recordings');

/** The world of a recording, so that there is something on every screen. */
export const recordedWorld = (name: string, at: (last: Revision) => Revision = (l) => l): World => {
  const opened = openRecording(join(recordings, `${name}.mwr`), allProbes);
  if (!opened.ok) throw new Error(failureText(opened.failure));
  const probes = new Map(allProbes.map((p) => [p.id, p]));
  const world = worldAt(opened.value, probes, at(opened.value.last));
  opened.value.close();
  return world;
};

const objectRoute =
  /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([a-z]+)\/([^/]+)$/;

const factsIn = (path: string): readonly ActFact[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((l) => l !== '')
        .map((l) => (JSON.parse(l) as { fact: ActFact }).fact)
    : [];

const uidIn =
  (world: World) =>
  (route: string): string => {
    const [, namespace = '', resource = '', name = ''] = objectRoute.exec(route) ?? [];
    return objectOf(world, { namespace, resource, name })?.uid ?? '';
  };

export interface WholeBoardOptions {
  readonly flags: GuardFlags;
  readonly config?: Config;
  readonly world: World;
}

/**
 * The dashboard of a live session with everything that it is joined to, as the program joins it: reads, runbooks, the
 * door, its audit on a disk. Only what is watched comes from a recording, and the API server is one of ours.
 */
export const wholeBoard = async ({ flags, config = {}, world: recorded }: WholeBoardOptions) => {
  const home = mkdtempSync(join(tmpdir(), 'midwatch-safety-'));
  const env = { HOME: home, XDG_STATE_HOME: home };
  const paths = { path: join(home, 'audit.jsonl'), anchors: join(home, 'seals.jsonl') };
  const facts = (): readonly ActFact[] => factsIn(paths.path);
  const server = await loopbackServer(uidIn(recorded), () => facts().length);
  const kubeconfig = join(home, 'kubeconfig');
  writeFileSync(kubeconfig, scriptedKubeconfig(server.url));
  const ended = new AbortController();
  const { signal } = ended;
  const opened = await openIngest(
    {
      flags: { kubeconfig },
      env,
      clock: systemClock,
      random: systemRandom,
      version: 'test',
      kinds: kindByResource,
    },
    signal,
  );
  if (!opened.ok) throw new Error(failureText(opened.failure));
  const { info } = opened.value.client;
  const audit = openAudit({ ...paths, clock: systemClock });
  const local = localSources({}, {}, env, audit);
  if (!local.ok) throw new Error(failureText(local.failure));
  const mine = local.value(info.context, { alerts: noSource } as never);

  const journal = new Journal({ clock: systemClock });
  const store = new Store(allProbes);
  // What happens from here on comes behind the recorded world, in the same store.
  store.reset({ ...recorded, rev: noRevision });
  const ports: ClusterSession['ports'] = {
    clock: systemClock,
    kubernetes: opened.value.port,
    etcd: noSource,
    alerts: noSource,
    prometheus: noSource,
    acknowledgements: mine.acknowledgements.port,
    runs: mine.runs.port,
    acts: mine.acts ?? noSource,
  };
  const feed = liveFeed({
    probes: [acts, runs, acknowledgements],
    ports,
    journal,
    origin: { cluster: info.cluster, context: info.context, by: 'midwatch test' },
    random: systemRandom,
  });
  const session = new SessionStore(newSession(placeOf('home')));
  const cluster: ClusterSession = {
    info,
    ports,
    journal,
    store,
    feed,
    attend: nothing,
    acknowledge: (a) => mine.acknowledgements.put(a),
    runs: mine.runs,
    query: async () => failed(failure('absent', 'ask Prometheus', 'there is none')),
    run: async (until) => {
      const every = milliseconds(20);
      await Promise.all([
        feed.start(until),
        pace({ journal, store, clock: systemClock, every }, until),
      ]);
    },
    close: () => opened.value.client.close(),
  };
  const running = cluster.run(signal);
  const door = liveDoor(
    {
      cluster,
      flags: { kubeconfig, ...flags },
      config,
      env,
      version: 'test',
      named: noNamedSources,
      audit,
    },
    signal,
  );
  const world = (): World => store.world();
  const screen = { session, world, lend: null, put: mine.runs.put, by: 'ana' };
  const acting = liveDoorActs(door, screen, signal);
  const desk = new RunbookDesk(settingsOf(config, env), closedLive, signal, {
    kubernetes: ports.kubernetes,
    clock: systemClock,
  });
  const shelf = await desk.open();
  if (shelf === null) throw new Error('the runbooks could not be read');
  openWhenWanted(desk, session, systemClock, signal);
  const walker = liveWalker(cluster, session, {
    config,
    env,
    version: 'test',
    door: async () => acting.steps,
  });
  const terminal = {
    quit: nothing,
    redraw: nothing,
    suspend: nothing,
    copy: nothing,
    setTheme: () => null,
    switchContext: () => 'there is one context',
    walk: walkEffect({ walker, desk, session }, signal),
    act: acting.acts,
    logs: {
      ...acting.logs,
      // Whatever is typed, files of a test stay with it.
      save: (path: string, lines: Iterable<string>) =>
        acting.logs.save(join(home, `log-${basename(path).replace(/\W/g, '')}`), lines),
    },
  };
  const views = viewsWith(() => [], desk.state);
  const board = new Dashboard({
    store: shownWith(store, desk),
    session,
    ticker: { now: () => systemClock.now(), subscribe: () => nothing },
    views,
    effects: liveEffects(cluster, session, terminal, env, signal),
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('none'), glyphs: unicodeGlyphs }),
  });
  board.paint(120, 40);
  return {
    board,
    session,
    server,
    status: () => acting.acts.status(),
    facts,
    stroke: (s: Stroke) => (s.kind === 'key' ? board.press(s.key) : board.paste(s.text)),
    /** As `midwatch audit verify` looks at it, once everything has come to rest. */
    verified: async () => {
      const sealed = await audit.seal();
      if (!sealed.ok) throw new Error(failureText(sealed.failure));
      const anchors = readAnchorText(readFileSync(paths.anchors, 'utf8'));
      return verifyAudit(readFileSync(paths.path), anchors, resolve(paths.path));
    },
    /** Waits until nothing is asked any more and nothing is written. */
    rests: async () => {
      let before = -1;
      await until('everything has come to rest', async () => {
        const was = before;
        before = server.asked.length + facts().length;
        await sleep(200);
        return was === server.asked.length + facts().length;
      });
    },
    close: async () => {
      ended.abort();
      await running;
      await cluster.close();
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

export type WholeBoard = Awaited<ReturnType<typeof wholeBoard>>;

/** Where the alerts have fired: everything is broken, and much could be done. */
export const brokenWorld = (): World =>
  recordedWorld('etcd-21-43', (last) => revision(Math.floor(last * 0.6)));
