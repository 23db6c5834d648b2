import { describe, expect, it } from 'vitest';
import { requestText } from '../../src/actions/request-text.ts';
import type { Found } from '../../src/cli/found.ts';
import { foundObject } from '../../src/cli/found-object.ts';
import type { ActSubject, EffectRequest } from '../../src/kernel/act.ts';
import type { ToldAct } from '../../src/kernel/act-fact.ts';
import { type FailureKind, failed, failure, ok } from '../../src/kernel/failure.ts';
import { emptyWorld } from '../../src/kernel/world.ts';

const never = new AbortController().signal;

interface Looked {
  readonly found: Found;
  readonly paths: readonly string[];
}

const look = async (
  subject: ActSubject,
  requests: readonly string[],
  answer: unknown,
): Promise<Looked> => {
  const paths: string[] = [];
  const read = async (path: string) => {
    paths.push(path);
    if (answer instanceof Error) {
      return failed(failure(answer.message as FailureKind, 'get', `it is ${answer.message}`));
    }
    return ok(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
  const asked = { kind: 'asked', effect: 'write', subject, requests } as ToldAct<'asked'>;
  return { found: await foundObject(read, () => emptyWorld)(asked, never), paths };
};

const textOf = ({ found }: Looked): string => (found.kind === 'told' ? found.text : found.kind);

const object = (
  resource: string,
  name: string,
  namespace = 'shop',
  uid: string | null = 'u-1',
): ActSubject => ({ kind: 'object', resource, namespace, name, uid });
const metadata = { uid: 'u-1' };
const node = object('nodes', 'n1', '');
const cart = object('deployments', 'cart');
const pod = object('pods', 'cart-0');

const patch = (path: string, body: unknown): string =>
  requestText({
    kind: 'kubernetes',
    method: 'PATCH',
    path,
    contentType: 'application/merge-patch+json',
    body: JSON.stringify(body),
  });
const cordon = patch('/api/v1/nodes/n1', { metadata, spec: { unschedulable: true } });
const uncordon = patch('/api/v1/nodes/n1', { metadata, spec: { unschedulable: false } });
const scale = patch('/apis/apps/v1/namespaces/shop/deployments/cart/scale', [
  { op: 'test', path: '/metadata/uid', value: 'u-1' },
  { op: 'test', path: '/spec/replicas', value: 3 },
  { op: 'add', path: '/spec/replicas', value: 5 },
]);
const remove: EffectRequest = {
  kind: 'kubernetes',
  method: 'DELETE',
  path: '/api/v1/namespaces/shop/pods/cart-0',
  contentType: 'application/json',
  body: '{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u-1"}}',
};

describe('what is there now of an object', () => {
  it.each([
    [
      cart,
      { metadata, spec: { replicas: 3 }, status: { readyReplicas: 2 } },
      'deployments shop/cart now: 3 replicas wanted, 2 ready',
    ],
    [
      cart,
      { metadata, spec: { replicas: 0 }, status: {} },
      'deployments shop/cart now: 0 replicas wanted, 0 ready',
    ],
    [node, { metadata, spec: { unschedulable: true } }, 'nodes n1 now: cordoned'],
    [node, { metadata, spec: {} }, 'nodes n1 now: not cordoned'],
    [
      pod,
      { metadata: { uid: 'u-2' }, status: { phase: 'Running' } },
      'pods shop/cart-0 now: it is there, Running, another one of this name',
    ],
    [
      pod,
      { metadata: { uid: 'u-1', deletionTimestamp: '2026-11-23T08:00:00Z' } },
      'pods shop/cart-0 now: it is being deleted',
    ],
    [object('pods', 'cart-0', 'shop', null), { metadata }, 'pods shop/cart-0 now: it is there'],
    [pod, new Error('absent'), 'pods shop/cart-0 is gone'],
    [pod, new Error('forbidden'), 'what came of it cannot be known: it is forbidden'],
    [pod, new Error('unreachable'), 'later'],
    [pod, new Error('timeout'), 'later'],
    [pod, '<html>', 'what came of it cannot be known: pods shop/cart-0 cannot be read'],
    [
      object('pods', ''),
      { metadata },
      'what came of it cannot be known: it does not say of which object it was',
    ],
    [
      object('widgets', 'x'),
      { metadata },
      'what came of it cannot be known: it does not say of which object it was',
    ],
  ])('given %j that is %j, then %s', async (subject, answer, words) => {
    expect(textOf(await look(subject, [], answer))).toBe(words);
  });

  it.each([
    [
      'a cordon',
      node,
      cordon,
      { metadata, spec: { unschedulable: true } },
      'cordoned, as it was asked for',
    ],
    [
      'a cordon that did not come',
      node,
      cordon,
      { metadata, spec: {} },
      'not cordoned, not as it was asked for',
    ],
    [
      'an uncordon, of which a server keeps nothing',
      node,
      uncordon,
      { metadata, spec: {} },
      'not cordoned, as it was asked for',
    ],
    [
      'a scale',
      cart,
      scale,
      { metadata, spec: { replicas: 5 } },
      '5 replicas wanted, 0 ready, as it was asked for',
    ],
    [
      'a scale that did not come',
      cart,
      scale,
      { metadata, spec: { replicas: 3 } },
      '3 replicas wanted, 0 ready, not as it was asked for',
    ],
    [
      'another object of the name',
      node,
      cordon,
      { metadata: { uid: 'u-2' }, spec: {} },
      'not cordoned, another one of this name',
    ],
    ['a body that was cut', node, cordon.slice(0, -4), { metadata, spec: {} }, 'not cordoned'],
    [
      'a body without its secret',
      node,
      cordon.replace('true', '"[redacted]"'),
      { metadata, spec: {} },
      'not cordoned',
    ],
    [
      'a dry run',
      node,
      cordon.replace('/n1', '/n1?dryRun=All'),
      { metadata, spec: {} },
      'not cordoned',
    ],
  ])(
    'given %s, then whether it is as it was asked for is told where it can be',
    async (_, subject, request, answer, words) => {
      expect(textOf(await look(subject, [request], answer)).replace(/^.* now: /, '')).toBe(words);
    },
  );

  it('given a restart, then its own note on the object says whether it came', async () => {
    const note = (at: string) => ({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } },
      },
    });
    const asked = patch('/apis/apps/v1/namespaces/shop/deployments/cart', {
      metadata,
      ...note('12:00'),
    });
    expect(textOf(await look(cart, [asked], { metadata, ...note('12:00') }))).toMatch(
      /, as it was/,
    );
    expect(textOf(await look(cart, [asked], { metadata, ...note('11:00') }))).toMatch(/not as it/);
  });

  it('given a container that was to join a pod, then it is looked for among those that are there', async () => {
    const containers = (...names: string[]) => ({
      spec: { ephemeralContainers: names.map((name) => ({ name, image: 'i', tty: true })) },
    });
    const asked = patch('/api/v1/namespaces/shop/pods/cart-0/ephemeralcontainers', containers('b'));
    expect(textOf(await look(pod, [asked], { metadata, ...containers('a', 'b') }))).toMatch(
      /, as it was/,
    );
    expect(textOf(await look(pod, [asked], { metadata, ...containers('a') }))).toMatch(
      /, not as it was/,
    );
  });

  it('given a deletion, then a pod that is gone is what was asked for', async () => {
    const gone = await look(pod, [requestText(remove)], new Error('absent'));
    expect(textOf(gone)).toBe('pods shop/cart-0 is gone, as it was asked for');
  });

  it('given a pod that was to be made, then that pod is looked for', async () => {
    const made = requestText({
      kind: 'kubernetes',
      method: 'POST',
      path: '/api/v1/namespaces/midwatch/pods',
      contentType: 'application/json',
      body: JSON.stringify({ metadata: { name: 'midwatch-debug-abcde' } }),
    });
    const looked = await look(node, [made], {
      metadata: { uid: 'u-9' },
      status: { phase: 'Running' },
    });
    expect(looked.paths).toEqual(['/api/v1/namespaces/midwatch/pods/midwatch-debug-abcde']);
    expect(textOf(looked)).toBe('pods midwatch/midwatch-debug-abcde now: it is there, Running');
  });

  it('given an object, then one thing is read, and hostile words are made plain', async () => {
    const seen = { metadata, status: { phase: '\u001b[31mBad\u0007' } };
    const looked = await look(pod, [], seen);
    expect(textOf(looked)).toBe('pods shop/cart-0 now: it is there, Bad');
    expect(looked.paths).toEqual(['/api/v1/namespaces/shop/pods/cart-0']);
  });
});
