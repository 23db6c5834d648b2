import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { closedLive } from '../../../src/cli/closed-plan.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { RunbookDesk } from '../../../src/cli/runbook-desk.ts';
import type { Manifest } from '../apply.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';
import { openSession } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const text = `---
alerts: [PayDown]
---
# Payments are down

## Look

\`\`\`sh {name=pods type=kubectl}
kubectl get pods -n \${namespace}
\`\`\`
`;

const books: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'runbooks', namespace: 'shop' },
  data: { 'pay.md': text, 'note.txt': 'no runbook' },
};

describeWithCluster('runbooks in a ConfigMap', { nodes: 1 }, (cluster) => {
  let home: string;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'midwatch-maps-'));
    mkdirSync(join(home, 'midwatch'));
    const names = '[shop/runbooks, shop/none]';
    writeFileSync(join(home, 'midwatch/config.yaml'), `runbooks:\n  configMaps: ${names}\n`);
    await cluster().apply([namespaceOf('shop'), books]);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const midwatch = async (kubeconfig: string, ...argv: readonly string[]) => {
    let out = '';
    let err = '';
    const io = {
      env: { HOME: home, XDG_CONFIG_HOME: home, PATH: process.env.PATH },
      paints: false,
      out: (said: string) => {
        out += said;
      },
      err: (said: string) => {
        err += said;
      },
    };
    const code = await runProgram(['runbook', ...argv, '--kubeconfig', kubeconfig], io);
    return { code, out, err };
  };

  it('given one that is there and one that is not, then the list has the first with its resourceVersion, and says what is missing', async () => {
    const { code, out, err } = await midwatch(cluster().kubeconfig, 'list', '--cluster');
    expect(out).toMatch(/^pay +configmap shop\/runbooks @ \d+ +PayDown +Payments are down$/m);
    expect(err).toContain('configmaps "none" not found (read runbooks configmap shop/none)');
    expect(code).toBe(2);
  });

  it('given the labels of an alert, then its runbook is told as it would be walked', async () => {
    const { code, out } = await midwatch(
      cluster().kubeconfig,
      ...['run', 'PayDown', '--label', 'namespace=shop'],
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^configmap shop\/runbooks\/pay\.md @ \d+: the runbook is for PayDown$/m);
    expect(out).toMatch(/\[read\] pods: would run\n {6}get all pods in shop/);
  });

  it('given a user who may not read it, then that is said with what to do, and the shipped ones are there', async () => {
    const jo = await cluster().kubeconfigFor({ user: 'jo' });
    const { code, out, err } = await midwatch(jo, 'list', '--cluster');
    expect(err).toMatch(/configmaps "runbooks" is forbidden: User "jo"/);
    expect(err).toContain('kubectl auth can-i get configmap/runbooks -n shop');
    expect(out).toContain('kube-pod-crash-looping');
    expect(code).toBe(2);
  });

  it('given a session, then it is on the shelf, and the missing one among what could not be read', async () => {
    const session = await openSession({ kubeconfig: cluster().kubeconfig });
    const ended = new AbortController();
    try {
      const settings = {
        folders: [],
        configMaps: ['shop/runbooks', 'shop/none'],
        prefixes: [],
        fetch: false,
        allowHosts: [],
      };
      const ask = { kubernetes: session.ports.kubernetes, clock: systemClock };
      const desk = new RunbookDesk(settings, closedLive, ended.signal, ask);
      const shelf = await desk.open();
      expect(shelf?.bookAt('configmap shop/runbooks/pay.md')?.runbook.title).toBe(
        'Payments are down',
      );
      expect(shelf?.failures.map(({ kind, on }) => [kind, on])).toEqual([
        ['absent', 'configmap shop/none'],
      ]);
    } finally {
      ended.abort();
      await session.close();
    }
  });
});
