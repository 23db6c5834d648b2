import { tellingWords } from '../../findings/telling-words.ts';
import type { Container, ContainerEnd } from '../../probes/pod-containers.ts';
import type { DebugTold } from '../../probes/pod-debug.ts';
import type { Pod } from '../../probes/pods.ts';
import { line, span } from '../parts/line.ts';
import type { AnyTone } from '../parts/tone.ts';
import { ageOf, ago, byteSize, cpuText, percent } from '../parts/words.ts';
import { usageOf } from '../resources/usage.ts';
import { conditionDetails } from './conditions.ts';
import {
  type Detail,
  field,
  fieldIf,
  item,
  type Pen,
  type Section,
  section,
  toObject,
} from './detail.ts';

/** It is never ready, and how it ends says nothing of the pod: a shell ends as its last command did. */
const debugTone = (c: Container): AnyTone => {
  if (c.state === 'running') return 'warn';
  if (c.state === 'unknown') return 'unknown';
  if (c.state === 'terminated') return 'muted';
  return /^(?:ContainerCreating|)$/.test(c.reason) ? 'progress' : 'bad';
};

const containerTone = (c: Container): AnyTone => {
  if (c.kind === 'ephemeral') return debugTone(c);
  if (c.state === 'running') return c.ready || c.kind === 'init' ? 'good' : 'warn';
  if (c.state === 'terminated') return c.exitCode === 0 ? 'muted' : 'bad';
  if (c.state === 'unknown') return 'unknown';
  return /^(?:ContainerCreating|PodInitializing|)$/.test(c.reason) ? 'progress' : 'bad';
};

const stateText = (c: Container, pen: Pen): string => {
  switch (c.state) {
    case 'running': {
      const since = c.startedAt === null ? '' : ` for ${ageOf(c.startedAt, pen.now)}`;
      return `running${since}${c.ready || c.kind === 'ephemeral' ? '' : ', not ready'}`;
    }
    case 'waiting':
      return c.reason === '' ? 'waiting' : c.reason;
    case 'terminated': {
      const when = c.finishedAt === null ? '' : `, ${ago(pen.now - c.finishedAt)}`;
      return `ended with ${c.exitCode ?? '?'}${c.reason === '' ? '' : ` ${c.reason}`}${when}`;
    }
    default:
      return 'nothing heard from the kubelet yet';
  }
};

/** Its words, and below them the same to the letter, where that is another thing to read. */
const saidLines = (message: string, before = ''): readonly string[] => {
  const words = tellingWords(message);
  return words === message || words === ''
    ? [`${before}${message}`]
    : [`${before}${words}`, `to the letter: ${message}`];
};

const endLines = (end: ContainerEnd, pen: Pen): readonly string[] => {
  const when = end.finishedAt === null ? '' : ` ${ago(pen.now - end.finishedAt)}`;
  const why = end.reason === '' ? '' : ` ${end.reason}`;
  const what = `before that: exit ${end.exitCode}${why}${when}`;
  return end.message === '' ? [what] : saidLines(end.message, `${what}: `);
};

/** What an ephemeral one is of us is known by its name; it stays listed until the pod is gone. */
const kindWords = ({ kind, name }: Container): string => {
  if (kind !== 'ephemeral') return kind;
  return name.startsWith('midwatch-')
    ? 'debug container of midwatch, permanent'
    : 'ephemeral, permanent';
};

/** Who has started it, and why, where that is told. */
const whoLines = (told: DebugTold | undefined): readonly string[] => {
  const { by = '', reason = '' } = told ?? {};
  if (by === '') return reason === '' ? [] : [`started because of ${reason}`];
  return [`started by ${by}${reason === '' ? '' : `: ${reason}`}`];
};

const containerDetail = (c: Container, told: DebugTold | undefined, pen: Pen): Detail =>
  item(
    pen,
    containerTone(c),
    line(
      span(c.name, 'title'),
      c.kind === 'main' ? '' : span(` (${kindWords(c)})`, 'dim'),
      `  ${stateText(c, pen)}`,
      c.restarts === 0 ? '' : `  restarts ${c.restarts}`,
    ),
    [
      ...whoLines(told),
      ...saidLines(c.message),
      ...(c.last === null ? [] : endLines(c.last, pen)),
      c.image,
    ],
  );

const amounts = (cpu: number, memory: number): string =>
  [cpu === 0 ? '' : `cpu ${cpuText(cpu)}`, memory === 0 ? '' : `memory ${byteSize(memory)}`]
    .filter((t) => t !== '')
    .join(', ') || 'none set';

const usedText = (pod: Pod, pen: Pen): string => {
  const used = usageOf(pen.world, 'pods', pod);
  if (used === null) return '';
  const { requests } = pod;
  const share = (part: number, whole: number) =>
    whole === 0 ? '' : ` (${percent(part, whole)} of requests)`;
  return `cpu ${cpuText(used.cpu)}${share(used.cpu, requests.cpu)}, memory ${byteSize(used.memory)}${share(used.memory, requests.memory)}`;
};

/** What is particular about a pod. */
export const podSections = (pod: Pod, pen: Pen): readonly Section[] => [
  ...section(
    'containers',
    pod.containers.map((c) =>
      containerDetail(
        c,
        pod.debug?.containers.find(({ name }) => name === c.name),
        pen,
      ),
    ),
    `${pod.ready} of ${pod.total} ready`,
  ),
  ...section('conditions that do not hold', conditionDetails(pod.conditions, pen)),
  ...section('resources', [
    field(pen, 'requests', amounts(pod.requests.cpu, pod.requests.memory)),
    field(pen, 'limits', amounts(pod.limits.cpu, pod.limits.memory)),
    ...fieldIf(pen, 'used', usedText(pod, pen)),
    ...fieldIf(pen, 'class', pod.qos),
    ...fieldIf(pen, 'priority', pod.priorityClass),
  ]),
  ...section('network and storage', [
    ...fieldIf(
      pen,
      'address',
      pod.ip === '' ? '' : `${pod.ip}${pod.hostNetwork ? ', of the host' : ''}`,
    ),
    ...pod.claims.map((name) =>
      field(
        pen,
        'claim',
        name,
        toObject({ resource: 'persistentvolumeclaims', namespace: pod.namespace, name }),
      ),
    ),
    ...fieldIf(pen, 'nominated', pod.nominated),
    ...fieldIf(pen, 'gates', pod.readinessGates.join(', ')),
  ]),
];
