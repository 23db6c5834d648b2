import { openRecording } from '../../src/adapters/journal/file-recording.ts';
import { closedReplay } from '../../src/cli/closed-plan.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { OwnWalks } from '../../src/cli/own-walks.ts';
import { allProbes } from '../../src/cli/probes.ts';
import { RunbookDesk, shownWith } from '../../src/cli/runbook-desk.ts';
import { sealedEffects } from '../../src/cli/sealed-effects.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { walkEffect } from '../../src/cli/walk-effect.ts';
import { worldAt } from '../../src/kernel/recording.ts';
import type { Run } from '../../src/kernel/run.ts';
import { Store } from '../../src/kernel/store.ts';
import { revision } from '../../src/kernel/units.ts';
import { sliceOf } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';

const nothing = (): void => undefined;

/** A recording paused at a mark, with the shipped runbooks open: what a viewer has who looks for one. */
export const walkBoard = async (path: string, rev: number, columns = 120, rows = 40) => {
  const opened = openRecording(path, allProbes);
  if (!opened.ok) throw new Error(opened.failure.message);
  const recording = opened.value;
  const probes = new Map(allProbes.map((p) => [p.id, p]));
  const store = new Store(allProbes);
  store.reset(worldAt(recording, probes, revision(rev)));
  recording.close();
  const ended = new AbortController();
  const settings = { folders: [], prefixes: [], fetch: false, allowHosts: [] };
  const desk = new RunbookDesk(settings, closedReplay, ended.signal);
  const shelf = await desk.open();
  if (shelf === null) throw new Error('the runbooks could not be read');
  const session = new SessionStore(newSession(placeOf('home')));
  const now = () => store.world().at;
  const walks = new OwnWalks(store, now);
  const views = viewsWith(() => [], desk.state);
  const walk = walkEffect({ walker: walks.walker, desk, session }, ended.signal);
  let asked = Promise.resolve();
  const board = new Dashboard({
    store: shownWith(walks, desk),
    session,
    ticker: { now, subscribe: () => nothing },
    views,
    effects: {
      ...sealedEffects({
        quit: nothing,
        suspend: nothing,
        redraw: nothing,
        copy: nothing,
        setTheme: () => null,
      }),
      walk: (what) => {
        const before = [...sliceOf(walks.world(), runs).state.values()];
        const refused = walk(what);
        // Resolves with what came of it: a run that is another than before, a question, or a notice.
        asked = new Promise((resolve) => {
          const look = (): void => {
            const after = [...sliceOf(walks.world(), runs).state.values()];
            const same = after.length === before.length && after.every((r, i) => r === before[i]);
            const asks =
              what.intent.kind === 'confirm' ? placeNow(session.get()).args.abandon : undefined;
            if (same && asks === undefined && session.get().notice === null) return;
            for (const end of ends) end();
            resolve();
          };
          const ends = [walks.subscribe(look), session.subscribe(look)];
        });
        return refused;
      },
    },
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
  });
  board.paint(columns, rows);
  return {
    board,
    session,
    store,
    walks,
    shelf: () => shelf,
    end: () => ended.abort(),
    /** One key after the other; each is waited for until the run has followed. */
    press: async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        board.press(key);
        await asked;
        board.paint(columns, rows);
      }
    },
    go: (view: string, args: Readonly<Record<string, string>>) =>
      session.dispatch({ kind: 'go', view, args }),
    place: () => placeNow(session.get()),
    notice: () => session.get().notice?.text ?? '',
    run: (): Run | undefined => [...sliceOf(walks.world(), runs).state.values()].at(-1),
    text: (width = columns, height = rows): string =>
      board
        .text(width, height)
        .split('\n')
        .map((text) => text.trimEnd())
        .join('\n'),
  };
};
