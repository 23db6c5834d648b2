import { expect, describe as group, it } from 'vitest';
import { describe } from '../../src/views/describe.ts';
import { nodeOf, ownerOf, ownersOf } from '../../src/views/related.ts';
import { type Place, placeOf } from '../../src/views/session.ts';
import { ago, container, minute, pod } from '../support/objects.ts';
import { contentOf, textOf } from '../support/scenes.ts';
import { badEvening } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const world = badEvening();
const name = 'payment-gateway-7d9f8c6b5-4crcm';
const ref = { resource: 'pods', namespace: 'payments', name };
const place = (args: Record<string, string> = ref, filter = ''): Place =>
  placeOf('describe', args, filter);

group('a description', () => {
  it('given a crashing pod, when it is described, then it says how it is, why, and what hangs together with it', () => {
    const text = textOf(contentOf(describe, world, place()));
    for (const words of [
      'CrashLoopBackOff, 0/1 ready',
      'before that: exit 1 Error 40s ago: failed to connect to etcd-0.etcd:2379',
      'replicasets/payment-gateway-7d9f8c6b5',
      'deployments/payment-gateway',
      'endpoints 0 of 3',
      'gateway-cache',
      'Back-off restarting failed container app',
      'restarts 6 → 7, exit 1',
      'cpu 250m, memory 256 MiB',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('given what belongs to it, when it is opened, then each leads to its own description', () => {
    const { rows } = contentOf(describe, world, place());
    const opened = Array.from({ length: rows.length }, (_, i) => rows.target(i)?.object).filter(
      (o) => o !== undefined,
    );
    expect(opened.map((o) => o.resource)).toEqual([
      'replicasets',
      'deployments',
      'nodes',
      'persistentvolumeclaims',
      'services',
    ]);
  });

  it('given debug containers, when the pod is described, then it says whose they are, that they stay, and takes no end of a shell for a fault', () => {
    const debugged = pod('cart', {
      containers: [
        container(),
        container({ name: 'midwatch-abcde', kind: 'ephemeral', ready: false }),
        container({
          name: 'debugger-x',
          kind: 'ephemeral',
          ready: false,
          state: 'terminated',
          exitCode: 130,
          finishedAt: ago(60),
        }),
      ],
    });
    const of = { resource: 'pods', namespace: 'payments', name: 'cart' };
    const text = textOf(contentOf(describe, worldOf({ pods: [debugged] }), place(of)));
    expect(text).toMatch(
      /midwatch-abcde \(debug container of midwatch, permanent\) +running for 2h$/m,
    );
    expect(text).toMatch(/debugger-x \(ephemeral, permanent\) +ended with 130/);
    expect(text).not.toMatch(/✗ debugger-x/);
  });

  it('given the list of all its events, when it is described, then normal ones stand among the warnings, newest first', () => {
    const list = {
      items: [
        {
          metadata: { uid: 'n1' },
          type: 'Normal',
          reason: 'Pulled',
          message: 'image is there',
          lastTimestamp: new Date(ago(5)).toISOString(),
        },
        {
          metadata: { uid: 'n2' },
          type: 'Normal',
          reason: 'Scheduled',
          message: 'assigned',
          eventTime: new Date(ago(90 * minute)).toISOString(),
        },
        'nonsense',
      ],
    };
    const documents = new Map([
      [`events:pods/payments/${name}`, { kind: 'ready', text: JSON.stringify(list) } as const],
    ]);
    const text = textOf(contentOf(describe, world, place(), { session: { documents } }));
    const order = ['  Pulled  ', '▲ BackOff  ', '  Scheduled  '].map((reason) =>
      text.indexOf(reason),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.every((at) => at > 0)).toBe(true);
    expect(text).not.toContain('warnings only');
  });

  it('given an object that is gone, when it is described, then it says so and keeps what is still known of it', () => {
    const gone = place({ ...ref, name: 'nobody' });
    expect(textOf(contentOf(describe, world, gone))).toContain(
      'pod payments/nobody does not exist, or not any more',
    );
  });

  it('given a filter, when it is described, then finds are counted and nothing is hidden', () => {
    const plain = contentOf(describe, world, place());
    const found = contentOf(describe, world, place(ref, 'etcd'));
    expect(found.rows.length).toBe(plain.rows.length);
    expect(found.title).toMatch(/<\/etcd> \d+ found$/);
  });

  it('given a deployment and a node, when they are described, then their pods are there, the worst first', () => {
    const deployment = textOf(
      contentOf(
        describe,
        world,
        place({ resource: 'deployments', namespace: 'payments', name: 'payment-gateway' }),
      ),
    );
    expect(deployment.match(/✗ payment-gateway-7d9f8c6b5-/g)).toHaveLength(3);
    const node = textOf(
      contentOf(describe, world, place({ resource: 'nodes', namespace: '', name: 'worker-1' })),
    );
    expect(node.indexOf('✗ payments/payment-gateway')).toBeLessThan(node.indexOf('✓ web/checkout'));
    expect(node).toContain('used 5.4 (69 %)');
  });

  it('given a kind without sections of its own, when it is described, then its columns are told', () => {
    const text = textOf(
      contentOf(
        describe,
        world,
        place({ resource: 'leases', namespace: 'kube-node-lease', name: 'worker-7' }),
      ),
    );
    expect(text).toMatch(/holder +worker-7/);
    expect(text).toMatch(/renewed +7m/);
  });
});

group('ways from one object to another', () => {
  it('given a pod, when its owners and node are asked for, then the chain goes up to the deployment', () => {
    expect(ownersOf(world, ref).map((o) => o.resource)).toEqual(['replicasets', 'deployments']);
    expect(nodeOf(world, ref)).toEqual({ resource: 'nodes', namespace: '', name: 'worker-1' });
  });

  it('given what has none, when they are asked for, then the answer is null', () => {
    expect(ownerOf(world, { resource: 'nodes', namespace: '', name: 'worker-1' })).toBeNull();
    expect(ownerOf(world, { ...ref, name: 'nobody' })).toBeNull();
    expect(nodeOf(world, { resource: 'pods', namespace: 'batch', name: 'big-model-0' })).toBeNull();
    expect(
      ownerOf(world, { resource: 'certificates.cert-manager.io', namespace: 'web', name: 'a' }),
    ).toBeNull();
  });
});
