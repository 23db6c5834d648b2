import { describe, expect, it } from 'vitest';
import { foundNow } from '../../src/cli/found-now.ts';
import type { ActSubject } from '../../src/kernel/act.ts';
import type { ToldAct } from '../../src/kernel/act-fact.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { emptyWorld } from '../../src/kernel/world.ts';

const never = new AbortController().signal;

const told = async (subject: ActSubject, answer: unknown): Promise<[string, readonly string[]]> => {
  const paths: string[] = [];
  const read = async (path: string) => {
    paths.push(path);
    if (answer === 404) return failed(failure('absent', 'get', 'not found'));
    if (answer === 403) return failed(failure('forbidden', 'get', 'no'));
    return ok(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
  const asked = { kind: 'asked', subject } as ToldAct<'asked'>;
  return [await foundNow(read, () => emptyWorld)(asked, never), paths];
};

const object = (
  resource: string,
  name: string,
  namespace = 'shop',
  uid: string | null = 'u-1',
): ActSubject => ({ kind: 'object', resource, namespace, name, uid });
const metadata = { uid: 'u-1' };

describe('what is there now', () => {
  it.each([
    [
      object('deployments', 'cart'),
      { metadata, spec: { replicas: 3 }, status: { readyReplicas: 2 } },
      'deployments shop/cart now: 3 replicas wanted, 2 ready',
    ],
    [
      object('deployments', 'cart'),
      { metadata, spec: { replicas: 0 }, status: {} },
      'deployments shop/cart now: 0 replicas wanted, 0 ready',
    ],
    [
      object('nodes', 'n1', ''),
      { metadata, spec: { unschedulable: true } },
      'nodes n1 now: cordoned',
    ],
    [object('nodes', 'n1', ''), { metadata, spec: {} }, 'nodes n1 now: not cordoned'],
    [
      object('pods', 'cart-0'),
      { metadata: { uid: 'u-2' }, status: { phase: 'Running' } },
      'pods shop/cart-0 now: it is there, Running, another one of this name',
    ],
    [
      object('pods', 'cart-0'),
      { metadata: { uid: 'u-1', deletionTimestamp: '2026-11-23T08:00:00Z' } },
      'pods shop/cart-0 now: it is being deleted',
    ],
    [object('pods', 'cart-0', 'shop', null), { metadata }, 'pods shop/cart-0 now: it is there'],
    [object('pods', 'cart-0'), 404, 'pods shop/cart-0 is gone'],
    [object('pods', 'cart-0'), 403, ''],
    [object('pods', 'cart-0'), '<html>', ''],
    [object('pods', ''), { metadata }, ''],
    [object('widgets', 'x'), { metadata }, ''],
    [{ kind: 'alerts', cluster: '' } as const, {}, ''],
  ])('given %j that is %j, then %s', async (subject, answer, words) => {
    expect((await told(subject, answer))[0]).toBe(words);
  });

  it('given an object, then one thing is read, and hostile words are made plain', async () => {
    const seen = { metadata, status: { phase: '\u001b[31mBad\u0007' } };
    const [words, paths] = await told(object('pods', 'cart-0'), seen);
    expect(words).toBe('pods shop/cart-0 now: it is there, Bad');
    expect(paths).toEqual(['/api/v1/namespaces/shop/pods/cart-0']);
  });
});
