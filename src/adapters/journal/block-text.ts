import type { Entry, Fact } from '../../kernel/fact.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { type EpochMs, epochMs, kib, mib, noRevision } from '../../kernel/units.ts';
import { saveWorld, type World } from '../../kernel/world.ts';
import { pack } from './codec.ts';
import { encodeBlock } from './format.ts';
import type { Meta } from './meta.ts';

/** Behind a burst, blocks grow up to this: fewer syncs, and still few to fold from. */
const mostEntries = 2000;
/** Text of one block; one entry may exceed it. */
const blockText = mib(4);
/** No fact is nearly as large. One that is would make its block unreadable, so it is recorded as missing. */
const largestEntry = mib(16);
/** A world is cut into payloads of this size. */
const partSize = mib(16);

export interface PendingBlock {
  readonly count: number;
  readonly text: string;
  readonly first: Entry;
  readonly last: Entry;
  /** The latest time of any entry so far. */
  readonly time: EpochMs;
}

/** The next block to write: as many entries from the front as one block takes. Null when there are none. */
export const nextBlock = (entries: readonly Entry[], timeBefore: EpochMs): PendingBlock | null => {
  const lines: string[] = [];
  let size = 0;
  let time = timeBefore;
  for (const entry of entries) {
    if (lines.length === mostEntries || size > blockText) break;
    const line = lineOf(entry);
    lines.push(line);
    size += line.length;
    time = epochMs(Math.max(time, entry.at));
  }
  const first = entries[0];
  const last = entries[lines.length - 1];
  if (first === undefined || last === undefined) return null;
  return { count: lines.length, text: lines.join('\n'), first, last, time };
};

const lineOf = (entry: Entry): string => {
  const line = JSON.stringify(entry);
  return line.length <= largestEntry ? line : JSON.stringify({ ...entry, fact: tooLarge(entry) });
};

const tooLarge = ({ fact }: Entry): Fact => {
  const why = 'a fact was too large to record';
  return fact.kind === 'opened' || fact.kind === 'mark'
    ? { kind: 'mark', label: why }
    : { kind: 'gap', probe: fact.probe, scope: fact.scope.slice(0, kib(1)), why };
};

export const eventsBlock = async (block: PendingBlock): Promise<Buffer> =>
  encodeBlock(
    { type: 'events', more: false, count: block.count, rev: block.first.rev, time: block.time },
    await pack(block.text),
  );

export interface SnapshotBlocks {
  readonly blocks: readonly Buffer[];
  /** Bytes before packing. */
  readonly size: number;
}

/** A world as one or more blocks. */
export const snapshotBlocks = async (
  probes: ReadonlyMap<AnyProbe['id'], AnyProbe>,
  world: World,
): Promise<SnapshotBlocks> => {
  const text = Buffer.from(JSON.stringify(saveWorld(probes, world)));
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += partSize) {
    const payload = await pack(text.subarray(at, at + partSize));
    const more = at + partSize < text.length;
    const { rev, at: time } = world;
    blocks.push(encodeBlock({ type: 'snapshot', more, count: 0, rev, time }, payload));
  }
  return { blocks, size: text.length };
};

export const metaBlock = async (meta: Meta): Promise<Buffer> =>
  encodeBlock(
    { type: 'meta', more: false, count: 0, rev: noRevision, time: epochMs(meta.at) },
    await pack(JSON.stringify(meta)),
  );
