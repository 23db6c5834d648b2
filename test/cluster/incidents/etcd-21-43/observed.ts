import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import type { Cluster } from '../../cluster-handle.ts';
import { GATEWAY, GATEWAY_NAMESPACE } from './gateway.ts';
import { MONITORING_NAMESPACE } from './monitoring.ts';
import {
  ETCD_NAMESPACE,
  ETCD_SERVICE,
  type Member,
  memberAccess,
  metricsUrl,
  nodeAddress,
} from './payments-etcd.ts';

/** What `POST /v3/maintenance/status` answers: 64-bit numbers are strings, what is zero is left out. */
export interface EtcdStatus {
  readonly header: {
    readonly cluster_id: string;
    readonly member_id: string;
    readonly revision: string;
  };
  readonly leader?: string;
  readonly raftIndex?: string;
  readonly raftTerm?: string;
  readonly dbSize?: string;
  readonly errors?: readonly string[];
}

export type MemberAnswer =
  | { readonly kind: 'status'; readonly status: EtcdStatus }
  | { readonly kind: 'unreachable'; readonly code: string };

const ANSWER_WITHIN_MS = 2000;

const codeOf = (error: unknown): string => {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  return (typeof code === 'string' ? code : name) ?? message ?? String(error);
};

/** Asks one member of itself; it has two seconds. */
export const askMember = async (cluster: Cluster, member: Member): Promise<MemberAnswer> => {
  const { url, ca, cert, key } = memberAccess(cluster.run, await nodeAddress(cluster), member);
  const agent = new Agent({
    connect: { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) },
    connectTimeout: ANSWER_WITHIN_MS,
  });
  try {
    const { body } = await agent.request({
      origin: url,
      path: '/v3/maintenance/status',
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { kind: 'status', status: (await body.json()) as EtcdStatus };
  } catch (error) {
    return { kind: 'unreachable', code: codeOf(error) };
  } finally {
    await agent.destroy();
  }
};

/** What a member says of its health without TLS, on the port of its metrics. */
export const memberHealth = async (cluster: Cluster, member: Member): Promise<string> => {
  const url = `${metricsUrl(await nodeAddress(cluster), member)}/health`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return `${answer.status} ${(await answer.text()).trim()}`;
  } catch (error) {
    return codeOf((error as Error).cause ?? error);
  }
};

export interface ContainerState {
  readonly pod: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Why it waits: CrashLoopBackOff, say; '' where it does not wait. */
  readonly waiting: string;
  readonly lastExitCode?: number;
  /** What it said last. */
  readonly lastMessage: string;
}

interface PodObject {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: {
        readonly waiting?: { readonly reason: string };
        readonly terminated?: { readonly exitCode: number; readonly message?: string };
      };
      readonly lastState: {
        readonly terminated?: { readonly exitCode: number; readonly message?: string };
      };
    }[];
  };
}

const containerState = ({ metadata, status }: PodObject): ContainerState => {
  const container = status.containerStatuses?.[0];
  const ended = container?.state.terminated ?? container?.lastState.terminated;
  return {
    pod: metadata.name,
    ready: container?.ready ?? false,
    restarts: container?.restartCount ?? 0,
    waiting: container?.state.waiting?.reason ?? '',
    ...(ended ? { lastExitCode: ended.exitCode } : {}),
    lastMessage: ended?.message ?? '',
  };
};

const containers = async (
  cluster: Cluster,
  namespace: string,
  selector: string,
): Promise<readonly ContainerState[]> => {
  const { items } = await cluster.request(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`,
  );
  return items.map(containerState);
};

export const gatewayContainers = (cluster: Cluster): Promise<readonly ContainerState[]> =>
  containers(cluster, GATEWAY_NAMESPACE, `app=${GATEWAY}`);

export const memberContainers = (cluster: Cluster): Promise<readonly ContainerState[]> =>
  containers(cluster, ETCD_NAMESPACE, 'component=etcd,app.kubernetes.io/instance=payments');

/** `address:port` of the members that are ready, out of the service's slices. */
export const readyEndpoints = async (cluster: Cluster): Promise<readonly string[]> => {
  const { items } = await cluster.request(
    `/apis/discovery.k8s.io/v1/namespaces/${ETCD_NAMESPACE}/endpointslices?labelSelector=kubernetes.io/service-name=${ETCD_SERVICE}`,
  );
  return items
    .flatMap(
      (slice: {
        ports?: { name: string; port: number }[];
        endpoints?: { addresses: string[]; conditions: { ready?: boolean } }[];
      }) => {
        const port = slice.ports?.find(({ name }) => name === 'client')?.port;
        return (slice.endpoints ?? [])
          .filter(({ conditions }) => conditions.ready)
          .map(({ addresses }) => `${addresses[0]}:${port}`);
      },
    )
    .sort();
};

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
  readonly startsAt: string;
}

const alertmanagerProxy = `/api/v1/namespaces/${MONITORING_NAMESPACE}/services/alertmanager:web/proxy`;

/** What Alertmanager has, asked for through the API server as midwatch does. */
export const firingAlerts = async (cluster: Cluster): Promise<readonly Alert[]> =>
  JSON.parse(await cluster.request(`${alertmanagerProxy}/api/v2/alerts`));

export const alertmanagerStatus = (cluster: Cluster) =>
  cluster.request(`${alertmanagerProxy}/api/v2/status`);
