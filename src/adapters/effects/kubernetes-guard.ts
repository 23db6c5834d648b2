import type { ApiCall } from '../kubernetes/api-client.ts';
import { forbiddenRequest } from '../kubernetes/request-guard.ts';
import type { ApiGuard } from '../kubernetes/undici-client.ts';
import { type BodyPlace, bodyData, isRecord, saysOnly } from './body-shape.ts';
import { closedByMode, type EffectMode } from './effect-mode.ts';
import { isSilence, silencePath, silencesPath } from './silence-shape.ts';

/** One kind of request that an action of ours builds: nothing else that changes something can leave. */
interface Shape {
  readonly method: ApiCall['method'];
  readonly route: RegExp;
  /** [''] is no body. */
  readonly types: readonly string[];
  readonly body: (body: string, route: string) => boolean;
}

const name = '[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?';
const space = `/namespaces/${name}`;
const core = '^/api/v1';
const apps = '^/apis/apps/v1';

const strategic = 'application/strategic-merge-patch+json';
const merge = 'application/merge-patch+json';
const jsonPatch = 'application/json-patch+json';
const json = 'application/json';

const uid: BodyPlace = ['metadata', 'uid'];
/** Notes of ours on an object. */
const notes: BodyPlace = ['metadata', 'annotations', 'midwatch.dev/*'];
const restarted: BodyPlace = [
  ...['spec', 'template', 'metadata', 'annotations'],
  'kubectl.kubernetes.io/restartedAt',
];

const only =
  (...places: readonly BodyPlace[]) =>
  (body: string): boolean =>
    saysOnly(bodyData(body), places);

/** Checks of what is there, and one new number of replicas. */
const scales = (body: string): boolean => {
  const steps = bodyData(body);
  if (!Array.isArray(steps)) return false;
  const sets = steps.filter((s) => isRecord(s) && s.op === 'add');
  return (
    sets.length === 1 &&
    steps.every(
      (s) =>
        isRecord(s) &&
        Object.keys(s).every((k) => k === 'op' || k === 'path' || k === 'value') &&
        ((s.op === 'test' && (s.path === '/metadata/uid' || s.path === '/spec/replicas')) ||
          (s.op === 'add' &&
            s.path === '/spec/replicas' &&
            Number.isInteger(s.value) &&
            Number(s.value) >= 0)),
    )
  );
};

/** Debug pods of ours: nothing else has such a name, so that they may be deleted by it. */
const debugPod = /^midwatch-node-[a-z0-9]{1,20}$/;

/** Only the very pod that was looked at, or a debug pod of ours. */
const deletesOne = (body: string, route: string): boolean => {
  const data = bodyData(body);
  const named = saysOnly(data, [['apiVersion'], ['kind'], ['preconditions', 'uid']]);
  const ours = saysOnly(data, [['apiVersion'], ['kind'], ['gracePeriodSeconds']]);
  if (!isRecord(data) || data.kind !== 'DeleteOptions') return false;
  if (debugPod.test(route.slice(route.lastIndexOf('/') + 1)) && ours) return true;
  const uidOf = isRecord(data.preconditions) ? data.preconditions.uid : '';
  return named && typeof uidOf === 'string' && uidOf !== '';
};

/** A debug pod of ours, which ends by itself and is not started again. */
const isDebugPod = (body: string): boolean => {
  const data = bodyData(body);
  if (!isRecord(data) || data.kind !== 'Pod' || data.apiVersion !== 'v1') return false;
  const { metadata, spec } = data;
  return (
    isRecord(metadata) &&
    debugPod.test(String(metadata.name)) &&
    isRecord(spec) &&
    spec.restartPolicy === 'Never' &&
    typeof spec.activeDeadlineSeconds === 'number' &&
    spec.activeDeadlineSeconds > 0
  );
};

/** One more container, by its name and image. */
const addsOne = (body: string): boolean => {
  const data = bodyData(body);
  if (!saysOnly(data, [uid, ['spec', 'ephemeralContainers']]) || !isRecord(data)) return false;
  const added = isRecord(data.spec) ? data.spec.ephemeralContainers : null;
  if (!Array.isArray(added) || added.length !== 1) return false;
  const [one] = added;
  return (
    isRecord(one) &&
    typeof one.name === 'string' &&
    typeof one.image === 'string' &&
    !Object.keys(one).some((key) => key.startsWith('$'))
  );
};

