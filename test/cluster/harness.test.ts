import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { ApiError } from './api-client.ts';
import { chaosCase } from './chaos/chaos-cases.ts';
import type { Cluster } from './cluster-handle.ts';
import { harnessDir } from './paths.ts';
import { identify, isAlive } from './process-identity.ts';
import { listRuns } from './run-dir.ts';
import { simulatedDeployment } from './simulated-load.ts';
import { describeWithCluster, reasonToSkip } from './support.ts';
import { reapAbandonedRuns } from './tear-down.ts';
import { namespaceOf } from './workloads.ts';

// Restarting an API server takes three seconds, or ten times that on a machine busy with other suites.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

interface ContainerStatus {
  restartCount: number;
  state: { waiting?: { reason: string; message?: string } };
  lastState: { terminated?: { exitCode: number; reason: string; message?: string } };
}

const firstContainer = async (
  cluster: Cluster,
  namespace: string,
  app: string,
): Promise<ContainerStatus | undefined> => {
  const { items } = await cluster.request(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=app=${app}`,
  );
  return items[0]?.status.containerStatuses?.[0];
};

const seen = (cluster: Cluster, app: string, reason: string, timeoutMs = 60_000) =>
  cluster.waitFor({ until: `${app} shows ${reason}`, timeoutMs }, async () => {
    const status = await firstContainer(cluster, 'chaos', app);
    return status?.state.waiting?.reason === reason ? status : undefined;
  });

const nodeReady = async (cluster: Cluster, name: string): Promise<string> => {
  const { status } = await cluster.request(`/api/v1/nodes/${name}`);
  return status.conditions.find(({ type }: { type: string }) => type === 'Ready').status;
};

describeWithCluster('a control plane with simulated nodes', { pods: 8, failing: 4 }, (cluster) => {
  it('given ready binaries, when asked, then the server tells its version', async () => {
    const { gitVersion } = await cluster().request('/version');
    expect(gitVersion).toMatch(process.env.KUBEBUILDER_ASSETS ? /^v1\./ : /^v1\.36\.3$/);
  });

  it('given a deployment on simulated nodes, when applied, then its pods run', async () => {
    const deployment = simulatedDeployment({ name: 'cart', namespace: 'shop', replicas: 2 });
    await cluster().apply([namespaceOf('shop'), deployment]);
    await cluster().waitFor({ until: 'both pods are ready', timeoutMs: 30_000 }, async () => {
      const { status } = await cluster().read(deployment);
      return status.readyReplicas === 2;
    });
  });

  it('given simulated failures, when they unfold, then statuses look like real ones', async () => {
    await chaosCase('crash-loop').apply(cluster());
    await chaosCase('oom').apply(cluster());
    await chaosCase('image-pull-error').apply(cluster());
    const crashed = await seen(cluster(), 'payment-gateway', 'CrashLoopBackOff');
    expect(crashed.lastState.terminated).toMatchObject({
      exitCode: 1,
      reason: 'Error',
      message: 'failed to connect to etcd: context deadline exceeded',
    });
    const killed = await seen(cluster(), 'report-builder', 'CrashLoopBackOff');
    expect(killed.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    await seen(cluster(), 'checkout', 'ImagePullBackOff');
  });

  it('given a silent simulated node, when undone, then it is ready again', async () => {
    const becomes = (status: string) =>
      cluster().waitFor(
        { until: `the node's Ready is ${status}`, timeoutMs: 20_000 },
        async () => (await nodeReady(cluster(), 'sim-000')) === status,
      );
    await chaosCase('node-not-ready').apply(cluster());
    await becomes('Unknown');
    await chaosCase('node-not-ready').undo(cluster());
    await becomes('True');
  });

  it('given a user without rights, when a role is bound, then just that is allowed', async () => {
    const kubeconfig = await cluster().kubeconfigFor({ user: 'jo', groups: ['on-call'] });
    const mayList = (what: string) =>
      cluster()
        .kubectl(['--kubeconfig', kubeconfig, 'auth', 'can-i', 'list', what, '-n', 'kube-system'])
        .then((answer) => answer.trim() === 'yes')
        .catch(() => false);
    expect(await mayList('pods')).toBe(false);
    await cluster().apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'on-call' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'on-call' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'on-call' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'on-call' }],
      },
    ]);
    await cluster().waitFor({ until: 'pods may be listed', timeoutMs: 10_000 }, () =>
      mayList('pods'),
    );
    expect(await mayList('secrets')).toBe(false);
  });

  it('given a token of a few seconds, when used in time, then the server knows who it is', async () => {
    const account = { namespace: 'default', serviceAccount: 'default' };
    for (const expiresInSeconds of [30, 600]) {
      const token = await cluster().serviceAccountToken({ ...account, expiresInSeconds });
      const kubeconfig = cluster().kubeconfigWith('default-account', { kind: 'token', token });
      const who = await cluster().kubectl(['--kubeconfig', kubeconfig, 'auth', 'whoami']);
      expect(who).toContain('system:serviceaccount:default:default');
    }
  });

  it('given a crashed API server, when started again, then it has its data on the same port', async () => {
    await cluster().stopApiServer();
    await expect(cluster().request('/readyz')).rejects.toThrow();
    await cluster().startApiServer();
    expect((await cluster().request('/api/v1/namespaces/shop')).metadata.name).toBe('shop');
  });

  it('given a frozen API server, when resumed, then it answers again', async () => {
    cluster().pauseApiServer();
    await expect(
      cluster().request('/readyz', { signal: AbortSignal.timeout(500) }),
    ).rejects.toThrow();
    cluster().resumeApiServer();
    expect(await cluster().request('/readyz')).toBe('ok');
  });

  it('given forgotten history, when a watch resumes from before, then it gets 410 Gone', async () => {
    const { metadata } = await cluster().request('/api/v1/pods?limit=1');
    await cluster().forgetHistory();
    const watch = `/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion=${metadata.resourceVersion}`;
    const answer = await cluster()
      .request(watch)
      .catch((error: ApiError) => error);
    const code = answer instanceof ApiError ? answer.code : answer.object.code;
    expect(code).toBe(410);
  });
});

