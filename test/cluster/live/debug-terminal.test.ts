import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { builtProgram } from '../../support/built.ts';
import { ctrl, enter, esc, startMidwatch } from '../../support/midwatch.ts';
import type { Terminal } from '../../support/terminal.ts';
import { shellImage } from '../images/shell-image.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';
import { podOf } from './debug-objects.ts';

/** A loaded machine is several times slower than an idle one. */
const longest = 180_000;

/** The prompt of a shell that waits for keys. */
const shell = /^\/ #$/m;

const press = async (t: Terminal, keys: string, shows: string | RegExp): Promise<void> => {
  t.send(keys);
  await t.until(shows, longest);
};

describeWithCluster('debug in a terminal', { nodes: 1, realNode: true }, (cluster) => {
  const config = mkdtempSync(join(tmpdir(), 'midwatch-config-'));
  const state = mkdtempSync(join(tmpdir(), 'midwatch-state-'));
  const env = { XDG_CONFIG_HOME: config, XDG_STATE_HOME: state, USER: 'ana' };
  const size = { columns: 120, rows: 40, env };

  const debug = (...args: readonly string[]): Promise<Terminal> =>
    startMidwatch(['debug', '--kubeconfig', cluster().kubeconfig, ...args], size);
  const pods = async (): Promise<readonly { metadata: { name: string }; spec: object }[]> =>
    (await cluster().request('/api/v1/pods')).items;
  const nodePods = async () =>
    (await pods()).map((p) => p.metadata.name).filter((name) => name.startsWith('midwatch-node-'));

  beforeAll(async () => {
    await builtProgram();
    const image = await shellImage(cluster());
    mkdirSync(join(config, 'midwatch'));
    writeFileSync(
      join(config, 'midwatch', 'config.yaml'),
      `policy:\n  classes:\n    - name: here\n      images: ["${image}"]\n`,
    );
    await cluster().apply([namespaceOf('shop'), podOf('shop', 'cart'), podOf('shop', 'till')]);
    await cluster().waitFor({ until: 'cart runs', timeoutMs: longest }, async () =>
      JSON.stringify(
        (await cluster().request('/api/v1/namespaces/shop/pods/cart')).status,
      ).includes('"running"'),
    );
  }, 600_000);

  it('given a pod, when its name is typed, then a shell is there at the right size, is left, and is joined again', async () => {
    await using t = await debug('cart', '-n', 'shop', '--guarded', '--reason', 'INC-7');
    await t.until('type cart to agree:', longest);
    expect(t.text()).toMatch(/PATCH .*ephemeralcontainers/);
    expect(t.text()).toMatch(/permanent/);
    await press(t, `card${enter}`, 'that is not the name');
    await press(t, `cart${enter}`, shell);
    await press(t, `stty size; echo $((6*7))${enter}`, /^40 120\n42$/m);
    // Ctrl-c ends what runs over there, and nothing here. One program says it and sleeps: between two of them a shell
    // hears no ctrl-c.
    await press(t, `sh -c 'echo asleep; exec sleep 1000'${enter}`, /^asleep$/m);
    await press(t, ctrl('c'), /asleep\n\^C\n\/ #/);
    await press(t, `echo $((6*8))${enter}`, /^48$/m);
    await press(t, `${ctrl('p')}${ctrl('q')}`, /left midwatch-\w+, which goes on/);
    expect(await t.exited).toMatchObject({ code: 0 });
    await using again = await debug('pod/cart', '-n', 'shop', '--guarded');
    await again.until(/join midwatch-\w+, which runs in pod shop\/cart already/, longest);
    await press(again, `cart${enter}`, /it runs already/);
    await press(again, `${enter}echo $MIDWATCH_REASON${enter}`, /^INC-7$/m);
    await press(again, `exit 4${enter}`, /has ended with exit 4/);
    expect(await again.exited).toMatchObject({ code: 0 });
  });

  it('given what is left behind, when the ledger is asked for, then it says of whom and why', async () => {
    await using t = await debug('ledger', '-n', 'shop');
    await t.until(/^ended 4, .*shop\/cart +midwatch-\w+ +\S.*SYS_PTRACE +INC-7$/m, longest);
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a read-only session or nobody who agrees, when it is asked for, then nothing is added', async () => {
    const count = async () => JSON.stringify(await pods()).split('"midwatch-').length;
    const before = await count();
    await using closed = await debug('cart', '-n', 'shop', '--read-only');
    await closed.until('read-only', longest);
    expect(await closed.exited).toMatchObject({ code: 2 });
    await using left = await debug('cart', '-n', 'shop', '--guarded');
    await left.until('type cart to agree:', longest);
    await press(left, ctrl('c'), 'nothing was done');
    expect(await left.exited).toMatchObject({ code: 2 });
    expect(await count()).toBe(before);
  });

  it('given a node, when a shell on it ends, or its program is told to, then its pod is deleted', async () => {
    await using t = await debug('node/real-1', '--guarded');
    await t.until('type real-1 to agree:', longest);
    await press(t, `real-1${enter}`, shell);
    await press(t, `ls -d /host/etc; touch /host/x${enter}`, /Read-only file system/);
    expect(await nodePods()).toHaveLength(1);
    await press(t, `exit${enter}`, 'its pod is deleted');
    expect(await t.exited).toMatchObject({ code: 0 });
    await cluster().waitFor(
      { until: 'it is gone', timeoutMs: longest },
      async () => (await nodePods()).length === 0,
    );
    await using told = await debug('node/real-1', '--guarded');
    await told.until('type real-1 to agree:', longest);
    await press(told, `real-1${enter}`, shell);
    told.kill('SIGTERM');
    await told.exited;
    await cluster().waitFor(
      { until: 'it is gone too', timeoutMs: longest },
      async () => (await nodePods()).length === 0,
    );
  });

  it('given a program that was killed while it had a pod on a node, when the next one starts, then it is told, and deleted where that is allowed', async () => {
    await using killed = await debug('node/real-1', '--guarded');
    await killed.until('type real-1 to agree:', longest);
    await press(killed, `real-1${enter}`, shell);
    const dashboard = (flag: string) =>
      startMidwatch(['--kubeconfig', cluster().kubeconfig, flag], size);
    {
      // Its program lives: it is nobody's to delete.
      await using early = await dashboard('--guarded');
      await early.until(/guarded[\s\S]*shop/, longest);
      await early.quiet(1000);
      expect(early.text()).not.toMatch(/earlier session/);
    }
    expect(await nodePods()).toHaveLength(1);
    killed.kill('SIGKILL');
    await killed.exited;
    await using closed = await dashboard('--read-only');
    await closed.until(/still there: debug pod default\/midwatch-node-/, longest);
    expect(await nodePods()).toHaveLength(1);
    await using open = await dashboard('--guarded');
    await open.until(/deleted what an earlier session had left: debug pod default/, longest);
    await cluster().waitFor(
      { until: 'it is gone', timeoutMs: longest },
      async () => (await nodePods()).length === 0,
    );
  });

  it('given the dashboard, when a shell is left, then the screen is there again as it was', async () => {
    await using t = await startMidwatch(
      ['--kubeconfig', cluster().kubeconfig, '--guarded', '--command', 'pods', '-n', 'shop'],
      size,
    );
    await t.until(/till/, longest);
    await t.until(/guarded/, longest);
    await press(t, `/till${enter}`, /pods.*1 of/);
    await press(t, 's', /type till/);
    await press(t, `till${enter}`, /midwatch lends its terminal[\s\S]*^\/ #$/m);
    expect(t.alternate).toBe(false);
    t.resize(100, 30);
    await press(t, `${enter}stty size${enter}`, /^30 100$/m);
    await press(t, `printf '\\033[?1049h\\033[?25l\\033[31mall red'${enter}`, 'all red');
    t.send(`${ctrl('p')}${ctrl('q')}`);
    await t.until(/done[\s\S]*left midwatch-\w+, which goes on/, longest);
    expect(t.alternate).toBe(true);
    await t.quiet(300);
    expect(t.text()).not.toContain('all red');
    await press(t, esc, /till/);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });
});
