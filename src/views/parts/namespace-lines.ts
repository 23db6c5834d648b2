import type { World } from '../../kernel/world.ts';
import { sliceOf } from '../../kernel/world.ts';
import { type Pod, pods } from '../../probes/pods.ts';
import type { PlainRow } from '../view.ts';
import type { Glyphs } from './glyphs.ts';
import { fit, line, span } from './line.ts';
import { sign } from './tone.ts';
import { count } from './words.ts';

interface Tally {
  readonly namespace: string;
  pods: number;
  well: number;
  restarts: number;
}

const known = new WeakMap<object, readonly Tally[]>();

const tallies = (all: ReadonlyMap<string, Pod>): readonly Tally[] => {
  const had = known.get(all);
  if (had !== undefined) return had;
  const byName = new Map<string, Tally>();
  for (const pod of all.values()) {
    let t = byName.get(pod.namespace);
    if (t === undefined) {
      t = { namespace: pod.namespace, pods: 0, well: 0, restarts: 0 };
      byName.set(pod.namespace, t);
    }
    t.pods += 1;
    if (pod.phase === 'Succeeded' || (pod.ready === pod.total && pod.phase === 'Running'))
      t.well += 1;
    t.restarts += pod.restarts;
  }
  const sorted = [...byName.values()].sort(
    (a, b) =>
      b.pods - b.well - (a.pods - a.well) ||
      b.pods - a.pods ||
      (a.namespace < b.namespace ? -1 : 1),
  );
  known.set(all, sorted);
  return sorted;
};

const columnWidth = 38;

/**
 * Namespaces, those with pods that are not well first, as many side by side as fit. `fresh`: what is known of pods is
 * not old; else nothing is signed as well.
 */
export const namespaceLines = (
  world: World,
  fresh: boolean,
  width: number,
  glyphs: Glyphs,
): readonly PlainRow[] => {
  const all = tallies(sliceOf(world, pods).state);
  const columns = Math.max(1, Math.floor(width / columnWidth));
  const rows = Math.ceil(all.length / columns);
  return Array.from({ length: rows }, (_, r) => ({
    key: `namespaces/${r}`,
    line: line(
      ...Array.from({ length: columns }, (_unused, c) => {
        const t = all[c * rows + r];
        if (t === undefined) return line('');
        const bad = t.well < t.pods;
        const tone = bad ? 'warn' : fresh ? 'good' : 'stale';
        return line(
          '  ',
          sign(tone, glyphs),
          ' ',
          fit(t.namespace, columnWidth - 18),
          ' ',
          span(fit(`${count(t.well)}/${count(t.pods)}`, 11, 'right'), bad ? 'warn' : 'plain'),
          '  ',
        );
      }),
    ),
  }));
};
