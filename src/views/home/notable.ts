import type { Change } from '../../kernel/probe.ts';
import type { World } from '../../kernel/world.ts';
import { alerts } from '../../probes/alerts.ts';
import { events } from '../../probes/events.ts';
import { pods } from '../../probes/pods.ts';

/** A change that stands for itself and for those like it. */
export interface Notable {
  readonly change: Change;
  readonly times: number;
}

/** More fit on no screen. */
const kept = 40;

/** The same thing happening to pods of one workload, or the same alert for many, is one thing to know. */
const kindOf = ({ probe, key, tone, text }: Change): string => {
  if (probe === alerts.id) return `${probe} ${tone} ${text.split(': ')[0]}`;
  if (probe === pods.id) return `${probe} ${tone} ${key.replace(/-[a-z0-9]{4,10}$/, '')}`;
  return `${probe}/${key}`;
};

/** By the list of changes: it is walked once for each, not with every frame. */
const found = new WeakMap<World['changes'], readonly Notable[]>();

/**
 * The latest change for better or worse of each thing, newest first. What came and went, and the way there, is in the
 * timeline.
 */
export const notable = ({ changes }: World): readonly Notable[] => {
  const had = found.get(changes);
  if (had !== undefined) return had;
  const seen = new Set<string>();
  const kinds = new Map<string, { change: Change; times: number }>();
  for (let i = changes.length - 1; i >= 0 && kinds.size < kept; i -= 1) {
    const change = changes[i];
    // Warning events stand among the alerts, and most of them say what an object says already.
    if (change === undefined || change.tone === 'info' || change.probe === events.id) continue;
    const about = `${change.probe}/${change.key}`;
    if (seen.has(about)) continue;
    seen.add(about);
    const kind = kindOf(change);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, { change, times: 1 });
    else known.times += 1;
  }
  const list = [...kinds.values()];
  found.set(changes, list);
  return list;
};
