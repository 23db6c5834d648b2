import type { Duplex } from 'node:stream';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { PortForwardStream } from './port-forward-stream.ts';
import { type UpgradeOptions, upgradeToWebSocket } from './websocket-upgrade.ts';

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * One TCP connection to a port of a pod, through the API server and the kubelet. The signal ends the attempt, not
 * the stream; whoever gets the stream destroys it.
 */
export type PodForward = (pod: PodPort, signal: AbortSignal) => Promise<Result<Duplex>>;

const op = 'port-forward';
/** kubelets have spoken it since 1.5, and API servers hand it through to them. */
const protocol = 'v4.channel.k8s.io';

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** The only path of a session that can be built here: every part is checked, and the last one is fixed. */
export const portForwardPath = ({ namespace, name, port }: PodPort): Result<string> => {
  const wrong = (what: string): Result<string> =>
    failed(failure('misconfigured', op, what, { hint: 'name it as namespace/pod:port' }));
  if (!label.test(namespace)) return wrong('this is no name of a namespace');
  if (!subdomain.test(name) || name.includes('..')) return wrong('this is no name of a pod');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return wrong('this is no port');
  return ok(`/api/v1/namespaces/${namespace}/pods/${name}/portforward`);
};

/**
 * Opens connections to pods as the user of the API client. RBAC: `get` and, from 1.35 on, `create` of
 * `pods/portforward`.
 */
export const podForward =
  (options: UpgradeOptions): PodForward =>
  async (pod, signal) => {
    const path = portForwardPath(pod);
    if (!path.ok) return path;
    const session = { op, path: path.value, query: `ports=${pod.port}`, protocols: [protocol] };
    const opened = await upgradeToWebSocket(options, session, signal);
    if (!opened.ok) return opened;
    const { socket, head } = opened.value;
    return ok(new PortForwardStream(socket, head, path.value));
  };
