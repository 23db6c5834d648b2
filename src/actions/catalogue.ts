/**
 * What may be done to a cluster, as data: the last line of the screen, help and command mode read it, so that a key
 * that is closed says so in the same words everywhere.
 */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** Names in command mode. */
  readonly aliases: readonly string[];
  /** Plural resource names it is about; empty: any. */
  readonly resources: readonly string[];
  readonly availability: Availability;
}

export type Availability =
  /** `instead` is a bounded command for a terminal beside this one; it may hold `{namespace}` and `{name}`. */
  { readonly kind: 'closed'; readonly why: string; readonly instead: string };

const observes = 'midwatch only observes';
const never = 'closed for good: there is no exec in midwatch';

const closed = (
  id: string,
  title: string,
  keys: string,
  resources: string,
  instead: string,
  why = observes,
  aliases = '',
): Action => ({
  id,
  title,
  keys: keys === '' ? [] : keys.split(' '),
  aliases: aliases === '' ? [] : aliases.split(' '),
  resources: resources === '' ? [] : resources.split(' '),
  availability: { kind: 'closed', why, instead },
});

const workloads = 'pods deployments statefulsets daemonsets replicasets jobs';

export const catalogue: readonly Action[] = [
  closed(
    'logs',
    'logs',
    'l',
    workloads,
    'kubectl logs -n {namespace} {name} --since=10m --limit-bytes=1000000',
    observes,
    'logs log',
  ),
  closed(
    'logs-previous',
    'previous logs',
    'p',
    'pods',
    'kubectl logs -n {namespace} {name} --previous --tail=200',
  ),
  closed(
    'debug',
    'debug',
    's',
    'pods nodes',
    'kubectl debug -n {namespace} {name} --profile=restricted -it --image=…',
    observes,
    'debug shell',
  ),
  closed(
    'exec',
    'exec',
    '',
    'pods',
    'kubectl debug -n {namespace} {name} --profile=restricted -it --image=…',
    never,
    'exec sh rsh',
  ),
  closed('attach', 'attach', 'a', 'pods', 'kubectl attach -n {namespace} {name}'),
  closed('edit', 'edit', 'e', '', 'change it in the repository it is deployed from'),
  closed(
    'delete',
    'delete',
    'ctrl-d',
    '',
    'kubectl delete -n {namespace} {resource} {name}',
    observes,
    'delete',
  ),
  closed(
    'kill',
    'kill',
    'ctrl-k',
    'pods',
    'kubectl delete -n {namespace} pod {name}',
    observes,
    'kill',
  ),
  closed(
    'restart',
    'rollout restart',
    'r',
    'deployments statefulsets daemonsets',
    'kubectl rollout restart -n {namespace} {resource}/{name}',
    observes,
    'restart',
  ),
  closed(
    'scale',
    'scale',
    '',
    'deployments statefulsets replicasets',
    'kubectl scale -n {namespace} {resource}/{name} --replicas=…',
    observes,
    'scale',
  ),
  closed('cordon', 'cordon', '', 'nodes', 'kubectl cordon {name}', observes, 'cordon'),
  closed(
    'drain',
    'drain',
    'r',
    'nodes',
    'kubectl drain {name} --ignore-daemonsets',
    observes,
    'drain',
  ),
  closed(
    'port-forward',
    'port-forward',
    'F',
    'pods services',
    'kubectl port-forward -n {namespace} {resource}/{name} …',
    observes,
    'pf',
  ),
];

/** The action of a key on a resource, if the key is one. */
export const actionFor = (key: string, resource: string): Action | null =>
  catalogue.find(
    (a) => a.keys.includes(key) && (a.resources.length === 0 || a.resources.includes(resource)),
  ) ?? null;

export const actionNamed = (word: string): Action | null =>
  catalogue.find((a) => a.id === word || a.aliases.includes(word)) ?? null;

/** Why the action cannot be taken, and what can be done instead, for one object. */
export const refusal = (
  action: Action,
  object: { readonly resource: string; readonly namespace: string; readonly name: string } | null,
): string => {
  const { why, instead } = action.availability;
  const filled =
    object === null
      ? instead
      : instead
          .replace('-n {namespace} ', object.namespace === '' ? '' : `-n ${object.namespace} `)
          .replace('{resource}', object.resource)
          .replace('{name}', object.name);
  return `${action.title}: ${why}. Elsewhere: ${filled}`;
};
