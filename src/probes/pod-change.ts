import type { Tone } from '../kernel/probe.ts';
import { joinParts, type Part, part, withDetail } from './change-parts.ts';
import { conditionOf, conditionText } from './condition.ts';
import type { Container, ContainerEnd } from './pod-containers.ts';
import type { Pod } from './pods.ts';

/** Statuses a healthy pod passes through on its way to Running. */
const starting = /^(|Pending|ContainerCreating|PodInitializing|SchedulingGated|Init:\d+\/\d+)$/;

const statusTone = (status: string): Tone => {
  if (status === 'Running' || status === 'Completed' || status === 'Succeeded') return 'good';
  if (starting.test(status) || status === 'Terminating') return 'info';
  return status === 'NotReady' ? 'warn' : 'bad';
};

const isReady = (pod: Pod): boolean => pod.status === 'Running' && pod.ready === pod.total;

/** `exit 137 (OOMKilled): message`; the reason only where it says more than the code. */
const endText = (end: Pick<ContainerEnd, 'exitCode' | 'reason' | 'message'>): string => {
  const plain = end.reason === '' || end.reason === 'Error' || end.reason === 'Completed';
  return withDetail(`exit ${end.exitCode}${plain ? '' : ` (${end.reason})`}`, end.message);
};

const lastEnd = (c: Container | undefined): ContainerEnd | null => {
  if (c === undefined) return null;
  return c.state === 'terminated'
    ? { reason: c.reason, exitCode: c.exitCode ?? 0, message: c.message, finishedAt: c.finishedAt }
    : c.last;
};

const restartChange = (before: Pod, after: Pod): Part | null => {
  const mine = after.containers.filter((c) => {
    const was = before.containers.find((b) => b.name === c.name);
    return was !== undefined && c.restarts > was.restarts;
  });
  const c = mine[0];
  if (c === undefined) return null;
  const was = before.containers.find((b) => b.name === c.name)?.restarts ?? 0;
  const who = after.containers.length > 1 ? `${c.name} ` : '';
  const end = c.last ?? lastEnd(c);
  return part(
    end?.exitCode === 0 ? 'warn' : 'bad',
    `${who}restarts ${was} → ${c.restarts}${end === null ? '' : `, ${endText(end)}`}`,
  );
};

/** A failed pull and the wait after it: the kubelet goes back and forth between the two. */
const pulling = /(?:^|:)(?:ErrImagePull|ImagePullBackOff)$/;

/** Why the pod has the status that it has, in the words of the kubelet or the scheduler. */
const statusDetail = (pod: Pod): string => {
  if (pod.message !== '') return pod.message;
  const loud = pod.containers.find((c) => c.reason !== '' && pod.status.endsWith(c.reason));
  if (loud === undefined) return '';
  if (loud.state === 'terminated' && loud.exitCode !== null && loud.exitCode !== 0) {
    return withDetail(`exit ${loud.exitCode}`, loud.message);
  }
  return loud.message;
};

const statusChange = (before: Pod, after: Pod, restarted: boolean): Part | null => {
  if (before.status === after.status) return null;
  if (pulling.test(before.status) && pulling.test(after.status)) return null;
  // It was told to go: how its containers end is no news, good or bad.
  if (after.deleting !== null) return before.deleting === null ? part('info', 'terminating') : null;
  const tone = statusTone(after.status);
  if (tone === 'info' && starting.test(before.status)) return null;
  // Coming up without trouble is told once, when all of it is ready.
  if (after.status === 'Running' && (starting.test(before.status) || isReady(after))) return null;
  // The restart has told why already.
  const why = restarted || tone === 'good' ? '' : statusDetail(after);
  return part(tone, withDetail(`${before.status || 'Pending'} → ${after.status}`, why));
};

const readyChange = (before: Pod, after: Pod): Part | null => {
  const was = isReady(before);
  if (isReady(after)) {
    if (was) return null;
    return statusTone(before.status) === 'bad'
      ? part('good', `${before.status} → Running`)
      : part('good', 'ready');
  }
  if (!was || after.status !== 'Running') return null;
  const why = conditionOf(after, 'Ready') ?? { reason: '', message: '' };
  return part(
    'warn',
    withDetail(`not ready, ${after.ready} of ${after.total} containers`, conditionText(why)),
  );
};

const newCondition = (before: Pod, after: Pod, type: string, text: string): Part | null => {
  const now = conditionOf(after, type);
  const was = conditionOf(before, type);
  if (now === undefined || was?.reason === now.reason) return null;
  return part('warn', withDetail(text, conditionText(now)));
};

const debugChange = (before: Pod, after: Pod): Part | null => {
  const added = after.containers.find(
    (c) => c.kind === 'ephemeral' && !before.containers.some((b) => b.name === c.name),
  );
  return added === undefined ? null : part('info', `debug container ${added.name} added`);
};

/** What happened to a pod, as the timeline says it. Healthy starts are one line, not one per step. */
export const podChange = (before: Pod | undefined, after: Pod | undefined): Part | null => {
  if (after === undefined) {
    if (before === undefined) return null;
    const where = before.node === '' ? '' : ` on ${before.node}`;
    return part('info', `deleted, was ${before.status || 'Pending'}${where}`);
  }
  if (before === undefined) return part('info', 'created');
  if (before.uid !== after.uid) return part('info', `replaced, was ${before.status}`);
  const restarted = restartChange(before, after);
  return joinParts([
    restarted,
    statusChange(before, after, restarted !== null),
    readyChange(before, after),
    newCondition(before, after, 'PodScheduled', 'cannot be scheduled'),
    newCondition(before, after, 'DisruptionTarget', 'is to be disrupted'),
    newCondition(before, after, 'PodResizePending', 'resize waits'),
    debugChange(before, after),
  ]);
};
