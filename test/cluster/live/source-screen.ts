import { systemClock } from '../../../src/adapters/clock.ts';
import {
  type ClusterSession,
  openClusterSession,
  startWatching,
} from '../../../src/cli/cluster-session.ts';
import { knownOf } from '../../../src/cli/known.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { liveEffects } from '../../../src/cli/live-effects.ts';
import { localSources, type WebhookFlags } from '../../../src/cli/local-sources.ts';
import { tickerOf } from '../../../src/cli/ticker.ts';
import { viewsWith } from '../../../src/cli/views.ts';
import { failureText } from '../../../src/kernel/failure.ts';
import type { NamedSources } from '../../../src/kernel/source-target.ts';
import { Dashboard } from '../../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { lineText } from '../../../src/views/parts/line.ts';
import { themeOf } from '../../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../../src/views/session.ts';

/** Where one looks; each has a screen, a cursor and keys of its own over the same session. */
export type Shown = 'home' | 'etcd' | 'alerts';

/** What must be read there, and what must not; at 80x24 and at 120x40, unless a size is given. */
export interface Words {
  readonly at: Shown;
  readonly has?: readonly RegExp[];
  readonly not?: readonly RegExp[];
  readonly size?: readonly [columns: number, rows: number];
}

const sizes = [
  [80, 24],
  [120, 40],
] as const;

const nothing = (): void => undefined;

export interface SourceScreenOptions {
  readonly kubeconfig: string;
  readonly sources: NamedSources;
  readonly webhook?: WebhookFlags;
  /** Where it keeps what is acknowledged; `XDG_STATE_HOME` must be of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A session as the program opens it, with its sources, looked at in several views at once. */
export class SourceScreen {
  readonly session: ClusterSession;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #dashboards: ReadonlyMap<Shown, Dashboard>;

  private constructor(session: ClusterSession, env: Readonly<Record<string, string>>) {
    this.session = session;
    const { signal } = this.#stop;
    const ticker = tickerOf(() => systemClock.now(), signal);
    const views = viewsWith(() => []);
    const dashboardAt = (place: Shown): [Shown, Dashboard] => {
      const store = new SessionStore(newSession(placeOf(place)));
      const terminal = {
        quit: nothing,
        suspend: nothing,
        redraw: nothing,
        copy: nothing,
        setTheme: () => null,
        switchContext: () => null,
      };
      const dashboard = new Dashboard({
        store: session.store,
        session: store,
        ticker,
        views,
        effects: liveEffects(session, store, terminal, env, signal),
        replay: null,
        known: knownOf(views, () => [], {}),
        link: linkStatus,
        production: () => false,
        look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
      });
      return [place, dashboard];
    };
    this.#dashboards = new Map((['home', 'etcd', 'alerts'] as const).map(dashboardAt));
    session.attend(true);
    this.#running = session.run(signal);
  }

  static async open({ kubeconfig, sources, webhook, env }: SourceScreenOptions) {
    const local = env === undefined ? undefined : localSources(webhook ?? {}, {}, env);
    if (local?.ok === false) throw new Error(failureText(local.failure));
    const watching = startWatching({ kubeconfig }, ['nodes', 'pods'], 'test', sources);
    const opened = await openClusterSession(watching, 'test', local?.value);
    if (!opened.ok) throw new Error(failureText(opened.failure));
    return new SourceScreen(opened.value, env ?? {});
  }

  #dashboard(at: Shown): Dashboard {
    const found = this.#dashboards.get(at);
    if (found === undefined) throw new Error(`nobody looks at ${at}`);
    return found;
  }

  text(at: Shown, columns = 80, rows = 24): string {
    return this.#dashboard(at).text(columns, rows);
  }

  /** Types into a view, key by key, as at a terminal of 80x24. */
  press(at: Shown, ...keys: readonly string[]): void {
    const dashboard = this.#dashboard(at);
    dashboard.paint(80, 24);
    for (const key of keys) dashboard.press(key);
  }

  /** Lines below the header and the strip of which a part is painted as well. */
  green(at: Shown, columns = 80, rows = 24): readonly string[] {
    return this.#dashboard(at)
      .screen(columns, rows)
      .lines.slice(2)
      .filter((l) => l.some((s) => s.style === 'good'))
      .map(lineText);
  }

  /** What is not as wanted, each with its frame; nothing when all is. */
  #lacking(wanted: readonly Words[]): readonly string[] {
    return wanted.flatMap(({ at, has = [], not = [], size }) =>
      (size === undefined ? sizes : [size]).flatMap(([columns, rows]) => {
        const text = this.text(at, columns, rows);
        const wrong = [
          ...has.filter((words) => !words.test(text)).map((words) => `lacks ${words}`),
          ...not.filter((words) => words.test(text)).map((words) => `has ${words}`),
        ];
        return wrong.length === 0 ? [] : [`${at} ${columns}x${rows} ${wrong.join(', ')}\n${text}`];
      }),
    );
  }

  /**
   * Waits until all is painted as wanted at one moment. What `always` says must hold of every painting until then.
   * @returns milliseconds that it took.
   */
  async until(
    what: string,
    wanted: readonly Words[],
    { within = 120_000, always = [] }: { within?: number; always?: readonly Words[] } = {},
  ): Promise<number> {
    const began = Date.now();
    return await new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(late);
        clearInterval(looking);
        off();
        act();
      };
      const look = (): void => {
        const [broken] = this.#lacking(always);
        if (broken !== undefined) {
          end(() => reject(new Error(`painted before ${what}: ${broken}`)));
        } else if (this.#lacking(wanted).length === 0) end(() => resolve(Date.now() - began));
      };
      const late = setTimeout(() => {
        const lacking = this.#lacking(wanted).join('\n\n');
        end(() => reject(new Error(`not within ${within} ms: ${what}\n${lacking}`)));
      }, within);
      const off = this.#dashboard('home').subscribe(look);
      // What one does in a view is news only there, and some words change with the time alone.
      const looking = setInterval(look, 500);
      look();
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.session.close();
  }
}
