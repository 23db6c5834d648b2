import { systemClock } from '../adapters/clock.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import { mib } from '../kernel/units.ts';
import type { ContextName } from '../views/contexts.ts';
import { Dashboard } from '../views/dashboard.ts';
import { newSession, placeOf, SessionStore } from '../views/session.ts';
import type { ShellModel } from '../views/shell.tsx';
import { type AskedSources, askedSources } from './ask-sources.ts';
import { attendTo } from './attend-to.ts';
import { type Beginning, beginning } from './beginning.ts';
import { closedLive } from './closed-plan.ts';
import { type ClusterSession, openClusterSession, startWatching } from './cluster-session.ts';
import { type Config, isProduction } from './config.ts';
import type { Io } from './io.ts';
import { knownOf } from './known.ts';
import { lateActs } from './late-acts.ts';
import { lateLogs } from './late-logs.ts';
import { leadToAlert, type WantedAlert } from './lead-to-alert.ts';
import { linkStatus } from './link-status.ts';
import type { DoorActs } from './live-door.ts';
import { liveEffects } from './live-effects.ts';
import { followTexts, livePages, liveWalker, settingsOf } from './live-walks.ts';
import { unsealedText } from './local-audit.ts';
import { person } from './local-sources.ts';
import { Look } from './look.ts';
import { ModelSwitch } from './model-switch.ts';
import type { OpenScreen } from './open-screen.tsx';
import { type LiveFlags, usageError } from './program.ts';
import { readContexts } from './read-contexts.ts';
import { openWhenWanted, RunbookDesk, shownWith } from './runbook-desk.ts';
import { followPages } from './runbook-pages.ts';
import { tickerOf } from './ticker.ts';
import { viewsWith } from './views.ts';
import { walkEffect } from './walk-effect.ts';
import { countingTicker, tellTimers } from './walk-timers.ts';

export interface LiveOptions {
  readonly flags: LiveFlags;
  readonly config: Config;
  readonly io: Io;
  readonly version: string;
  /** The runbook to begin with, and the alert that it is walked for. */
  readonly runbook?: {
    readonly args: Readonly<Record<string, string>>;
    readonly wanted: WantedAlert | null;
  };
}

/** The dashboard on a live cluster, until it is left. Without a terminal to paint on, the plain report. */
export const runLive = async (options: LiveOptions): Promise<number> => {
  const { flags, io, version } = options;
  if (!io.paints) {
    const { runCheckCommand } = await import('./check-command.ts');
    return await runCheckCommand({ flags, config: options.config, io, version });
  }
  const begin = beginning(options);
  if (begin === null) {
    io.err(`midwatch: "${flags.command}" is no resource and no view\n`);
    return usageError;
  }
  const sources = askedSources(flags, options.config, io);
  if (sources === null) return usageError;
  const watching = startWatching(flags, begin.first, version, sources.named);
  const [{ openScreen }, opened] = await Promise.all([
    import('./open-screen.tsx'),
    openClusterSession(watching, version, sources.local),
  ]);
  if (!opened.ok) {
    io.err(`midwatch: ${failureText(opened.failure)}\n${opened.failure.hint ?? ''}\n`);
    return usageError;
  }
  const program = new LiveProgram(options, begin, sources);
  return await program.run(opened.value, openScreen);
};

/** One run of the program: a screen, and under it one cluster after another. */
class LiveProgram {
  readonly #options: LiveOptions;
  readonly #begin: Beginning;
  readonly #sources: AskedSources;
  readonly #look: Look;
  #contexts: readonly ContextName[] = [];
  #stop: () => Promise<void> = async () => {};
  #session: SessionStore | null = null;
  #switch: ModelSwitch | null = null;
  #screen: OpenScreen | null = null;

  constructor(options: LiveOptions, begin: Beginning, sources: AskedSources) {
    this.#options = options;
    this.#begin = begin;
    this.#sources = sources;
    this.#look = new Look(options.flags, options.config, options.io.env);
  }

  async run(
    cluster: ClusterSession,
    openScreen: (model: ShellModel) => OpenScreen,
  ): Promise<number> {
    this.#switch = new ModelSwitch(this.#enter(cluster, this.#begin));
    this.#screen = openScreen(this.#switch);
    void this.#readContexts();
    const code = await this.#screen.closed;
    await this.#stop();
    return code;
  }

