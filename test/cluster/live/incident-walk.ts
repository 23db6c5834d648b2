import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock.ts';
import { closedLive } from '../../../src/cli/closed-plan.ts';
import type { ClusterSession } from '../../../src/cli/cluster-session.ts';
import { knownOf } from '../../../src/cli/known.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { liveWalker } from '../../../src/cli/live-walks.ts';
import { runbookSettings } from '../../../src/cli/runbook-config.ts';
import { RunbookDesk, shownWith } from '../../../src/cli/runbook-desk.ts';
import { sealedEffects } from '../../../src/cli/sealed-effects.ts';
import { viewsWith } from '../../../src/cli/views.ts';
import { walkEffect } from '../../../src/cli/walk-effect.ts';
import { health } from '../../../src/findings/health.ts';
import type { Run } from '../../../src/kernel/run.ts';
import { sliceOf } from '../../../src/kernel/world.ts';
import { runs } from '../../../src/probes/runs.ts';
import { Dashboard } from '../../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { themeOf } from '../../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../../src/views/session.ts';
import { waitFor } from '../wait.ts';

const nothing = (): void => undefined;

/** What a walk came to: the frame after each key, by what was waited for. */
export interface Walked {
  readonly frames: readonly string[];
  readonly run: Run | undefined;
}

/**
 * Opens the runbook of an alert that fires in a live session and walks it by keys: each waits for what it does to the
 * run. The files of the run are those of the session.
 */
export const walkAlert = async (
  cluster: ClusterSession,
  alertname: string,
  keys: readonly (readonly [key: string, holds: (run: Run) => boolean])[],
): Promise<Walked> => {
  const end = new AbortController();
  const home = mkdtempSync(join(tmpdir(), 'midwatch-walk-'));
  const session = new SessionStore(newSession(placeOf('home')));
  const desk = new RunbookDesk(runbookSettings({}, home), closedLive, end.signal);
  await desk.open();
  const walker = liveWalker(cluster, session, {
    config: {},
    env: { HOME: home },
    version: 'test',
    door: async () => null,
  });
  const views = viewsWith(() => [], desk.state);
  const board = new Dashboard({
    store: shownWith(cluster.store, desk),
    session,
    ticker: { now: () => systemClock.now(), subscribe: () => nothing },
    views,
    effects: {
      ...sealedEffects({
        quit: nothing,
        suspend: nothing,
        redraw: nothing,
        copy: nothing,
        setTheme: () => null,
      }),
      walk: walkEffect({ walker, desk, session }, end.signal),
    },
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
  });
  const alert = health(cluster.store.world(), systemClock.now()).alerts.items.find(
    (item) => item.name === alertname,
  );
  if (alert === undefined) throw new Error(`${alertname} is not on the screen`);
  session.dispatch({ kind: 'go', view: 'runbook', args: { alert: alert.key } });
  board.paint(120, 40);
  const run = (): Run | undefined =>
    [...sliceOf(cluster.store.world(), runs).state.values()].at(-1);
  const frames = [board.text(120, 40)];
  try {
    for (const [key, holds] of keys) {
      board.press(key);
      await waitFor({ until: `the run has followed ${key}`, timeoutMs: 15_000 }, async () => {
        const now = run();
        return now !== undefined && holds(now);
      });
      frames.push(board.text(120, 40));
    }
  } finally {
    end.abort();
  }
  return { frames, run: run() };
};
