import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsBlock, nextBlock, snapshotBlocks } from '../../src/adapters/journal/block-text.ts';
import { fileHeader } from '../../src/adapters/journal/format.ts';
import { ReplayFeed } from '../../src/adapters/replay-feed.ts';
import type { Entry, Fact } from '../../src/kernel/fact.ts';
import { Store } from '../../src/kernel/store.ts';
import { epochMs, revision, seconds } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { anyFacts, entriesOf } from '../support/any-facts.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { put, synced } from '../support/recorder-session.ts';
import { foldToys, openBuffer, recordingOf, toyMap, toys } from '../support/recording-bytes.ts';

const replay = async (
  entries: readonly Entry[],
  how: { size?: number; snapshotEvery?: number } = {},
) => {
  const clock = new FakeClock();
  const store = new Store(toys);
  const recording = await recordingOf(entries, how);
  const feed = new ReplayFeed({ recording, store, clock });
  const end = new AbortController();
  const done = feed.start(end.signal);
  const stop = () => {
    end.abort();
    return done;
  };
  return { clock, store, feed, stop };
};

// A second apart: `a` falls at 4, is marked at 5, rises at 6; nothing of the first reading is a moment.
const story: readonly Fact[] = [
  put('a', 5),
  synced,
  put('b', 1),
  put('a', 2),
  { kind: 'mark', label: 'here' },
  put('a', 7),
];
const entries = entriesOf(story, 1_000_000, 1000);

describe('replay', () => {
  it('given a start, then it stands before everything and reaches for nothing', async () => {
    const { store, feed, stop } = await replay(entries);
    expect(store.world().rev).toBe(0);
    expect(feed.view()).toMatchObject({
      position: 0,
      status: 'paused',
      start: 1_000_000,
      end: 1_005_000,
      last: 6,
    });
    await stop();
  });

  it('given play, then entries arrive at their time and `now` moves between them', async () => {
    const { clock, store, feed, stop } = await replay(entries);
    feed.play();
    await clock.advance(seconds(2.5));
    expect([store.world().rev, feed.now()]).toEqual([3, 1_002_500]);
    feed.toggle();
    await clock.advance(seconds(30));
    expect([store.world().rev, feed.now()]).toEqual([3, 1_002_500]);
    feed.faster(1);
    feed.toggle();
    await clock.advance(seconds(1));
    expect([store.world().rev, feed.now(), feed.view().speed]).toEqual([5, 1_004_500, 2]);
    await clock.advance(seconds(5));
    expect([store.world().rev, feed.view().status]).toEqual([6, 'paused']);
    await stop();
  });

  it('given a recording that begins with a world, then that world is there from the start and after going back', async () => {
    const world = foldToys(entries.slice(0, 4));
    const rest = nextBlock(entries.slice(4), world.at);
    if (rest === null) throw new Error('no entries');
    const { blocks } = await snapshotBlocks(toyMap, world);
    const opened = openBuffer(Buffer.concat([fileHeader(), ...blocks, await eventsBlock(rest)]));
    if (!opened.ok) throw new Error(opened.failure.message);
    const store = new Store(toys);
    const feed = new ReplayFeed({ recording: opened.value, store, clock: new FakeClock() });
    expect(store.world()).toEqual(world);
    for (const [to, n] of [
      ['end', 6],
      ['start', 4],
    ] as const) {
      feed.ends(to);
      expect(store.world()).toEqual(foldToys(entries.slice(0, n)));
    }
    store.reset(emptyWorld);
    feed.step(1);
    expect(store.world()).toEqual(foldToys(entries.slice(0, 5)));
  });

  it('given moments, then one goes from one to the next and back, and past the last to the end', async () => {
    const { feed, store, stop } = await replay(entries);
    await settle();
    expect(feed.view().moments.map((m) => [m.rev, m.tone])).toEqual([
      [4, 'bad'],
      [5, 'info'],
      [6, 'good'],
    ]);
    expect(feed.view().indexed).toBe(1);
    const went: number[] = [];
    for (const by of [1, 1, -1, -1, 1, 1, 1, 1] as const) {
      feed.moment(by);
      went.push(store.world().rev);
    }
    expect(went).toEqual([4, 5, 4, 0, 4, 5, 6, 6]);
    await stop();
  });

  it('given what somebody typed, then it goes there, or says why not and stays', async () => {
    const { feed, store, stop } = await replay(entries);
    expect(feed.seek('r4')).toBe(null);
    expect(feed.seek('+1s')).toBe(null);
    expect(store.world().rev).toBe(5);
    expect(feed.seek('noon')).toMatch(/not a time/);
    expect(feed.seek('r77')).toMatch(/ends at r6/);
    expect(store.world().rev).toBe(5);
    await stop();
  });

  it('given subscribers, then they see world and cursor together, and an unchanged view is the same', async () => {
    const { feed, store, stop } = await replay(entries);
    const seen: [number, number][] = [];
    const off = feed.subscribe(() => seen.push([feed.view().position, store.world().rev]));
    feed.step(1);
    feed.seekRevision(revision(5));
    feed.step(-1);
    off();
    feed.ends('end');
    expect(seen).toEqual([
      [1, 1],
      [5, 5],
      [4, 4],
    ]);
    expect(feed.view()).toBe(feed.view());
    await stop();
  });

  it('given an abort, paused or playing, then it ends and leaves no timer', async () => {
    const paused = await replay(entries);
    await paused.stop();
    const playing = await replay(entries);
    playing.feed.play();
    await settle();
    await playing.stop();
    expect(playing.clock.sleeping).toBe(0);
  });

  it('given anything done in any order, then the world is the fold of all entries up to the cursor', async () => {
    const act = fc.oneof(
      fc.nat(70).map((rev) => (f: ReplayFeed) => f.seekRevision(revision(rev))),
      fc.nat(60_000).map((ms) => (f: ReplayFeed) => f.seekTime(epochMs(1_000_000 + ms))),
      fc.constantFrom(1 as const, -1 as const).map((by) => (f: ReplayFeed) => f.step(by)),
      fc.constantFrom(1 as const, -1 as const).map((by) => (f: ReplayFeed) => f.moment(by)),
      fc.constantFrom('start' as const, 'end' as const).map((to) => (f: ReplayFeed) => f.ends(to)),
      fc.integer({ min: 1, max: 9 }).map((s) => async (f: ReplayFeed, clock: FakeClock) => {
        f.setSpeed(4);
        f.play();
        await clock.advance(seconds(s));
        f.pause();
      }),
    );
    const shape = fc.record({ size: fc.integer({ min: 1, max: 15 }), snapshotEvery: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        anyFacts(),
        shape,
        fc.array(act, { maxLength: 12 }),
        async (facts, how, acts) => {
          const all = entriesOf(facts, 1_000_000);
          const { clock, store, feed, stop } = await replay(all, how);
          await settle();
          for (const a of acts) {
            await a(feed, clock);
            const { position } = feed.view();
            expect(store.world()).toEqual(foldToys(all.slice(0, position)));
            expect(feed.now()).toBeGreaterThanOrEqual(all[position - 1]?.at ?? 0);
          }
          await stop();
        },
      ),
      { numRuns: 60 },
    );
  });
});
