import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localSources } from '../../../src/cli/local-sources.ts';
import { namedSources } from '../../../src/cli/sources.ts';
import { startCluster } from '../cluster.ts';
import type { Cluster } from '../cluster-handle.ts';
import { etcd2143With } from '../incidents/etcd-21-43/etcd-21-43.ts';
import { mountedPki } from '../incidents/etcd-21-43/payments-etcd.ts';
import { incidentObstacle } from '../incidents/incident-programs.ts';
import { runIncident } from '../incidents/run-incident.ts';
import { skipReason } from '../skip-reason.ts';
import { type Walked, walkAlert } from './incident-walk.ts';
import { LiveScreen } from './live-screen.ts';

const incident = etcd2143With({ replicas: 6, rebootSeconds: 2, delays: 'tested' });
/** From when the facts are there, until the screen says so. */
const SOON_MS = 5_000;
/** Between the looks of those who wait for the facts. */
const SLACK_MS = 1_500;

/** What a person must be able to read at 80x24, by stage. */
const words: Readonly<Record<string, readonly RegExp[]>> = {
  healthy: [/nothing broken/, /2 etcd ✓ 3\/3/, /Watchdog seen through/],
  'quorum-lost': [
    /✗ etcd( payments)? +1\/3 +quorum lost: 1 of 3 members, writes stopped/,
    /payments-1, payments-2 lost their data/,
    /kube-system\/payments-etcd +0\/3 +no ready endpoints/,
    /payments\/payment-gateway +0\/6 +CrashLoopBackOff/,
    /failed to connect to etcd/,
  ],
  alerts: [
    /quorum lost: 1 of 3 members/,
    /no ready endpoints/,
    /payments\/payment-gateway/,
    /✗ critical +etcd(InsufficientMembers|NoLeader)/,
  ],
  restore: [/2 etcd ✓ 3\/3/],
  // That its node has rebooted stays worth a look for a while.
  resolved: [/nothing (down|broken)/, /2 etcd ✓ 3\/3/, /5 alerts ✓ 0/],
};

const reason = skipReason('the screen over a real incident', () =>
  incidentObstacle({ nodes: incident.nodes, realNode: true }),
);

describe.skipIf(reason)(`the screen at 21:43${reason ? `, skipped: ${reason}` : ''}`, () => {
  let cluster: Cluster;
  let screen: LiveScreen;
  const frames = new Map<string, string>();
  let walked: Walked | undefined;

  beforeAll(async () => {
    cluster = await startCluster({ nodes: incident.nodes, realNode: true });
    await incident.prepare(cluster);
    const pki = mountedPki(cluster.run);
    const sources = namedSources(
      {
        etcdCacert: `${pki}/ca.crt`,
        etcdCert: `${pki}/client.crt`,
        etcdKey: `${pki}/client.key`,
      },
      {},
      {},
    );
    if (!sources.ok) throw new Error(sources.failure.message);
    const state = mkdtempSync(join(tmpdir(), 'midwatch-incident-'));
    const local = localSources({}, {}, { HOME: state, XDG_STATE_HOME: state });
    if (!local.ok) throw new Error(local.failure.message);
    screen = await LiveScreen.open({ kubeconfig: cluster.kubeconfig }, sources.value, local.value);
    await screen.until('the session has begun', (text) => /Watchdog seen/.test(text), 30_000);
    await runIncident(
      incident,
      cluster,
      { hold: 0 },
      {
        reached: async ({ name = '' }) => {
          const wanted = words[name];
          if (wanted === undefined) return;
          await screen
            .until(name, (text) => wanted.every((word) => word.test(text)), SOON_MS + SLACK_MS)
            .catch(() => undefined);
          frames.set(name, screen.text());
          if (name === 'alerts') {
            walked = await walkAlert(screen.session, 'etcdInsufficientMembers', [
              ['enter', (run) => run.visits.length === 1],
              ['x', (run) => (run.visits[0]?.evidence.length ?? 0) > 0],
              ['enter', (run) => run.visits.length === 2],
            ]);
          }
        },
      },
    );
  }, 420_000);
  afterAll(async () => {
    await screen?.close();
    await cluster?.stop();
  }, 60_000);

  it('given the alert, when its runbook is walked, then Prometheus is asked, and what it says leads on', () => {
    const [before, begun, asked, next] = walked?.frames ?? [];
    expect(before).toMatch(/etcdInsufficientMembers \/ etcd has lost its quorum +not begun/);
    expect(begun).toMatch(/step 1 of \d+/);
    expect(begun).toContain('job="payments-etcd"');
    // One of three answers, two are needed: -1, which is below 0.
    expect(asked).toMatch(/❯ lost +→ 2/);
    expect(next).toMatch(/step 2 of \d+/);
    expect(walked?.run?.alert?.name).toBe('etcdInsufficientMembers');
  });

  for (const [stage, wanted] of Object.entries(words)) {
    it(`given the stage "${stage}", when its facts are there, then home says so within seconds`, () => {
      const frame = frames.get(stage) ?? `the incident did not get to ${stage}`;
      for (const word of wanted) expect(frame).toMatch(word);
    });
  }
});
