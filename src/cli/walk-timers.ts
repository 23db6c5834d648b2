import type { Store } from '../kernel/store.ts';
import { type EpochMs, type Milliseconds, milliseconds, seconds } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import { type DueTimer, timersOf } from '../runbooks/machine/walked.ts';
import { durationText } from '../runbooks/steps/duration.ts';
import type { Ticker } from '../views/dashboard.ts';
import type { SessionStore } from '../views/session.ts';
import { tickerOf } from './ticker.ts';

/** A timer that is counted down moves so often. */
const step: Milliseconds = seconds(1);

const timersIn = (world: World, due?: EpochMs): readonly DueTimer[] =>
  timersOf(sliceOf(world, runs).state.values(), due);

/** A ticker that also ticks every second while a run waits, until a moment after it does. */
export const countingTicker = (
  ticker: Ticker,
  store: Pick<Store, 'world'>,
  signal: AbortSignal,
): Ticker => {
  const fast = tickerOf(ticker.now, signal, step);
  const counts = (): boolean =>
    timersIn(store.world()).some(({ until }) => until + 2 * step > ticker.now());
  return {
    now: ticker.now,
    subscribe: (onTick) => {
      const ends = [
        ticker.subscribe(onTick),
        fast.subscribe(() => {
          if (counts()) onTick();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
};

const wordsOf = ({ run, since, until, why }: DueTimer): string => {
  const whole = Math.max(1000, Math.round((until - since) / 1000) * 1000);
  const about = run.alert?.name ?? run.runbook.title;
  const what = why === '' ? '' : ` for ${why}`;
  return `${about}: waited ${durationText(milliseconds(whole))}${what}; look again`;
};

/**
 * Says once of each timer that its time is up, wherever one is on the screen. While something is typed it waits: a key
 * would take the words away before they are read.
 */
export const tellTimers = (
  store: Pick<Store, 'world' | 'subscribe'>,
  session: SessionStore,
  ticker: Ticker,
  signal: AbortSignal,
): void => {
  const told = new Set<string>();
  const look = (): void => {
    const { prompt, notice } = session.get();
    if (prompt !== null || notice !== null) return;
    const next = timersIn(store.world(), ticker.now()).find(
      ({ run, until }) => !told.has(`${run.id}/${until}`),
    );
    if (next === undefined) return;
    told.add(`${next.run.id}/${next.until}`);
    session.dispatch({ kind: 'notice', notice: { tone: 'warn', text: wordsOf(next) } });
  };
  const ends = [store.subscribe(look), session.subscribe(look), ticker.subscribe(look)];
  signal.addEventListener('abort', () => ends.forEach((end) => void end()), { once: true });
  look();
};
