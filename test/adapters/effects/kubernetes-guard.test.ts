import { describe, expect, it } from 'vitest';
import {
  forbiddenAttach,
  kubernetesGuard,
} from '../../../src/adapters/effects/kubernetes-guard.ts';
import type { ApiCall } from '../../../src/adapters/kubernetes/api-client.ts';

const strategic = 'application/strategic-merge-patch+json';
const node = '/api/v1/nodes/worker-1';
const pod = '/api/v1/namespaces/shop/pods/cart-1';
const deployment = '/apis/apps/v1/namespaces/shop/deployments/cart';
const silences = '/api/v1/namespaces/mon/services/https:am:web/proxy/am/api/v2/silences';
const silence = {
  matchers: [{ name: 'a', value: 'b', isRegex: false, isEqual: true }],
  startsAt: 'x',
  endsAt: 'y',
  createdBy: 'me',
  comment: 'why',
};

const call = (
  method: ApiCall['method'],
  path: string,
  body: unknown = '',
  contentType = strategic,
): ApiCall => ({
  method,
  path,
  accept: '*/*',
  ...(body === '' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  ...(body === '' ? {} : { contentType }),
});

const restart = (extra = {}) => ({
  metadata: { uid: 'u' },
  spec: {
    template: {
      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } },
      ...extra,
    },
  },
});
const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u' } };
const scale = [
  { op: 'test', path: '/metadata/uid', value: 'u' },
  { op: 'add', path: '/spec/replicas', value: 3 },
];
const json = 'application/json';
const jsonPatch = 'application/json-patch+json';

const guarded = kubernetesGuard(() => 'guarded');
const readOnly = kubernetesGuard(() => 'read-only');

const debugPod = (over: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'midwatch-node-abc12', namespace: 'shop' },
  spec: { restartPolicy: 'Never', activeDeadlineSeconds: 1920, containers: [], ...over },
});
/** A debug pod of ours may go at once, and its uid is not known when that is planned. */
const now = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 };

const ours: readonly ApiCall[] = [
  call('PATCH', node, { metadata: { uid: 'u' }, spec: { unschedulable: true } }),
  call('PATCH', `${deployment}?fieldManager=midwatch`, restart()),
  call('PATCH', `${deployment}/scale`, scale, jsonPatch),
  call('DELETE', pod, options, json),
  call('POST', '/api/v1/namespaces/shop/pods?dryRun=All&fieldManager=midwatch', debugPod(), json),
  call('DELETE', '/api/v1/namespaces/shop/pods/midwatch-node-abc12', now, json),
  call('PATCH', `${pod}/ephemeralcontainers?dryRun=All`, {
    metadata: { uid: 'u' },
    spec: { ephemeralContainers: [{ name: 'x', image: 'y' }] },
  }),
  call('PATCH', pod, { metadata: { annotations: { 'midwatch.dev/incident': 'x' } } }),
  call('PATCH', '/apis/cert-manager.io/v1/namespaces/a/certificates/b', {
    metadata: { annotations: { 'midwatch.dev/incident': null } },
  }),
  call('POST', silences, silence, json),
  call(
    'DELETE',
    '/api/v1/namespaces/mon/pods/am-0:9093/proxy/api/v2/silence/0b1c8f6e-0000-4000-8000-000000000001',
  ),
];

