import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../apply.ts';
import { BUSYBOX_IMAGE } from '../../busybox-image.ts';
import { staticPodDir } from '../../kubelet.ts';
import type { Run } from '../../run-dir.ts';
import {
  clientUrl,
  ETCD_HOST_DIR,
  ETCD_NAMESPACE,
  ETCD_SERVICE,
  hostDir,
  initialCluster,
  type Member,
  metricsUrl,
  peerUrl,
} from './payments-etcd.ts';

export const ETCD_IMAGE = 'registry.k8s.io/etcd:3.6.8-0';

/** A new cluster begins under a token of its own, so that members of an old one cannot join it. */
export type ClusterToken = 'payments-1' | 'payments-2';

const PKI = '/etc/kubernetes/pki/etcd';
const ATTACHED = 'attached';

const command = (ip: string, member: Member, token: ClusterToken): readonly string[] => [
  'etcd',
  `--name=${member.name}`,
  `--data-dir=${ETCD_HOST_DIR}`,
  `--advertise-client-urls=${clientUrl(ip, member)}`,
  `--listen-client-urls=${clientUrl(ip, member)}`,
  `--initial-advertise-peer-urls=${peerUrl(ip, member)}`,
  `--listen-peer-urls=${peerUrl(ip, member)}`,
  `--listen-metrics-urls=${metricsUrl(ip, member)}`,
  `--initial-cluster=${initialCluster(ip)}`,
  `--initial-cluster-token=${token}`,
  '--initial-cluster-state=new',
  '--client-cert-auth=true',
  `--cert-file=${PKI}/server.crt`,
  `--key-file=${PKI}/server.key`,
  `--trusted-ca-file=${PKI}/ca.crt`,
  '--peer-client-cert-auth=true',
  `--peer-cert-file=${PKI}/peer.crt`,
  `--peer-key-file=${PKI}/peer.key`,
  `--peer-trusted-ca-file=${PKI}/ca.crt`,
  '--watch-progress-notify-interval=5s',
];

const probe = (ip: string, { metricsPort }: Member, path: string) => ({
  httpGet: { host: ip, path, port: metricsPort, scheme: 'HTTP' },
  timeoutSeconds: 15,
});

/**
 * A member's volume is attached some time after boot. Who comes first decides what happens after data has been
 * lost: two empty members that meet each other first would begin a new, empty cluster.
 */
const waitForVolume = ({ name }: Member) => ({
  name: 'wait-for-volume',
  image: BUSYBOX_IMAGE,
  imagePullPolicy: 'IfNotPresent',
  command: [
    'sh',
    '-c',
    `until [ -e /attached/${name} ]; do sleep 0.2; done; echo "volume of ${name} is attached"`,
  ],
  volumeMounts: [{ name: ATTACHED, mountPath: '/attached', readOnly: true }],
});

/** The static pod of one member, close to what kubeadm writes for the control plane's own etcd. */
export const memberPod = (ip: string, member: Member, token: ClusterToken): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `etcd-${member.name}`,
    namespace: ETCD_NAMESPACE,
    labels: {
      component: 'etcd',
      tier: 'control-plane',
      'app.kubernetes.io/name': 'etcd',
      'app.kubernetes.io/instance': 'payments',
    },
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': clientUrl(ip, member) },
  },
  spec: {
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    terminationGracePeriodSeconds: 5,
    initContainers: [waitForVolume(member)],
    containers: [
      {
        name: 'etcd',
        image: ETCD_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command: command(ip, member, token),
        ports: [
          { name: 'client', containerPort: member.clientPort, hostPort: member.clientPort },
          { name: 'peer', containerPort: member.peerPort, hostPort: member.peerPort },
          { name: 'metrics', containerPort: member.metricsPort, hostPort: member.metricsPort },
        ],
        resources: { requests: { cpu: '100m', memory: '100Mi' } },
        livenessProbe: { ...probe(ip, member, '/livez'), failureThreshold: 8, periodSeconds: 10 },
        readinessProbe: { ...probe(ip, member, '/readyz'), failureThreshold: 3, periodSeconds: 1 },
        // Why it ended is then in the pod's status, where nobody needs a log for it.
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [
          { name: 'etcd-data', mountPath: ETCD_HOST_DIR },
          { name: 'etcd-certs', mountPath: PKI, readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: 'etcd-data',
        hostPath: { path: `${ETCD_HOST_DIR}/${member.name}`, type: 'DirectoryOrCreate' },
      },
      { name: 'etcd-certs', hostPath: { path: `${ETCD_HOST_DIR}/pki`, type: 'Directory' } },
      { name: ATTACHED, hostPath: { path: `${ETCD_HOST_DIR}/${ATTACHED}`, type: 'Directory' } },
    ],
  },
});

/** What makes the members' pods one service; which of them are ready is for the real controller to say. */
export const memberService = (ports: { readonly client: number }): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: ETCD_SERVICE,
    namespace: ETCD_NAMESPACE,
    labels: { component: 'etcd', 'app.kubernetes.io/instance': 'payments' },
  },
  spec: {
    selector: { component: 'etcd', 'app.kubernetes.io/instance': 'payments' },
    ports: [
      { name: 'client', port: ports.client, targetPort: 'client' },
      { name: 'metrics', port: ports.client + 2, targetPort: 'metrics' },
    ],
  },
});

const manifestPath = (run: Run, { name }: Member): string =>
  join(staticPodDir(run), `etcd-${name}.yaml`);

/** Puts the manifest where the kubelet looks, whole at once. JSON is valid YAML. */
export const placeManifest = (run: Run, ip: string, member: Member, token: ClusterToken): void => {
  const draft = join(run.dir, `etcd-${member.name}.draft`);
  writeFileSync(draft, `${JSON.stringify(memberPod(ip, member, token), undefined, 2)}\n`);
  renameSync(draft, manifestPath(run, member));
};

export const removeManifest = (run: Run, member: Member): void =>
  rmSync(manifestPath(run, member), { force: true });

const attachedDir = (run: Run): string => join(hostDir(run), ATTACHED);

export const attachVolume = (run: Run, { name }: Member): void => {
  mkdirSync(attachedDir(run), { recursive: true });
  writeFileSync(join(attachedDir(run), name), '');
};

export const detachVolume = (run: Run, { name }: Member): void =>
  rmSync(join(attachedDir(run), name), { force: true });
