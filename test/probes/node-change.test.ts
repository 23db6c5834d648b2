import { describe, expect, it } from 'vitest';
import type { Read } from '../../src/kernel/shape.ts';
import { type Node, nodeKind } from '../../src/probes/nodes.ts';
import { called, slimmed } from './objects.ts';

type Status = NonNullable<Read<typeof nodeKind.fields>['status']>;

const ready = (status: string, message = '', reason = 'KubeletReady') => ({
  type: 'Ready',
  status,
  reason,
  message,
});
const node = (status: Status = {}, spec: object = {}, metadata: object = {}): Node =>
  slimmed(nodeKind, {
    metadata: { namespace: '', ...metadata },
    spec,
    status: {
      conditions: [ready('True')],
      nodeInfo: { bootID: 'a', kubeletVersion: 'v1.35.0' },
      ...status,
    },
  });

const well = node();
const info = (more: object) => ({ nodeInfo: { bootID: 'a', kubeletVersion: 'v1.35.0', ...more } });

describe('what happened to a node', () => {
  it.each<[string, Node | undefined, Node | undefined, string | null]>([
    ['as it was', well, well, null],
    ['new', undefined, well, 'info: node joined'],
    ['gone', well, undefined, 'warn: node removed from the cluster'],
    [
      'another one',
      well,
      node({}, {}, { uid: 'uid-2' }),
      'warn: node replaced by one of the same name',
    ],
    [
      'silent',
      well,
      node({
        conditions: [ready('Unknown', 'Kubelet stopped posting node status.', 'NodeStatusUnknown')],
      }),
      'bad: Ready → NotReady: Kubelet stopped posting node status.',
    ],
    ['back', node({ conditions: [ready('False')] }), well, 'good: NotReady → Ready'],
    [
      'silent in other words',
      node({ conditions: [ready('Unknown', 'silent')] }),
      node({ conditions: [ready('False', 'not ready')] }),
      null,
    ],
    ['rebooted', well, node(info({ bootID: 'b' })), 'warn: rebooted, boot id changed'],
    [
      'rebooted and not back yet',
      well,
      node({ ...info({ bootID: 'b' }), conditions: [ready('False', 'no network')] }),
      'bad: Ready → NotReady: no network, rebooted, boot id changed',
    ],
    [
      'short of disk',
      well,
      node({
        conditions: [
          ready('True'),
          { type: 'DiskPressure', status: 'True', reason: 'R', message: 'has disk pressure' },
        ],
      }),
      'bad: DiskPressure: has disk pressure',
    ],
    [
      'no longer short of disk',
      node({ conditions: [ready('True'), { type: 'DiskPressure', status: 'True' }] }),
      node({ conditions: [ready('True'), { type: 'DiskPressure', status: 'False' }] }),
      'good: DiskPressure is over',
    ],
    ['cordoned', well, node({}, { unschedulable: true }), 'warn: cordoned'],
    ['uncordoned', node({}, { unschedulable: true }), well, 'info: uncordoned'],
    [
      'tainted by a person',
      well,
      node({}, { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] }),
      'warn: tainted dedicated=db:NoSchedule',
    ],
    [
      'tainted by the control plane',
      well,
      node({}, { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }),
      null,
    ],
    [
      'upgraded',
      well,
      node(info({ kubeletVersion: 'v1.36.3' })),
      'info: kubelet v1.35.0 → v1.36.3',
    ],
    [
      'at another address',
      node({ addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] }),
      node({ addresses: [{ type: 'InternalIP', address: '10.0.0.2' }] }),
      'warn: address 10.0.0.1 → 10.0.0.2',
    ],
  ])('given a node that is %s, when told, then it is one line', (_, before, after, line) => {
    expect(called(nodeKind, before, after)).toBe(line);
  });

  it('given labels for roles, when slimmed, then they are the roles', () => {
    const labels = {
      'node-role.kubernetes.io/control-plane': '',
      'kubernetes.io/role': 'edge',
      zone: 'a',
    };
    expect(node({}, {}, { labels }).roles).toEqual(['control-plane', 'edge']);
  });
});
