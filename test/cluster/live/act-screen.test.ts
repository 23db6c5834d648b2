import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { ActScreen } from './act-screen.ts';
import { type RecordingProxy, recordingProxy } from './recording-proxy.ts';

describeWithCluster('actions by key on a real API server', { nodes: 2, pods: 4 }, (cluster) => {
  let proxy: RecordingProxy;
  let recorded = '';
  let node = '';
  let screen: ActScreen;

  const isCordoned = async (): Promise<boolean> =>
    (await cluster().request(`/api/v1/nodes/${node}`)).spec.unschedulable === true;

  const onNode = async (s: ActScreen): Promise<void> => {
    s.command('nodes');
    await s.shows(node);
    s.press('/');
    s.type(node);
    s.press('enter');
    await s.shows('nodes[1 of 2]');
  };

  beforeAll(async () => {
    recorded = join(cluster().run.dir, 'screen.kubeconfig');
    proxy = await recordingProxy(cluster().api, recorded);
    await cluster().apply([
      namespaceOf('shop'),
      workload(cluster(), { name: 'cart', namespace: 'shop', replicas: 2 }),
    ]);
    const nodes = await cluster().request('/api/v1/nodes');
    node = nodes.items[0].metadata.name;
    screen = await ActScreen.open({
      kubeconfig: cluster().kubeconfig,
      effects: recorded,
      flag: 'guarded',
    });
  }, 300_000);
  afterAll(async () => {
    await screen?.close();
    await proxy?.close();
  }, 300_000);
  beforeEach(() => proxy.clear());

  it('given a node, when :cordon is asked for, then the exact request is shown before anything leaves', async () => {
    await onNode(screen);
    screen.command('cordon');
    await screen.shows(`type ${node}`);
    expect(screen.text().replace(/\s+/g, ' ')).toContain(`PATCH /api/v1/nodes/${node}`);
    expect(screen.text()).toContain(`you may patch nodes ${node}`);
    expect(proxy.writes()).toEqual([]);
  });

  it('given the dialog, when enter alone, another name and a paste of it are tried, then nothing is sent', async () => {
    screen.press('enter');
    await screen.shows('enter alone agrees to nothing');
    screen.type(`${node}x`);
    screen.press('enter');
    await screen.shows('that is not the name');
    screen.press('ctrl-u');
    screen.dashboard.paste(node);
    screen.press('enter');
    expect(proxy.writes()).toEqual([]);
    expect(await isCordoned()).toBe(false);
  });

  it('given its name, when it is typed, then that one request leaves, the node is cordoned, and the audit had it before', async () => {
    screen.press('ctrl-u');
    screen.type(node);
    screen.press('enter');
    await screen.shows(/✓ cordon node .*done after/);
    expect(await isCordoned()).toBe(true);
    expect(proxy.writes()).toMatchObject([
      { method: 'PATCH', path: expect.stringContaining(`/api/v1/nodes/${node}`) },
    ]);
    const written = await screen.written();
    expect(written.filter((kind) => kind !== 'opened')).toEqual([
      'asked',
      'judged',
      'confirmed',
      'judged',
      'started',
      'ended',
    ]);
    screen.press('enter');
    await screen.shows(`node ${node}`);
  });

  it('given it is done, then the acts and the changes show it, with every fact of it', async () => {
    screen.command('acts');
    await screen.shows(new RegExp(`✓ \\d\\d:\\d\\d:\\d\\d {2}done +cordon node ${node}`));
    screen.press('enter');
    await screen.shows('agreed to by name');
    expect(screen.text()).toContain('started: from here on it may have been sent');
    screen.press('6');
    await screen.shows(new RegExp(`cordon node ${node}: done`));
  });

  it('given a deployment, when :scale 3 is asked for and agreed to, then three are wanted', async () => {
    screen.command('deploy shop');
    await screen.shows('cart');
    screen.command('scale 3');
    await screen.shows('from 2 to 3');
    screen.type('cart');
    screen.press('enter');
    await screen.shows(/✓ scale deployment .*done after/);
    const cart = await cluster().request('/apis/apps/v1/namespaces/shop/deployments/cart');
    expect(cart.spec.replicas).toBe(3);
    expect(proxy.writes().length).toBe(1);
    screen.press('esc');
  });

  it('given an answer that never comes back, then it is unknown, not failed, and one is told to look', async () => {
    await onNode(screen);
    screen.command('uncordon');
    await screen.shows(`type ${node}`);
    proxy.loseNextAnswer();
    screen.type(node);
    screen.press('enter');
    await screen.shows('It may have been done: look before you do it again.');
    expect(screen.text()).toMatch(/\? uncordon node .*unknown after/);
    expect(await isCordoned()).toBe(false);
    expect(proxy.writes().length).toBe(1);
    screen.press('esc');
  });

  it('given a read-only session, when a change is asked for, then it is denied with the reason, and nothing leaves', async () => {
    const other = await ActScreen.open({
      kubeconfig: cluster().kubeconfig,
      effects: recorded,
      flag: 'read-only',
    });
    try {
      await onNode(other);
      other.command('cordon');
      await other.shows('denied by');
      expect(other.text().replace(/\s+/g, ' ')).toContain('this session is read-only');
      other.press('enter', 'y', 'enter');
      expect(proxy.writes()).toEqual([]);
      expect(await isCordoned()).toBe(false);
    } finally {
      await other.close();
    }
  }, 240_000);
});
