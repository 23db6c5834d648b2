import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../kernel/store.ts';
import { seconds } from '../kernel/units.ts';
import type { Plan } from '../runbooks/plan.ts';
import type { DeskState } from '../views/runbook/desk.ts';
import type { SessionStore } from '../views/session.ts';
import { placeNow } from '../views/session.ts';
import type { ConfigMapBooks, ConfigMapDeps } from './config-map-books.ts';
import type { FollowedConfigMaps } from './follow-config-maps.ts';
import type { RunbookSettings } from './runbook-config.ts';
import type { OpenShelf } from './runbook-shelf.ts';

/** Runbooks as a session has them: read when they are first wanted, with all that reads and draws them. */
export class RunbookDesk {
  readonly #settings: RunbookSettings;
  readonly #closed: (plan: Plan) => string;
  readonly #signal: AbortSignal;
  readonly #ask: ConfigMapDeps | null;
  readonly #subscribers = new Set<() => void>();
  #opening: Promise<OpenShelf | null> | null = null;
  #state: DeskState = { kind: 'loading' };
  #shelf: OpenShelf | null = null;

  /**
   * @param closed Why a plan is not carried out in this session; '' when it is.
   * @param ask Where ConfigMaps with runbooks are read; null where there is no cluster to ask.
   */
  constructor(
    settings: RunbookSettings,
    closed: (plan: Plan) => string,
    signal: AbortSignal,
    ask: ConfigMapDeps | null = null,
  ) {
    this.#settings = settings;
    this.#closed = closed;
    this.#signal = signal;
    this.#ask = ask;
  }

  readonly state = (): DeskState => this.#state;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  };

  /** Null until they are read. */
  shelf(): OpenShelf | null {
    return this.#shelf;
  }

  /** Reads them, once; null when that failed, which the state tells. */
  open(): Promise<OpenShelf | null> {
    this.#opening ??= this.#read();
    return this.#opening;
  }

  /** Something that is painted from here is another now. */
  tell(): void {
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  async #readMaps(): Promise<{
    readonly first: readonly ConfigMapBooks[];
    readonly followed: FollowedConfigMaps;
  } | null> {
    const { configMaps = [] } = this.#settings;
    if (this.#ask === null || configMaps.length === 0) return null;
    const { followedConfigMaps } = await import('./follow-config-maps.ts');
    const followed = followedConfigMaps(configMaps, this.#ask);
    return { first: await followed.first(this.#signal), followed };
  }

  async #read(): Promise<OpenShelf | null> {
    try {
      const { openShelf } = await import('./runbook-shelf.ts');
      const [shelf, maps] = await Promise.all([
        openShelf(this.#settings, this.#closed, this.#signal),
        this.#readMaps(),
      ]);
      if (maps !== null) {
        shelf.renew(maps.first);
        void maps.followed.follow((books) => {
          shelf.renew(books);
          this.tell();
        }, this.#signal);
      }
      this.#shelf = shelf;
      this.#state = { kind: 'open', shelf };
    } catch (cause) {
      this.#state = { kind: 'failed', why: cause instanceof Error ? cause.message : String(cause) };
    }
    this.tell();
    return this.#shelf;
  }
}

/** Where runbooks are on the screen, or are marked on it. */
const wantedIn: ReadonlySet<string> = new Set(['runbook', 'runbooks', 'alert', 'alerts']);

/** The first screen marks alerts that have a runbook too, but it is there before them. */
const afterFirstScreen = seconds(2);

/** Opens the desk as soon as somebody looks where runbooks are, or else when the first screen has been there a while. */
export const openWhenWanted = (
  desk: Pick<RunbookDesk, 'open'>,
  session: SessionStore,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): void => {
  const look = (): void => {
    if (!wantedIn.has(placeNow(session.get()).view)) return;
    end();
    void desk.open();
  };
  const end = session.subscribe(look);
  signal.addEventListener('abort', end, { once: true });
  look();
  void clock.sleep(afterFirstScreen, signal).then(() => {
    if (!signal.aborted) void desk.open();
  });
};

/** A world that is painted anew also when runbooks have been read. */
export const shownWith = (
  store: Pick<Store, 'world' | 'subscribe'>,
  desk: Pick<RunbookDesk, 'subscribe'>,
): Pick<Store, 'world' | 'subscribe'> => ({
  world: store.world,
  subscribe: (onChange) => {
    const ends = [store.subscribe(onChange), desk.subscribe(onChange)];
    return () => {
      for (const end of ends) end();
    };
  },
});
