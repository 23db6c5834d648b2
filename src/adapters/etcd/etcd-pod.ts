import { z } from 'zod';
import type { EtcdMemberInfo } from '../../kernel/etcd-fact.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { hostPort, webUrl } from './address.ts';
import { flagsOf, listOf } from './flags.ts';

/** A member that a person or a static pod names, before anybody was asked. */
export interface FoundMember extends Omit<EtcdMemberInfo, 'id' | 'learner'> {
  /** Where it is asked. */
  readonly url: string;
}

/** Paths of PEM files on the node of a member. */
export interface MemberFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What the pod of a member says. */
export interface EtcdPod {
  readonly member: FoundMember;
  /** `name=peer URL` of all members at its start, its own among them. */
  readonly peers: readonly string[];
  /** '' when it is etcd's default. */
  readonly token: string;
  /** Label app.kubernetes.io/instance; '' for none. */
  readonly instance: string;
  readonly files: MemberFiles | null;
}

const texts = z.array(z.string()).default([]);
const labels = z.record(z.string(), z.string()).default({});
const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    labels,
    annotations: labels,
  }),
  spec: z.object({
    nodeName: z.string().default(''),
    containers: z.array(
      z.object({
        name: z.string().default(''),
        command: texts,
        args: texts,
        volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
      }),
    ),
    volumes: z
      .array(z.object({ name: z.string(), hostPath: z.object({ path: z.string() }).optional() }))
      .default([]),
  }),
  status: z
    .object({
      phase: z.string().default(''),
      podIP: z.string().default(''),
      hostIP: z.string().default(''),
    })
    .default({ phase: '', podIP: '', hostIP: '' }),
});
type Pod = z.infer<typeof podSchema>;
type Container = Pod['spec']['containers'][number];

const listSchema = z.object({ items: z.array(z.unknown()) });

const longest = 500;
const short = (text: string): string => clip(plainText(text), longest);
const defaultToken = 'etcd-cluster';
const advertised = 'kubeadm.kubernetes.io/etcd.advertise-client-urls';

const flagsIn = ({ command, args }: Container): ReadonlyMap<string, string> =>
  flagsOf([...command, ...args]);

/** Of several containers the one that runs etcd. */
const etcdIn = (pod: Pod): Container | undefined => {
  const { containers } = pod.spec;
  return (
    containers.find((c) => flagsIn(c).has('initial-cluster') || flagsIn(c).has('data-dir')) ??
    containers.find((c) => c.name === 'etcd') ??
    containers[0]
  );
};

const under = (path: string, dir: string): boolean =>
  dir === '/' || path === dir || path.startsWith(`${dir}/`);

/** Where the data directory of the container lies on the node; '' when it does not. */
const onNode = (pod: Pod, container: Container, dataDir: string): string => {
  if (!dataDir.startsWith('/')) return '';
  const mount = container.volumeMounts
    .map(({ name, mountPath }) => ({ name, at: mountPath.replace(/(.)\/+$/, '$1') }))
    .filter(({ at }) => under(dataDir, at))
    .sort((a, b) => b.at.length - a.at.length)[0];
  const host = pod.spec.volumes.find(({ name }) => name === mount?.name)?.hostPath?.path;
  if (mount === undefined || host === undefined) return '';
  return `${host.replace(/\/+$/, '')}${mount.at === '/' ? dataDir : dataDir.slice(mount.at.length)}`;
};

const bracketed = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

const clientUrlsOf = (pod: Pod, flags: ReadonlyMap<string, string>): readonly string[] => {
  const told = listOf(flags.get('advertise-client-urls') ?? pod.metadata.annotations[advertised]);
  const urls = told.filter((url) => webUrl(url) !== null);
  const ip = pod.status.podIP || pod.status.hostIP;
  if (urls.length > 0 || ip === '') return urls;
  const secure = flags.get('cert-file') === undefined ? 'http' : 'https';
  return [`${secure}://${bracketed(ip)}:2379`];
};

const filesIn = (flags: ReadonlyMap<string, string>): MemberFiles | null => {
  const [ca, cert, key] = ['trusted-ca-file', 'cert-file', 'key-file'].map((f) => flags.get(f));
  return ca?.startsWith('/') && cert?.startsWith('/') && key?.startsWith('/')
    ? { ca, cert, key }
    : null;
};

const podOf = (item: unknown): EtcdPod | null => {
  const parsed = podSchema.safeParse(item);
  if (!parsed.success) return null;
  const pod = parsed.data;
  const container = etcdIn(pod);
  if (container === undefined || pod.status.phase === 'Succeeded') return null;
  const flags = flagsIn(container);
  const clientUrls = clientUrlsOf(pod, flags).map(short);
  const url = clientUrls[0];
  if (url === undefined) return null;
  const name = short(flags.get('name') ?? '');
  const peers = listOf(flags.get('initial-cluster')).map(short);
  const own = peers.find((peer) => name !== '' && peer.startsWith(`${name}=`));
  const peerUrls = listOf(
    flags.get('initial-advertise-peer-urls') ??
      own?.slice(name.length + 1) ??
      flags.get('listen-peer-urls'),
  ).map(short);
  const token = flags.get('initial-cluster-token') ?? '';
  const { metadata, spec } = pod;
  return {
    member: {
      key: name === '' ? hostPort(url) : name,
      name,
      url,
      clientUrls,
      peerUrls,
      metricsUrls: listOf(flags.get('listen-metrics-urls')).map(short),
      foundBy: 'static pod',
      pod: {
        namespace: short(metadata.namespace),
        name: short(metadata.name),
        node: short(spec.nodeName),
      },
      dataDir: short(onNode(pod, container, flags.get('data-dir') ?? '')),
    },
    peers: [...peers, ...peerUrls.map((peer) => `${name}=${peer}`)],
    token: token === defaultToken ? '' : short(token),
    instance: short(metadata.labels['app.kubernetes.io/instance'] ?? ''),
    files: filesIn(flags),
  };
};

/** More pods than any cluster has members. */
const mostPods = 100;

/** The members in a list of pods as the API server answers it; null when it is none. */
export const podsIn = (text: string): readonly EtcdPod[] | null => {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = listSchema.safeParse(answer);
  return parsed.success
    ? parsed.data.items.slice(0, mostPods).flatMap((i) => podOf(i) ?? [])
    : null;
};
