import type { Plan } from '../runbooks/plan.ts';

const told: ReadonlySet<string> = new Set(['status', 'members', 'alarms', 'health']);

/** Calls of etcd that are actions: they go through the door. */
const acted: ReadonlySet<string> = new Set([
  'compact',
  'defrag',
  'disarm',
  'move-leader',
  'snapshot',
]);

const measured: Readonly<Record<string, 'pods' | 'nodes'>> = {
  po: 'pods',
  pod: 'pods',
  pods: 'pods',
  no: 'nodes',
  node: 'nodes',
  nodes: 'nodes',
};

/** What `kubectl top` measures of a resource as it is written; null for any other. */
export const usageOf = (resource: string): 'pods' | 'nodes' | null =>
  Object.hasOwn(measured, resource) ? (measured[resource] ?? null) : null;

/** Whether what kubectl would read is read by requests of our own. */
export const isReadHere = ({
  verb,
  subject,
  rest,
}: Extract<Plan, { kind: 'kubectl' }>): boolean => {
  if (rest.length > 0) return false;
  switch (verb) {
    case 'get':
    case 'describe':
    case 'rollout status':
      return true;
    case 'events':
      return subject.names.length <= 1;
    case 'top':
      return usageOf(subject.resource) !== null;
    default:
      return false;
  }
};

/**
 * Why a plan is not carried out from the screen of a live session, before it is tried; '' when it is. Logs, debug
 * containers and changes of etcd are tried: what they come to is for the guards, and for a person, to say.
 */
export const closedLive = (plan: Plan): string => {
  switch (plan.kind) {
    case 'etcd':
      return told.has(plan.call) || acted.has(plan.call) ? '' : `etcd ${plan.call} is only shown`;
    case 'kubectl':
      return isReadHere(plan) ? '' : `${plan.verb} is only shown`;
    case 'refused':
      return plan.why;
    case 'manual':
    case 'checklist':
    case 'choice':
      return 'done by hand';
    default:
      return '';
  }
};

/** The same in a recording: only what its own world tells can be looked at. */
export const closedReplay = (plan: Plan): string => {
  const live = closedLive(plan);
  if (live !== '' || (plan.kind === 'etcd' && told.has(plan.call))) return live;
  return 'a recording: nothing outside is asked';
};
