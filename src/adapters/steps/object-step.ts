import { parse } from 'yaml';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type ResourceRef, resourcePath } from '../../kernel/kind.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type Brought, brought, broughtFailure, tookSince } from './brought.ts';
import { jsonOf, listOf, objectCells, textOf } from './object-cells.ts';
import { tableLines } from './table-lines.ts';

/** `kubectl get` and `kubectl describe`, as what they ask for. */
export interface ObjectRequest {
  readonly verb: 'get' | 'describe';
  readonly ref: ResourceRef;
  /** [] is all of them. */
  readonly names: readonly string[];
  /** '' is all namespaces, and for cluster-scoped objects none. */
  readonly namespace: string;
  /** '' for none. */
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** `yaml` and `json` show the object, anything else a table. */
  readonly output: string;
}

export interface ObjectDeps {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  /** JSON of an object as YAML without its secrets, as the YAML view shows it. */
  readonly redactedYaml: (json: string) => string;
  readonly clock: Pick<Clock, 'now'>;
}

const namesMost = 10;
const objectsMost = 200;
/** Larger answers are shown; rules do not look into them. */
const dataMost = 256 * 1024;

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/** Roles have colons in their names. */
const objectName = /^[a-zA-Z0-9](?:[-_.:a-zA-Z0-9]{0,251}[a-zA-Z0-9])?$/;
const resourceName = /^[a-z0-9][-a-z0-9]{0,100}$/;
const groupName = /^(?:[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?)?$/;
const versionName = /^v[0-9][a-z0-9]{0,20}$/;
const selector = /^[-\w.,/=!() ]{0,1000}$/;

const unfit = (r: ObjectRequest): Failure | null => {
  const wrong = (message: string, hint: string): Failure =>
    failure('misconfigured', r.verb, message, { hint });
  const { group, version, resource, namespaced } = r.ref;
  if (!resourceName.test(resource) || !groupName.test(group) || !versionName.test(version)) {
    return wrong('that is no resource', 'see the kinds that the server serves');
  }
  if (r.namespace !== '' && !label.test(r.namespace)) {
    return wrong('that is no name of a namespace', 'correct the value that was put in');
  }
  const odd = r.names.find((name) => !objectName.test(name));
  if (odd !== undefined) {
    return wrong('that is no name of an object', 'correct the value that was put in');
  }
  if (r.names.length > namesMost) return wrong(`more than ${namesMost} objects`, 'name fewer');
  if (namespaced && r.names.length > 0 && r.namespace === '') {
    return wrong('the namespace is missing', 'say in which namespace it is');
  }
  return selector.test(r.labelSelector) && selector.test(r.fieldSelector)
    ? null
    : wrong('that is no selector', 'correct the value that was put in');
};

/** The only requests that there are: GET of objects, of lists, and of events about an object. */
export const objectPaths = (r: ObjectRequest): Result<readonly string[]> => {
  const why = unfit(r);
  if (why !== null) return failed(why);
  if (r.names.length > 0) return ok(r.names.map((n) => resourcePath(r.ref, r.namespace, n)));
  const query = new URLSearchParams({ limit: String(objectsMost) });
  if (r.labelSelector !== '') query.set('labelSelector', r.labelSelector);
  if (r.fieldSelector !== '') query.set('fieldSelector', r.fieldSelector);
  return ok([`${resourcePath(r.ref, r.namespace)}?${query}`]);
};

const eventsPath = ({ ref, namespace }: ObjectRequest, name: string): string => {
  const about = [`involvedObject.kind=${ref.kind}`, `involvedObject.name=${name}`].join(',');
  // Events about cluster-scoped objects are kept in `default`.
  const inside = encodeURIComponent(ref.namespaced ? namespace : 'default');
  return `/api/v1/namespaces/${inside}/events?limit=50&fieldSelector=${encodeURIComponent(about)}`;
};

interface Read {
  readonly objects: readonly unknown[];
  readonly more: boolean;
}

/** Objects in a list do not say of what kind they are, and by it their secrets are found. */
const readAnswer = (text: string, { ref, names }: ObjectRequest): Result<Read> => {
  try {
    const value = jsonOf(JSON.parse(text));
    const found = names.length > 0 ? [value] : listOf(value.items);
    const objects = found.map((object) => ({ ...jsonOf(object), kind: ref.kind }));
    return ok({ objects, more: textIn(jsonOf(value.metadata).continue) });
  } catch {
    return failed(failure('undecodable', 'read', 'the answer is not valid JSON'));
  }
};

const textIn = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** As data for rules, without secrets: what the YAML view would show. */
const dataOf = (objects: readonly unknown[], single: boolean, deps: ObjectDeps): unknown => {
  const text = JSON.stringify(single ? objects[0] : { items: objects });
  if (text === undefined || text.length > dataMost) return null;
  try {
    return parse(deps.redactedYaml(text));
  } catch {
    return null;
  }
};

/** When an event was last seen; the server lists them by their names, which say nothing. */
const lastSeen = (object: unknown): string => {
  const { lastTimestamp, eventTime, metadata } = jsonOf(object);
  return textOf(lastTimestamp ?? eventTime ?? jsonOf(metadata).creationTimestamp);
};

const ordered = (resource: string, objects: readonly unknown[]): readonly unknown[] =>
  resource === 'events'
    ? [...objects].sort((a, b) => (lastSeen(a) < lastSeen(b) ? 1 : -1))
    : objects;

const table = (resource: string, objects: readonly unknown[], now: number): readonly string[] => {
  const rows = ordered(resource, objects).map((o) => objectCells(resource, o, now));
  const head = Object.keys(rows[0] ?? {});
  return rows.length === 0
    ? ['nothing is there']
    : tableLines(
        head,
        rows.map((row) => head.map((column) => row[column] ?? '')),
      );
};

const documents = (objects: readonly unknown[], deps: ObjectDeps): readonly string[] =>
  objects.flatMap((object, n) => [
    ...(n === 0 ? [] : ['---']),
    ...deps.redactedYaml(JSON.stringify(object)).split('\n'),
  ]);

const eventLines = async (
  request: ObjectRequest,
  deps: ObjectDeps,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const name of request.names) {
    const answer = await deps.kubernetes.get(eventsPath(request, name), signal);
    if (!answer.ok) {
      lines.push('', `events cannot be read: ${answer.failure.message}`);
      continue;
    }
    const ref = { ...request.ref, kind: 'Event' };
    const read = readAnswer(answer.value, { ...request, ref, names: [] });
    const found = read.ok ? read.value.objects : [];
    lines.push('', `events about ${name}:`);
    lines.push(...(found.length === 0 ? ['none'] : table('events', found, deps.clock.now())));
  }
  return lines;
};

