import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/kernel/fact.ts';
import { chunk, type Recording, worldAt } from '../../src/kernel/recording.ts';
import { epochMs, type Revision, revision } from '../../src/kernel/units.ts';
import { emptyWorld, type World } from '../../src/kernel/world.ts';
import { entriesOf } from '../support/any-facts.ts';
import { foldToys, toyMap } from '../support/recording-bytes.ts';

const marks = Array.from({ length: 6000 }, (_, i): Fact => ({ kind: 'mark', label: `${i}` }));
const all = entriesOf(marks);
const fold = (rev: number): World => foldToys(all.slice(0, rev));

/** A recording of the marks after `base`, which tells what was read of it. */
const recordingFrom = (
  base: number,
  snapshots: readonly number[],
  broken: readonly number[] = [],
) => {
  const read: number[] = [];
  const recording: Recording = {
    base: revision(base),
    last: revision(all.length),
    startAt: all[base]?.at ?? epochMs(0),
    endAt: all.at(-1)?.at ?? epochMs(0),
    entries: (from, to) => {
      const inside = all.slice(Math.max(from - 1, base), to);
      read.push(inside.length);
      return inside;
    },
    timeOf: (rev) => all[rev - 1]?.at ?? epochMs(0),
    revisionAt: () => revision(base),
    snapshots: snapshots.map(revision),
    snapshot: (rev: Revision) => (broken.includes(rev) ? null : fold(rev)),
  };
  return { recording, read };
};
const at = (recording: Recording, rev: number, near: readonly World[] = []) =>
  worldAt(recording, toyMap, revision(rev), near);

describe('the world at a revision', () => {
  it('given a recording from the first entry on, then it is the fold of all up to it', () => {
    const { recording } = recordingFrom(0, []);
    for (const rev of [0, 1, chunk, chunk + 1, 6000]) expect(at(recording, rev)).toEqual(fold(rev));
    expect(at(recording, 9999).rev).toBe(6000);
  });

  it('given one that begins with a world, then a world from before it is no way to get there', () => {
    const { recording } = recordingFrom(4, [4]);
    expect(at(recording, 4, [emptyWorld, fold(2)])).toEqual(fold(4));
    expect(at(recording, 9, [emptyWorld])).toEqual(fold(9));
    expect(at(recording, 0, [emptyWorld])).toEqual(fold(4));
  });

  it('given worlds at hand, then the nearest before it is used and one after it is not', () => {
    const { recording, read } = recordingFrom(0, []);
    expect(at(recording, 5000, [fold(10), fold(4990), fold(5001)])).toEqual(fold(5000));
    expect(read).toEqual([10]);
  });

  it('given a snapshot only a little nearer than what is at hand, then it is not worth loading', () => {
    const { recording, read } = recordingFrom(0, [1000, 5000]);
    at(recording, 1010, [fold(900)]);
    expect(read).toEqual([110]);
    at(recording, 5010, [fold(900)]);
    expect(read).toEqual([110, 10]);
  });

  it('given a snapshot that cannot be loaded, then the one before it is used', () => {
    const { recording } = recordingFrom(4, [4, 5000], [5000]);
    expect(at(recording, 5001)).toEqual(fold(5001));
  });

  it('given a first world that cannot be loaded, then nothing is known there, and that is not hidden', () => {
    const { recording } = recordingFrom(4, [4], [4]);
    expect(at(recording, 4)).toMatchObject({
      rev: 4,
      origin: null,
      slices: new Map(),
      changes: [],
    });
    expect(at(recording, 6).rev).toBe(6);
  });

  it('given the way there, then the last world on it is told, to step back from', () => {
    const { recording } = recordingFrom(0, []);
    const passed: number[] = [];
    worldAt(recording, toyMap, revision(5100), [], (world) => passed.push(world.rev));
    expect(passed).toEqual([chunk * 2]);
  });
});
