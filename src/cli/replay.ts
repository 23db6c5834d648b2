import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../adapters/clock.ts';
import { type FileRecording, openRecording } from '../adapters/journal/file-recording.ts';
import { infoOf } from '../adapters/journal/verify.ts';
import { ReplayFeed } from '../adapters/replay-feed.ts';
import { failureText } from '../kernel/failure.ts';
import { Store } from '../kernel/store.ts';
import { revision } from '../kernel/units.ts';
import { Dashboard } from '../views/dashboard.ts';
import { momentText } from '../views/parts/change-line.ts';
import { newSession, placeOf, SessionStore } from '../views/session.ts';
import { check } from './check.ts';
import { closedReplay } from './closed-plan.ts';
import { type Config, isProduction } from './config.ts';
import type { Io } from './io.ts';
import { knownOf } from './known.ts';
import { linkStatus } from './link-status.ts';
import { followTexts, settingsOf } from './live-walks.ts';
import { ownRunsOf } from './local-sources.ts';
import { Look } from './look.ts';
import { OwnWalks } from './own-walks.ts';
import { policySettings } from './policy-from-config.ts';
import { allProbes } from './probes.ts';
import { usageError } from './program.ts';
import { openWhenWanted, RunbookDesk, shownWith } from './runbook-desk.ts';
import { sealedActs } from './sealed-acts.ts';
import { sealedEffects } from './sealed-effects.ts';
import { viewsWith } from './views.ts';
import { walkEffect } from './walk-effect.ts';
import { tellTimers } from './walk-timers.ts';

export interface ReplayOptions {
  readonly file: string | undefined;
  readonly flags: {
    readonly speed: number;
    readonly at?: string;
    readonly pause?: boolean;
    readonly list?: boolean;
    readonly theme?: string;
    readonly ascii?: boolean;
  };
  readonly config: Config;
  readonly io: Io;
}

/** The one that is shown when no file is named. */
const incident = 'etcd-21-43';

/** Beside the bundle's folder, or two folders up when run from source. */
const bundledDirectory = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, here.endsWith('cli') ? '../../recordings' : '../recordings');
};

const bundled = (): readonly string[] =>
  readdirSync(bundledDirectory())
    .filter((name) => name.endsWith('.mwr'))
    .map((name) => name.slice(0, -4))
    .sort();

/** A file, or the name of a bundled recording. */
const pathOf = (file: string | undefined): string => {
  if (file === undefined) return join(bundledDirectory(), `${incident}.mwr`);
  return !file.includes('/') && bundled().includes(file)
    ? join(bundledDirectory(), `${file}.mwr`)
    : file;
};

/** Replays a recording on the screen. Nothing that reaches outside is built: there is no cluster to touch. */
export const runReplay = async (options: ReplayOptions): Promise<number> => {
  const { file, flags, io } = options;
  if (flags.list === true) {
    for (const name of bundled()) io.out(listLine(name));
    return 0;
  }
  const path = pathOf(file);
  const opened = openRecording(path, allProbes);
  if (!opened.ok) {
    io.err(`midwatch: ${failureText(opened.failure)}\n${opened.failure.hint ?? ''}\n`);
    return usageError;
  }
  const recording = opened.value;
  const store = new Store(allProbes);
  const feed = new ReplayFeed({ recording, store, clock: systemClock, speed: flags.speed });
  const refused = begin(feed, recording, flags.at);
  if (refused !== null) {
    io.err(`midwatch: --at ${flags.at}: ${refused}\n`);
    return usageError;
  }
  if (!io.paints) {
    // One look at a recording: how it ended says more than that it begins with nothing.
    if (flags.at === undefined && file !== undefined) feed.ends('end');
    io.out(check(store.world(), feed.now()).text);
    return 0;
  }
  return await show(options, feed, store, recording);
};

