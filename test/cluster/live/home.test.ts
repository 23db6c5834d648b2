import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';
import { CHAOS_NAMESPACE } from '../chaos/chaos-case.ts';
import { chaosCase } from '../chaos/chaos-cases.ts';
import { silenceNode, wakeNode } from '../silent-node.ts';
import { type Cluster, describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { midwatch } from './command.ts';
import { LiveScreen } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const CASES = [
  'crash-loop',
  'image-pull-error',
  'oom',
  'pending-cpu',
  'evicted',
  'deployment-stuck',
] as const;
const SILENT = 'sim-001';
const REAL = 'real-1';
/** What the API server is given to say it: pulls fail, loops begin and deadlines pass in their own time. */
const UNFOLDS = 300_000;

interface PodObject {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly status: {
    readonly phase?: string;
    readonly reason?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly state: { readonly waiting?: { readonly reason: string } };
      readonly lastState: { readonly terminated?: { readonly reason: string } };
    }[];
  };
}
type Objects = Readonly<Record<'pods' | 'deployments' | 'nodes', readonly PodObject[]>>;

/** One thing to be seen: when the API server's objects say it, and how the screen does. */
interface Sight {
  readonly name: string;
  said(objects: Objects): boolean;
  readonly shown: RegExp;
}

const podsOf = ({ pods }: Objects, app: string): readonly PodObject[] =>
  pods.filter((p) => p.metadata.labels?.app === app);
const waits = (p: PodObject, ...reasons: string[]): boolean =>
  reasons.includes(p.status.containerStatuses?.[0]?.state.waiting?.reason ?? '');
const endedWith = (p: PodObject, reason: string): boolean =>
  p.status.containerStatuses?.[0]?.lastState.terminated?.reason === reason;
const condition = (o: PodObject, type: string, status: string, reason: string): boolean =>
  o.status.conditions?.some(
    (c) => c.type === type && c.status === status && c.reason === reason,
  ) === true;
const silent = (name: string): Sight => ({
  name: `${name} is silent`,
  said: ({ nodes }) =>
    nodes.some(
      (n) =>
        n.metadata.labels?.['kubernetes.io/hostname'] === name &&
        condition(n, 'Ready', 'Unknown', 'NodeStatusUnknown'),
    ),
  shown: new RegExp(`node ${name}  NotReady: its kubelet stopped reporting`),
});

const SIGHTS: readonly Sight[] = [
  {
    name: 'crash-loop',
    // The first back-off is over in a moment; the end before it stays.
    said: (o) =>
      podsOf(o, 'payment-gateway').some(
        (p) => waits(p, 'CrashLoopBackOff') || endedWith(p, 'Error'),
      ),
    shown: /✗ chaos\/payment-gateway {2}0\/2 {2}CrashLoopBackOff, exit 1/,
  },
  {
    name: 'image-pull-error',
    said: (o) => podsOf(o, 'checkout').some((p) => waits(p, 'ErrImagePull', 'ImagePullBackOff')),
    shown: /✗ chaos\/checkout {2}0\/1 {2}ImagePullBackOff: registry cannot be reached/,
  },
  {
    name: 'oom',
    said: (o) => podsOf(o, 'report-builder').some((p) => endedWith(p, 'OOMKilled')),
    shown: /✗ chaos\/report-builder {2}0\/1 {2}CrashLoopBackOff, OOMKilled, over its memor/,
  },
  {
    name: 'pending-cpu',
    said: (o) =>
      podsOf(o, 'search-index').some((p) => condition(p, 'PodScheduled', 'False', 'Unschedulable')),
    shown: /[…✗] chaos\/search-index {2}0\/1 {2}FailedScheduling: 0\/4 nodes, 1 Insufficient c/,
  },
  {
    name: 'evicted',
    said: (o) =>
      podsOf(o, 'batch-import').filter((p) => p.status.reason === 'Evicted').length === 3,
    shown: /▲ chaos\/batch-import-0 {2}Evicted[\s\S]*batch-import-1 {2}Evicted[\s\S]*-2 {2}Evicted/,
  },
  {
    name: 'deployment-stuck',
    said: ({ deployments }) =>
      deployments.some((d) => condition(d, 'Progressing', 'False', 'ProgressDeadlineExceeded')),
    shown: /▲ chaos\/cart {2}2\/2 {2}rollout stuck: ImagePullBackOff: registry cannot be/,
  },
  silent(SILENT),
];

const look = async (cluster: Cluster): Promise<Objects> => {
  const [pods, deployments, nodes] = await Promise.all(
    [
      `/api/v1/namespaces/${CHAOS_NAMESPACE}/pods`,
      `/apis/apps/v1/namespaces/${CHAOS_NAMESPACE}/deployments`,
      '/api/v1/nodes',
    ].map(async (path) => (await cluster.request(path)).items as readonly PodObject[]),
  );
  return { pods, deployments, nodes } as Objects;
};

