import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { known } from '../../../src/actions/guard.ts';
import { noSettings } from '../../../src/actions/policy-settings.ts';
import { type Audit, openAudit } from '../../../src/adapters/audit/audit-file.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ClusterSession } from '../../../src/cli/cluster-session.ts';
import { knownOf } from '../../../src/cli/known.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { liveActs } from '../../../src/cli/live-acts.ts';
import { liveEffects } from '../../../src/cli/live-effects.ts';
import { localSources } from '../../../src/cli/local-sources.ts';
import { openDoor } from '../../../src/cli/open-door.ts';
import { tickerOf } from '../../../src/cli/ticker.ts';
import { viewsWith } from '../../../src/cli/views.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { failed, failure, failureText, ok } from '../../../src/kernel/failure.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { Dashboard } from '../../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { themeOf } from '../../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../../src/views/session.ts';
import { until } from '../../support/until.ts';
import { openSession } from './live-screen.ts';

export interface ActScreenOptions {
  /** The cluster that is watched. */
  readonly kubeconfig: string;
  /** The same, by the way that effects take; a proxy may listen there. */
  readonly effects: string;
  readonly flag: 'read-only' | 'guarded';
  readonly as?: string;
  /** Where the audit is kept, as `XDG_STATE_HOME` and `XDG_DATA_HOME`; without it, nowhere for long. */
  readonly state?: string;
  /** What happens when facts are on the disk, and before whoever put them goes on. */
  readonly durable?: (facts: readonly ActFact[]) => Promise<void>;
}

const nothing = (): void => undefined;
const none = async () => failed(failure('misconfigured', 'test', 'not in this test'));

/** The screen of a live session with its door, as the program joins them, without a terminal around it. */
export class ActScreen {
  readonly cluster: ClusterSession;
  readonly dashboard: Dashboard;
  readonly session: SessionStore;
  readonly #audit: Audit;
  readonly #directory: string;
  readonly #keeps: boolean;
  readonly #stop: AbortController;
  readonly #running: Promise<void>;

  private constructor(
    cluster: ClusterSession,
    audit: Audit,
    directory: string,
    options: ActScreenOptions,
  ) {
    this.cluster = cluster;
    this.#audit = audit;
    this.#directory = directory;
    this.#keeps = options.state !== undefined;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.session = new SessionStore(newSession(placeOf('home')));
    const world = () => cluster.store.world();
    const { context } = cluster.info;
    const door = openDoor(
      {
        flags: {
          kubeconfig: options.effects,
          ...(options.as === undefined ? {} : { as: options.as }),
        },
        env: {},
        clock: systemClock,
        version: 'test',
        context,
        production: false,
        policy: noSettings,
        flag: options.flag,
        world,
        kubernetes: cluster.ports.kubernetes,
        sources: { ...noNamedSources, etcd: [], alertmanagers: [], prometheus: [] },
        person: 'ana',
        by: 'ana on test',
        through: '',
        loki: () => async () => failed(failure('misconfigured', 'ask Loki', 'there is none')),
        audit: async (facts) => {
          const written = await audit.put(facts);
          if (written.ok) await options.durable?.(facts);
          return written;
        },
        approval: async () => known(null),
      },
      signal,
    );
    const act = liveActs(
      {
        door,
        session: this.session,
        clock: systemClock,
        world,
        lend: null,
        approved: async () => ok(null),
        breakGlass: none,
        mendGlass: none,
      },
      signal,
    );
    const views = viewsWith(() => []);
    const terminal = {
      quit: nothing,
      suspend: nothing,
      redraw: nothing,
      copy: nothing,
      setTheme: () => null,
      switchContext: () => null,
      act,
    };
    this.dashboard = new Dashboard({
      store: cluster.store,
      session: this.session,
      ticker: tickerOf(() => systemClock.now(), signal),
      views,
      effects: liveEffects(cluster, this.session, terminal, {}, signal),
      replay: null,
      known: knownOf(views, () => [], {}),
      link: linkStatus,
      production: () => false,
      look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
    });
    this.#running = cluster.run(signal);
  }

  static async open(options: ActScreenOptions): Promise<ActScreen> {
    const { state = await mkdtemp(join(tmpdir(), 'midwatch-acts-')) } = options;
    const directory = join(state, 'midwatch');
    const audit = openAudit({
      path: join(directory, 'audit.jsonl'),
      anchors: join(directory, 'audit-seals.jsonl'),
      clock: systemClock,
    });
    const local = localSources({}, {}, { XDG_STATE_HOME: state });
    if (!local.ok) throw new Error(failureText(local.failure));
    const cluster = await openSession(
      { kubeconfig: options.kubeconfig },
      noNamedSources,
      (context, remote) => ({ ...local.value(context, remote), acts: audit.port }),
    );
    return new ActScreen(cluster, audit, directory, options);
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.dashboard.press(key);
  }

  type(text: string): void {
    this.press(...[...text].map((c) => (c === ' ' ? 'space' : c)));
  }

  command(text: string): void {
    this.type(`:${text}`);
    this.press('enter');
  }

  text(columns = 140, rows = 40): string {
    return this.dashboard.text(columns, rows);
  }

  /** Waits for a screen that shows it; the screen is in the error when none does. */
  async shows(what: string | RegExp, withinMs = 90_000): Promise<void> {
    const there = (): boolean =>
      typeof what === 'string' ? this.text().includes(what) : what.test(this.text());
    await until(`${what} on screen`, there, withinMs).catch((cause: unknown) => {
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${this.text()}`);
    });
  }

  /** Kinds of the facts in the audit, as they are on the disk. */
  async written(): Promise<readonly string[]> {
    const text = await readFile(join(this.#directory, 'audit.jsonl'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { fact: { kind: string } }).fact.kind);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.cluster.close();
    await this.#audit.seal();
    if (this.#keeps) return;
    await rm(join(this.#directory, '..'), { recursive: true });
  }
}