/** Reads objects from the API server; what goes wrong is evidence too. At most 200 objects, or 10 by name. */
export const objectStep = async (
  deps: ObjectDeps,
  request: ObjectRequest,
  signal: AbortSignal,
): Promise<Brought> => {
  const { kubernetes, clock } = deps;
  const began = clock.now();
  const paths = objectPaths(request);
  if (!paths.ok) return broughtFailure(request.verb, 0, paths.failure);
  const asked = paths.value.map((path) => `GET ${path}`).join(', ');
  const objects: unknown[] = [];
  let more = false;
  for (const path of paths.value) {
    const answer = await kubernetes.get(path, signal);
    const read = answer.ok ? readAnswer(answer.value, request) : answer;
    if (!read.ok) return broughtFailure(asked, tookSince(began, clock.now()), read.failure);
    objects.push(...read.value.objects);
    more ||= read.value.more;
  }
  const whole = request.verb === 'describe' || /^(?:yaml|json)$/.test(request.output);
  const shown = whole ? documents(objects, deps) : table(request.ref.resource, objects, began);
  const events =
    request.verb === 'describe' && request.names.length > 0
      ? await eventLines(request, deps, signal)
      : [];
  return brought({
    asked,
    took: tookSince(began, clock.now()),
    lines: [
      ...shown,
      ...(more ? [`more than ${objectsMost}; the others are left out`] : []),
      ...events,
    ],
    data: dataOf(objects, request.names.length === 1, deps),
    truncated: more,
  });
};
