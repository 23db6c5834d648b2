import { type EpochMs, minutes } from '../kernel/units.ts';
import { type Condition, conditionOf } from '../probes/condition.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Proof } from './finding.ts';

/** Why the server does not let a controller create pods. */
export interface Refusal {
  readonly reason: string;
  readonly detail: string;
  readonly since: EpochMs;
  readonly proof: Proof;
}

const kinds = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicasets: 'ReplicaSet',
  jobs: 'Job',
} as const;

const words: readonly (readonly [RegExp, string])[] = [
  [/exceeded quota/i, 'quota exceeded'],
  [/violates PodSecurity/i, 'violates PodSecurity'],
  [/failed calling webhook/i, 'an admission webhook does not answer'],
  [/admission webhook .* denied|denied the request/i, 'denied by an admission webhook'],
  [/serviceaccount .* not found/i, 'service account not found'],
  [/priorityclass/i, 'priority class not found'],
  [/must specify limits|maximum .* usage|minimum .* usage/i, 'outside the limit range'],
];

/** Controllers repeat the attempt with a back-off of at most some 17 minutes. */
const recently = minutes(20);

const refusal = (detail: string, since: number, source: string): Refusal => {
  const known = words.find(([pattern]) => pattern.test(detail))?.[1];
  return {
    reason: `pods cannot be created${known === undefined ? '' : `: ${known}`}`,
    detail,
    since: earliest([since]),
    proof: proofOf(source, `FailedCreate: ${detail}`, since),
  };
};

interface Controlled {
  readonly namespace: string;
  readonly name: string;
  readonly desired: number;
  readonly ready: number;
  readonly conditions: readonly Condition[];
}

/** From the controller's own condition, else from its events, as long as something is missing. */
export const createRefusal = (
  kind: keyof typeof kinds,
  w: Controlled,
  { eventsOf, now }: Pick<Facts, 'eventsOf' | 'now'>,
): Refusal | null => {
  if (w.ready >= w.desired) return null;
  const condition = conditionOf(w, 'ReplicaFailure');
  if (condition?.status === 'True') return refusal(condition.message, condition.since, kind);
  const event = eventsOf(kinds[kind], w.namespace, w.name).find((e) => e.reason === 'FailedCreate');
  return event !== undefined && now - event.lastSeen < recently
    ? refusal(event.message, event.firstSeen, 'events')
    : null;
};
