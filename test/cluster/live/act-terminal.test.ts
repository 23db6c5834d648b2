import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { builtProgram } from '../../support/built.ts';
import { ctrl, enter, esc, startMidwatch } from '../../support/midwatch.ts';
import type { Terminal } from '../../support/terminal.ts';
import { describeWithCluster } from '../support.ts';

/** A loaded machine is several times slower than an idle one. */
const longest = 120_000;

const press = async (t: Terminal, keys: string, shows: string | RegExp): Promise<void> => {
  t.send(keys);
  await t.until(shows, longest);
};

const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`;

describeWithCluster('actions in a terminal, on a real API server', { nodes: 2 }, (cluster) => {
  let node = '';
  const state = mkdtempSync(join(tmpdir(), 'midwatch-state-'));

  const isCordoned = async (): Promise<boolean> =>
    (await cluster().request(`/api/v1/nodes/${node}`)).spec.unschedulable === true;

  const asks = (): RegExp => new RegExp(`\\n type ${node} `);

  const onNode = async (flag: string): Promise<Terminal> => {
    const t = await startMidwatch(
      ['--kubeconfig', cluster().kubeconfig, flag, '--command', 'nodes'],
      { columns: 120, rows: 40, env: { XDG_STATE_HOME: state } },
    );
    await t.until(node, longest);
    await press(t, `/${node}${enter}`, 'nodes[1 of 2]');
    return t;
  };

  beforeAll(async () => {
    await builtProgram();
    const nodes = await cluster().request('/api/v1/nodes');
    node = nodes.items[0].metadata.name;
  }, 300_000);

  it('given a node, when its name is typed after all else was tried, then it is cordoned, and the acts show it', async () => {
    await using t = await onNode('--guarded');
    await t.until(/guarded/, longest);
    await press(t, `:cordon${enter}`, asks());
    expect(t.text().replace(/\s+/g, ' ')).toContain(`PATCH /api/v1/nodes/${node}`);
    await press(t, enter, 'enter alone agrees to nothing');
    await press(t, `${node}x${enter}`, 'that is not the name');
    await press(t, `${ctrl('u')}${paste(node)}`, 'pasted text agrees to nothing');
    await press(t, enter, 'enter alone agrees to nothing');
    expect(await isCordoned()).toBe(false);
    await press(t, `${node}${enter}`, /✓ cordon node .*done after/);
    expect(await isCordoned()).toBe(true);
    await press(t, `${esc}`, 'nodes[1 of 2]');
    await press(t, `:acts${enter}`, /done +cordon node/);
    await press(t, enter, 'agreed to by name');
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a read-only session, when the glass is broken with a reason and a ticket, then the same door opens, loudly, and is closed again', async () => {
    await using t = await onNode('--read-only');
    await t.until(/read-only/, longest);
    await press(t, `:uncordon${enter}`, 'this session is read-only');
    await press(t, `${enter}y${enter}`, ':break-glass');
    expect(await isCordoned()).toBe(true);
    await press(t, `:break-glass${enter}`, 'break the glass: why');
    await press(t, `short${enter}`, '10 characters or more');
    await press(t, `${ctrl('u')}etcd has no quorum${enter}`, /^ ticket/m);
    await press(t, `INC-42${enter}`, 'GLASS BROKEN');
    // The dialog that denied it names it too: what counts is what may be typed now.
    await t.until(asks(), longest);
    await t.until('INC-42 etcd has no quorum', longest);
    await press(t, `${node}${enter}`, /✓ uncordon node .*done after/);
    expect(await isCordoned()).toBe(false);
    await press(t, esc, 'nodes[1 of 2]');
    await press(t, `:mend-glass${enter}`, 'the glass is mended');
    await t.until((text) => !text.includes('GLASS BROKEN'), longest);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });
});
