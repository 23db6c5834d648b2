import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noSettings } from '../../src/actions/policy-settings.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { openRecording } from '../../src/adapters/journal/file-recording.ts';
import { ReplayFeed } from '../../src/adapters/replay-feed.ts';
import { closedReplay } from '../../src/cli/closed-plan.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { ownRunsOf } from '../../src/cli/local-sources.ts';
import { OwnWalks } from '../../src/cli/own-walks.ts';
import { allProbes } from '../../src/cli/probes.ts';
import { RunbookDesk, shownWith } from '../../src/cli/runbook-desk.ts';
import { sealedActs } from '../../src/cli/sealed-acts.ts';
import { sealedEffects } from '../../src/cli/sealed-effects.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { walkEffect } from '../../src/cli/walk-effect.ts';
import { failureText } from '../../src/kernel/failure.ts';
import { Store } from '../../src/kernel/store.ts';
import { revision } from '../../src/kernel/units.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { onlyOutside } from './outside.ts';
import { randomHands } from './random-hands.ts';

/** `SAFETY_SEED=7 npx vitest run test/safety/replay.test.ts` does the same again. */
const seed = Number(process.env.SAFETY_SEED ?? Math.floor(Math.random() * 2 ** 32));
const again = `SAFETY_SEED=${seed}`;
const sequences = 5_000;
const recordings = resolve(import.meta.dirname, '../../recordings');

const nothing = (): void => undefined;

/** A replay with everything that a viewer has, as the program joins it, without a terminal around it. */
const replayed = (env: Readonly<Record<string, string>>) => {
  const opened = openRecording(join(recordings, 'etcd-21-43.mwr'), allProbes);
  if (!opened.ok) throw new Error(failureText(opened.failure));
  const recording = opened.value;
  const store = new Store(allProbes);
  const feed = new ReplayFeed({ recording, store, clock: systemClock, speed: 1 });
  feed.seekRevision(revision(Math.floor(recording.last * 0.6)));
  const ended = new AbortController();
  const { signal } = ended;
  const session = new SessionStore(newSession(placeOf('home')));
  const settings = { folders: [], prefixes: [], fetch: false, allowHosts: [] };
  const desk = new RunbookDesk(settings, closedReplay, signal);
  const runs = ownRunsOf(env, 'prod-eu', recording.startAt);
  const walks = new OwnWalks(store, feed.now, { runs, unkept: nothing });
  const views = viewsWith(() => [], desk.state);
  const acts = sealedActs(
    {
      session,
      world: walks.world,
      clock: { now: feed.now, sleep: systemClock.sleep },
      production: () => false,
      settings: noSettings,
    },
    signal,
  );
  const board = new Dashboard({
    store: shownWith(walks, desk),
    session,
    ticker: { now: feed.now, subscribe: feed.subscribe },
    views,
    effects: sealedEffects({
      quit: nothing,
      redraw: nothing,
      suspend: nothing,
      copy: nothing,
      setTheme: () => null,
      walk: walkEffect({ walker: walks.walker, desk, session }, signal),
      act: acts,
    }),
    replay: {
      toggle: () => feed.toggle(),
      step: (by) => feed.step(by),
      moment: () => null,
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
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('none'), glyphs: unicodeGlyphs }),
  });
  board.paint(120, 40);
  return {
    board,
    session,
    ready: () => desk.open(),
    close: () => {
      ended.abort();
      recording.close();
    },
  };
};

const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));

describe('a recording', () => {
  afterEach(() => vi.restoreAllMocks());

  it(`given ${sequences} random sequences of keys and commands (${again}), then nobody is dialled, no program is started, nothing is carried out, and no audit is begun`, async () => {
    const home = mkdtempSync(join(tmpdir(), 'midwatch-replay-'));
    const env = { HOME: home, XDG_STATE_HOME: home, XDG_DATA_HOME: home };
    const outside = onlyOutside(null);
    const stage = replayed(env);
    await stage.ready();
    const hands = randomHands(seed, true);
    const flows = new Map<string, number>();
    for (let i = 0; i < sequences; i += 1) {
      const flow = stage.session.get().act;
      const typed = flow?.kind === 'asked' ? flow.asked.plan.typed : '';
      for (const stroke of hands.next(typed)) {
        if (stroke.kind === 'key') stage.board.press(stroke.key);
        else stage.board.paste(stroke.text);
      }
      const kind = stage.session.get().act?.kind ?? 'none';
      flows.set(kind, (flows.get(kind) ?? 0) + 1);
      await breath();
    }
    stage.close();
    expect(outside, again).toEqual({ dialled: [], started: [] });
    // Plans were looked at, and never began.
    expect(flows.get('asked') ?? 0, again).toBeGreaterThan(50);
    expect(flows.has('running'), again).toBe(false);
    expect(flows.has('ended'), again).toBe(false);
    // Runs of runbooks are the viewer's own, and kept; nothing else is.
    const others = filesIn(home).filter((path) => !path.startsWith('midwatch/runs/'));
    expect(others, again).toEqual([]);
    rmSync(home, { recursive: true, force: true });
  }, 180_000);
});
