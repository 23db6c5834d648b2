import type { Style } from '../parts/line.ts';

const lanes: readonly Style[] = ['lane1', 'lane2', 'lane3', 'lane4', 'lane5'];

export interface LogLabel {
  readonly text: string;
  readonly style: Style;
}

const longestLabel = 24;

/** The longest start that all names have in common, up to a dash: the name of the workload. */
const commonStart = (names: readonly string[]): number => {
  const [first = '', ...rest] = names;
  let n = first.length;
  for (const name of rest) {
    while (n > 0 && !name.startsWith(first.slice(0, n))) n -= 1;
  }
  return first.lastIndexOf('-', n - 1) + 1;
};

/**
 * What stands before the lines of each source: as much of its name as tells it from the others; nothing where there is
 * only one. The colour helps the eye, the text tells.
 */
export const logLabels = (sources: Iterable<string>): ReadonlyMap<string, LogLabel> => {
  const all = [...sources].map((source) => {
    const [, pod = '', container = ''] = source.split('/');
    return { source, pod, container };
  });
  const labels = new Map<string, LogLabel>();
  if (all.length < 2) return labels;
  const pods = [...new Set(all.map((s) => s.pod))];
  const containers = new Set(all.map((s) => s.container));
  const cut = pods.length > 1 ? commonStart(pods) : 0;
  for (const [i, { source, pod, container }] of all.entries()) {
    const short = pod.slice(cut) || pod;
    const text =
      pods.length === 1 ? container : containers.size === 1 ? short : `${short}/${container}`;
    const style = lanes[i % lanes.length] ?? 'plain';
    labels.set(source, { text: text.slice(-longestLabel), style });
  }
  return labels;
};
