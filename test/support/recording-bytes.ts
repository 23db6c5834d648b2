import {
  eventsBlock,
  metaBlock,
  nextBlock,
  snapshotBlocks,
} from '../../src/adapters/journal/block-text.ts';
import { memorySource } from '../../src/adapters/journal/byte-source.ts';
import { type FileRecording, openBytes } from '../../src/adapters/journal/file-recording.ts';
import { fileHeader } from '../../src/adapters/journal/format.ts';
import type { Entry } from '../../src/kernel/fact.ts';
import type { Result } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { emptyWorld, foldWorld, type World } from '../../src/kernel/world.ts';
import { toyProbe } from './toy-probe.ts';

export const toys = [toyProbe('toys'), toyProbe('games')];
export const toyMap = new Map(toys.map((p) => [p.id, p]));

export const foldToys = (entries: readonly Entry[], world: World = emptyWorld): World =>
  foldWorld(toyMap, world, entries);

export interface Built {
  readonly bytes: Buffer;
  /** Where each block begins, and the end of the file. */
  readonly offsets: readonly number[];
  /** Last revision of the entries in each block; that of the block before for others. */
  readonly lasts: readonly number[];
}

/** A recording of these entries in blocks of `size`, with a snapshot behind every `snapshotEvery`-th block. */
export const buildRecording = async (
  entries: readonly Entry[],
  { size = 7, snapshotEvery = 0, ended = false } = {},
): Promise<Built> => {
  const blocks: Buffer[] = [
    await metaBlock({ kind: 'began', program: 'midwatch test', at: entries[0]?.at ?? 0 }),
  ];
  const lasts = [0];
  const base = (entries[0]?.rev ?? 1) - 1;
  if (base > 0) throw new Error('build from the first entry on');
  let world = emptyWorld;
  let time = epochMs(0);
  for (let i = 0; i < entries.length; i += size) {
    const some = entries.slice(i, i + size);
    const block = nextBlock(some, time);
    if (block === null) break;
    time = block.time;
    world = foldToys(some, world);
    blocks.push(await eventsBlock(block));
    lasts.push(world.rev);
    if (snapshotEvery > 0 && (i / size) % snapshotEvery === snapshotEvery - 1) {
      const parts = (await snapshotBlocks(toyMap, world)).blocks;
      for (const part of parts) {
        blocks.push(part);
        lasts.push(world.rev);
      }
    }
  }
  if (ended) {
    blocks.push(await metaBlock({ kind: 'ended', at: entries.at(-1)?.at ?? 0 }));
    lasts.push(world.rev);
  }
  const offsets = [fileHeader().length];
  for (const block of blocks) offsets.push((offsets.at(-1) as number) + block.length);
  return { bytes: Buffer.concat([fileHeader(), ...blocks]), offsets, lasts };
};

export const openBuffer = (bytes: Buffer): Result<FileRecording> =>
  openBytes('test.mwr', memorySource(bytes), toys);

/** A recording in memory, opened. */
export const recordingOf = async (
  entries: readonly Entry[],
  how: { size?: number; snapshotEvery?: number; ended?: boolean } = {},
): Promise<FileRecording> => {
  const opened = openBuffer((await buildRecording(entries, how)).bytes);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
};
