import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Manifest } from '../apply.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { midwatch } from './command.ts';
import { LiveScreen } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const rbac = 'rbac.authorization.k8s.io';
/** May read everything in one namespace, and nothing elsewhere. */
const readerOf = (namespace: string, user: string): readonly Manifest[] => [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name: 'reader', namespace },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'reader' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  },
];

describeWithCluster('users with few rights', { nodes: 3, pods: 12 }, (cluster) => {
  let screen: LiveScreen | undefined;
  let jo = '';
  beforeAll(async () => {
    await cluster().apply([
      namespaceOf('shop'),
      workload(cluster(), { name: 'orders', namespace: 'shop', replicas: 2 }),
      ...readerOf('shop', 'jo'),
    ]);
    jo = await cluster().kubeconfigFor({ user: 'jo', namespace: 'shop' });
  });
  afterEach(async () => {
    await screen?.close();
    screen = undefined;
  });

  it('given rights in one namespace, then that namespace is shown, and what is forbidden is said', async () => {
    screen = await LiveScreen.open({ kubeconfig: jo });
    const text = await screen
      .until('the namespace is read', (t) => /nothing broken in shop +LIVE/.test(t))
      .then(() => screen?.text() ?? '');
    expect(text).toMatch(/3 nodes \? forbidden {2}4 pods ✓ 2/);
    expect(text).toMatch(/2 of 2 pods well in shop/);
    expect(text).toMatch(/\? nodes +forbidden +no evidence/);
    expect(text).not.toContain('team-0');
  });

  it('given something broken in it, then it is named', async () => {
    screen = await LiveScreen.open({ kubeconfig: jo });
    const failing = workload(cluster(), {
      name: 'mailer',
      namespace: 'shop',
      failure: { kind: 'crash-loop', message: 'no route to smtp', exitCode: 3 },
    });
    await cluster().apply([failing]);
    await screen.until('it is named', (t) =>
      /✗ shop\/mailer {2}0\/1 {2}CrashLoopBackOff, exit 3\s+\d+s \n +no route to smtp/.test(t),
    );
    expect(screen.text()).toMatch(/1 broken in shop, 1 pod not ready/);
    expect((await midwatch('check', '--kubeconfig', jo)).code).toBe(1);
    await cluster().remove([failing]);
    await screen.until('it is gone', (t) => /nothing broken in shop/.test(t));
  });

  it('given the same rights, when checked from a script, then what may be read is healthy', async () => {
    const { code, out } = await midwatch('check', '--json', '--kubeconfig', jo);
    expect(JSON.parse(out)).toMatchObject({
      code: 0,
      verdict: { tone: 'good', text: 'nothing broken in shop' },
      counts: { pods: { all: 2, well: 2 } },
    });
    expect(code).toBe(0);
  });

  it('given no rights at all, then it could not tell, and says why', async () => {
    const nobody = await cluster().kubeconfigFor({ user: 'nobody' });
    const { code, out } = await midwatch('check', '--kubeconfig', nobody);
    expect(code).toBe(2);
    expect(out).toContain('could not tell: forbidden');
    expect(out).toMatch(/\? +pods +forbidden/);
  });

  it('given an administrator, when the doctor is asked, then nothing is in the way', async () => {
    const { code, out } = await midwatch('doctor', '--json', '--kubeconfig', cluster().kubeconfig);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schema: 'midwatch.doctor/v1', code: 0 });
    expect(out).toContain('15 of 15 kinds, in all namespaces');
  });

  it('given few rights, when the doctor is asked, then it says which are missing', async () => {
    const { code, out } = await midwatch('doctor', '--kubeconfig', jo);
    expect(code).toBe(0);
    expect(out).toMatch(/\[warn\] may read nodes +may not list and watch/);
    expect(out).toMatch(/\[warn\] may read pods +list and watch only in namespace shop/);
  });
});
