import type { Slim } from '../../kernel/kind.ts';
import { sliceOf } from '../../kernel/world.ts';
import type { Condition } from '../../probes/condition.ts';
import { endpointslices } from '../../probes/endpointslices.ts';
import type { Node } from '../../probes/nodes.ts';
import { type Pod, pods } from '../../probes/pods.ts';
import type { Service } from '../../probes/services.ts';
import type { Workload } from '../../probes/workload.ts';
import { selectorOf } from '../parts/label-selector.ts';
import { line, span } from '../parts/line.ts';
import { byteSize, cpuText, percent } from '../parts/words.ts';
import { endpointsOf, endpointsText, portsText } from '../resources/services.ts';
import { usageOf } from '../resources/usage.ts';
import type { ObjectRef } from '../view.ts';
import { conditionDetails } from './conditions.ts';
import { field, fieldIf, item, type Pen, type Section, section, toObject } from './detail.ts';
import { podSections } from './pod.ts';
import { podsSection, servicesSection } from './related-sections.ts';

/** The parts of a description that belong to one kind. */
export type KindSections = (object: Slim, ref: ObjectRef, pen: Pen) => readonly Section[];

interface WithConditions extends Slim {
  readonly conditions?: readonly Condition[];
}

const conditionsOf: KindSections = (object, _ref, pen) =>
  section('conditions', conditionDetails((object as WithConditions).conditions ?? [], pen));

const workloadSections = (w: Workload, ref: ObjectRef, pen: Pen): readonly Section[] => {
  // Services select pods, not workloads: any one pod stands for all, they have one template.
  const pod = sliceOf(pen.world, pods)
    .state.values()
    .find((p) => p.namespace === w.namespace && p.owner?.uid === w.uid);
  return [
    ...section('rollout', [
      field(pen, 'replicas', `${w.desired} wanted, ${w.ready} ready, ${w.available} available`),
      field(pen, 'updated', `${w.updated} of ${w.desired}${w.paused ? ', paused' : ''}`),
      field(pen, 'generation', `${w.generation}, controller has seen ${w.observed}`),
      ...fieldIf(pen, 'revision', w.revision),
      ...w.images.map((image) => field(pen, 'image', image)),
      ...fieldIf(pen, 'selector', selectorOf(w.selector)),
    ]),
    ...conditionsOf(w, ref, pen),
    ...podsSection(ref, pen),
    ...servicesSection(w.namespace, pod?.labels ?? w.selector, pen),
  ];
};

const nodeSections = (node: Node, ref: ObjectRef, pen: Pen): readonly Section[] => {
  const used = usageOf(pen.world, 'nodes', node);
  const { allocatable: room, capacity } = node;
  const use = (part: number | undefined, whole: number, text: (n: number) => string): string =>
    part === undefined ? '' : `, used ${text(part)} (${percent(part, whole)})`;
  return [
    ...conditionsOf(node, ref, pen),
    ...section('room', [
      field(
        pen,
        'cpu',
        `${cpuText(room.cpu)} of ${cpuText(capacity.cpu)}${use(used?.cpu, room.cpu, cpuText)}`,
      ),
      field(
        pen,
        'memory',
        `${byteSize(room.memory)} of ${byteSize(capacity.memory)}${use(used?.memory, room.memory, byteSize)}`,
      ),
      field(pen, 'pods', `at most ${room.pods}`),
    ]),
    ...section(
      'taints',
      node.taints.map((t) =>
        field(pen, t.effect, `${t.key}${t.value === '' ? '' : `=${t.value}`}`),
      ),
    ),
    ...section('system', [
      ...fieldIf(pen, 'address', node.internalIp),
      ...fieldIf(pen, 'kubelet', node.kubelet),
      ...fieldIf(pen, 'runtime', node.runtime),
      ...fieldIf(pen, 'kernel', node.kernel),
      ...fieldIf(pen, 'os', [node.os, node.architecture].filter((t) => t !== '').join(', ')),
      ...fieldIf(pen, 'boot id', node.bootId),
    ]),
    ...podsSection(ref, pen),
  ];
};

/** As many addresses as one reads; the slices have them all. */
const addressesKept = 20;

const serviceSections = (s: Service, ref: ObjectRef, pen: Pen): readonly Section[] => {
  const slices = sliceOf(pen.world, endpointslices)
    .state.values()
    .filter((e) => e.namespace === s.namespace && e.service === s.name)
    .toArray();
  const endpoints = slices
    .flatMap((e) => e.endpoints)
    .sort((a, b) => Number(a.ready) - Number(b.ready));
  const selects = Object.keys(s.selector).length > 0;
  return [
    ...section('traffic', [
      field(pen, 'type', s.type),
      ...fieldIf(pen, 'cluster ip', s.clusterIp),
      ...fieldIf(pen, 'external', s.external.join(', ')),
      ...fieldIf(pen, 'ports', portsText(s)),
      field(pen, 'selector', selectorOf(s.selector) || 'none: endpoints are made by someone else'),
    ]),
    ...section(
      'endpoints',
      endpoints
        .slice(0, addressesKept)
        .map((e) =>
          item(
            pen,
            e.ready ? 'good' : e.terminating ? 'muted' : 'bad',
            line(e.address, span(`  ${e.target}${e.node === '' ? '' : ` on ${e.node}`}`, 'dim')),
            [],
            e.target === ''
              ? undefined
              : toObject({ resource: 'pods', namespace: s.namespace, name: e.target }),
          ),
        ),
      endpointsText(endpointsOf(pen.world, s), selects),
    ),
    ...podsSection(ref, pen),
  ];
};

const withPods: KindSections = (object, ref, pen) => [
  ...conditionsOf(object, ref, pen),
  ...podsSection(ref, pen),
];

// Each is only called with objects of its own resource, whose type the registry of kinds guarantees.
const own = <S extends Slim>(of: (object: S, ref: ObjectRef, pen: Pen) => readonly Section[]) =>
  ((object, ref, pen) => of(object as S, ref, pen)) satisfies KindSections;

interface KindParts {
  /** Whether the columns of the kind's table tell something that the sections do not. */
  readonly columns: boolean;
  readonly sections: KindSections;
}

const whole = (sections: KindSections): KindParts => ({ columns: false, sections });

const special: ReadonlyMap<string, KindParts> = new Map([
  [
    'pods',
    whole(
      own<Pod>((pod, _ref, pen) => [
        ...podSections(pod, pen),
        ...servicesSection(pod.namespace, pod.labels, pen),
      ]),
    ),
  ],
  ['nodes', whole(own(nodeSections))],
  ['services', whole(own(serviceSections))],
  ['deployments', whole(own(workloadSections))],
  ['statefulsets', whole(own(workloadSections))],
  ['daemonsets', whole(own(workloadSections))],
  ['replicasets', whole(own(workloadSections))],
  ['jobs', { columns: true, sections: withPods }],
  ['cronjobs', { columns: true, sections: withPods }],
  ['persistentvolumeclaims', { columns: true, sections: withPods }],
]);

/** Of kinds about which there is nothing particular, the columns and conditions tell all that is known. */
export const sectionsOfKind = (resource: string): KindParts =>
  special.get(resource) ?? { columns: true, sections: conditionsOf };
