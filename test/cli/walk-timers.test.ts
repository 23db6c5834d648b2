import { afterEach, describe, expect, it } from 'vitest';
import { tellTimers } from '../../src/cli/walk-timers.ts';
import type { Run } from '../../src/kernel/run.ts';
import { type EpochMs, epochMs, minutes } from '../../src/kernel/units.ts';
import { emptyWorld, type World } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { Walk } from '../runbooks/machine/a-book.ts';

const ended: AbortController[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end.abort();
});

const withRun = (run: Run): World => ({
  ...emptyWorld,
  slices: new Map(emptyWorld.slices).set(runs.id, {
    state: new Map([[run.id, run]]),
    scopes: new Map(),
  }),
});

const stage = (run: Run) => {
  const state = { world: withRun(run), now: run.startedAt };
  const ticks = new Set<() => void>();
  const session = new SessionStore(newSession(placeOf('home')));
  const end = new AbortController();
  ended.push(end);
  const subscribe = (on: () => void) => {
    ticks.add(on);
    return () => ticks.delete(on);
  };
  tellTimers(
    { world: () => state.world, subscribe },
    session,
    { now: () => state.now, subscribe },
    end.signal,
  );
  return {
    session,
    end,
    ticks,
    notice: () => session.get().notice?.text ?? '',
    at: (now: EpochMs) => {
      state.now = now;
      for (const tick of [...ticks]) tick();
    },
  };
};

const waiting = () => {
  const walk = new Walk('r1');
  expect(walk.do({ kind: 'wait', wait: minutes(5), why: 'the backlog' })).toBe('');
  const until = walk.run.visits.at(-1)?.timer?.until ?? epochMs(0);
  return { run: walk.run, until };
};

describe('telling that the time is up', () => {
  it('given a timer, then nothing before its end, then one notice, and never again', () => {
    const { run, until } = waiting();
    const { at, notice, session } = stage(run);
    at(epochMs(until - 1));
    expect(notice()).toBe('');
    at(until);
    expect(notice()).toMatch(/: waited 5m for the backlog; look again$/);
    session.dispatch({ kind: 'notice', notice: null });
    at(epochMs(until + 60_000));
    expect(notice()).toBe('');
  });

  it('given something that is typed, then it is told when that is over', () => {
    const { run, until } = waiting();
    const { at, notice, session } = stage(run);
    session.dispatch({ kind: 'prompt', prompt: { kind: 'filter', text: 'x', before: '' } });
    at(until);
    expect(notice()).toBe('');
    session.dispatch({ kind: 'prompt', prompt: null });
    expect(notice()).toContain('look again');
  });

  it('given the end of the session, then nothing listens any more', () => {
    const { run } = waiting();
    const { end, ticks } = stage(run);
    end.abort();
    expect(ticks.size).toBe(0);
  });
});
