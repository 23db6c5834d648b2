import { plainText } from '../kernel/text.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { debugPrefix } from './debug-container.ts';
import { nodePodLabels, nodePodOwner, nodePodPrefix } from './debug-node.ts';
import { asList, asNumber, asRecord, asText, type Json } from './read-json.ts';

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
  readonly exitCode: number | null;
  readonly privileged: boolean;
  readonly capabilities: readonly string[];
  /** Started by midwatch; others start debug containers too. */
  readonly ours: boolean;
  /** Who and why; '' where it is not said, as with those of others. */
  readonly by: string;
  readonly reason: string;
}

const timeOf = (text: unknown): EpochMs | null => {
  const at = Date.parse(asText(text));
  return Number.isNaN(at) ? null : epochMs(at);
};

type Standing = Pick<LedgerEntry, 'state' | 'since' | 'exitCode'>;

const standingOf = (status: Json): Standing => {
  const { running, terminated } = asRecord(status.state);
  if (running !== undefined) {
    return { state: 'running', since: timeOf(asRecord(running).startedAt), exitCode: null };
  }
  if (terminated === undefined) return { state: 'waiting', since: null, exitCode: null };
  const end = asRecord(terminated);
  return { state: 'ended', since: timeOf(end.finishedAt), exitCode: asNumber(end.exitCode) };
};

/** One variable of ours, and no other: what else stands there may be a secret. */
const toldIn = (container: Json, name: string): string =>
  plainText(
    asText(
      asList(container.env)
        .map(asRecord)
        .find((e) => e.name === name)?.value,
    ),
  );

const statusOf = (pod: Json, field: string, name: string): Json =>
  asRecord(
    asList(asRecord(pod.status)[field])
      .map(asRecord)
      .find((s) => s.name === name),
  );

const entryOf = (pod: Json, container: Json, statuses: string) => {
  const { name, namespace, uid } = asRecord(pod.metadata);
  const security = asRecord(container.securityContext);
  const own = asText(container.name);
  return {
    namespace: asText(namespace),
    pod: asText(name),
    uid: asText(uid),
    node: asText(asRecord(pod.spec).nodeName),
    container: own,
    image: asText(container.image),
    target: asText(container.targetContainerName),
    ...standingOf(statusOf(pod, statuses, own)),
    privileged: security.privileged === true,
    capabilities: asList(asRecord(security.capabilities).add).map(asText),
    reason: toldIn(container, 'MIDWATCH_REASON'),
  };
};

/** Whether it is a pod of ours on a node, by its name and its label. */
export const isNodePod = (pod: Json): boolean => {
  const { name, labels } = asRecord(pod.metadata);
  const [[key, value] = ['', '']] = Object.entries(nodePodLabels);
  return asText(name).startsWith(nodePodPrefix) && asRecord(labels)[key] === value;
};

/** What one pod holds of it. */
export const ledgerOf = (pod: Json): readonly LedgerEntry[] => {
  const spec = asRecord(pod.spec);
  const containers = asList(spec.ephemeralContainers).map((one): LedgerEntry => {
    const container = asRecord(one);
    return {
      kind: 'container',
      ...entryOf(pod, container, 'ephemeralContainerStatuses'),
      ours: asText(container.name).startsWith(debugPrefix),
      by: toldIn(container, 'MIDWATCH_BY'),
    };
  });
  if (!isNodePod(pod)) return containers;
  const first = asRecord(asList(spec.containers)[0]);
  const by = asText(asRecord(asRecord(pod.metadata).annotations)[nodePodOwner]);
  const entry = entryOf(pod, first, 'containerStatuses');
  return [{ kind: 'node-pod', ...entry, ours: true, by: plainText(by) }, ...containers];
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
