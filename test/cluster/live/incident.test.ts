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
import { type Frames, type Morning, Night } from './night.ts';

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
  let night: Night | undefined;
  let acted: Frames = {};
  let morning: Morning | undefined;
  /** Why the one on call could not go on; the incident does. */
  const trouble: string[] = [];
  const tries = async (what: () => Promise<Frames>): Promise<void> => {
    await what().then(
      (frames) => {
        acted = { ...acted, ...frames };
      },
      (cause: unknown) => void trouble.push(cause instanceof Error ? cause.message : String(cause)),
    );
  };

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
    await screen.until('the session has begun', (text) => /Watchdog seen/.test(text), 150_000);
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
            const onCall = await Night.open(cluster);
            night = onCall;
            await tries(() => onCall.readsLogs());
            await tries(() => onCall.looksInside());
          }
          if (name === 'resolved' && night !== undefined) {
            const onCall = night;
            await tries(() => onCall.tendsEtcd('payments-0'));
            await tries(async () => {
              morning = await onCall.leaves();
              return {};
            });
          }
        },
      },
    );
  }, 1_200_000);
  afterAll(async () => {
    await night?.close();
    await screen?.close();
    await cluster?.stop();
  }, 300_000);

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

  it('given the one on call, when they act, then nothing stops them on their way', () => {
    expect(trouble).toEqual([]);
  });

  it('given the runbook of the alert, when its step is run, then bounded logs come through the door', () => {
    expect(acted.logs).toContain('failed to connect to e');
    const read = morning?.facts.filter((f) => f.kind === 'asked').find((f) => f.action === 'logs');
    expect(read).toMatchObject({ origin: 'runbook', effect: 'read' });
    expect(read?.requests.join('\n')).toMatch(
      /^GET logs of payments\/.*since 15m, at most \d+ bytes each, 20 lines each$/,
    );
  });

  it('given a command in a container, when a runbook or a person asks for it, then it is refused, and what is there instead is told', () => {
    expect(acted['runbook exec']).toMatch(/no command is run inside a container/);
    expect(acted.exec).toMatch(
      /exec: closed for good: there is no exec in midwatch\. Elsewhere: kubectl debug -n ledger till/,
    );
  });

  it('given a pod of the strictest namespace, when a shell is started beside it, then with the image of the policy, as the user of the pod', () => {
    expect(acted['debug plan']?.replace(/\s+/g, '')).toMatch(/sha256:[0-9a-f]{64}/);
    expect(acted['debug shell']).toMatch(/^1234\n42$/m);
  });

  it('given a window that is closed, when etcd is to be changed, then it is denied with when it opens, until the glass is broken and the name typed', () => {
    expect(acted.window).toMatch(/etcd maintenance/);
    expect(acted.window?.replace(/[\s│]+/g, ' ')).toMatch(/wait until \d{4}-\d\d-01T03:00:00/);
    expect(acted.glass).toContain('INC-2143');
    expect(acted.defragmented).toMatch(/✓ .*defragment/);
  });

  it('given the morning after, when the audit is looked at, then it is what was written, and tells the night', () => {
    expect(morning?.code).toBe(0);
    expect(morning?.report.faults).toEqual([]);
    expect(morning?.report.sealed?.seq).toBe(morning?.report.records);
    const ended = (action: string): readonly string[] => {
      const acts = morning?.facts.filter((f) => f.kind === 'asked' && f.action === action) ?? [];
      return acts.map(
        ({ act }) =>
          morning?.facts.filter((f) => f.act === act).findLast((f) => f.kind !== 'progress')
            ?.kind ?? '',
      );
    };
    expect(ended('logs')).toEqual(['ended']);
    expect(ended('debug')).toEqual(['ended']);
    expect(ended('etcd-defrag')).toEqual(['declined', 'ended']);
    for (const words of [/INC-2143/, /defragment etcd/, /debug container/, /logs/]) {
      expect(morning?.story).toMatch(words);
    }
    // Nothing of it is a command that was run in a container.
    expect(morning?.facts.filter((f) => f.kind === 'asked' && /exec/.test(f.action))).toEqual([]);
  });

  for (const [stage, wanted] of Object.entries(words)) {
    it(`given the stage "${stage}", when its facts are there, then home says so within seconds`, () => {
      const frame = frames.get(stage) ?? `the incident did not get to ${stage}`;
      for (const word of wanted) expect(frame).toMatch(word);
    });
  }
});
