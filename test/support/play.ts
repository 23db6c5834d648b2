import { openRecording } from '../../src/adapters/journal/file-recording.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { allProbes } from '../../src/cli/probes.ts';
import { sealedEffects } from '../../src/cli/sealed-effects.ts';
import { viewsWith } from '../../src/cli/views.ts';
import type { ProbeId } from '../../src/kernel/fact.ts';
import { changesSince, type Moment, MomentCollector } from '../../src/kernel/moments.ts';
import type { AnyProbe } from '../../src/kernel/probe.ts';
import { worldAt } from '../../src/kernel/recording.ts';
import { type EpochMs, epochMs, revision } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';

export interface Mark {
  readonly label: string;
  readonly at: EpochMs;
}

/** A time in a recording: so many seconds after a mark, or after its beginning, or its end. */
export type Place =
  | { readonly label: string; readonly later: number }
  | { readonly seconds: number }
  | 'end';

/** A recording and the screens of it, as a paused replay shows them. */
export interface Play {
  readonly marks: readonly Mark[];
  readonly moments: readonly Moment[];
  world(place: Place): World;
  /** What is on the screen at that time, after these keys. */
  frame(place: Place, columns: number, rows: number, keys?: readonly string[]): string;
  close(): void;
}

const probes: ReadonlyMap<ProbeId, AnyProbe> = new Map(allProbes.map((p) => [p.id, p]));
const nothing = (): void => undefined;

export const openPlay = (path: string): Play => {
  const opened = openRecording(path, allProbes);
  if (!opened.ok) throw new Error(`${path}: ${opened.failure.message}`);
  const recording = opened.value;
  const { startAt: start, endAt: end, base, last } = recording;
  const marks = recording
    .entries(revision(base + 1), last)
    .flatMap(({ at, fact }): readonly Mark[] =>
      fact.kind === 'mark' ? [{ label: fact.label, at }] : [],
    );
  const collector = new MomentCollector();
  for (const changes of changesSince(recording, probes)) collector.add(changes);
  const { moments } = collector;
  const timeOf = (place: Place): EpochMs => {
    if (place === 'end') return end;
    if ('seconds' in place) return epochMs(start + place.seconds * 1000);
    const mark = marks.find((m) => m.label === place.label);
    if (mark === undefined) throw new Error(`${path} has no mark "${place.label}"`);
    return epochMs(Math.min(end, mark.at + place.later * 1000));
  };
  const world = (place: Place): World =>
    worldAt(recording, probes, recording.revisionAt(timeOf(place)));
  return {
    marks,
    moments,
    world,
    close: () => recording.close(),
    frame: (place, columns, rows, keys = []) => {
      const shown = world(place);
      const now = timeOf(place);
      const views = viewsWith(() => []);
      const board = new Dashboard({
        store: { world: () => shown, subscribe: () => nothing },
        session: new SessionStore(newSession(placeOf('home'))),
        ticker: { now: () => now, subscribe: () => nothing },
        views,
        effects: sealedEffects({
          quit: nothing,
          suspend: nothing,
          redraw: nothing,
          copy: nothing,
          setTheme: () => null,
        }),
        replay: {
          toggle: nothing,
          step: nothing,
          moment: () => null,
          faster: nothing,
          ends: nothing,
          seek: () => null,
          status: () => ({
            playing: false,
            speed: 1,
            start,
            end,
            at: now,
            rev: shown.rev,
            moments,
          }),
        },
        known: knownOf(views, () => [], {}),
        link: linkStatus,
        production: () => false,
        look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
      });
      board.paint(columns, rows);
      for (const key of keys) board.press(key);
      return board
        .text(columns, rows)
        .split('\n')
        .map((text) => text.trimEnd())
        .join('\n');
    },
  };
};
