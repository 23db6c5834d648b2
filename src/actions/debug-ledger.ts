import { type EpochMs, epochMs } from '../kernel/units.ts';
import type { Container } from '../probes/pod-containers.ts';
import type { DebugTold } from '../probes/pod-debug.ts';
import type { Pod } from '../probes/pods.ts';
import { debugLife, debugPrefix } from './debug-container.ts';
import { nodePodLabels, nodePodPrefix } from './debug-node.ts';
import { asRecord, asText, type Json } from './read-json.ts';

/** What somebody has left in the cluster to look at something: a container in a pod, or a pod on a node. */
export interface LedgerEntry {
  readonly kind: 'container' | 'node-pod';
  readonly namespace: string;
  readonly pod: string;
  /** Of the pod. */
  readonly uid: string;
  readonly node: string;
  readonly container: string;
  readonly image: string;
  /** Container whose processes it joined; '' for none. */
  readonly target: string;
  readonly state: 'running' | 'waiting' | 'ended';
  /** Since when, where the node has said so. */
  readonly since: EpochMs | null;
  /** When it was started, also where it has ended. */
  readonly started: EpochMs | null;
  /** When it ends by itself; null where it has, where it has not begun, and where nothing is known of that. */
  readonly ends: EpochMs | null;
  readonly exitCode: number | null;
  readonly privileged: boolean;
  readonly capabilities: readonly string[];
  /** Started by midwatch; others start debug containers too. */
  readonly ours: boolean;
  /** Who and why; '' where it is not said, as with those of others. */
  readonly by: string;
  readonly reason: string;
}

type Standing = Pick<LedgerEntry, 'state' | 'since' | 'started' | 'exitCode'>;

const standingOf = (c: Container | undefined, isOver: boolean): Standing => {
  const started = c?.startedAt ?? null;
  if (c?.state === 'terminated' || isOver) {
    return { state: 'ended', since: c?.finishedAt ?? null, started, exitCode: c?.exitCode ?? null };
  }
  return c?.state === 'running'
    ? { state: 'running', since: started, started, exitCode: null }
    : { state: 'waiting', since: null, started: null, exitCode: null };
};

/** Recordings of versions that did not look at it tell nothing of it. */
const nothingTold: Omit<DebugTold, 'name'> = {
  target: '',
  privileged: false,
  capabilities: [],
  by: '',
  reason: '',
};

const entryOf = (
  pod: Pod,
  container: Container | undefined,
  ours: boolean,
): Omit<LedgerEntry, 'kind'> => {
  const isOver = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  const standing = standingOf(container, isOver);
  const name = container?.name ?? '';
  const { name: _, ...told } =
    pod.debug?.containers.find((c) => c.name === name) ?? ({ name, ...nothingTold } as const);
  const own = [
    ...(ours && standing.since !== null ? [standing.since + debugLife] : []),
    ...(pod.debug?.deadline == null ? [] : [pod.debug.deadline]),
  ];
  return {
    namespace: pod.namespace,
    pod: pod.name,
    uid: pod.uid,
    node: pod.node,
    container: name,
    image: container?.image ?? '',
    ...standing,
    ends: standing.state === 'running' && own.length > 0 ? epochMs(Math.min(...own)) : null,
    ...told,
    ours,
  };
};

const isOurs = (name: string, labels: Readonly<Record<string, unknown>>): boolean => {
  const [[key, value] = ['', '']] = Object.entries(nodePodLabels);
  return name.startsWith(nodePodPrefix) && labels[key] === value;
};

/** Whether it is a pod of ours on a node, by its name and its label. */
export const isNodePod = (pod: Json): boolean => {
  const { name, labels } = asRecord(pod.metadata);
  return isOurs(asText(name), asRecord(labels));
};

/** What one pod holds of it. */
export const ledgerOf = (pod: Pod): readonly LedgerEntry[] => {
  const containers = pod.containers.flatMap((c): readonly LedgerEntry[] =>
    c.kind === 'ephemeral'
      ? [{ kind: 'container', ...entryOf(pod, c, c.name.startsWith(debugPrefix)) }]
      : [],
  );
  if (!isOurs(pod.name, pod.labels)) return containers;
  const main = pod.containers.find((c) => c.kind === 'main');
  return [{ kind: 'node-pod', ...entryOf(pod, main, true) }, ...containers];
};

/** Those that run first, then the newest. */
export const inLedgerOrder = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  const rank = { running: 0, waiting: 1, ended: 2 } as const;
  return entries.toSorted(
    (a, b) =>
      rank[a.state] - rank[b.state] ||
      (b.since ?? 0) - (a.since ?? 0) ||
      `${a.namespace}/${a.pod}`.localeCompare(`${b.namespace}/${b.pod}`),
  );
};

/** Everything that is left behind in these pods. */
export const ledgerIn = (pods: Iterable<Pod>): readonly LedgerEntry[] => {
  const found: LedgerEntry[] = [];
  for (const pod of pods) found.push(...ledgerOf(pod));
  return inLedgerOrder(found);
};

/** What of the rights of its pod's node or of its target it has; '' for none beyond the usual. */
export const mayText = ({
  privileged,
  capabilities,
}: Pick<LedgerEntry, 'privileged' | 'capabilities'>): string =>
  privileged ? 'privileged' : capabilities.join(',');
