import type { ActionDefinition, PlanScene } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/index.ts';
import { planOf } from '../../src/actions/plan-of.ts';
import type { ActArgs, ActPlan, ActSubject } from '../../src/kernel/act.ts';
import type { Silence } from '../../src/kernel/alert-fact.ts';
import { hours } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { objectOf, sceneOf } from './act-on.ts';
import { sourceAlert, withAlerts } from './alert-world.ts';
import { mib, statusFact, told, wellMembers, withEtcd } from './etcd-world.ts';
import { ago, daemonSet, node, now, owner, pod, workload } from './objects.ts';
import { type Listed, worldOf } from './world-of.ts';

export const silenceId = '0b1c8f6e-7d15-4c43-9d39-4d1f2f4a8f11';

const silence: Silence = {
  id: silenceId,
  state: 'active',
  matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
  author: 'sam',
  comment: 'known',
  startsAt: ago(600),
  endsAt: now + hours(1),
};

const set = workload('gateway-7f9', {
  desired: 3,
  owner: { kind: 'Deployment', name: 'gateway', uid: 'uid-payments-gateway' },
});
const ofSet = { kind: 'ReplicaSet', name: set.name, uid: set.uid };

export const sampleObjects: Listed = {
  nodes: [node('worker-1')],
  deployments: [workload('gateway', { desired: 3 })],
  replicasets: [set],
  statefulsets: [workload('ledger', { desired: 2 })],
  daemonsets: [daemonSet('proxy', { desired: 1 })],
  pods: [
    pod('gateway-7f9-a', { owner: ofSet, labels: { app: 'gateway' } }),
    pod('gateway-7f9-b', { owner: ofSet, labels: { app: 'gateway' } }),
    pod('gateway-7f9-c', { owner: ofSet, labels: { app: 'gateway' }, ready: 0 }),
    pod('ledger-0', {
      owner: { kind: 'StatefulSet', name: 'ledger', uid: 'uid-payments-ledger' },
      claims: ['data-ledger-0'],
    }),
    pod('alone'),
    pod('etcd-0', { namespace: 'kube-system', owner: owner('Node', 'control-1') }),
  ],
};

/** A deployment with its pods, three members of etcd one of which has raised an alarm, and a silenced alert. */
export const sampleWorld = (): World => {
  const alarms = [{ memberId: '9372538179322589801', alarm: 'NOSPACE' }];
  const world = withEtcd(worldOf(sampleObjects), [
    ...wellMembers(),
    ...told(2, ...[0, 1, 2].map((n) => statusFact(n, { alarms, dbSize: (1200 + n) * mib }))),
  ]);
  return withAlerts(
    world,
    'am-0',
    [
      sourceAlert({ alertname: 'Down', pod: 'a', severity: 'critical' }, 900),
      sourceAlert({ alertname: 'Down', pod: 'b', severity: 'warning' }, 900, {
        state: 'suppressed',
        silencedBy: [silenceId],
      }),
    ],
    { silences: [silence] },
  );
};

const etcd = (member = ''): ActSubject => ({ kind: 'etcd', cluster: 'payments', member });
const alerts: ActSubject = { kind: 'alerts', cluster: '' };
const deployment = objectOf('deployments', 'payments', 'gateway');

/** A wish for each action whose plan needs nothing but the world. */
export const sampleWishes: Readonly<
  Record<string, { readonly subject: ActSubject; readonly args?: ActArgs }>
> = {
  cordon: { subject: objectOf('nodes', '', 'worker-1') },
  uncordon: { subject: objectOf('nodes', '', 'worker-1') },
  restart: { subject: deployment },
  scale: { subject: deployment, args: { replicas: '5' } },
  'delete-pod': { subject: objectOf('pods', 'payments', 'gateway-7f9-a') },
  annotate: { subject: deployment, args: { text: 'leaks memory, INC-7' } },
  'silence-create': {
    subject: alerts,
    args: { matchers: 'alertname="Down"', duration: '2h', comment: 'known, INC-7' },
  },
  'silence-expire': { subject: alerts, args: { silence: silenceId } },
  'etcd-status': { subject: etcd() },
  'etcd-alarms': { subject: etcd() },
  'etcd-compact': { subject: etcd(), args: { keep: '1000' } },
  'etcd-defrag': { subject: etcd() },
  'etcd-disarm': { subject: etcd() },
  'etcd-move-leader': { subject: etcd('etcd-2') },
  'etcd-snapshot': { subject: etcd(), args: { path: '/var/tmp/payments.db' } },
};

export const actionOf = (id: string): ActionDefinition => {
  const found = actions.find((a) => a.id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found;
};

/** The plan of a wish, as far as the world tells. @throws when there is none. */
export const planFor = (
  id: string,
  subject: ActSubject,
  args: ActArgs = {},
  scene: PlanScene = sceneOf(sampleWorld()),
): ActPlan => {
  const plan = planOf(actionOf(id), { action: id, subject, args, origin: 'screen' }, scene);
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value;
};

export const samplePlan = (id: string): ActPlan => {
  const wish = sampleWishes[id];
  if (wish === undefined) throw new Error(`no sample of ${id}`);
  return planFor(id, wish.subject, wish.args);
};
