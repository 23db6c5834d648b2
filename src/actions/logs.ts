import {
  type ActPlan,
  type ActResult,
  type ActRight,
  type EffectRequest,
  type Intent,
  type LogBounds,
  type LogTarget,
  noWeight,
} from '../kernel/act.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { bytes, epochMs, milliseconds, minutes } from '../kernel/units.ts';
import type { ActionDefinition, PlanDraft, PlanScene, Tools } from './action.ts';
import { type LogWish, logBounds } from './log-bounds.ts';
import { type LogScope, wantedContainers, wrongLogs } from './log-match.ts';
import { logResources, scopeInWorld } from './log-scope.ts';
import { scopeByNames, scopeOnServer } from './log-scope-server.ts';
import { logQl } from './loki-query.ts';

/** What reading what is there may take; following takes its lease besides. */
const readWithin = minutes(10);

/** Whichever Loki is configured first. */
export const firstLoki = 'first';

type ObjectSubject = Extract<Intent['subject'], { kind: 'object' }>;

const rightsOf = ({ namespace, pods }: LogTarget, name: string): readonly ActRight[] => {
  const right = (verb: string, resource: string, one: string): ActRight => ({
    verb,
    group: '',
    resource,
    namespace,
    name: one,
  });
  return [
    right('get', 'pods/log', name),
    pods.kind === 'named' ? right('get', 'pods', name) : right('list', 'pods', ''),
  ];
};

const dangersOf = ({ since, lease }: LogBounds): readonly string[] => [
  'What programs write to their logs may be confidential; it is shown, and not kept.',
  ...(since.kind === 'newest' ? ['The lines may be old: they are shown with their times.'] : []),
  ...(lease === null ? [] : ['It holds a connection to each container until it is left.']),
];

/** What the names of the pods of a workload begin with; '' for what names none. */
export const workloadOf = ({ resource, name }: Pick<ObjectSubject, 'resource' | 'name'>): string =>
  resource === 'pods' || resource === 'services' ? '' : name;

const logsRequest = (
  target: LogTarget,
  { bounds }: LogWish,
  { args: { loki = '', grep = '' }, subject }: Intent & { readonly subject: ObjectSubject },
  scene: PlanScene,
): Result<EffectRequest> => {
  if (loki === '') return ok({ kind: 'logs', target, bounds });
  if (bounds.since.kind === 'newest' || bounds.previous || bounds.lease !== null) {
    return wrongLogs('a Loki is asked for a span of time, and not followed', 'give since');
  }
  const { now } = scene;
  const from = bounds.since.kind === 'age' ? epochMs(now - bounds.since.age) : bounds.since.at;
  const lines = bounds.tail ?? scene.policy.logs.tailMax;
  const source = loki === firstLoki ? '' : loki;
  return ok({
    kind: 'loki',
    source,
    query: logQl(target, grep, workloadOf(subject)),
    from,
    to: now,
    lines,
  });
};

const draftOf = (
  intent: Intent & { readonly subject: ObjectSubject },
  scope: LogScope,
  previous: boolean,
  scene: PlanScene,
): Result<PlanDraft> => {
  const { args, subject } = intent;
  const wish = logBounds(args, scene.policy.logs, previous, scene.now);
  if (!wish.ok) return wish;
  const containers = wantedContainers(args.container ?? '', scope);
  if (!containers.ok) return containers;
  const { namespace } = subject;
  const target: LogTarget = { namespace, pods: scope.pods, containers: containers.value };
  const request = logsRequest(target, wish.value, intent, scene);
  if (!request.ok) return request;
  const { bounds, words } = wish.value;
  const one = scope.pods.kind === 'named' && scope.pods.names.length === 1;
  const where = args.loki ? ` from ${args.loki === firstLoki ? 'Loki' : args.loki}` : '';
  const which = containers.value === null ? '' : `, container ${containers.value.join(', ')}`;
  return ok({
    title: `${previous ? 'previous ' : ''}logs of ${scope.words} in ${namespace}${which}${where}, ${words}`,
    effect: 'read',
    typed: subject.name === '' ? namespace : subject.name,
    requests: [request.value],
    rights: args.loki ? [] : rightsOf(target, one ? (scope.pods.names[0] ?? '') : ''),
    dangers: dangersOf(bounds),
    refusals: [],
    bounds: {
      time: milliseconds(readWithin + (bounds.lease ?? 0)),
      bytes: bytes(bounds.limitBytes * bounds.streams),
    },
    weight: noWeight,
  });
};

