import type { Clock } from '../kernel/clock.ts';
import type { Feed } from '../kernel/feed.ts';
import {
  changesSince,
  type Moment,
  MomentCollector,
  nextMoment,
  previousMoment,
} from '../kernel/moments.ts';
import * as player from '../kernel/player.ts';
import { chunk, type Recording, worldAt } from '../kernel/recording.ts';
import { parseSeek } from '../kernel/seek-text.ts';
import type { Store } from '../kernel/store.ts';
import { type EpochMs, milliseconds, type Revision, revision, since } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';

/** What a scrubber shows. A new object whenever something in it has changed. */
export interface ReplayView extends player.Player {
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** The first and the last revision that one may go to. */
  readonly base: Revision;
  readonly last: Revision;
  readonly moments: readonly Moment[];
  /** How far the recording has been looked through for moments, 0..1. */
  readonly indexed: number;
}

export interface ReplayOptions {
  readonly recording: Recording;
  readonly store: Store;
  readonly clock: Clock;
  readonly speed?: number;
}

/** Each may hold a few megabytes that the others do not. */
const anchorsKept = 4;
/** Between two moves of the playing cursor: as often as the screen is painted. */
const beat = milliseconds(250);
/** Looking for moments must not hold up keys: so long at most, then others have their turn. */
const turn = milliseconds(12);
/** Moments are shown as they are found, in steps of this share of the recording. */
const indexStep = 0.05;

/**
 * Plays a recording into a store. Reaches nothing but the recording. Every method takes effect at once; `start` only
 * moves the cursor while it is playing, and looks for moments in the background.
 */
export class ReplayFeed implements Feed {
  readonly #recording: Recording;
  readonly #store: Store;
  readonly #clock: Clock;
  /** Worlds shortly before places that were visited: to step back from. */
  #anchors: readonly World[] = [];
  readonly #subscribers = new Set<() => void>();
  #player: player.Player;
  #moments: readonly Moment[] = [];
  #indexed = 0;
  #view: ReplayView;
  #wake: () => void = () => undefined;

  constructor({ recording, store, clock, speed }: ReplayOptions) {
    this.#recording = recording;
    this.#store = store;
    this.#clock = clock;
    this.#player = player.newPlayer(recording, speed);
    this.#view = this.#newView();
    this.#show();
  }

  /** Bound, as `subscribe` is, so that they can be handed to useSyncExternalStore. */
  readonly view = (): ReplayView => this.#view;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  };

  readonly now = (): EpochMs => this.#player.now;

  async start(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#play(signal), this.#index(signal)]);
  }

  play(): void {
    this.#move(player.play(this.#player, this.#recording));
  }

  pause(): void {
    this.#move(player.pause(this.#player));
  }

  toggle(): void {
    this.#move(player.toggle(this.#player, this.#recording));
  }

  faster(by: 1 | -1): void {
    this.#move(player.faster(this.#player, by));
  }

  setSpeed(speed: number): void {
    this.#move(player.withSpeed(this.#player, speed));
  }

  skipIdle(idle: player.Player['idle']): void {
    this.#move(player.withIdle(this.#player, idle));
  }

  step(by: 1 | -1): void {
    this.#move(player.step(this.#player, this.#recording, by));
  }

  /**
   * Goes to the next or previous moment, `kind`: of that kind alone, and returns it; to the end or the start, and
   * returns null, when there is none.
   */
  moment(by: 1 | -1, kind?: Moment['kind']): Moment | null {
    const find = by === 1 ? nextMoment : previousMoment;
    const found = find(this.#moments, this.#player.position, kind);
    if (found === null) this.ends(by === 1 ? 'end' : 'start');
    else this.seekRevision(found.rev);
    return found;
  }

  ends(to: 'start' | 'end'): void {
    this.seekRevision(to === 'start' ? this.#recording.base : this.#recording.last);
  }

  seekRevision(rev: Revision): void {
    this.#move(player.seek(this.#player, this.#recording, rev));
  }

  seekTime(at: EpochMs): void {
    this.#move(player.seekTime(this.#player, this.#recording, at));
  }

  /** Goes to what somebody typed; says why not, or null. */
  seek(text: string): string | null {
    const target = parseSeek(text, this.#player, this.#recording);
    if (target.kind === 'refused') return target.why;
    if (target.kind === 'revision') this.seekRevision(target.rev);
    else this.seekTime(target.at);
    return null;
  }

  #move(to: player.Player): void {
    if (to === this.#player) return;
    const woken = to.status === 'playing' && this.#player.status === 'paused';
    this.#player = to;
    this.#show();
    if (woken) this.#wake();
  }

  /** Brings the store to the cursor, and tells whoever shows the cursor. */
  #show(): void {
    const { position } = this.#player;
    const world = this.#store.world();
    // A recording may begin with a world that no entry tells of: from before it, nothing can be folded.
    const reachable = world.rev >= this.#recording.base && position > world.rev;
    if (reachable && position - world.rev <= chunk) {
      this.#store.push(this.#recording.entries(revision(world.rev + 1), position));
      this.#store.flush();
    } else if (position !== world.rev) {
      this.#store.reset(this.#worldAt(position));
    }
    this.#tell();
  }

  #worldAt(rev: Revision): World {
    const near = [...this.#anchors, this.#store.world()];
    return worldAt(this.#recording, this.#store.probes, rev, near, (world) => {
      if (!this.#anchors.includes(world)) {
        this.#anchors = [...this.#anchors.slice(1 - anchorsKept), world];
      }
    });
  }

  #newView(): ReplayView {
    const { startAt: start, endAt: end, base, last } = this.#recording;
    return {
      ...this.#player,
      start,
      end,
      base,
      last,
      moments: this.#moments,
      indexed: this.#indexed,
    };
  }

  #tell(): void {
    this.#view = this.#newView();
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  async #play(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      if (this.#player.status === 'paused') {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const from = this.#clock.now();
      await this.#clock.sleep(beat, signal);
      if (signal.aborted) return;
      this.#move(player.advance(this.#player, this.#recording, since(from, this.#clock.now())));
    }
  }

  async #index(signal: AbortSignal): Promise<void> {
    const { base, last } = this.#recording;
    const collector = new MomentCollector();
    let done: number = base;
    const changes = changesSince(this.#recording, this.#store.probes, (world) => {
      done = world.rev;
    });
    let began = this.#clock.now();
    for (const found of changes) {
      collector.add(found);
      if (since(began, this.#clock.now()) < turn) continue;
      const indexed = (done - base) / Math.max(1, last - base);
      if (indexed - this.#indexed >= indexStep) this.#found(collector, indexed);
      await this.#clock.sleep(milliseconds(1), signal);
      if (signal.aborted) return;
      began = this.#clock.now();
    }
    this.#found(collector, 1);
  }

  #found(collector: MomentCollector, indexed: number): void {
    this.#moments = collector.moments;
    this.#indexed = indexed;
    this.#tell();
  }
}
