import type { ActArgs, ActSubject, Intent } from '../kernel/act.ts';
import { durationText } from '../kernel/duration.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { etcd } from '../probes/etcd.ts';
import { memberName } from '../probes/etcd-member.ts';
import type { EtcdCall, Plan } from '../runbooks/plan.ts';
import { filledText, knownSubject } from './step-subject.ts';

type LogsPlan = Extract<Plan, { kind: 'logs' }>;
type DebugPlan = Extract<Plan, { kind: 'debug' }>;
type EtcdPlan = Extract<Plan, { kind: 'etcd' }>;

/** A task that goes through the door, as the wish that it comes to. */
export type DoorPlan = LogsPlan | DebugPlan | EtcdPlan;

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'read the step', message, { hint }));

const wish = (action: string, subject: ActSubject, args: ActArgs): Result<Omit<Intent, 'step'>> =>
  ok({
    action,
    subject,
    args: Object.fromEntries(Object.entries(args).filter(([, value]) => value !== '')),
    origin: 'runbook',
  });

/** A regular expression that is one of these names and nothing else. */
const anyOf = (names: readonly string[]): string =>
  `^(?:${names.map((n) => n.replace(/[.]/g, '\\.')).join('|')})$`;

const logsWish = (plan: LogsPlan, world: World, here: string): Result<Omit<Intent, 'step'>> => {
  const subject = knownSubject(world, plan.subject, here);
  if (!subject.ok) return subject;
  const { ref, names, namespace, selector } = subject.value;
  if (namespace === '') {
    return wrong(
      'logs are read of one namespace',
      'give the step a namespace, or go to one with :ns',
    );
  }
  const one = names.length === 1 ? (names[0] ?? '') : '';
  return wish(
    plan.previous ? 'logs-previous' : 'logs',
    { kind: 'object', resource: ref.resource, namespace, name: one, uid: null },
    {
      selector,
      match: names.length > 1 ? anyOf(names) : '',
      container: plan.container === null ? '' : anyOf([filledText(plan.container)]),
      since: durationText(plan.since),
      tail: String(plan.tail),
    },
  );
};

const debugWish = (plan: DebugPlan, world: World, here: string): Result<Omit<Intent, 'step'>> => {
  const subject = knownSubject(world, plan.subject, here);
  if (!subject.ok) return subject;
  const { ref, names, namespace } = subject.value;
  const [name] = names;
  if (names.length !== 1 || name === undefined) {
    return wrong('one is debugged at a time', 'name one pod or one node in the step');
  }
  const onNode = ref.resource === 'nodes';
  return wish(
    onNode ? 'debug-node' : 'debug',
    { kind: 'object', resource: ref.resource, namespace: onNode ? '' : namespace, name, uid: null },
    {
      image: plan.image,
      target: onNode || plan.target === null ? '' : filledText(plan.target),
    },
  );
};

const etcdActions: Partial<Record<EtcdCall, string>> = {
  compact: 'etcd-compact',
  defrag: 'etcd-defrag',
  disarm: 'etcd-disarm',
  'move-leader': 'etcd-move-leader',
  snapshot: 'etcd-snapshot',
};

/** The member that goes by this name, and its cluster; without a name the only cluster that is watched. */
const etcdSubject = (world: World, named: string): Result<ActSubject> => {
  const clusters = [...sliceOf(world, etcd).state];
  if (named === '') {
    const [first, ...others] = clusters;
    if (first === undefined) return wrong('no etcd cluster is watched', 'see the etcd view');
    if (others.length > 0) {
      return wrong('several etcd clusters are watched', 'name a member in the step');
    }
    return ok({ kind: 'etcd', cluster: first[0], member: '' });
  }
  for (const [cluster, { members }] of clusters) {
    for (const [key, state] of members) {
      const name = memberName(state);
      const pod = key.slice(key.lastIndexOf('/') + 1);
      const urls = state.info.clientUrls;
      if (name === named || key === named || pod === named || urls.includes(named)) {
        return ok({ kind: 'etcd', cluster, member: key });
      }
    }
  }
  return wrong(`no member of etcd is called ${named}`, 'see the etcd view');
};

const etcdWish = (plan: EtcdPlan, world: World): Result<Omit<Intent, 'step'>> => {
  const action = etcdActions[plan.call];
  if (action === undefined) {
    return wrong(`etcd ${plan.call} is only shown`, 'ask it elsewhere, and note what it brought');
  }
  const subject = etcdSubject(world, plan.member === null ? '' : filledText(plan.member));
  if (!subject.ok) return subject;
  const argument = plan.argument === null ? '' : filledText(plan.argument);
  const named = plan.call === 'compact' ? 'revision' : plan.call === 'move-leader' ? 'to' : '';
  return wish(action, subject.value, named === '' ? {} : { [named]: argument });
};

/**
 * What a task of a runbook asks of the door; why it cannot be asked, where something in it is not known.
 * @param here The namespace that is looked at; '' is all.
 */
export const stepIntent = (
  plan: DoorPlan,
  world: World,
  here: string,
): Result<Omit<Intent, 'step'>> => {
  switch (plan.kind) {
    case 'logs':
      return logsWish(plan, world, here);
    case 'debug':
      return debugWish(plan, world, here);
    case 'etcd':
      return etcdWish(plan, world);
  }
};