  async #readContexts(): Promise<void> {
    const { flags, io } = this.#options;
    this.#contexts = await readContexts(flags.kubeconfig, io.env);
  }

  /** Starts to watch a cluster and makes the dashboard of it. */
  #enter(cluster: ClusterSession, begin: Beginning): ShellModel {
    const { flags, config, io } = this.#options;
    const ended = new AbortController();
    const namespace =
      begin.namespace ??
      (cluster.info.namespaceOnly && flags.allNamespaces !== true ? cluster.info.namespace : '');
    const session = new SessionStore(newSession(begin.place, namespace));
    const desk = new RunbookDesk(settingsOf(config, io.env), closedLive, ended.signal, {
      kubernetes: cluster.ports.kubernetes,
      clock: systemClock,
    });
    const views = viewsWith(() => this.#contexts, desk.state);
    const running = cluster.run(ended.signal);
    const recording =
      flags.record === undefined
        ? null
        : this.#record(cluster, flags.record, session, ended.signal);
    attendTo(cluster, session, ended.signal);
    const tellUnsealed = (why: Failure) =>
      session.dispatch({ kind: 'notice', notice: { tone: 'bad', text: unsealedText(why) } });
    this.#sources.whenUnsealed(tellUnsealed, ended.signal);
    openWhenWanted(desk, session, systemClock, ended.signal);
    followPages(
      desk,
      cluster.store,
      session,
      livePages(config, io.env, this.#options.version),
      ended.signal,
    );
    followTexts(desk, cluster.store, cluster.runs, ended.signal);
    const wanted = begin === this.#begin ? (this.#options.runbook?.wanted ?? null) : null;
    if (wanted !== null) leadToAlert(wanted, cluster.store, session, systemClock, ended.signal);
    this.#session = session;
    this.#stop = async () => {
      ended.abort();
      await Promise.all([running, recording, cluster.close()]);
      await this.#sources.audit.seal();
    };
    if (begin.place.view === 'explorer')
      queueMicrotask(() => effects.focus(begin.place.args.resource ?? '', namespace));
    const door = this.#openDoor(cluster, session, ended.signal);
    const walker = liveWalker(cluster, session, {
      config,
      env: io.env,
      version: this.#options.version,
      door: async () => (await door()).steps,
    });
    const walk = walkEffect({ walker, desk, session }, ended.signal);
    const act = lateActs(async () => (await door()).acts);
    const logs = lateLogs(async () => (await door()).logs);
    const terminal = { ...this.#terminal(), walk, act, logs };
    const effects = liveEffects(cluster, session, terminal, io.env, ended.signal);
    const ticker = countingTicker(
      tickerOf(() => systemClock.now(), ended.signal),
      cluster.store,
      ended.signal,
    );
    tellTimers(cluster.store, session, ticker, ended.signal);
    return new Dashboard({
      store: shownWith(cluster.store, desk),
      session,
      ticker,
      views,
      effects,
      replay: null,
      known: knownOf(views, () => this.#contexts.map((c) => c.name), config.aliases ?? {}),
      link: linkStatus,
      production: isProduction(config),
      look: this.#look.get,
    });
  }

  /** The door of a cluster, put together once it is asked for: nobody acts before the first rows are there. */
  #openDoor(
    cluster: ClusterSession,
    session: SessionStore,
    signal: AbortSignal,
  ): () => Promise<DoorActs> {
    const { flags, config, io, version } = this.#options;
    const { named, audit } = this.#sources;
    let opening: Promise<DoorActs> | null = null;
    const open = async (): Promise<DoorActs> => {
      const [{ liveDoor, liveDoorActs }, { lendTerminal }] = await Promise.all([
        import('./live-door.ts'),
        import('./lend-terminal.ts'),
      ]);
      const door = liveDoor({ cluster, flags, config, env: io.env, version, named, audit }, signal);
      const world = () => cluster.store.world();
      const lend = lendTerminal(() => this.#screen);
      const put: typeof cluster.runs.put = (facts) => cluster.runs.put(facts);
      return liveDoorActs(door, { session, world, lend, put, by: person(io.env) }, signal);
    };
    return () => {
      opening ??= open();
      return opening;
    };
  }

  #terminal() {
    return {
      quit: () => this.#screen?.close(0),
      redraw: () => this.#screen?.redraw(),
      suspend: () => {
        void import('./open-screen.tsx').then(({ suspendProcess }) =>
          this.#screen === null ? undefined : suspendProcess(this.#screen.terminal),
        );
      },
      copy: (text: string) => {
        void import('./open-screen.tsx').then(({ copyToClipboard }) => copyToClipboard(text));
      },
      setTheme: this.#look.set,
      switchContext: (name: string) => this.#switchContext(name),
    };
  }

  #switchContext(name: string): string | null {
    if (this.#options.flags.record !== undefined) {
      return 'this session is being recorded, and a recording is of one cluster: leave and start with --context';
    }
    if (this.#contexts.length > 0 && !this.#contexts.some((c) => c.name === name)) {
      return `no context "${name}"; :ctx lists them`;
    }
    void this.#change(name);
    return null;
  }

  // The cluster before stays on screen until it is known that the next one can be reached for.
  async #change(context: string): Promise<void> {
    const { flags, version } = this.#options;
    const opened = await openClusterSession(
      startWatching({ ...flags, context }, ['nodes', 'pods'], version, this.#sources.named),
      version,
      this.#sources.local,
    );
    if (!opened.ok) {
      this.#session?.dispatch({
        kind: 'notice',
        notice: { tone: 'bad', text: failureText(opened.failure) },
      });
      return;
    }
    const before = this.#stop;
    this.#switch?.use(
      this.#enter(opened.value, { place: placeOf('home'), namespace: null, first: [] }),
    );
    await before();
  }

  async #record(
    cluster: ClusterSession,
    path: string,
    session: SessionStore,
    signal: AbortSignal,
  ): Promise<void> {
    const { defaultLimit, recordSession } = await import('./record-session.ts');
    const { config, version } = this.#options;
    const maxSize = config.recordingLimit === undefined ? defaultLimit : mib(config.recordingLimit);
    await recordSession({ cluster, path, version, maxSize }, signal, (text) =>
      session.dispatch({ kind: 'notice', notice: { tone: 'bad', text } }),
    );
  }
}
