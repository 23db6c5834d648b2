import { joinParts, type Part, part, withDetail } from './change-parts.ts';
import { conditionOf, conditionText } from './condition.ts';
import type { Workload } from './workload.ts';

const rolledOut = (w: Workload): boolean =>
  w.observed >= w.generation && w.updated >= w.desired && w.available >= w.desired;

const specChange = (before: Workload, after: Workload): Part | null => {
  if (after.generation <= before.generation) return null;
  const was = before.images.join(' ');
  const is = after.images.join(' ');
  if (was !== is) return part('info', `rollout started: ${was || 'nothing'} → ${is || 'nothing'}`);
  if (before.desired !== after.desired || before.paused !== after.paused) return null;
  return part('info', `rollout started: generation ${after.generation}`);
};

const scaleChange = (before: Workload, after: Workload): Part | null => {
  if (before.desired === after.desired) return null;
  return part(after.desired === 0 ? 'warn' : 'info', `scaled ${before.desired} → ${after.desired}`);
};

const pauseChange = (before: Workload, after: Workload): Part | null =>
  before.paused === after.paused ? null : part('info', after.paused ? 'paused' : 'resumed');

/** Only the edges: from all to less, to none, and back to all. */
const availableChange = (before: Workload, after: Workload): Part | null => {
  if (before.available === after.available || after.desired === 0) return null;
  const text = `available ${before.available} → ${after.available}`;
  if (after.available === 0) return part('bad', text);
  const was = before.available >= before.desired;
  const is = after.available >= after.desired;
  if (was && !is && after.available < before.available) {
    return part('warn', `${text} of ${after.desired}`);
  }
  return is && !was ? part('good', `${text} of ${after.desired}`) : null;
};

const rolloutEnd = (before: Workload, after: Workload): Part | null => {
  // A scale or a pod that comes back also ends with everything available: that is told by the counts.
  const rolling = before.updated < before.desired || before.observed < before.generation;
  return rolling && !rolledOut(before) && rolledOut(after) && after.desired > 0
    ? part('good', 'rollout complete')
    : null;
};

const conditionChange = (
  before: Workload,
  after: Workload,
  type: string,
  bad: string,
  text: string,
): Part | null => {
  const now = conditionOf(after, type);
  if (now?.status !== bad || conditionOf(before, type)?.status === bad) return null;
  return part('bad', withDetail(text, conditionText(now)));
};

/** What happened to a Deployment, StatefulSet, DaemonSet or a ReplicaSet that stands alone. */
export const workloadChange =
  (kind: string) =>
  (before: Workload | undefined, after: Workload | undefined): Part | null => {
    if (after === undefined) return part('warn', `${kind} deleted`);
    if (before === undefined) return part('info', `${kind} created`);
    if (before.uid !== after.uid) return part('warn', `${kind} deleted and created again`);
    return joinParts([
      ...troubles(before, after),
      availableChange(before, after),
      rolloutEnd(before, after),
      specChange(before, after),
      scaleChange(before, after),
      pauseChange(before, after),
    ]);
  };

/** What the controller itself complains about. */
export const troubles = (before: Workload, after: Workload): readonly (Part | null)[] => [
  conditionChange(before, after, 'ReplicaFailure', 'True', 'cannot create pods'),
  conditionChange(before, after, 'Progressing', 'False', 'rollout is stuck'),
];
