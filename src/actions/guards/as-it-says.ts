import type { ActPlan, EffectRequest } from '../../kernel/act.ts';
import { type Guard, silent } from '../guard.ts';

/** Longer plans nobody reads to their end, and the audit would not hold all of one. */
const requestsMost = 100;

const etcdReads: ReadonlySet<string> = new Set([
  '/v3/maintenance/status',
  '/v3/cluster/member/list',
]);

/** Whether a request can do more than read. What an alarm question does to the raft log is more. */
const changes = (request: EffectRequest): boolean => {
  switch (request.kind) {
    case 'kubernetes':
    case 'alertmanager':
    case 'attach':
      return true;
    case 'etcd':
      return !etcdReads.has(request.path);
    case 'logs':
    case 'loki':
    case 'etcd-snapshot':
      return false;
  }
};

const faultOf = ({ effect, requests, bounds }: ActPlan): string | null => {
  if (effect === 'read' && requests.some(changes))
    return 'it says that it reads, and holds changes';
  if (!Number.isFinite(bounds.time) || bounds.time <= 0) return 'it has no end';
  return requests.length > requestsMost ? `it sends more than ${requestsMost} requests` : null;
};

/** Guards weigh what a plan says of itself: it has to be so. */
export const asItSays: Guard = {
  id: 'as-it-says',
  title: 'a plan is what it says it is, and has an end',
  judge: (plan) => {
    const why = faultOf(plan);
    return why === null ? silent : { kind: 'deny', why, hint: '', opens: 'never' };
  },
};
