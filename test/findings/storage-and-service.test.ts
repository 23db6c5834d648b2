import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import { claim, endpointSlice, service } from '../support/more-objects.ts';
import {
  condition,
  crashing,
  event,
  node,
  now,
  owner,
  sickPod,
  waiting,
  workload,
} from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const nodes = [node('worker-1')];
const said = (f: Finding): string =>
  `${f.tone} ${f.title}: ${f.reason}${f.under === null ? '' : ` (under ${f.under})`}`;
const allSaid = (listed: Listed, states: Readonly<Record<string, unknown>> = {}) =>
  health(worldOf({ nodes, ...listed }, {}, states), now).findings.map(said);

const waitsForClaim = (name: string) =>
  sickPod(name, 'Pending', waiting(''), 300, {
    node: '',
    claims: ['data'],
    owner: owner('StatefulSet', 'db'),
    conditions: [
      condition(
        'PodScheduled',
        'False',
        300,
        'Unschedulable',
        '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      ),
    ],
  });

describe('claims', () => {
  it.each<[string, Listed, readonly string[]]>([
    ['a claim that is bound', { persistentvolumeclaims: [claim('data')] }, []],
    [
      'one that waits for its first pod',
      { persistentvolumeclaims: [claim('data', { phase: 'Pending' })] },
      [],
    ],
    [
      'one that lost its volume',
      { persistentvolumeclaims: [claim('data', { phase: 'Lost' })] },
      ['bad claim payments/data: its volume pv-1 is gone'],
    ],
    [
      'one that the provisioner refuses',
      {
        persistentvolumeclaims: [claim('data', { phase: 'Pending' })],
        events: [
          event(
            'PersistentVolumeClaim',
            'data',
            'ProvisioningFailed',
            'storageclass "fast" not found',
          ),
        ],
      },
      ['warn claim payments/data: no volume: ProvisioningFailed, class fast'],
    ],
    [
      'one that holds up a stateful set: it is the cause',
      {
        persistentvolumeclaims: [claim('data', { phase: 'Pending', storageClass: '' })],
        statefulsets: [workload('db', { desired: 1, ready: 0 })],
        pods: [waitsForClaim('db-0')],
      },
      [
        'bad claim payments/data: no volume: still Pending, no storage class',
        'bad payments/db: volume claim not bound: data (under claim/payments/data)',
      ],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(allSaid(listed)).toEqual(expected);
  });
});

describe('services', () => {
  const gone = { service: [service('gw')], endpointslices: [endpointSlice('gw', 0, 2)] };
  const labels = { app: 'gw' };
  const two = (ready: number) => ({
    deployments: [workload('gw', { desired: 4, ready })],
    replicasets: [workload('gw-1', { desired: 4, ready, owner: owner('Deployment', 'gw') })],
  });
  const sick = [1, 2].map((i) =>
    crashing(`gw-1-${i}`, '', { labels, owner: owner('ReplicaSet', 'gw-1') }),
  );

  it('given one whose owner is down, then the owner says so', () => {
    const { findings } = health(
      worldOf({
        nodes,
        ...two(0),
        pods: sick,
        services: gone.service,
        endpointslices: gone.endpointslices,
      }),
      now,
    );
    expect(findings.map(said)).toEqual(['bad payments/gw: CrashLoopBackOff, exit 1']);
    expect(findings[0]?.proof.map((p) => p.text)).toContain('service gw has no ready endpoint');
  });

  it('given one that selects only what is broken of its owner, then it stands under it', () => {
    const listed = {
      ...two(2),
      pods: sick,
      services: gone.service,
      endpointslices: gone.endpointslices,
    };
    expect(allSaid(listed)).toEqual([
      'bad payments/gw: CrashLoopBackOff, exit 1',
      'bad service payments/gw: no ready endpoint (under workload/payments/deployments/gw)',
    ]);
  });

  it('given one without any pod, then nothing is said', () => {
    expect(
      allSaid({ services: gone.service, endpointslices: [endpointSlice('gw', 0, 0)] }),
    ).toEqual([]);
  });

  it('given one whose slices cannot be read, then nothing is said of it', () => {
    expect(allSaid({ ...two(2), pods: sick, services: gone.service })).toHaveLength(1);
  });
});
