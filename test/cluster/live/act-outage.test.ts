import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { readAudit } from '../../../src/adapters/audit/audit-read.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { builtProgram } from '../../support/built.ts';
import { enter, startMidwatch } from '../../support/midwatch.ts';
import type { Terminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';
import { freezeProcess } from '../freeze.ts';
import { describeWithCluster } from '../support.ts';
import { ActScreen, type ActScreenOptions } from './act-screen.ts';
import { holdingProxy } from './holding-proxy.ts';
import { recordingProxy } from './recording-proxy.ts';

const longest = 180_000;

describeWithCluster('an API server that dies while something is done', { nodes: 4 }, (cluster) => {
  const state = mkdtempSync(join(tmpdir(), 'midwatch-outage-'));
  const env = { XDG_STATE_HOME: state, XDG_DATA_HOME: state };
  const nodes: string[] = [];
  const ends: (() => Promise<void>)[] = [];

  const opened = async (more: Partial<ActScreenOptions> = {}): Promise<ActScreen> => {
    const { kubeconfig } = cluster();
    const screen = await ActScreen.open({
      kubeconfig,
      effects: kubeconfig,
      flag: 'guarded',
      state,
      ...more,
    });
    ends.push(() => screen.close());
    return screen;
  };
  /** Asks for it, and agrees to it. */
  const cordon = async (screen: ActScreen, node: string): Promise<void> => {
    screen.command('nodes');
    await screen.shows(node, longest);
    screen.press('/');
    screen.type(node);
    screen.press('enter');
    await screen.shows('nodes[1 of 4]', longest);
    screen.command('cordon');
    await screen.shows(`type ${node}`, longest);
    screen.type(node);
    screen.press('enter');
  };
  const isCordoned = async (node: string): Promise<boolean> =>
    (await cluster().request(`/api/v1/nodes/${node}`)).spec.unschedulable === true;
  const program = (...args: readonly string[]): Promise<Terminal> =>
    startMidwatch([...args, '--kubeconfig', cluster().kubeconfig], {
      columns: 160,
      rows: 40,
      env,
    });
  const left = async (t: Terminal): Promise<void> => {
    t.send('q');
    await t.exited;
  };
  const facts = async (): Promise<readonly ActFact[]> => {
    const read = await readAudit(join(state, 'midwatch', 'audit.jsonl'), null);
    return read.ok ? read.value.facts : [];
  };
  const lastEnd = async () => (await facts()).findLast((f) => f.kind === 'ended')?.result;
  const reconciled = async () => (await facts()).filter((f) => f.kind === 'reconciled');
  const isSound = async (): Promise<void> => {
    await using t = await startMidwatch(['audit', 'verify'], { columns: 160, rows: 40, env });
    await t.exited;
    expect(t.text()).toMatch(/sound/);
  };

  beforeAll(async () => {
    await builtProgram();
    const { items } = await cluster().request('/api/v1/nodes');
    nodes.push(...items.map((n: { metadata: { name: string } }) => n.metadata.name));
  }, 300_000);
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  }, 120_000);
  afterAll(() => cluster().startApiServer());

  it('given it dies between what is written and what is sent, then nothing was sent, which is said, and the program goes on', async () => {
    const [node = ''] = nodes;
    let dies = true;
    const screen = await opened({
      durable: async (written) => {
        if (!dies || !written.some((f) => f.kind === 'started')) return;
        dies = false;
        await cluster().stopApiServer();
        // A line whose end has not been read yet would take the request: what it came to would be in doubt.
        const isGone = () =>
          cluster()
            .request('/version')
            .then(
              () => false,
              () => true,
            );
        await until('nobody listens', isGone, longest);
      },
    });
    await cordon(screen, node);
    await screen.shows(/✗ cordon node .*failed after/, longest);
    expect(await lastEnd()).toMatchObject({ kind: 'failed', failure: { kind: 'unreachable' } });
    await cluster().startApiServer();
    expect(await isCordoned(node)).toBe(false);
    screen.press('esc');
    await screen.shows('nodes[1 of 4]', longest);
    {
      await using t = await program('--command', 'nodes');
      await t.until(node, longest);
      t.send(`:acts${enter}`);
      await t.until(/failed +cordon node/, longest);
      expect(t.text()).not.toContain('never answered');
      await left(t);
    }
    expect(await reconciled()).toEqual([]);
    await cordon(screen, node);
    await screen.shows(/✓ cordon node .*done after/, longest);
    expect(await isCordoned(node)).toBe(true);
    await isSound();
  }, 900_000);

  it('given it freezes when that is written and dies with the request in its hands, then it is unknown, and the next start tells that it was not done', async () => {
    const [, node = ''] = nodes;
    const proxied = join(cluster().run.dir, 'frozen.kubeconfig');
    const proxy = await recordingProxy(cluster().api, proxied);
    ends.push(() => proxy.close());
    let freezes = true;
    const screen = await opened({
      effects: proxied,
      durable: async (written) => {
        if (!freezes || !written.some((f) => f.kind === 'started')) return;
        freezes = false;
        await freezeProcess(cluster().run, 'kube-apiserver');
      },
    });
    await cordon(screen, node);
    await until('it is on its way', () => proxy.writes().length === 1, longest);
    await cluster().stopApiServer();
    await screen.shows(/\? cordon node .*unknown after/, longest);
    expect(await lastEnd()).toMatchObject({ kind: 'unknown' });
    screen.press('esc');
    await screen.shows('nodes[1 of 4]', longest);
    {
      // It begins while nobody answers, and tells it when somebody does.
      await using t = await program('--command', 'nodes');
      await cluster().startApiServer();
      const found = `nodes ${node} now: not cordoned, not as it was asked for`;
      const text = await t.until(found, longest);
      expect(text).toContain(`cordon node ${node}: never answered; ${found}`);
      await left(t);
    }
    expect(await isCordoned(node)).toBe(false);
    expect(await reconciled()).toHaveLength(1);
    await isSound();
  }, 900_000);

  it('given it dies after it has done it and before it answers, then it is unknown, and the next start tells once that it was done', async () => {
    const [, , node = ''] = nodes;
    const held = join(cluster().run.dir, 'held.kubeconfig');
    const proxy = await holdingProxy(cluster().api, held);
    const screen = await opened({ effects: held });
    await cordon(screen, node);
    await until('the server has done it', () => proxy.held.length === 1, longest);
    await cluster().stopApiServer();
    await proxy.close();
    await screen.shows(/\? cordon node .*unknown after/, longest);
    expect(await lastEnd()).toMatchObject({ kind: 'unknown' });
    await cluster().startApiServer();
    const found = `nodes ${node} now: cordoned, as it was asked for`;
    {
      await using t = await program('--command', 'nodes');
      await t.until(`cordon node ${node}: never answered; ${found}`, longest);
      t.send(`:acts${enter}`);
      await t.until(/unknown +cordon node/, longest);
      await left(t);
    }
    {
      await using t = await program('--command', 'nodes');
      await t.until(node, longest);
      t.send(`:acts${enter}`);
      await t.until(/unknown +cordon node/, longest);
      expect(t.text()).not.toContain('never answered');
      await left(t);
    }
    expect((await reconciled()).slice(1)).toMatchObject([{ text: found }]);
    await isSound();
  }, 900_000);

  it('given an act that was never answered, when a command comes to act, then it says so before, once, and writes down what it finds', async () => {
    const [, , , node = ''] = nodes;
    const proxied = join(cluster().run.dir, 'lost.kubeconfig');
    const proxy = await recordingProxy(cluster().api, proxied);
    ends.push(() => proxy.close());
    const screen = await opened({ effects: proxied });
    proxy.loseNextAnswer();
    await cordon(screen, node);
    await screen.shows(/\? cordon node .*unknown after/, longest);
    const found = `nodes ${node} now: cordoned, as it was asked for`;
    const said = async (): Promise<string> => {
      await using t = await program('debug', `node/${node}`);
      await t.exited;
      return t.text().replace(/\s+/g, ' ');
    };
    const first = await said();
    expect(first).toContain(`before this: cordon node ${node}, started `);
    expect(first).toContain(`UTC by ana on test; never answered ${found}`);
    expect(first).toContain('look before you do more: midwatch audit show --action cordon');
    expect((await reconciled()).at(-1)).toMatchObject({ text: found });
    const before = (await reconciled()).length;
    expect(await said()).not.toContain('before this:');
    expect(await reconciled()).toHaveLength(before);
    await isSound();
  }, 900_000);
});
