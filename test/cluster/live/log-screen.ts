import { known } from '../../../src/actions/guard.ts';
import { noSettings } from '../../../src/actions/policy-settings.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ClusterSession } from '../../../src/cli/cluster-session.ts';
import { knownOf } from '../../../src/cli/known.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { liveEffects } from '../../../src/cli/live-effects.ts';
import { logEffects } from '../../../src/cli/log-effects.ts';
import { openDoor } from '../../../src/cli/open-door.ts';
import { saveLines } from '../../../src/cli/save-lines.ts';
import { tickerOf } from '../../../src/cli/ticker.ts';
import { viewsWith } from '../../../src/cli/views.ts';
import { withLogs } from '../../../src/cli/with-logs.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { noActs } from '../../../src/views/act/effects.ts';
import { Dashboard } from '../../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { themeOf } from '../../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../../src/views/session.ts';
import { until } from '../../support/until.ts';
import { openSession } from './live-screen.ts';

const nothing = (): void => undefined;

/** The screen of a live session that may read, with the door that logs come through; no terminal around it. */
export class LogScreen {
  readonly audit: ActFact[] = [];
  readonly dashboard: Dashboard;
  readonly session: SessionStore;
  readonly #cluster: ClusterSession;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(cluster: ClusterSession, kubeconfig: string) {
    this.#cluster = cluster;
    const { signal } = this.#stop;
    this.session = new SessionStore(newSession(placeOf('explorer', { resource: 'pods' })));
    const world = () => cluster.store.world();
    const door = openDoor(
      {
        flags: { kubeconfig },
        env: {},
        clock: systemClock,
        version: 'test',
        context: cluster.info.context,
        production: false,
        policy: noSettings,
        flag: 'read-only',
        world,
        kubernetes: cluster.ports.kubernetes,
        sources: { ...noNamedSources, etcd: [], alertmanagers: [], prometheus: [] },
        person: 'ana',
        by: 'ana on test',
        through: '',
        loki: () => async () => failed(failure('misconfigured', 'ask Loki', 'there is none')),
        audit: async (facts) => {
          this.audit.push(...facts);
          return ok(undefined);
        },
        approval: async () => known(null),
      },
      signal,
    );
    const logs = logEffects(
      {
        pipeline: door.pipeline,
        session: this.session,
        clock: systemClock,
        sealed: '',
        approved: async () => ok(null),
        save: saveLines,
        attach: null,
      },
      signal,
    );
    const views = viewsWith(() => []);
    const act = withLogs(noActs('nothing else is done in this test'), logs);
    this.dashboard = new Dashboard({
      store: cluster.store,
      session: this.session,
      ticker: tickerOf(() => systemClock.now(), signal),
      views,
      effects: liveEffects(
        cluster,
        this.session,
        {
          quit: nothing,
          suspend: nothing,
          redraw: nothing,
          copy: nothing,
          setTheme: () => null,
          switchContext: () => null,
          act,
          logs,
        },
        {},
        signal,
      ),
      replay: null,
      known: knownOf(views, () => [], {}),
      link: linkStatus,
      production: () => false,
      look: () => ({ theme: themeOf('none'), glyphs: unicodeGlyphs }),
    });
    this.#running = cluster.run(signal);
  }

  static async open(kubeconfig: string): Promise<LogScreen> {
    return new LogScreen(await openSession({ kubeconfig }), kubeconfig);
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.dashboard.press(key);
  }

  type(text: string): void {
    this.press(...[...text].map((c) => (c === ' ' ? 'space' : c)));
  }

  text(): string {
    return this.dashboard.text(120, 40);
  }

  /** Looks until it holds; the screen is in the error when it never does. */
  async until(what: string, holds: (text: string) => boolean, withinMs = 120_000): Promise<void> {
    await until(what, () => holds(this.text()), withinMs).catch((cause: unknown) => {
      throw new Error(`${what}\n${this.text()}`, { cause });
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#cluster.close();
  }
}
