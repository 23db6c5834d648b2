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
  /** Stands on the last line, dim, where something it is about is under the cursor. */
  readonly shown: boolean;
}

export type Availability =
  /**
   * `instead` is a bounded command for a terminal beside this one; it may hold `{namespace}`, `{resource}`, `{name}` and
   * facts of the thing, e.g. `{url}`.
   */
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
  shown: shown.has(id),
});

/** The others are in help: the last line has room for the likeliest. */
const shown: ReadonlySet<string> = new Set([
  'logs',
  'debug',
  'compact',
  'defrag',
  'disarm',
  'move-leader',
  'snapshot',
]);

/** Things that are no objects of the API server: what may be done to any object cannot be done to these. */
const members = 'etcd-members';
const alerts = 'alerts';
const notObjects: readonly string[] = [members, alerts];

const etcdctl = 'etcdctl --endpoints={url}';

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
  closed('compact', 'compact', 'c', members, `${etcdctl} compact {revision}`, observes, 'compact'),
  closed('defrag', 'defrag', 'd', members, `${etcdctl} defrag`, observes, 'defrag'),
  closed('disarm', 'disarm alarms', 'D', members, `${etcdctl} alarm disarm`, observes, 'disarm'),
  closed(
    'move-leader',
    'move leader',
    'm',
    members,
    'etcdctl --endpoints={leaderUrl} move-leader {memberId}',
    observes,
    'move-leader',
  ),
  closed(
    'snapshot',
    'snapshot',
    'S',
    members,
    `${etcdctl} snapshot save etcd.db`,
    observes,
    'snapshot',
  ),
  closed(
    'silence',
    'silence',
    '',
    alerts,
    'amtool silence add --duration=2h --comment=… alertname=…',
  ),
];

/** The action of a key on a resource, if the key is one. */
export const actionFor = (key: string, resource: string): Action | null =>
  catalogue.find((a) => a.keys.includes(key) && isAbout(a, resource)) ?? null;

const isAbout = ({ resources }: Action, resource: string): boolean =>
  resources.length === 0 ? !notObjects.includes(resource) : resources.includes(resource);

/** Actions that stand on the last line while such a thing is under the cursor. */
export const actionsShown = (resource: string): readonly Action[] =>
  catalogue.filter((a) => a.shown && isAbout(a, resource));

export const actionNamed = (word: string): Action | null =>
  catalogue.find((a) => a.id === word || a.aliases.includes(word)) ?? null;

/** Facts come from outside and end up in a shell: one that is not a plain word is left to the person. */
const harmless = /^[\w.:/[\]-]+$/;

/** Why the action cannot be taken, and what can be done instead, for one object. */
export const refusal = (
  action: Action,
  object: { readonly resource: string; readonly namespace: string; readonly name: string } | null,
  facts: Readonly<Record<string, string>> = {},
): string => {
  const { why, instead } = action.availability;
  const known: ReadonlyMap<string, string> = new Map([
    ...(object === null ? [] : Object.entries(object)),
    ...Object.entries(facts),
  ]);
  const filled = instead
    .replace('-n {namespace} ', object?.namespace === '' ? '' : '-n {namespace} ')
    .replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = known.get(name);
      return value === undefined ? whole : harmless.test(value) ? value : '…';
    });
  return `${action.title}: ${why}. Elsewhere: ${filled}`;
};
