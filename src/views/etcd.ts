import type { EtcdReport } from '../findings/etcd-report.ts';
import { health } from '../findings/health.ts';
import { clip, plainText } from '../kernel/text.ts';
import { sliceOf } from '../kernel/world.ts';
import { etcd } from '../probes/etcd.ts';
import { clusterRows, problemRows } from './etcd/cluster-rows.ts';
import { noClusterLines } from './etcd/no-cluster.ts';
import { proofKey, runbookKey } from './keymap.ts';
import { cutLine } from './parts/line.ts';
import { type Content, type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

/** Clusters that are known by name alone: no report can be made of one whose members nobody can tell. */
const bareRows = (reports: readonly EtcdReport[], input: ViewInput): readonly PlainRow[] => {
  const told = new Set(reports.map((r) => r.name));
  return [...sliceOf(input.world, etcd).state.values()]
    .filter((c) => !told.has(c.name))
    .flatMap((c) => problemRows(c.name, c.problems, input));
};

const titleKept = 60;

/** The reports as a panel. `args.cluster` narrows it to one of several. */
export const etcdContent = (reports: readonly EtcdReport[], input: ViewInput): Content => {
  const { cluster } = input.place.args;
  const shown = reports.filter((r) => cluster === undefined || r.name === cluster);
  const only = shown.length === 1 ? shown[0] : undefined;
  const rows = [...shown.flatMap((r) => clusterRows(r, input)), ...bareRows(reports, input)];
  return {
    title:
      only === undefined
        ? shown.length === 0
          ? 'etcd'
          : `etcd[${shown.length}]`
        : `etcd ${clip(plainText(only.name), titleKept)}`,
    head: [],
    rows: rowsOf(rows),
    empty: noClusterLines(input).map((l) => cutLine(l, input.width)),
  };
};

/** Members of every etcd cluster: can it write, how much more can it lose, and why. */
export const etcdView: View = {
  id: 'etcd',
  title: 'etcd',
  aliases: ['etcds', 'ectd'],
  digit: '2',
  keys: [proofKey, runbookKey],
  content: (input) => etcdContent(health(input.world, input.now).etcd, input),
};