const withRealNode = { realNode: true, metrics: true, nodes: 0 };

describeWithCluster('a cluster with a real node', withRealNode, (cluster) => {
  it('given a kubelet, when it is measured, then metrics.k8s.io tells its usage', async () => {
    const { items } = await cluster().request('/apis/metrics.k8s.io/v1beta1/nodes');
    expect(items).toMatchObject([
      { metadata: { name: 'real-1' }, usage: { cpu: expect.any(String) } },
    ]);
  });

  it('given chaos on a real kubelet, when it unfolds, then pods really fail', async () => {
    await chaosCase('crash-loop').apply(cluster());
    await chaosCase('oom').apply(cluster());
    await chaosCase('image-pull-error').apply(cluster());
    const crashed = await seen(cluster(), 'payment-gateway', 'CrashLoopBackOff');
    expect(crashed.lastState.terminated).toMatchObject({
      exitCode: 1,
      message: 'failed to connect to etcd: context deadline exceeded',
    });
    const killed = await seen(cluster(), 'report-builder', 'CrashLoopBackOff');
    expect(killed.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    await seen(cluster(), 'checkout', 'ImagePullBackOff');
    const log = await cluster().kubectl(['logs', '-n', 'chaos', 'deployment/payment-gateway']);
    expect(log).toContain('failed to connect to etcd: context deadline exceeded');
  }, 600_000);

  it('given a stuck rollout, when its deadline passes, then the deployment says so', async () => {
    await chaosCase('deployment-stuck').apply(cluster());
    await cluster().waitFor({ until: 'the deadline is exceeded', timeoutMs: 60_000 }, async () => {
      const { status } = await cluster().request('/apis/apps/v1/namespaces/chaos/deployments/cart');
      return status.conditions.some(
        ({ reason }: { reason: string }) => reason === 'ProgressDeadlineExceeded',
      );
    });
  }, 600_000);
});

const left = (id: string): readonly string[] => [
  ...globSync([`/sys/class/net/mw-${id}`, `/sys/fs/cgroup/*/midwatch-${id}`]),
  ...globSync([`/sys/fs/cgroup/midwatch-${id}`, `/run/midwatch-${id}`]),
  ...listRuns()
    .map((run) => run.id)
    .filter((one) => one === id),
];

it.skipIf(reasonToSkip())(
  'given a run whose owner was killed, when the next one tidies up, then nothing is left of it',
  async () => {
    const owner = spawn(process.execPath, [join(harnessDir, 'testing', 'start-and-wait.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(owner.stdout), 'line');
    const { id, pids }: { id: string; pids: number[] } = JSON.parse(line);
    const identities = pids.flatMap((pid) => identify(pid) ?? []);
    expect(identities).toHaveLength(pids.length);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(identities.every(isAlive)).toBe(true);
    await reapAbandonedRuns();
    expect(identities.some(isAlive)).toBe(false);
    expect(left(id)).toEqual([]);
  },
  90_000,
);
