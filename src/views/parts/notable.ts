import { type AlikeGroup, groupAlike } from '../../kernel/alike.ts';
import type { Change } from '../../kernel/probe.ts';
import type { World } from '../../kernel/world.ts';
import { events } from '../../probes/events.ts';

/** Warning events stand among the alerts, and most of them say what an object says already. */
const isTold = ({ tone, probe }: Change): boolean => tone !== 'info' && probe !== events.id;

/** The latest change of each thing, newest first, and every moment that somebody has named. */
const latest = (changes: readonly Change[]): readonly Change[] => {
  const seen = new Set<string>();
  const found: Change[] = [];
  for (let i = changes.length - 1; i >= 0; i -= 1) {
    const change = changes[i];
    if (change === undefined) continue;
    if (change.probe === '') found.push(change);
    if (!isTold(change)) continue;
    const about = `${change.probe}/${change.key}`;
    if (seen.has(about)) continue;
    seen.add(about);
    found.push(change);
  }
  return found;
};

/** By the list of changes: it is walked once for each, not with every frame. */
const found = new WeakMap<World['changes'], readonly AlikeGroup[]>();

/**
 * The latest change for better or worse of each thing, newest first, those alike together. What came and went, and the
 * way there, is in the timeline.
 */
export const notable = ({ changes }: World): readonly AlikeGroup[] => {
  const had = found.get(changes);
  if (had !== undefined) return had;
  const groups = groupAlike(latest(changes));
  found.set(changes, groups);
  return groups;
};

const counted = new WeakMap<World['changes'], readonly AlikeGroup[]>();

/** How many things happened for better or worse since then, those alike once. */
export const happenedSince = ({ changes }: World, since: number): number => {
  let groups = counted.get(changes);
  if (groups === undefined) {
    groups = groupAlike(changes.filter(isTold));
    counted.set(changes, groups);
  }
  return groups.filter((group) => (group.at(-1)?.at ?? 0) > since).length;
};
