/** What a static pod of etcd is made of, as far as a test wants to say. */
export interface PodOf {
  readonly name: string;
  readonly ip: string;
  readonly node?: string;
  /** `name=URL` of the members it was told of; only itself unless said. */
  readonly peers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly extra?: readonly string[];
  readonly tls?: boolean;
  readonly hostPath?: string;
}

export const peerOf = (name: string, ip: string): string => `${name}=https://${ip}:2380`;

const pki = '/etc/kubernetes/pki/etcd';

/** A pod as the kubelet mirrors it from a manifest of kubeadm's. */
export const podOf = ({
  name,
  ip,
  node = name,
  peers = [peerOf(name, ip)],
  labels = {},
  extra = [],
  tls = true,
  hostPath = '/var/lib/etcd',
}: PodOf): unknown => ({
  metadata: {
    name: `etcd-${node}`,
    namespace: 'kube-system',
    labels: { component: 'etcd', tier: 'control-plane', ...labels },
    annotations: { 'kubernetes.io/config.source': 'file' },
  },
  spec: {
    nodeName: node,
    hostNetwork: true,
    containers: [
      {
        name: 'etcd',
        command: [
          'etcd',
          `--advertise-client-urls=${tls ? 'https' : 'http'}://${ip}:2379`,
          '--data-dir=/var/lib/etcd',
          `--initial-advertise-peer-urls=https://${ip}:2380`,
          `--initial-cluster=${peers.join(',')}`,
          '--listen-metrics-urls=http://127.0.0.1:2381',
          `--name=${name}`,
          ...(tls
            ? [
                `--cert-file=${pki}/server.crt`,
                `--key-file=${pki}/server.key`,
                `--trusted-ca-file=${pki}/ca.crt`,
              ]
            : []),
          ...extra,
        ],
        volumeMounts: [
          { name: 'etcd-data', mountPath: '/var/lib/etcd' },
          { name: 'etcd-certs', mountPath: pki },
        ],
      },
    ],
    volumes: [
      { name: 'etcd-certs', hostPath: { path: pki } },
      { name: 'etcd-data', hostPath: { path: hostPath } },
    ],
  },
  status: { phase: 'Running', podIP: ip, hostIP: ip },
});

export const podList = (...pods: readonly unknown[]): string =>
  JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: pods });