/** How long after the API server said them the screen showed them, in words. */
const delays = async (
  cluster: Cluster,
  screen: LiveScreen,
  sights: readonly Sight[],
): Promise<readonly string[]> => {
  const said = new Map<string, number>();
  const saying = cluster.waitFor(
    { until: 'the API server says all of it', timeoutMs: UNFOLDS, everyMs: 50 },
    async () => {
      const objects = await look(cluster);
      for (const s of sights)
        if (!said.has(s.name) && s.said(objects)) said.set(s.name, Date.now());
      return said.size === sights.length;
    },
  );
  const shown = await Promise.all(
    sights.map(({ name, shown: text }) => screen.until(name, (t) => text.test(t), UNFOLDS)),
  );
  await saying;
  return sights.map(({ name }, i) => `${name} ${(shown[i] ?? 0) - (said.get(name) ?? 0)} ms`);
};

const isWell = (text: string): boolean =>
  /nothing broken +LIVE/.test(text) && text.includes('3 nodes ✓ 4/4') && !text.includes('◌');

describeWithCluster(
  'the home screen of a real cluster',
  { nodes: 3, pods: 12, realNode: true, nodeGraceSeconds: 20 },
  (cluster) => {
    let screen: LiveScreen;
    beforeAll(async () => {
      const base = { namespace: 'shop', image: BUSYBOX_IMAGE };
      await cluster().apply([
        namespaceOf('shop'),
        workload(cluster(), { ...base, name: 'orders', replicas: 2 }),
      ]);
      screen = await LiveScreen.open({ kubeconfig: cluster().kubeconfig });
      await screen.until('all is well', isWell);
    });
    afterAll(() => screen?.close());

    it('given six workloads that break and a node that falls silent, then each is named with its reason', async ({
      annotate,
    }) => {
      const seen = delays(cluster(), screen, SIGHTS);
      await Promise.all([
        ...CASES.map((name) => chaosCase(name).apply(cluster())),
        silenceNode(cluster(), SILENT),
      ]);
      await annotate((await seen).join(', '));
      expect(screen.text()).toContain('3 nodes ▲ 3/4');
      expect(screen.text()).toMatch(/\d broken, \d pods not ready/);
    });

    it('given more room, then the messages of the container and the runtime stand below, verbatim', () => {
      const text = screen.text(120, 50);
      expect(text).toContain('failed to connect to etcd: context deadline exceeded');
      expect(text).toContain('127.0.0.1:1/shop/checkout:9.9.9');
      expect(text).toContain('127.0.0.1:1/shop/cart:2.0.0-rc1');
      expect(text).toContain('The node was low on resource: memory.');
      expect(text).toContain('Kubelet stopped posting node status.');
    });

    it('given a pod without a node for a minute, then it is no longer on its way but broken', async () => {
      await screen.until(
        'it is broken',
        (text) => /✗ chaos\/search-index {2}0\/1 {2}FailedScheduling/.test(text),
        120_000,
      );
      expect(screen.text(120, 50)).toContain('0/4 nodes are available: 1 Insufficient cpu');
    });

    it('given what is broken, when checked from a script, then it exits with 1 and tells the same', async () => {
      const { code, out } = await midwatch('check', '--json', '--kubeconfig', cluster().kubeconfig);
      expect(code).toBe(1);
      const report = JSON.parse(out) as { verdict: object; findings: { title: string }[] };
      expect(report).toMatchObject({ code: 1, verdict: { tone: 'bad' }, missing: [] });
      const titles = report.findings.map(({ title }) => title);
      for (const name of [
        'payment-gateway',
        'checkout',
        'report-builder',
        'search-index',
        'cart',
      ]) {
        expect(titles).toContain(`chaos/${name}`);
      }
      expect(titles).toContain(`node ${SILENT}`);
    });

    it('given that all is undone, then the screen is well again, with fresh evidence', async ({
      annotate,
    }) => {
      await Promise.all([
        ...CASES.map((name) => chaosCase(name).undo(cluster())),
        wakeNode(cluster(), SILENT),
      ]);
      await cluster().waitFor(
        { until: 'the API server says that all is well', timeoutMs: UNFOLDS, everyMs: 50 },
        async () => {
          const { pods, nodes } = await look(cluster());
          return (
            pods.length === 0 && nodes.every((n) => condition(n, 'Ready', 'True', 'KubeletReady'))
          );
        },
      );
      const said = Date.now();
      await annotate(`well again ${(await screen.until('all is well', isWell)) - said} ms`);
      expect(screen.text()).toContain('4 of 4 nodes ready');
      expect(screen.text()).not.toContain('chaos/payment-gateway  0/2');
    });

    it('given a healthy cluster, when checked from a script, then it exits with 0', async () => {
      const { code, out } = await midwatch('check', '--json', '--kubeconfig', cluster().kubeconfig);
      expect(JSON.parse(out)).toMatchObject({
        code: 0,
        verdict: { tone: 'good', text: 'nothing broken' },
        missing: [],
      });
      expect(code).toBe(0);
    });

    it('given a real kubelet that freezes, then its node is told as lost, and well again when it goes on', async ({
      annotate,
    }) => {
      const seen = delays(cluster(), screen, [silent(REAL)]);
      await silenceNode(cluster(), REAL);
      await annotate((await seen).join(', '));
      await wakeNode(cluster(), REAL);
      await screen.until('all is well', isWell, UNFOLDS);
    });
  },
);
