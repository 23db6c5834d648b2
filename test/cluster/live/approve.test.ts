import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Facts, known } from '../../../src/actions/guard.ts';
import type { Asked } from '../../../src/actions/pipeline.ts';
import { approvalCode, approvalLife, newApproverKey } from '../../../src/adapters/approval-code.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { readClusterMark } from '../../../src/adapters/cluster-mark.ts';
import { openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { approvals } from '../../../src/cli/approvals.ts';
import { runApprove } from '../../../src/cli/approve.ts';
import type { ActPlan } from '../../../src/kernel/act.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { after } from '../../../src/kernel/units.ts';
import { describeWithCluster } from '../support.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const digest = '5e'.repeat(32);
const ben = newApproverKey();
const rbac = 'rbac.authorization.k8s.io';

/** The same user and the same server, by a name of one's own. */
const renamed = (path: string, context: string, change: (text: string) => string = (t) => t) => {
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config['current-context'] = context;
  config.contexts[0].name = context;
  const to = `${path}.${context}`;
  writeFileSync(to, change(JSON.stringify(config)), { mode: 0o600 });
  return to;
};

describeWithCluster('agreement of two people on a real cluster', {}, (cluster) => {
  let dir = '';
  let anna = '';
  let boris = '';
  const ended = new AbortController();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'midwatch-approve-'));
    writeFileSync(join(dir, 'ben.pem'), ben.privateKey, { mode: 0o600 });
    await cluster().apply([
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRole',
        metadata: { name: 'knows-the-cluster' },
        rules: [
          {
            apiGroups: [''],
            resources: ['namespaces'],
            resourceNames: ['kube-system'],
            verbs: ['get'],
          },
        ],
      },
      ...['anna', 'ben'].map((name) => ({
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: `${name}-knows-the-cluster` },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'knows-the-cluster' },
        subjects: [{ apiGroup: rbac, kind: 'User', name }],
      })),
    ]);
    anna = await cluster().kubeconfigFor({ user: 'anna' });
    boris = await cluster().kubeconfigFor({ user: 'boris' });
  });
  afterAll(() => {
    ended.abort();
    rmSync(dir, { recursive: true, force: true });
  });

  const uidOf = async (): Promise<string> =>
    (
      await cluster().read({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'kube-system' },
      })
    ).metadata.uid ?? '';

  /** What `midwatch approve` prints with somebody's kubeconfig. */
  const approve = async (kubeconfig: string) => {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      env: {},
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      paints: false,
    };
    const flags = { kubeconfig, name: 'ben', key: join(dir, 'ben.pem'), yes: true };
    const result = await runApprove({ digest, flags, io }, ended.signal);
    return { result, out: out.join(''), err: err.join('') };
  };

  /** Over the connection that would change something, with its guard. */
  const markOf = async (kubeconfig: string) => {
    const settings = { ...noNamedSources, etcd: [], alertmanagers: [] };
    const options = { flags: { kubeconfig }, env: {}, clock: systemClock, version: 'test' };
    const effects = openEffects({ ...options, settings, mode: () => 'read-only' }, ended.signal);
    const opened = await effects.cluster();
    return opened.ok ? await readClusterMark(opened.value, ended.signal) : opened;
  };

  /** A code as it is pasted into the session of somebody with this kubeconfig. */
  const paste = async (code: string, kubeconfig: string) => {
    const { take } = approvals(
      {
        clock: systemClock,
        cluster: () => markOf(kubeconfig),
        person: 'annas-laptop',
        approvers: [{ name: 'ben', publicKey: ben.publicKey }],
      },
      ended.signal,
    );
    const facts = { identity: known('anna') } as Facts;
    const taken = await take({ act: 'a', plan: { digest } as ActPlan, facts } as Asked, code);
    return taken.ok ? taken.value : taken.failure.message;
  };

  it('given two names for the same cluster, when one agrees under theirs, then it counts under the other', async () => {
    const bens = renamed(await cluster().kubeconfigFor({ user: 'ben' }), 'prod');
    const { result, out, err } = await approve(bens);
    expect(result.ok).toBe(true);
    expect(err).toContain('You are ben at https://127.0.0.1');
    expect(err).toContain(`The cluster: uid of kube-system ${await uidOf()}`);
    expect(await paste(out, renamed(anna, 'production-eu'))).toBe('ben (ben)');
  });

  it('given another cluster of the same name, when a code of that one is pasted, then it does not count', async () => {
    const mark = await markOf(anna);
    if (!mark.ok) throw new Error(mark.failure.message);
    const until = after(systemClock.now(), approvalLife);
    const other = { ...mark.value.mark, uid: '00000000-0000-4000-8000-000000000000' };
    const code = approvalCode(
      { digest, cluster: other, name: 'ben', identity: 'ben', until },
      ben.privateKey,
    );
    expect(code.ok && (await paste(code.value, anna))).toBe(
      `it is about another cluster: the uid of kube-system is ${other.uid} there, and ${await uidOf()} here`,
    );
  });

  describe('where one of both may not read the namespace kube-system', () => {
    it('given the same address and CA, when they agree, then it counts, and both are told by what', async () => {
      const { out, err } = await approve(renamed(boris, 'home'));
      expect(err).toContain('you may not read the namespace kube-system (');
      expect(err).toMatch(/known by address and CA of its server, digest [0-9a-f]{64}/);
      expect(await paste(out, renamed(anna, 'work'))).toBe(
        'ben (boris), the cluster known by address and CA of its server only',
      );
    });

    it('given another address, when they agree, then it does not count, and it is said what would help', async () => {
      const { out } = await approve(
        renamed(boris, 'by-name', (text) => text.replace('https://127.0.0.1', 'https://localhost')),
      );
      expect(out).toMatch(/^mw2\./);
      expect(await paste(out, anna)).toBe(
        'whoever agreed may not read the namespace kube-system, by which clusters are known, and address or authority of the server are others there than here',
      );
    });

    it('given a server whose certificate is not checked, when they agree, then there is no code', async () => {
      const careless = renamed(boris, 'careless', (text) =>
        text.replace(/"certificate-authority-data":"[^"]*"/, '"insecure-skip-tls-verify":true'),
      );
      const { result, out } = await approve(careless);
      expect(out).toBe('');
      expect(result).toMatchObject({
        ok: false,
        failure: {
          kind: 'forbidden',
          message: expect.stringContaining('nothing says which cluster it is'),
          hint: expect.stringContaining('namespace kube-system'),
        },
      });
    });
  });
});
