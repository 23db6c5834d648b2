import type { Bytes, Revision } from '../../kernel/units.ts';
import { lastOf } from './format.ts';
import type { Block } from './scan.ts';

/** A block in the file, as its writer remembers it. */
export interface Written extends Pick<Block, 'type' | 'rev' | 'count' | 'more' | 'offset'> {
  /** With its header. */
  readonly size: number;
}

export interface Truncation {
  /** Revision of the world that the file will begin with. */
  readonly base: Revision;
  /** What stays, in the order in which it is written anew. */
  readonly keep: readonly Written[];
}

/**
 * What to keep when a recording has outgrown `maxSize`: the newest snapshot with which at least half of that is kept,
 * and every entry after it. Where no snapshot is that old, the oldest one that there is to begin with.
 * Null when nothing worth a rewrite could go.
 */
export const planTruncation = (
  blocks: readonly Written[],
  base: Revision,
  maxSize: Bytes,
): Truncation | null => {
  const total = sizeOf(blocks);
  const candidates = wholeSnapshots(blocks)
    .filter((rev) => rev > base)
    .map((rev) => ({ base: rev, keep: keepFrom(blocks, rev) }))
    .filter(({ keep }) => sizeOf(keep) <= total * 0.9);
  const roomy = candidates.filter(({ keep }) => sizeOf(keep) >= maxSize / 2);
  return roomy.at(-1) ?? candidates[0] ?? null;
};

const sizeOf = (blocks: readonly Written[]): number =>
  blocks.reduce((all, { size }) => all + size, 0);

const wholeSnapshots = (blocks: readonly Written[]): readonly Revision[] =>
  blocks.flatMap((b) => (b.type === 'snapshot' && !b.more ? [b.rev] : []));

/** A snapshot is written after entries that it does not cover yet: they go behind it. */
const keepFrom = (blocks: readonly Written[], base: Revision): readonly Written[] => [
  ...blocks.filter((b) => b.type === 'meta'),
  ...blocks.filter((b) => b.type === 'snapshot' && b.rev === base),
  ...blocks.filter(
    (b) => (b.type === 'events' && lastOf(b) > base) || (b.type === 'snapshot' && b.rev > base),
  ),
];
