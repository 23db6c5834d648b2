import type { ActArgs, ActSubject, Intent } from '../kernel/act.ts';
import { ok, type Result } from '../kernel/failure.ts';
import type { ResourceRef } from '../kernel/kind.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { kindByResource, objectProbes } from '../probes/index.ts';
import { pods as podsProbe } from '../probes/pods.ts';
import { type LogScope, matchedPods, type NamedPod, wrongLogs } from './log-match.ts';
import { asRecord, asText, type Json } from './read-json.ts';

export const logResources: readonly string[] = [
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
  'services',
];

export type ObjectSubject = Extract<ActSubject, { kind: 'object' }>;

const worldPods = (world: World, namespace: string): readonly NamedPod[] =>
  [...sliceOf(world, podsProbe).state.values()]
    .filter((p) => p.namespace === namespace)
    .map((p) => ({ name: p.name, containers: p.containers.map((c) => c.name) }));

export const equalities = (labels: Json): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${asText(value)}`)
    .sort()
    .join(',');

export const scopeOf = (
  { name }: ObjectSubject,
  ref: ResourceRef,
  selector: string,
  containers: readonly string[] | null,
): Result<LogScope> => {
  const words = `${ref.kind.toLowerCase()} ${name}`;
  return selector === ''
    ? wrongLogs(`${words} selects no pods`, 'give a selector with -l')
    : ok({ pods: { kind: 'selected', selector }, containers, words });
};

export const soughtLogs = (args: ActArgs, subject: ActSubject): Result<ObjectSubject> => {
  if (subject.kind !== 'object' || !logResources.includes(subject.resource)) {
    return wrongLogs('logs are of pods, and of what runs them');
  }
  if (subject.namespace === '') {
    return wrongLogs(
      'logs are read of one namespace: all of them at once is a load that a cluster need not bear',
      'give a namespace with -n',
    );
  }
  const named = [subject.name, args.selector ?? '', args.match ?? ''].filter((t) => t !== '');
  return named.length === 1
    ? ok(subject)
    : wrongLogs('give one of a name, a pattern and a selector');
};

export const selectedPods = (selector: string): Result<LogScope> => {
  // The server says what is wrong with one; that it selects nothing in particular would go unnoticed.
  const isOne = /^[\x20-\x7e]{1,1000}$/.test(selector) && /[A-Za-z0-9]/.test(selector);
  return isOne
    ? ok({ pods: { kind: 'selected', selector }, containers: null, words: `pods with ${selector}` })
    : wrongLogs('this is no label selector', 'e.g. -l app=gateway');
};

/** From what is watched; nothing is asked. */
export const scopeInWorld = ({ subject, args }: Intent, world: World): Result<LogScope> => {
  const wanted = soughtLogs(args, subject);
  if (!wanted.ok) return wanted;
  const { resource, namespace, name } = wanted.value;
  if (args.selector) return selectedPods(args.selector);
  const all = worldPods(world, namespace);
  if (args.match) return matchedPods(args.match, all, namespace);
  if (resource === 'pods') {
    const containers = all.find((p) => p.name === name)?.containers ?? null;
    return ok({ pods: { kind: 'named', names: [name] }, containers, words: `pod ${name}` });
  }
  const probe = objectProbes.find((p) => p.id === resource);
  const ref = kindByResource.get(resource)?.ref;
  const state =
    probe === undefined ? new Map() : (sliceOf(world, probe).state as Map<string, Json>);
  const object = state.get(`${namespace}/${name}`);
  if (ref === undefined || object === undefined)
    return wrongLogs(`${resource} ${name} is not seen now`);
  return scopeOf(wanted.value, ref, equalities(asRecord(object.selector)), null);
};
