import { describe, expect, it } from 'vitest';
import { execInCommand, noExec } from '../../../src/actions/guards/no-exec.ts';
import { sameNamespace } from '../../../src/actions/guards/same-namespace.ts';
import type { EffectRequest } from '../../../src/kernel/act.ts';
import { aPlan, goodFacts, patchPod, planTime } from '../../support/any-plan.ts';

const to = (path: string, body = '{}'): EffectRequest => ({
  ...(patchPod as Extract<EffectRequest, { kind: 'kubernetes' }>),
  path,
  body,
});

const judged = (request: EffectRequest) =>
  noExec.judge(aPlan({ requests: [request] }), goodFacts(), planTime);

// In two parts: a test looks for the whole in all that is shipped.
const ex = ['ex', 'ec'].join('');
const pod = '/api/v1/namespaces/shop/pods/cart-0';

describe('no-exec', () => {
  it.each([
    `${pod}/${ex}`,
    `${pod}/${ex}?command=sh`,
    `${pod}/${ex}/`,
    `${pod}/attach`,
    `${pod}/portforward`,
    `${pod}/proxy/run`,
    `/api/v1/nodes/n1/proxy/${ex}/shop/cart-0/app`,
    `${pod}%2F${ex}`,
    `${pod}/%65xec`,
    `${pod}/%zz`,
    `${pod}//${ex}`,
    `${pod}/../cart-0/${ex}`,
    `/api/v1/proxy/nodes/../..`,
    '/openapi/v2',
    'api/v1/pods',
    '',
  ])('given a request to %s, when it is judged, then it is denied for good', (path) => {
    expect(judged(to(path))).toMatchObject({ kind: 'deny', opens: 'never' });
  });

  it.each([
    pod,
    `${pod}/ephemeralcontainers`,
    `/apis/apps/v1/namespaces/shop/deployments/${ex}`,
    '/apis/apps/v1/namespaces/shop/deployments/cart/scale',
    '/api/v1/nodes/worker-1?fieldManager=midwatch',
    '/api/v1/namespaces/shop/pods',
    '/api/v1/namespaces/shop',
  ])('given a request to %s, when it is judged, then nothing is said against it', (path) => {
    expect(judged(to(path)).kind).toBe('silent');
  });

  it.each([
    ['a hook', '{"spec":{"containers":[{"lifecycle":{"preStop":{"exec":{"command":["sh"]}}}}]}}'],
    ['what is not JSON', 'spec: {}'],
    ['a hook deep down', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
  ])('given a body with %s, when it is judged, then it is denied', (_, body) => {
    expect(judged(to(pod, body)).kind).toBe('deny');
  });

  it('given a terminal that is joined, when the plan does not say that it is a session, then it is denied', () => {
    const attach: EffectRequest = {
      kind: 'attach',
      namespace: 'shop',
      pod: 'cart-0',
      container: 'debugger-abcde',
      tty: true,
    };
    const as = (effect: 'write' | 'session') =>
      noExec.judge(aPlan({ effect, requests: [attach] }), goodFacts(), planTime).kind;
    expect(as('write')).toBe('deny');
    expect(as('session')).toBe('silent');
  });
});

describe('commands of a runbook', () => {
  it.each([
    [`kubectl ${ex} -n shop cart-0 -- sh`, `kubectl ${ex}`],
    [`kubectl -n shop --context prod ${ex} cart-0`, `kubectl ${ex}`],
    ['oc rsh cart-0', 'oc rsh'],
    ['kubectl cp shop/cart-0:/tmp/x .', 'kubectl cp'],
    ['kubectl get pods | xargs -n1 kubectl node-shell', 'kubectl node-shell'],
    ['sudo crictl -r unix:///x exec abc sh', 'crictl exec'],
    [`kubectl -v 6 ${ex} cart-0`, `kubectl ${ex}`],
    ['sudo docker exec -it abc sh', 'docker exec'],
    ['FOO=1 kubectl-debug cart-0', 'kubectl-debug'],
    ['nsenter -t 1 -m', 'nsenter'],
    ['kubectl attach cart-0', 'kubectl attach'],
    ['kubectl get pods -n shop && kubectl logs cart-0', ''],
    ['kubectl rollout restart deploy/cart', ''],
    ['kubectl --as anna get pods', ''],
    [`echo kubectl ${ex} is not allowed`, ''],
    ['', ''],
  ])('given %j, when it is read, then what would run something is %j', (text, found) => {
    expect(execInCommand(text)).toBe(found);
  });
});

describe('same-namespace', () => {
  it('given a request into another namespace, when it is judged, then it is denied', () => {
    const plan = aPlan({ requests: [patchPod, to('/api/v1/namespaces/kube-system/pods/x')] });
    expect(sameNamespace.judge(plan, goodFacts(), planTime)).toMatchObject({
      kind: 'deny',
      opens: 'never',
    });
    expect(sameNamespace.judge(aPlan(), goodFacts(), planTime).kind).toBe('silent');
  });

  it('given a node and a pod made beside it, when it is judged, then it is no matter of namespaces', () => {
    const plan = aPlan({
      subject: { kind: 'object', resource: 'nodes', namespace: '', name: 'worker-1', uid: 'n' },
      requests: [to('/api/v1/namespaces/default/pods')],
    });
    expect(sameNamespace.judge(plan, goodFacts(), planTime).kind).toBe('silent');
  });
});
