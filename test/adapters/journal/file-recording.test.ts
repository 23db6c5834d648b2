import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotBlocks } from '../../../src/adapters/journal/block-text.ts';
import { openSource } from '../../../src/adapters/journal/byte-source.ts';
import { openBytes, openRecording } from '../../../src/adapters/journal/file-recording.ts';
import { fileHeader } from '../../../src/adapters/journal/format.ts';
import { isSound, verifyRecording } from '../../../src/adapters/journal/verify.ts';
import type { Entry, Fact } from '../../../src/kernel/fact.ts';
import { worldAt } from '../../../src/kernel/recording.ts';
import {
  bytes,
  type EpochMs,
  epochMs,
  type Revision,
  revision,
} from '../../../src/kernel/units.ts';
import { emptyWorld, type World } from '../../../src/kernel/world.ts';
import { anyFacts, entriesOf } from '../../support/any-facts.ts';
import {
  buildRecording,
  foldToys,
  openBuffer,
  recordingOf,
  toyMap,
  toys,
} from '../../support/recording-bytes.ts';

const shapes = fc.record({
  size: fc.integer({ min: 1, max: 15 }),
  snapshotEvery: fc.integer({ min: 0, max: 4 }),
});

describe('random access', () => {
  it('given any recording, then any range of revisions is exactly that range', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts(), shapes, fc.nat(70), fc.nat(70), async (facts, how, a, b) => {
        const entries = entriesOf(facts);
        const recording = await recordingOf(entries, how);
        expect(recording.entries(revision(a), revision(b))).toEqual(
          entries.filter((e) => e.rev >= a && e.rev <= b),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('given any recording, then the world at any revision is the fold up to it', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts(), shapes, fc.nat(70), async (facts, how, rev) => {
        const entries = entriesOf(facts);
        const recording = await recordingOf(entries, how);
        const world = worldAt(recording, toyMap, revision(rev));
        expect(world).toEqual(foldToys(entries.slice(0, rev)));
      }),
      { numRuns: 100 },
    );
  });

  it('given clocks that jump, then time never goes back and time and revision fit together', async () => {
    const jumps = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        jumps,
        shapes,
        fc.integer({ min: -9000, max: 9000 }),
        async (by, how, ask) => {
          let at = 1_800_000_000_000;
          const mark: Fact = { kind: 'mark', label: 'x' };
          const entries = by.map((ms, i): Entry => {
            at += ms;
            return { rev: revision(i + 1), at: epochMs(at), fact: mark };
          });
          const recording = await recordingOf(entries, how);
          const times = entries.map((e) => recording.timeOf(e.rev));
          let latest = 0;
          expect(times).toEqual(
            entries.map((e) => {
              latest = Math.max(latest, e.at);
              return latest;
            }),
          );
          expect([recording.startAt, recording.endAt]).toEqual([times[0], times.at(-1)]);
          const time = epochMs(1_800_000_000_000 + ask) as EpochMs;
          expect(recording.revisionAt(time)).toBe(times.filter((t) => t <= time).length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('given a file on disk, then it is read like one in memory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'midwatch-file-'));
    const path = join(directory, 'x.mwr');
    const entries = entriesOf(fc.sample(anyFacts(), { numRuns: 40, seed: 3 }).flat());
    await writeFile(path, (await buildRecording(entries, { snapshotEvery: 3 })).bytes);
    const opened = openRecording(path, toys);
    if (!opened.ok) throw new Error(opened.failure.message);
    expect(opened.value.entries(revision(1), opened.value.last)).toEqual(entries);
    opened.value.close();
    // As if it were too large to be held: block by block from the disk.
    const source = openSource(path, bytes(0));
    if (!source.ok) throw new Error(source.failure.message);
    const large = openBytes(path, source.value, toys);
    if (!large.ok) throw new Error(large.failure.message);
    expect(large.value.entries(revision(1), large.value.last)).toEqual(entries);
    expect(isSound(verifyRecording(large.value))).toBe(true);
    large.value.close();
    expect(openRecording(directory, toys)).toMatchObject({ failure: { message: /directory/ } });
    expect(openRecording(`${path}.no`, toys)).toMatchObject({ failure: { kind: 'absent' } });
    await rm(directory, { recursive: true });
  });
});

describe('worlds in a recording', () => {
  const marks = entriesOf(
    Array.from({ length: 20 }, (_, i): Fact => ({ kind: 'mark', label: `${i}` })),
  );

  const withSnapshot = async (world: World, state?: unknown) => {
    const built = await buildRecording(marks.slice(0, 10), { size: 10 });
    const probes = new Map(
      [...toyMap].map(([id, probe]) => [
        id,
        state === undefined ? probe : { ...probe, save: () => state },
      ]),
    );
    const { blocks } = await snapshotBlocks(probes, world);
    const opened = openBuffer(Buffer.concat([built.bytes, ...blocks]));
    if (!opened.ok) throw new Error(opened.failure.message);
    return opened.value;
  };

  it('given a snapshot that says something else than the entries, then verify tells', async () => {
    const honest = foldToys(marks.slice(0, 10));
    expect(isSound(verifyRecording(await withSnapshot(honest)))).toBe(true);
    const liar = await withSnapshot({ ...honest, changes: [] });
    expect(verifyRecording(liar).wrongSnapshots).toEqual([
      { rev: 10, why: 'it differs from what the entries say' },
    ]);
  });

  it('given a snapshot that cannot be loaded, then the world is folded from before it', async () => {
    const some = foldToys(
      entriesOf([
        ...marks.slice(0, 9).map((e) => e.fact),
        { kind: 'synced', probe: toys[0]!.id, scope: '' },
      ]),
    );
    const broken = await withSnapshot(some, 17);
    expect(broken.snapshots).toEqual([10]);
    expect(broken.snapshot(revision(10))).toBe(null);
    expect(worldAt(broken, toyMap, revision(10))).toEqual(foldToys(marks.slice(0, 10)));
    expect(verifyRecording(broken).wrongSnapshots[0]?.why).toBe('it cannot be read');
  });

  it('given a world of more than one part, then its parts are one world', async () => {
    const long = 'x'.repeat(900);
    const state = new Map(Array.from({ length: 20_000 }, (_, i) => [`${long}-${i}`, i]));
    const world: World = {
      ...emptyWorld,
      rev: 10 as Revision,
      slices: new Map([[toys[0]!.id, { state, scopes: new Map() }]]),
    };
    const { blocks } = await snapshotBlocks(toyMap, world);
    expect(blocks.length).toBeGreaterThan(1);
    const whole = openBuffer(Buffer.concat([fileHeader(), ...blocks]));
    expect(whole.ok && [whole.value.base, whole.value.snapshot(revision(10))?.slices]).toEqual([
      10,
      world.slices,
    ]);
    const torn = openBuffer(Buffer.concat([fileHeader(), ...blocks.slice(0, -1)]));
    expect(torn.ok && [torn.value.base, torn.value.snapshots]).toEqual([0, []]);
  });
});
