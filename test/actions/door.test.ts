import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doorFor } from '../../src/actions/door.ts';
import type { ActPlan, EffectRequest } from '../../src/kernel/act.ts';
import { canonicalText } from '../../src/kernel/canonical-text.ts';
import type { AttachedTerminal, EffectPorts } from '../../src/kernel/effect-ports.ts';
import { failed, failure, type Result } from '../../src/kernel/failure.ts';
import { never } from '../support/act-door.ts';
import { anyPlan, aPlan, patchPod } from '../support/any-plan.ts';

const snapshot: EffectRequest = {
  kind: 'etcd-snapshot',
  cluster: 'main',
  endpoint: 'https://10.0.0.1:2379',
  path: '/var/tmp/main.db',
};
const silence: EffectRequest = {
  kind: 'alertmanager',
  cluster: 'main',
  sources: ['http://am-0', 'http://am-1'],
  method: 'POST',
  path: '/api/v2/silences',
  body: '{"comment":"known"}',
};

/** What got out, and the signal that it got out with. */
const outside = () => {
  const sent: EffectRequest[] = [];
  const signals: AbortSignal[] = [];
  const take = async (
    request: EffectRequest,
    ...more: readonly unknown[]
  ): Promise<Result<never>> => {
    sent.push(request);
    signals.push(more.at(-1) as AbortSignal);
    return failed(failure('unreachable', 'test', 'nobody is there'));
  };
  const ports: EffectPorts = {
    kubernetes: take,
    logs: take,
    loki: take,
    attach: take,
    etcd: take,
    etcdSnapshot: take,
    alertmanager: take,
  };
  return { ports, sent, signals };
};

const nothing = () => {};

const send = (ports: EffectPorts, request: EffectRequest): Promise<Result<unknown>> => {
  switch (request.kind) {
    case 'kubernetes':
      return ports.kubernetes(request, never);
    case 'logs':
      return ports.logs(request, nothing, never);
    case 'loki':
      return ports.loki(request, nothing, never);
    case 'attach':
      return ports.attach(request, {} as AttachedTerminal, never);
    case 'etcd':
      return ports.etcd(request, never);
    case 'etcd-snapshot':
      return ports.etcdSnapshot(request, nothing, never);
    case 'alertmanager':
      return ports.alertmanager(request, never);
  }
};

const doorOf = (plan: ActPlan) => {
  const world = outside();
  const shut = new AbortController();
  return { ...world, shut, door: doorFor(plan, world.ports, shut.signal) };
};

const stopped = { ok: false, failure: { kind: 'forbidden', op: 'carry out' } };

describe('the door of a plan', () => {
  it('given any plan, when its requests and others are sent in any order, then those of the plan pass, each as often as it stands there', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPlan,
        anyPlan,
        fc.infiniteStream(fc.nat()),
        async (plan, other, order) => {
          const requests = [...plan.requests, snapshot];
          const { door, sent } = doorOf({ ...plan, requests });
          const tries = [...requests, ...other.requests, ...requests, silence]
            .map((r) => [order.next().value ?? 0, r] as const)
            .toSorted(([a], [b]) => a - b);
          for (const [, request] of tries) await send(door, request);
          const texts = (all: readonly EffectRequest[]) => all.map(canonicalText).toSorted();
          expect(texts(sent)).toEqual(texts(requests));
        },
      ),
    );
  });

  it.each([
    ['another path', { path: '/api/v1/namespaces/shop/pods/cart-1' }],
    ['another method', { method: 'DELETE' as const }],
    ['another body', { body: '{}' }],
    ['a query', { path: `${patchPod.kind === 'kubernetes' ? patchPod.path : ''}?force=true` }],
    ['another type', { contentType: 'application/json-patch+json' }],
  ])('given the request of the plan with %s, then it does not pass', async (_, more) => {
    const { door, sent } = doorOf(aPlan());
    expect(await send(door, { ...patchPod, ...more } as EffectRequest)).toMatchObject(stopped);
    expect(sent).toEqual([]);
  });

  it('given fields in another order, then it is the same request', async () => {
    const { door, sent } = doorOf(aPlan({ requests: [silence] }));
    await send(door, Object.fromEntries(Object.entries(silence).toReversed()) as EffectRequest);
    expect(sent).toHaveLength(1);
  });

  it('given a plan that is changed after its door was made, then the door is as it was', async () => {
    const requests = [patchPod];
    const { door, sent } = doorOf(aPlan({ requests }));
    requests.push(silence);
    expect(await send(door, silence)).toMatchObject(stopped);
    expect(sent).toEqual([]);
  });

  it('given a door that is shut, then nothing passes, and what is under way ends', async () => {
    const { door, sent, signals, shut } = doorOf(aPlan({ requests: [patchPod, silence] }));
    await send(door, patchPod);
    expect(signals[0]?.aborted).toBe(false);
    shut.abort();
    expect(signals[0]?.aborted).toBe(true);
    expect(await send(door, silence)).toMatchObject(stopped);
    expect(sent).toEqual([patchPod]);
  });
});
