import type { ActionDefinition, PlanScene } from '../actions/action.ts';
import { logBounds } from '../actions/log-bounds.ts';
import { wholePlan } from '../actions/plan-of.ts';
import { type ActPlan, type EffectRequest, type Intent, noWeight } from '../kernel/act.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { bytes, seconds } from '../kernel/units.ts';

const nameOf = ({ subject }: Intent): string => {
  switch (subject.kind) {
    case 'object':
      return subject.name;
    case 'etcd':
      return subject.member === '' ? subject.cluster : subject.member;
    case 'alerts':
      return 'alerts';
  }
};

const logRequests = (
  { action, subject, args }: Intent,
  scene: PlanScene,
): Result<readonly EffectRequest[]> => {
  if (!action.startsWith('logs') || subject.kind !== 'object') return ok([]);
  const wish = logBounds(args, scene.policy.logs, action === 'logs-previous', scene.now);
  if (!wish.ok) return wish;
  const { namespace, name } = subject;
  const target = { namespace, pods: { kind: 'named', names: [name] }, containers: null } as const;
  return ok([{ kind: 'logs', target, bounds: wish.value.bounds }]);
};

/**
 * A plan as far as it can be told without the cluster: what it is about and, for logs, how much is asked for. It holds
 * no request that changes something, and serves only to ask the policy.
 */
export const sketchPlan = (
  action: ActionDefinition,
  intent: Intent,
  scene: PlanScene,
): Result<ActPlan> => {
  const requests = logRequests(intent, scene);
  if (!requests.ok) return requests;
  const { subject } = intent;
  const name = nameOf(intent);
  const where =
    subject.kind === 'object' && subject.namespace !== '' ? `${subject.namespace}/` : '';
  const what = subject.kind === 'object' ? subject.resource : subject.kind;
  const draft = {
    title: `${action.title} ${what} ${where}${name}`.trim(),
    effect: action.effect,
    typed: name,
    // Somebody has looked at it: who it is counts only where it can be asked.
    subject: subject.kind === 'object' ? { ...subject, uid: subject.uid ?? 'not asked' } : subject,
    requests: requests.value,
    rights: [],
    dangers: [],
    refusals: [],
    bounds: { time: seconds(30), bytes: bytes(0) },
    weight: { ...noWeight, quorumMargin: subject.kind === 'etcd' ? 1 : null },
  };
  return ok(wholePlan(action, intent, draft, scene));
};
