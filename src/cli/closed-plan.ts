import type { Plan } from '../runbooks/plan.ts';

const told: ReadonlySet<string> = new Set(['status', 'members', 'alarms', 'health']);

const guarded = 'it waits for the guarded way';

/** Why a plan is not carried out from the screen of a live session, before it is tried; '' when it is. */
export const closedLive = (plan: Plan): string => {
  switch (plan.kind) {
    case 'logs':
    case 'debug':
      return guarded;
    case 'etcd':
      return told.has(plan.call) ? '' : guarded;
    case 'kubectl':
      return (plan.verb === 'get' || plan.verb === 'describe') && plan.rest.length === 0
        ? ''
        : `${plan.verb} is only shown`;
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
  if (live !== '' || plan.kind === 'etcd') return live;
  return 'a recording: nothing outside is asked';
};
