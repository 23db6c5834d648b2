import type { EtcdMemberInfo } from '../kernel/etcd-fact.ts';
import type { Objects } from '../probes/object-probe.ts';
import type { Pod } from '../probes/pods.ts';

/** What of all pods has to do with etcd. */
interface EtcdPods {
  /** Labelled as etcd, as static pods of control planes are. */
  readonly labelled: readonly Pod[];
  /** Nodes that run an API server as a pod. */
  readonly apiServerNodes: ReadonlySet<string>;
}

const indexes = new WeakMap<Objects<Pod>, EtcdPods>();

/** One pass over all pods for each state of them: etcd is judged every few seconds, and the pods mostly stay. */
const etcdPods = (pods: Objects<Pod>): EtcdPods => {
  const had = indexes.get(pods);
  if (had !== undefined) return had;
  const labelled: Pod[] = [];
  const apiServerNodes = new Set<string>();
  for (const pod of pods.values()) {
    const component = pod.labels.component;
    if (component === 'etcd') labelled.push(pod);
    else if (component === 'kube-apiserver') apiServerNodes.add(pod.node);
  }
  const index = { labelled, apiServerNodes };
  indexes.set(pods, index);
  return index;
};

/** `10.0.0.1:2379`, with the default port of the scheme where the URL has none; null for what is no URL. */
export const endpointOf = (
  url: string,
): { readonly host: string; readonly port: string } | null => {
  const parts =
    /^(https?):\/\/(\[[0-9a-f:.%]{2,60}\]|[^:/?#@[\]]{1,255})(?::(\d{1,5}))?(?:\/|$)/i.exec(url);
  if (parts === null) return null;
  const [, scheme = '', host = '', port] = parts;
  return {
    host: host.toLowerCase(),
    port: port ?? (scheme.toLowerCase() === 'https' ? '443' : '80'),
  };
};

export const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(host);

/**
 * The pod that a member runs in: the one that is named, else the one etcd pod at an address of the member. Where
 * several share an address, as on a host network, only the one that is called after the member and its node.
 */
export const podOf = (info: EtcdMemberInfo, pods: Objects<Pod>): Pod | null => {
  if (info.pod !== null) return pods.get(`${info.pod.namespace}/${info.pod.name}`) ?? null;
  const hosts = new Set(info.clientUrls.flatMap((url) => endpointOf(url)?.host ?? []));
  const here = etcdPods(pods).labelled.filter((p) => p.ip !== '' && hosts.has(p.ip));
  if (here.length === 1) return here[0] ?? null;
  return here.find((p) => info.name !== '' && p.name === `${info.name}-${p.node}`) ?? null;
};

/**
 * The etcd of the API server itself, as kubeadm and its like set it up: `etcd-<node>` in kube-system, beside an API
 * server. Another etcd may run as static pods on the same nodes, or elsewhere; it is called otherwise.
 */
export const isStacked = (pod: Pod, pods: Objects<Pod>): boolean =>
  pod.namespace === 'kube-system' &&
  pod.name === `etcd-${pod.node}` &&
  etcdPods(pods).apiServerNodes.has(pod.node);