/** Behind the proxy of a service or of a pod there may be anything; only Alertmanager's silences are written. */
const proxied = `${core}${space}/(?:services|pods)/(?:https:)?${name}:[-a-zA-Z0-9]+/proxy(?:/[-\\w.~]+)*?`;
const behindProxy = (route: string): string => route.slice(route.search(/\/api\/v2\/silence/));

const shapes: readonly Shape[] = [
  {
    method: 'PATCH',
    route: new RegExp(`${core}/nodes/${name}$`),
    types: [strategic, merge],
    body: only(uid, ['spec', 'unschedulable'], notes),
  },
  {
    method: 'PATCH',
    route: new RegExp(`${apps}${space}/(?:deployments|statefulsets|daemonsets)/${name}$`),
    types: [strategic, merge],
    body: only(uid, restarted, notes),
  },
  {
    method: 'PATCH',
    route: new RegExp(`${apps}${space}/(?:deployments|statefulsets|replicasets)/${name}/scale$`),
    types: [jsonPatch],
    body: scales,
  },
  {
    method: 'DELETE',
    route: new RegExp(`${core}${space}/pods/${name}$`),
    types: [json],
    body: deletesOne,
  },
  {
    method: 'POST',
    route: new RegExp(`${core}${space}/pods$`),
    types: [json],
    body: isDebugPod,
  },
  {
    method: 'PATCH',
    route: new RegExp(`${core}${space}/pods/${name}/ephemeralcontainers$`),
    types: [strategic, merge],
    body: addsOne,
  },
  {
    // A secret's answer would hold the secret.
    method: 'PATCH',
    route: new RegExp(
      `^/(?:api/v1|apis/${name}/${name})(?:${space})?/(?!secrets/)[a-z0-9-]+/${name}$`,
    ),
    types: [strategic, merge],
    body: only(uid, notes),
  },
  {
    method: 'POST',
    route: new RegExp(`${proxied}${silencesPath}$`),
    types: [json],
    body: isSilence,
  },
  {
    method: 'DELETE',
    route: new RegExp(`${proxied}/api/v2/silence/[-0-9a-f]+$`),
    types: [''],
    body: (_, route) => silencePath.test(behindProxy(route)),
  },
];

const parameters: ReadonlySet<string> = new Set([
  'dryRun=All',
  'fieldManager=midwatch',
  'fieldValidation=Strict',
]);

const plainQuery = (query: string | undefined): boolean =>
  query === undefined || query.split('&').every((p) => parameters.has(p));

const isOurs = ({ method, path, body = '', contentType }: ApiCall): boolean => {
  const [route = '', query, ...rest] = path.split('?');
  if (rest.length > 0 || !plainQuery(query) || /\.\.|[%\\#]/.test(path)) return false;
  const type = body === '' ? '' : (contentType ?? json);
  return shapes.some(
    (s) =>
      s.method === method && s.route.test(route) && s.types.includes(type) && s.body(body, route),
  );
};

/**
 * Guards a client that may be asked for more than reading. The mode is asked for at every request: a session that is
 * read-only again sends nothing more, also of what was begun before.
 */
export const kubernetesGuard =
  (mode: () => EffectMode): ApiGuard =>
  (call) => {
    const reading = forbiddenRequest(call.method, call.path);
    if (reading === null) return null;
    if (call.method === 'GET' || call.method === 'HEAD') return reading;
    if (mode() !== 'guarded') return closedByMode;
    return isOurs(call) ? null : 'no action builds such a request';
  };

const attachRoute = new RegExp(`${core}${space}/pods/${name}/attach$`);
const attachParameter = /^(?:container=[a-z0-9-]+|(?:stdin|stdout|stderr|tty)=(?:true|false))$/;

/** Why a terminal must not be joined, or null: a session changes something, and needs the guarded mode. */
export const forbiddenAttach = (mode: () => EffectMode, path: string): string | null => {
  const [route = '', query = '', ...rest] = path.split('?');
  if (mode() !== 'guarded') return closedByMode;
  const known = query.split('&').every((p) => attachParameter.test(p));
  return rest.length === 0 && attachRoute.test(route) && !route.includes('..') && known
    ? null
    : 'no action builds such a request';
};
