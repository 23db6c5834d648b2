import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAnchors } from '../../../src/adapters/audit/audit-anchor.ts';
import { readAudit } from '../../../src/adapters/audit/audit-read.ts';
import { verifyAudit } from '../../../src/adapters/audit/audit-verify.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { builtProgram } from '../../support/built.ts';
import { enter, startMidwatch } from '../../support/midwatch.ts';
import type { Terminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';
import { describeWithCluster } from '../support.ts';
import { type HoldingProxy, holdingProxy } from './holding-proxy.ts';

const longest = 120_000;

describeWithCluster(
  'a program that is killed while it acts, on a real API server',
  { nodes: 2 },
  (cluster) => {
    const state = mkdtempSync(join(tmpdir(), 'midwatch-left-'));
    const kubeconfig = join(state, 'kubeconfig');
    const path = join(state, 'midwatch', 'audit.jsonl');
    let node = '';
    let proxy: HoldingProxy;

    const start = (): Promise<Terminal> =>
      startMidwatch(['--kubeconfig', kubeconfig, '--guarded', '--command', 'nodes'], {
        columns: 120,
        rows: 40,
        env: { XDG_STATE_HOME: state, XDG_DATA_HOME: state },
      });
    const facts = async (): Promise<readonly ActFact[]> => {
      const read = await readAudit(path, null);
      return read.ok ? read.value.facts : [];
    };
    const told = async () => (await facts()).filter((f) => f.kind === 'reconciled');

    beforeAll(async () => {
      await builtProgram();
      proxy = await holdingProxy(cluster().api, kubeconfig);
      node = (await cluster().request('/api/v1/nodes')).items[0].metadata.name;
    }, 300_000);
    afterAll(() => proxy.close());

    it('given SIGKILL after the server has done it and before its answer, then the next one says what is there now, once', async () => {
      {
        await using t = await start();
        await t.until(node, longest);
        t.send(`/${node}${enter}`);
        await t.until('nodes[1 of 2]', longest);
        await t.until(/guarded/, longest);
        t.send(`:cordon${enter}`);
        await t.until(new RegExp(`\\n type ${node} `), longest);
        t.send(`${node}${enter}`);
        await until('the server has done it', () => proxy.held.length === 1, longest);
        process.kill(t.pid, 'SIGKILL');
        await t.exited;
      }
      expect((await cluster().request(`/api/v1/nodes/${node}`)).spec.unschedulable).toBe(true);
      expect((await facts()).at(-1)?.kind).toBe('started');
      {
        await using t = await start();
        const found = `nodes ${node} now: cordoned, as it was asked for`;
        const text = await t.until(found, longest);
        expect(text).toContain(`cordon node ${node}: midwatch ended before it did; ${found}`);
        expect(await told()).toMatchObject([{ text: found }]);
        t.send(`:acts${enter}`);
        await t.until(/unknown +cordon node/, longest);
        t.send('q');
        await t.exited;
      }
      {
        await using t = await start();
        await t.until(node, longest);
        t.send(`:acts${enter}`);
        await t.until(/unknown +cordon node/, longest);
        t.send(`:nodes${enter}`);
        t.send(`/${node}${enter}`);
        await t.until('nodes[1 of 2]', longest);
        t.send(`:cordon${enter}`);
        await t.until('it is cordoned already', longest);
        t.send('q');
        await t.exited;
      }
      expect(await told()).toHaveLength(1);
      // What is written by the second put and later is sealed when the screen is left.
      const seals = await readAnchors(join(state, 'midwatch', 'audit-seals.jsonl'));
      const report = verifyAudit(readFileSync(path), seals.ok ? seals.value : [], path);
      expect(report.faults).toEqual([]);
      expect((await facts()).at(-1)?.kind).toBe('declined');
      expect(report.sealed?.seq).toBe(report.records);
      // The server was told once.
      expect(proxy.held).toHaveLength(1);
    }, 600_000);
  },
);
