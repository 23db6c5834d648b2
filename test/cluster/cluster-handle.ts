import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ApiAccess, type ApiClient, createApiClient } from './api-client.ts';
import { type Applier, createApplier } from './apply.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { apiAccess, startApiServer, waitApiReady } from './control-plane.ts';
import { compactEtcd, etcdAccess } from './etcd.ts';
import { type KubeconfigRequest, writeKubeconfig } from './kubeconfig.ts';
import { caOf, issueCertificate } from './pki.ts';
import { endProcess, isOurs, processRecord, signalProcess } from './process.ts';
import type { Run } from './run-dir.ts';
import { serviceAccountToken, type TokenOptions } from './service-account-token.ts';
import { tearDown } from './tear-down.ts';
import { type WaitOptions, waitFor } from './wait.ts';

export interface UserOptions {
  readonly user: string;
  readonly groups?: readonly string[];
  /** Namespace of the context, as `kubectl config set-context --namespace` would set it. */
  readonly namespace?: string;
}

/** A running cluster. Every operation works from any program: what it needs is in the run directory. */
export interface Cluster extends Applier {
  readonly run: Run;
  readonly record: ClusterRecord;
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  readonly api: ApiAccess;
  readonly etcd: ApiAccess;
  readonly request: ApiClient['request'];
  readonly client: ApiClient;
  /** @returns standard output. @throws with standard error in the message when kubectl fails. */
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Path of a kubeconfig for a user without any rights but those its RBAC gives. */
  readonly kubeconfigFor: (options: UserOptions) => Promise<string>;
  readonly kubeconfigWith: (name: string, credentials: KubeconfigRequest['credentials']) => string;
  readonly serviceAccountToken: (options: TokenOptions) => Promise<string>;
  readonly waitFor: <T>(
    options: WaitOptions,
    check: () => Promise<T | undefined | false>,
    signal?: AbortSignal,
  ) => Promise<T>;
  /** Kills the API server, as a crash would; with `graceMs` it may close its connections first. */
  readonly stopApiServer: (graceMs?: number) => Promise<void>;
  readonly startApiServer: (signal?: AbortSignal) => Promise<void>;
  /** Frozen: connections stay open and nothing answers. */
  readonly pauseApiServer: () => void;
  readonly resumeApiServer: () => void;
  readonly compactEtcd: () => Promise<number>;
  /** Makes every resource version handed out so far too old: the next watch from one gets 410 Gone. */
  readonly forgetHistory: (signal?: AbortSignal) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const kubectlOf =
  (binary: string, kubeconfig: string): Cluster['kubectl'] =>
  (args, stdin) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        binary,
        ['--kubeconfig', kubeconfig, ...args],
        { maxBuffer: 512 << 20 },
        (cause, stdout, stderr) =>
          cause
            ? reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`, { cause }))
            : resolve(stdout),
      );
      child.stdin?.end(stdin ?? '');
    });

/** A name for files; two users never share one. */
const fileName = (options: UserOptions): string => {
  const digest = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 8);
  return `user-${options.user.replaceAll(/[^A-Za-z0-9-]/g, '-')}-${digest}`;
};

const API_SERVER = 'kube-apiserver';

export const clusterHandle = (run: Run, record: ClusterRecord, kubeconfig: string): Cluster => {
  const access = apiAccess(run, record.ports);
  const etcd = etcdAccess(run, record.ports.etcd);
  const client = createApiClient(access);
  const ca = caOf(run.dir).cert;
  const write = (name: string, user: string, request: Partial<KubeconfigRequest>) =>
    writeKubeconfig(join(run.dir, `${name}.kubeconfig`), {
      server: access.url,
      ca,
      context: `midwatch-${run.id}`,
      user,
      ...request,
    } as KubeconfigRequest);

  const start = async (signal?: AbortSignal): Promise<void> => {
    const spec = processRecord(run, API_SERVER);
    if (!spec) throw new Error(`run ${run.id} has no record of its API server`);
    if (isOurs(run, spec)) return waitApiReady(spec, client, signal);
    await startApiServer(run, spec, client, signal);
  };
  const stop = (graceMs = 0): Promise<void> => endProcess(run, API_SERVER, graceMs);

  return {
    run,
    record,
    kubeconfig,
    api: access,
    etcd,
    client,
    request: client.request,
    ...createApplier(client),
    kubectl: kubectlOf(record.kubectl, kubeconfig),
    kubeconfigFor: async (options) => {
      const name = fileName(options);
      const pair = await issueCertificate(run.dir, { ...options, name });
      return write(name, options.user, {
        credentials: { kind: 'certificate', pair },
        ...(options.namespace ? { namespace: options.namespace } : {}),
      });
    },
    kubeconfigWith: (name, credentials) => write(name, name, { credentials }),
    serviceAccountToken: (options) => serviceAccountToken(run, client, options),
    waitFor,
    stopApiServer: stop,
    startApiServer: start,
    pauseApiServer: () => signalProcess(run, API_SERVER, 'SIGSTOP'),
    resumeApiServer: () => signalProcess(run, API_SERVER, 'SIGCONT'),
    compactEtcd: () => compactEtcd(etcd),
    forgetHistory: async (signal) => {
      // A change after the last one anybody watches, so that even the newest version known is too old.
      const lease = '/api/v1/namespaces/kube-system/configmaps';
      await client.request(lease, {
        method: 'POST',
        body: { metadata: { generateName: 'history-' } },
      });
      await stop();
      await compactEtcd(etcd);
      await start(signal);
    },
    stop: async () => {
      await client.close();
      await tearDown(run);
    },
  };
};
