import type { Intent } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { Workload } from '../probes/workload.ts';
import type { ActInput, ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { counted } from './counted.ts';
import { type Budgets, disruptionBudgets, noBudgets } from './disruption-budgets.ts';
import { scaleOf, shortBounds } from './object-request.ts';
import { nameOf, type PlannedObject, plannedObject, rightTo } from './planned-object.ts';
import { podsBehind } from './pods-behind.ts';
import { sendInOrder } from './send-in-order.ts';
import { autoscalers, type WorkloadNow, workloadNow, workloadSeen } from './workload-now.ts';

const resources = ['deployments', 'statefulsets', 'replicasets'];
/** More is a slip of the finger. */
const mostReplicas = 10_000;

const wrong: ActInput['wrong'] = (value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= mostReplicas
    ? null
    : `a number from 0 to ${mostReplicas}`;

const wantedIn = ({ args }: Intent): Result<number> => {
  const text = args.replicas ?? '';
  const why = wrong(text);
  return why === null
    ? ok(Number(text))
    : failed(failure('misconfigured', 'scale', `replicas: ${why}`));
};

/** The pods that go: of all that are there, as many as there are to be fewer. */
const goneOf = (from: number, to: number, pods: number): number =>
  Math.min(pods, Math.max(0, from - to));

const draftOf = (
  object: PlannedObject,
  now: WorkloadNow,
  to: number,
  budgets: Budgets,
  more: readonly string[],
  scene: PlanScene,
): PlanDraft => {
  const { word, subject } = object;
  const from = now.desired;
  const behind = podsBehind(object, scene);
  const gone = goneOf(from, to, Math.max(behind.pods.length, from));
  const owner = (object.object as Workload | undefined)?.owner ?? null;
  const replaced = now.uid !== '' && subject.uid !== null && now.uid !== subject.uid;
  return {
    title: `scale ${word} ${nameOf(object)} from ${from} to ${to}`,
    effect: 'write',
    typed: subject.name,
    subject,
    requests: [scaleOf(object, from, to)],
    rights: [rightTo('patch', object, 'scale')],
    dangers: [
      to === 0
        ? `To 0: all ${counted(from, 'pod')} end, and nothing serves any more.`
        : from > to
          ? `${counted(gone, 'pod')} end; ${to} of ${from} stay. ${behind.ready} are ready now.`
          : `${counted(to - from, 'pod')} more; nodes need room for them.`,
      ...(owner === null
        ? []
        : [`${owner.kind} ${owner.name} owns it, and may set the number back.`]),
      ...more,
      ...(gone > 0 ? budgets.words : []),
    ],
    refusals: [
      ...object.refusals,
      ...(replaced && object.refusals.length === 0
        ? [`${subject.name} has been replaced by another of the same name`]
        : []),
      ...(from === to ? [`it has ${counted(to, 'replica')} already`] : []),
    ],
    bounds: shortBounds,
    weight: {
      pods: gone,
      disruptionsAllowed: gone > 0 ? budgets.allowed : null,
      quorumMargin: null,
      images: [],
      unknown: [
        ...new Set([...object.unknown, ...behind.unknown, ...(gone > 0 ? budgets.unknown : [])]),
      ],
    },
  };
};

/** Sets the number of replicas, if it is still what was shown. */
export const scale: ActionDefinition = {
  id: 'scale',
  title: 'scale',
  keys: [],
  aliases: [],
  resources,
  effect: 'write',
  shown: false,
  elsewhere: 'kubectl scale -n {namespace} {resource}/{name} --replicas=…',
  inputs: [
    {
      name: 'replicas',
      title: 'replicas',
      hint: 'a number from 0',
      required: true,
      usual: ({ world, now }, subject) => {
        const intent = { action: 'scale', subject, args: {}, origin: 'screen' } as const;
        const object = plannedObject(intent, { world, now }, resources);
        return object.ok && object.value.object !== undefined
          ? String(workloadSeen(object.value).desired)
          : '';
      },
      wrong,
    },
  ],
  plan: (intent, scene) => {
    const object = plannedObject(intent, scene, resources);
    const to = wantedIn(intent);
    if (!object.ok) return object;
    if (!to.ok) return to;
    return ok(draftOf(object.value, workloadSeen(object.value), to.value, noBudgets, [], scene));
  },
  prepare: async (intent, scene, reads, signal) => {
    const object = plannedObject(intent, scene, resources);
    const to = wantedIn(intent);
    if (!object.ok) return object;
    if (!to.ok) return to;
    const now = await workloadNow(object.value, reads, signal);
    if (!now.ok) return now;
    const { pods } = podsBehind(object.value, scene);
    const labels = now.value.desired > to.value ? pods.map((p) => p.labels) : [];
    const [budgets, more] = await Promise.all([
      disruptionBudgets(reads, object.value.subject.namespace, labels, signal),
      autoscalers(object.value, reads, signal),
    ]);
    return ok(draftOf(object.value, now.value, to.value, budgets, more, scene));
  },
  perform: sendInOrder,
};