const isObject = (intent: Intent): intent is Intent & { readonly subject: ObjectSubject } =>
  intent.subject.kind === 'object';

const planned = (
  intent: Intent,
  scope: Result<LogScope>,
  previous: boolean,
  scene: PlanScene,
): Result<PlanDraft> => {
  if (!isObject(intent)) return wrongLogs('logs are of pods, and of what runs them');
  return scope.ok ? draftOf(intent, scope.value, previous, scene) : scope;
};

const perform = async (
  plan: ActPlan,
  { ports, logs }: Tools,
  signal: AbortSignal,
): Promise<ActResult> => {
  let total = 0;
  let lines = 0;
  const sources = new Set<string>();
  const emit: Tools['logs'] = (items) => {
    for (const item of items) {
      if (item.kind !== 'line') continue;
      lines += 1;
      sources.add(item.source);
    }
    logs(items);
  };
  for (const request of plan.requests) {
    if (request.kind !== 'logs' && request.kind !== 'loki') continue;
    const read =
      request.kind === 'logs'
        ? await ports.logs(request, emit, signal)
        : await ports.loki(request, emit, signal);
    if (!read.ok) return { kind: 'failed', failure: read.failure, bytes: total };
    total += read.value;
  }
  const text = `${lines} line${lines === 1 ? '' : 's'} of ${sources.size} container${sources.size === 1 ? '' : 's'}`;
  return { kind: 'done', text, bytes: total };
};

/**
 * Args: `since`, `sinceTime` or `newest`; `tail`, `container`, `follow`, `for`, `limitBytes`, `streams`; `selector` or
 * `match` in place of a name; `loki` with the name of a source, and then `grep`; `previous`.
 */
const definition = (
  id: 'logs' | 'logs-previous',
  more: Pick<ActionDefinition, 'title' | 'keys' | 'aliases' | 'resources' | 'shown' | 'elsewhere'>,
): ActionDefinition => {
  const isPrevious = ({ args }: Intent): boolean =>
    id === 'logs-previous' || args.previous === 'true';
  return {
    id,
    ...more,
    effect: 'read',
    inputs: [],
    plan: (intent, scene) =>
      planned(intent, scopeInWorld(intent, scene.world), isPrevious(intent), scene),
    prepare: async (intent, scene, reads, signal) => {
      const seen = await scopeOnServer(intent, reads, signal);
      // Who may read logs need not be allowed to read what runs the pods: what is watched tells it as well.
      const scope =
        !seen.ok && seen.failure.kind === 'forbidden' ? scopeInWorld(intent, scene.world) : seen;
      const found = scope.ok ? scope : seen;
      const asksLoki = (intent.args.loki ?? '') !== '';
      const byName =
        asksLoki && isObject(intent) && workloadOf(intent.subject) === '' && found.ok
          ? await scopeByNames(found.value, intent.subject.namespace, reads, signal)
          : found;
      return planned(intent, byName, isPrevious(intent), scene);
    },
    perform,
  };
};

/** Reads logs of a pod, of several, or of all that a workload runs. */
export const logs = definition('logs', {
  title: 'logs',
  keys: ['l'],
  aliases: ['log'],
  resources: logResources,
  shown: true,
  elsewhere: 'kubectl logs -n {namespace} {name} --since=10m --limit-bytes=1000000',
});

/** Reads what a container said before its last restart. */
export const logsPrevious = definition('logs-previous', {
  title: 'previous logs',
  keys: ['p'],
  aliases: [],
  resources: ['pods'],
  shown: false,
  elsewhere: 'kubectl logs -n {namespace} {name} --previous --tail=200 --limit-bytes=1000000',
});