/** Name, what it is about, how long, and how large. */
const listLine = (name: string): string => {
  const opened = openRecording(pathOf(name), allProbes);
  if (!opened.ok) return `${name.padEnd(20)} ${failureText(opened.failure)}\n`;
  const { title, startAt, endAt, size } = infoOf(opened.value);
  opened.value.close();
  const length = `${Math.round((endAt - startAt) / 1000)} s`;
  return `${name.padEnd(20)} ${length.padStart(6)} ${`${Math.ceil(size / 1024)} KiB`.padStart(9)}  ${title}\n`;
};

/** Where to begin: where asked, else where the recording says that its story begins. Says why not, or null. */
const begin = (
  feed: ReplayFeed,
  recording: FileRecording,
  at: string | undefined,
): string | null => {
  if (at !== undefined) return feed.seek(at);
  const { opensAt } = infoOf(recording);
  const mark = opensAt === '' ? null : markOf(recording, opensAt);
  feed.seekRevision(mark ?? revision(Math.min(recording.last, recording.base + 1)));
  return null;
};

const markOf = (recording: FileRecording, label: string) =>
  recording
    .entries(revision(recording.base + 1), recording.last)
    .find(({ fact }) => fact.kind === 'mark' && fact.label === label)?.rev ?? null;

const show = async (
  { flags, config, io }: ReplayOptions,
  feed: ReplayFeed,
  store: Store,
  recording: FileRecording,
): Promise<number> => {
  const { openScreen, suspendProcess, copyToClipboard } = await import('./open-screen.tsx');
  const look = new Look(flags, config, io.env);
  const session = new SessionStore(newSession(placeOf('home')));
  const ended = new AbortController();
  const desk = new RunbookDesk(settingsOf(config, io.env), closedReplay, ended.signal);
  const { origin, startAt } = infoOf(recording);
  const log = ownRunsOf(io.env, origin?.context ?? '', startAt);
  const walks = new OwnWalks(store, feed.now, {
    runs: log,
    unkept: (why) =>
      session.dispatch({
        kind: 'notice',
        notice: { tone: 'warn', text: `this run is gone with the screen: ${failureText(why)}` },
      }),
  });
  followTexts(desk, walks, log, ended.signal);
  await walks.restore(ended.signal);
  const views = viewsWith(() => [], desk.state);
  openWhenWanted(desk, session, systemClock, ended.signal);
  const ticker = { now: feed.now, subscribe: feed.subscribe };
  tellTimers(walks, session, ticker, ended.signal);
  const screen = { current: null as ReturnType<typeof openScreen> | null };
  const dashboard = new Dashboard({
    store: shownWith(walks, desk),
    session,
    ticker,
    views,
    effects: sealedEffects({
      quit: () => screen.current?.close(0),
      redraw: () => screen.current?.redraw(),
      suspend: () =>
        void (screen.current === null ? undefined : suspendProcess(screen.current.terminal)),
      copy: copyToClipboard,
      setTheme: look.set,
      walk: walkEffect({ walker: walks.walker, desk, session }, ended.signal),
      act: sealedActs(
        {
          session,
          world: walks.world,
          clock: { now: feed.now, sleep: systemClock.sleep },
          production: isProduction(config),
          settings: policySettings(config.policy),
        },
        ended.signal,
      ),
    }),
    replay: {
      toggle: () => feed.toggle(),
      step: (by) => feed.step(by),
      moment: (by, kind) => {
        const found = feed.moment(by, kind);
        return found === null ? null : momentText(found, look.get().glyphs);
      },
      faster: (by) => feed.faster(by),
      ends: (to) => feed.ends(to),
      seek: (text) => feed.seek(text),
      status: () => {
        const { status, speed, start, end, now, position, moments } = feed.view();
        return {
          playing: status === 'playing',
          speed,
          start,
          end,
          at: now,
          rev: position,
          moments,
        };
      },
    },
    known: knownOf(views, () => [], config.aliases ?? {}),
    link: linkStatus,
    production: isProduction(config),
    look: look.get,
  });
  if (flags.pause !== true) feed.play();
  const playing = feed.start(ended.signal);
  screen.current = openScreen(dashboard);
  const code = await screen.current.closed;
  ended.abort();
  await playing;
  recording.close();
  return code;
};
