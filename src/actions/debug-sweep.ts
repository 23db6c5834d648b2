import { type EffectRequest, type Intent, noWeight } from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import type { ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { isNodePod } from './debug-ledger.ts';
import { nodePodLabels, nodePodOwner, nodePodProcess } from './debug-node.ts';
import { podPath } from './debug-pod-now.ts';
import { shortBounds } from './object-request.ts';
import { asList, asRecord, asText, type Json, readJson } from './read-json.ts';
import { sendInOrder } from './send-in-order.ts';

/** A debug pod on a node, as far as it has to be known to delete it. */
export interface NodePodNow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** Who started it. */
  readonly by: string;
  /** In which process; '' where it does not say. */
  readonly process: string;
  readonly created: EpochMs | null;
  /** Nothing runs in it any more. */
  readonly ended: boolean;
}

const nodePodNow = (pod: Json): NodePodNow => {
  const { namespace, name, uid, annotations, creationTimestamp } = asRecord(pod.metadata);
  const phase = asText(asRecord(pod.status).phase);
  const created = Date.parse(asText(creationTimestamp));
  return {
    namespace: asText(namespace),
    name: asText(name),
    uid: asText(uid),
    node: asText(asRecord(pod.spec).nodeName),
    by: asText(asRecord(annotations)[nodePodOwner]),
    process: asText(asRecord(annotations)[nodePodProcess]),
    created: Number.isNaN(created) ? null : epochMs(created),
    ended: phase === 'Succeeded' || phase === 'Failed',
  };
};

/** How many are looked at: whoever has more of them has another problem. */
const most = 100;

/** Debug pods on nodes, of anybody. `namespace`: '' is all. */
export const readNodePods = async (
  reads: Pick<EffectReads, 'kubernetes'>,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<readonly NodePodNow[]>> => {
  const labels = Object.entries(nodePodLabels).map(([key, value]) => `${key}=${value}`);
  const where = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const path = `/api/v1${where}/pods?labelSelector=${encodeURIComponent(labels.join(','))}&limit=${most}`;
  const read = await readJson(reads, path, signal);
  if (!read.ok) return read;
  return ok(asList(read.value.items).map(asRecord).filter(isNodePod).map(nodePodNow));
};

const wrong = (why: string): Result<never> => failed(failure('misconfigured', 'debug-sweep', why));

const deletion = ({ namespace, name, uid }: NodePodNow): EffectRequest => ({
  kind: 'kubernetes',
  method: 'DELETE',
  path: podPath(namespace, name),
  contentType: 'application/json',
  body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } }),
});

const prepare = async (
  intent: Intent,
  scene: PlanScene,
  reads: EffectReads,
  signal: AbortSignal,
): Promise<Result<PlanDraft>> => {
  const { subject } = intent;
  if (subject.kind !== 'object' || subject.resource !== 'pods') return wrong('it is about a pod');
  const { namespace, name } = subject;
  const read = await readJson(reads, podPath(namespace, name), signal);
  if (!read.ok) return read;
  if (!isNodePod(read.value)) return wrong(`${name} is no debug pod of midwatch`);
  const pod = nodePodNow(read.value);
  const { by, node, ended } = pod;
  return ok({
    title: `delete debug pod ${namespace}/${name} on node ${node}`,
    effect: 'write',
    typed: name,
    subject: { ...subject, uid: subject.uid ?? pod.uid },
    requests: [deletion(pod)],
    rights: [{ verb: 'delete', group: '', resource: 'pods', namespace, name }],
    dangers: ended ? [] : ['Whoever is joined to it loses their shell.'],
    refusals:
      by === scene.person
        ? []
        : [`${by === '' ? 'somebody else' : plainText(by)} has started it, not ${scene.person}`],
    bounds: shortBounds,
    weight: noWeight,
  });
};

/** Deletes a debug pod of the same person that was left on a node. */
export const debugSweep: ActionDefinition = {
  id: 'debug-sweep',
  title: 'delete debug pod',
  keys: [],
  aliases: [],
  resources: ['pods'],
  effect: 'write',
  shown: false,
  elsewhere: 'kubectl delete pod -n {namespace} {name}',
  inputs: [],
  own: true,
  plan: () => wrong('the pod has to be read first: this needs a cluster'),
  prepare,
  perform: sendInOrder,
};
