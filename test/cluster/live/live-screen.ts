import { systemClock } from '../../../src/adapters/clock.ts';
import {
  type ClusterSession,
  type LocalSources,
  openClusterSession,
  startWatching,
} from '../../../src/cli/cluster-session.ts';
import type { ClusterFlags } from '../../../src/cli/io.ts';
import { knownOf } from '../../../src/cli/known.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { sealedEffects } from '../../../src/cli/sealed-effects.ts';
import { tickerOf } from '../../../src/cli/ticker.ts';
import { viewsWith } from '../../../src/cli/views.ts';
import { failureText } from '../../../src/kernel/failure.ts';
import { type NamedSources, noNamedSources } from '../../../src/kernel/source-target.ts';
import type { Store } from '../../../src/kernel/store.ts';
import { Dashboard, type DashboardOptions, type Ticker } from '../../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { lineText } from '../../../src/views/parts/line.ts';
import { themeOf } from '../../../src/views/parts/theme.ts';
import { newSession, type Place, placeOf, SessionStore } from '../../../src/views/session.ts';

const nothing = (): void => undefined;

/** The screen over any store, with effects that reach nothing: what the live and the replayed one have in common. */
export const dashboardOf = (
  store: Pick<Store, 'world' | 'subscribe'>,
  ticker: Ticker,
  place: Place = placeOf('home'),
  replay: DashboardOptions['replay'] = null,
): Dashboard => {
  const views = viewsWith(() => []);
  return new Dashboard({
    store,
    session: new SessionStore(newSession(place)),
    ticker,
    views,
    effects: sealedEffects({
      quit: nothing,
      suspend: nothing,
      redraw: nothing,
      copy: nothing,
      setTheme: () => null,
    }),
    replay,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
  });
};

/** A session on a real cluster with its watching thread, as the program opens it. */
export const openSession = async (
  flags: ClusterFlags,
  sources: NamedSources = noNamedSources,
  local?: LocalSources,
): Promise<ClusterSession> => {
  const watching = startWatching(flags, ['nodes', 'pods'], 'test', sources);
  const opened = await openClusterSession(watching, 'test', local);
  if (!opened.ok) throw new Error(failureText(opened.failure));
  return opened.value;
};

type Condition = (text: string) => boolean;

/** The home screen of a live cluster, 80x24, looked at whenever it would be painted. */
export class LiveScreen {
  readonly session: ClusterSession;
  readonly dashboard: Dashboard;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #watching = new Set<() => void>();

  private constructor(session: ClusterSession) {
    this.session = session;
    const { signal } = this.#stop;
    const ticker = tickerOf(() => systemClock.now(), signal);
    this.dashboard = dashboardOf(session.store, ticker);
    this.dashboard.subscribe(() => {
      for (const look of [...this.#watching]) look();
    });
    this.#running = session.run(signal);
  }

  static async open(
    flags: ClusterFlags,
    sources?: NamedSources,
    local?: LocalSources,
  ): Promise<LiveScreen> {
    return new LiveScreen(await openSession(flags, sources, local));
  }

  text(columns = 80, rows = 24): string {
    return this.dashboard.text(columns, rows);
  }

  /** Lines of which a part is painted as well. What once went well, and says when, is no claim about now. */
  green(): readonly string[] {
    return this.dashboard
      .screen(80, 24)
      .lines.filter((l) => l.some((s) => s.style === 'good'))
      .map(lineText)
      .filter((text) => !/^ . \d\d:\d\d:\d\d /.test(text));
  }

  /** Waits for a painting that holds; resolves with the time of it. The screen is in the error when none comes. */
  async until(what: string, condition: Condition, withinMs = 180_000): Promise<number> {
    const holds = (): boolean => condition(this.text());
    if (holds()) return Date.now();
    return await new Promise((resolve, reject) => {
      const done = (act: () => void): void => {
        clearTimeout(timer);
        this.#watching.delete(look);
        act();
      };
      const look = (): void => {
        if (holds()) done(() => resolve(Date.now()));
      };
      const timer = setTimeout(
        () => done(() => reject(new Error(`not within ${withinMs} ms: ${what}\n${this.text()}`))),
        withinMs,
      );
      this.#watching.add(look);
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.session.close();
  }
}
