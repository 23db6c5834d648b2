import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podsIn } from '../../../src/adapters/etcd/etcd-pod.ts';
import { flagsOf } from '../../../src/adapters/etcd/flags.ts';
import { groupsOf } from '../../../src/adapters/etcd/pod-groups.ts';
import { peerOf, podList, podOf } from './etcd-pods.ts';

const groups = (...pods: readonly unknown[]) => groupsOf(podsIn(podList(...pods)) ?? [], []);

describe('flags of a command', () => {
  it('given both ways to write a flag, and a shell, when read, then all are found', () => {
    expect(
      Object.fromEntries(flagsOf(['etcd', '--name=a', '--data-dir', '/d', '--force'])),
    ).toEqual({
      name: 'a',
      'data-dir': '/d',
      force: '',
    });
    const shell = flagsOf(['/bin/sh', '-c', 'exec etcd --name="a b" --data-dir /d']);
    expect(shell.get('data-dir')).toBe('/d');
  });
});

describe('a static pod of etcd', () => {
  it('given a pod of kubeadm, when read, then it says where the member is, what it is called and where its data lie', () => {
    const [pod] =
      podsIn(podList(podOf({ name: 'cp-1', ip: '10.0.0.1', hostPath: '/srv/etcd/' }))) ?? [];
    expect(pod).toEqual({
      member: {
        key: 'cp-1',
        name: 'cp-1',
        url: 'https://10.0.0.1:2379',
        clientUrls: ['https://10.0.0.1:2379'],
        peerUrls: ['https://10.0.0.1:2380'],
        metricsUrls: ['http://127.0.0.1:2381'],
        foundBy: 'static pod',
        pod: { namespace: 'kube-system', name: 'etcd-cp-1', node: 'cp-1' },
        dataDir: '/srv/etcd',
      },
      peers: ['cp-1=https://10.0.0.1:2380', 'cp-1=https://10.0.0.1:2380'],
      token: '',
      instance: '',
      files: {
        ca: '/etc/kubernetes/pki/etcd/ca.crt',
        cert: '/etc/kubernetes/pki/etcd/server.crt',
        key: '/etc/kubernetes/pki/etcd/server.key',
      },
    });
  });

  it('given a pod without the flag, when it has an address, then that is where it is asked', () => {
    const bare = {
      metadata: { name: 'etcd', namespace: 'kube-system' },
      spec: { containers: [{ name: 'etcd', command: ['etcd'] }] },
      status: { podIP: 'fd00::1' },
    };
    expect(podsIn(podList(bare))?.[0]?.member).toMatchObject({
      key: '[fd00::1]:2379',
      url: 'http://[fd00::1]:2379',
      dataDir: '',
    });
  });

  it('given anything in the list, when read, then it is passed over or read, and never thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (items) => {
        expect(podsIn(JSON.stringify({ items }))).toEqual([]);
      }),
    );
    expect(podsIn('<html>')).toBeNull();
    expect(podsIn('[]')).toBeNull();
  });
});

describe('pods that belong together', () => {
  const joined = ['1', '2', '3'].map((n, i) =>
    podOf({
      name: `cp-${n}`,
      ip: `10.0.0.${n}`,
      peers: ['1', '2', '3'].slice(0, i + 1).map((m) => peerOf(`cp-${m}`, `10.0.0.${m}`)),
    }),
  );

  it('given members that joined one after the other, when grouped in any order, then they are one cluster', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(joined, { minLength: 3 }), (pods) => {
        expect(groups(...pods)).toMatchObject([
          { name: 'etcd', members: [{ key: 'cp-1' }, { key: 'cp-2' }, { key: 'cp-3' }] },
        ]);
      }),
    );
  });

  it('given two clusters, when grouped, then label, token or a number tells them apart', () => {
    const instance = { 'app.kubernetes.io/instance': 'payments' };
    const token = ['--initial-cluster-token=orders'];
    const found = groups(
      podOf({ name: 'a', ip: '10.0.0.1' }),
      podOf({ name: 'b', ip: '10.0.0.2' }),
      podOf({ name: 'c', ip: '10.0.0.3', labels: instance, extra: token }),
      podOf({ name: 'd', ip: '10.0.0.4', extra: token }),
      podOf({ name: 'e', ip: '10.0.0.5', extra: ['--initial-cluster-token=etcd-cluster'] }),
    );
    expect(found.map(({ name }) => name)).toEqual([
      'etcd',
      'etcd-2',
      'payments',
      'orders',
      'etcd-3',
    ]);
  });

  it('given a cluster that is known, when its pods are found again or moved, then it keeps its name', () => {
    const pods =
      podsIn(podList(podOf({ name: 'a', ip: '10.0.0.1' }), podOf({ name: 'b', ip: '10.0.0.2' }))) ??
      [];
    const known = [{ name: 'payments', members: [{ url: 'https://10.0.0.2:2379', pod: null }] }];
    expect(groupsOf(pods, known).map(({ name, members }) => [name, members[0]?.key])).toEqual([
      ['etcd', 'a'],
      ['payments', 'b'],
    ]);
  });

  it('given two members of one name in a cluster, when grouped, then their keys differ', () => {
    const peers = [peerOf('default', '10.0.0.1'), peerOf('default', '10.0.0.2')];
    const found = groups(
      podOf({ name: 'default', node: 'n1', ip: '10.0.0.1', peers }),
      podOf({ name: 'default', node: 'n2', ip: '10.0.0.2', peers }),
    );
    expect(found[0]?.members.map(({ key }) => key)).toEqual(['default', '10.0.0.2:2379']);
  });
});