const strange: readonly ApiCall[] = [
  call('PATCH', node, { spec: { taints: [] } }),
  call('PATCH', node, { spec: { unschedulable: true } }, json),
  call('PATCH', node, '{"spec":{"unschedulable":true,"unschedulable":false}}'),
  call('PATCH', `${node}/status`, { spec: { unschedulable: true } }),
  call('PATCH', `${node}?force=true`, { spec: { unschedulable: true } }),
  call('PATCH', '/api/v1/nodes/a%2Fb', { spec: { unschedulable: true } }),
  call('PATCH', '/api/v1/nodes/a..b', { spec: { unschedulable: true } }),
  call('PATCH', deployment, restart({ spec: { containers: [] } })),
  call('PATCH', deployment, { spec: { replicas: 0 } }),
  call('PATCH', deployment, '{}'),
  call('PATCH', deployment, 'null'),
  call('PATCH', deployment),
  call('PATCH', `${deployment}/scale`, [{ op: 'remove', path: '/spec' }], jsonPatch),
  call('PATCH', `${deployment}/scale`, [...scale, scale[1]], jsonPatch),
  call(
    'PATCH',
    `${deployment}/scale`,
    [{ op: 'add', path: '/spec/replicas', value: -1 }],
    jsonPatch,
  ),
  call('DELETE', pod),
  call('DELETE', pod, now, json),
  call('DELETE', '/api/v1/namespaces/shop/pods/cart-midwatch-node-abc12', now, json),
  call('POST', '/api/v1/namespaces/shop/pods', debugPod({ restartPolicy: 'Always' }), json),
  call('POST', '/api/v1/namespaces/shop/pods', debugPod({ activeDeadlineSeconds: 0 }), json),
  call(
    'POST',
    '/api/v1/namespaces/shop/pods',
    { ...debugPod(), metadata: { name: 'cart-1' } },
    json,
  ),
  call('PATCH', `${pod}/ephemeralcontainers`, {
    spec: { ephemeralContainers: [{ name: 'x', image: 'y', $patch: 'delete' }] },
  }),
  call('DELETE', pod, { ...options, preconditions: {} }, json),
  call('DELETE', pod, { ...options, gracePeriodSeconds: 0 }, json),
  call('DELETE', '/api/v1/namespaces/shop/pods', options, json),
  call('DELETE', '/api/v1/namespaces/shop', options, json),
  call('DELETE', deployment, options, json),
  call('POST', `${pod}/eviction`, { apiVersion: 'v1', kind: 'Pod' }, json),
  call('POST', '/api/v1/namespaces/shop/pods', { apiVersion: 'v1', kind: 'Secret' }, json),
  call('POST', '/api/v1/namespaces/shop/secrets', { apiVersion: 'v1', kind: 'Pod' }, json),
  call('POST', `${pod}/ex${'ec'}?command=sh`),
  call('GET', `${pod}/ex${'ec'}?command=sh`),
  call('GET', `${pod}/%65xec?command=sh`),
  call('GET', `${pod}/attach`),
  call('GET', '/api/v1/nodes/worker-1/proxy/run/shop/cart-1/app'),
  call('PATCH', `${pod}/ephemeralcontainers`, { spec: { containers: [] } }),
  call('PATCH', pod, { metadata: { annotations: { 'other.dev/x': 'x' } } }),
  call('PATCH', '/api/v1/namespaces/a/secrets/b', {
    metadata: { annotations: { 'midwatch.dev/incident': 'x' } },
  }),
  call('POST', silences, { ...silence, matchers: [] }, json),
  call('POST', silences, { ...silence, id: 'x' }, json),
  call('POST', silences.replace('silences', 'alerts'), silence, json),
  call('POST', '/api/v1/nodes/worker-1/proxy/api/v2/silences', silence, json),
  call('DELETE', '/api/v1/namespaces/mon/pods/am-0:9093/proxy/-/reload/api/v2/silence/x'),
];

const named = (calls: readonly ApiCall[]) =>
  calls.map((c) => [`${c.method} ${c.path} ${c.body ?? ''}`, c] as const);

describe('the guard of what is written to the API server', () => {
  it.each(named(ours))(
    'given %s, when guarded, then it may leave, and in read-only not',
    (_, c) => {
      expect(guarded(c)).toBeNull();
      expect(readOnly(c)).toMatch(/read-only/);
    },
  );

  it.each(named(strange))('given %s, when guarded, then it does not leave', (_, c) => {
    expect(guarded(c)).toEqual(expect.any(String));
    expect(readOnly(c)).toEqual(expect.any(String));
  });

  it('given a mode that changes, when the same request is asked for again, then the mode of then counts', () => {
    let mode: 'guarded' | 'read-only' = 'guarded';
    const guard = kubernetesGuard(() => mode);
    const patch = call('PATCH', node, { spec: { unschedulable: true } });
    expect(guard(patch)).toBeNull();
    mode = 'read-only';
    expect(guard(patch)).toMatch(/read-only/);
  });

  it('given a terminal to join, when read-only or asked for strangely, then it is refused', () => {
    const path = `${pod}/attach?container=debug-1&stdin=true&stdout=true&tty=true`;
    expect(forbiddenAttach(() => 'guarded', path)).toBeNull();
    expect(forbiddenAttach(() => 'read-only', path)).toMatch(/read-only/);
    expect(forbiddenAttach(() => 'guarded', `${path}&command=sh`)).toEqual(expect.any(String));
    expect(forbiddenAttach(() => 'guarded', path.replace('attach', `ex${'ec'}`))).toEqual(
      expect.any(String),
    );
  });
});
