import { describe, expect, it } from 'vitest';
import { check, checkJson, isSettled, runCheck } from '../../src/cli/check.ts';
import { reportText } from '../../src/cli/report-text.ts';
import { health, healthProbes } from '../../src/findings/health.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import { seconds } from '../../src/kernel/units.ts';
import { emptyWorld, type World } from '../../src/kernel/world.ts';
import { pods } from '../../src/probes/pods.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import {
  ago,
  crashing,
  downNode,
  event,
  node,
  now,
  owner,
  pod,
  workload,
} from '../support/objects.ts';
import { type Listed, linkState, worldOf } from '../support/world-of.ts';

const forbidden: Freshness = {
  kind: 'failing',
  since: ago(10),
  failure: failure('forbidden', 'watch pods', 'pods is forbidden'),
  heard: null,
};
const origin = { cluster: 'eu-1', context: 'prod-eu', by: 'ops' };
const nodes = [1, 2, 3, 4, 5, 6].map((i) => node(`worker-${i}`));
const well: Listed = { nodes, pods: [pod('a')] };
const warned: Listed = { ...well, nodes: [...nodes, downNode('worker-7')] };
const broken: Listed = {
  ...warned,
  deployments: [workload('gw', { desired: 2, ready: 0 })],
  replicasets: [workload('gw-1', { owner: owner('Deployment', 'gw') })],
  pods: [1, 2].map((i) => crashing(`gw-1-${i}`, 'no etcd', { owner: owner('ReplicaSet', 'gw-1') })),
  events: [event('HorizontalPodAutoscaler', 'gw', 'FailedGetScale', 'no scale')],
};
const world = (listed: Listed, freshness: Readonly<Record<string, Freshness>> = {}): World => ({
  ...worldOf(listed, freshness),
  origin,
});

const silent = (listed: Listed): World => ({
  ...worldOf(listed, {}, { link: linkState({ state: 'unhealthy', missed: 2, why: 'refused' }) }),
  origin,
});
const cutOff = silent(well);

describe('the exit code', () => {
  it.each<[string, World, Parameters<typeof check>[2], 0 | 1 | 2]>([
    ['all is well', world(well), {}, 0],
    ['something is broken', world(broken), {}, 1],
    ['something is to look at', world(warned), {}, 1],
    ['something is to look at and only what is bad counts', world(warned), { failOn: 'bad' }, 0],
    ['pods may not be read', world(well, { pods: forbidden }), {}, 2],
    ['pods may not be read and a node is down', world(warned, { pods: forbidden }), {}, 1],
    ['nothing has been read', emptyWorld, {}, 2],
    [
      'what is broken is in another namespace',
      world({ ...broken, nodes }),
      { namespace: 'web' },
      0,
    ],
    [
      'what is broken is in this namespace',
      world({ ...broken, nodes }),
      { namespace: 'payments' },
      1,
    ],
    ['nobody answers any more', cutOff, {}, 2],
    ['nobody answers any more, and something was broken', silent(broken), {}, 1],
    ['only warning events', world({ ...well, events: broken.events ?? [] }), {}, 0],
  ])('given that %s', (_, seen, options, code) => {
    expect(check(seen, now, options).code).toBe(code);
  });

  it('given that something could not be seen, then the report names it', () => {
    expect(check(world(well, { pods: forbidden }), now).json.missing).toEqual([
      { what: 'pods', why: 'forbidden' },
    ]);
  });
});

describe('the report for programs', () => {
  const { json } = check(world(broken), now);

  it('given findings, then times are ISO and unknown ones are null', () => {
    expect(json).toMatchObject({
      schema: 'midwatch.check/v1',
      code: 1,
      context: 'prod-eu',
      cluster: 'eu-1',
      namespace: null,
      at: '2026-11-23T21:43:00.000Z',
      verdict: { tone: 'bad', text: '1 broken, 2 pods not ready' },
    });
    const [first] = json.findings;
    expect(first).toMatchObject({
      key: 'workload/payments/deployments/gw',
      since: '2026-11-23T21:39:00.000Z',
    });
    expect(first?.proof.map((p) => p.at)).toContain(null);
  });

  it('given the same world twice, then the same text, byte for byte', () => {
    const again = check({ ...world(broken) }, now).json;
    expect(checkJson(again)).toBe(checkJson(json));
    expect(JSON.parse(checkJson(json))).toEqual(json);
  });
});

describe('the report for people', () => {
  it('given a broken cluster, then the worst comes first and every line stands on its own', () => {
    expect(check(world(broken), now).text).toBe(
      `prod-eu: 1 broken, 2 pods not ready
at 2026-11-23T21:43:00Z

broken, worst first
BAD  payments/gw  0/2  CrashLoopBackOff, exit 1  for 4m
     no etcd
WARN node worker-7  NotReady: its kubelet stopped reporting  for 7m
     Kubelet stopped posting node status.

warning events
WARN payments/gw  FailedGetScale x5  for 5m
     no scale

evidence
ok   api    readyz 4 checks pass, v1.36.3, round trip 12 ms (heard 2026-11-23T21:42:57Z)
ok   etcd   readyz of the API server: its etcd checks pass; members not asked (heard 2026-11-23T21:42:57Z)
WARN nodes  6 of 7 nodes ready (heard 2026-11-23T21:42:57Z)
BAD  pods   0 of 2 pods well, 2 not ready, 2 restarted in the last hour (heard 2026-11-23T21:42:57Z)
?    alerts no alert source: name an Alertmanager or Prometheus, or let services be listed; 1 warning event that nothing above explains (never heard)
`,
    );
  });

  it('given more findings than a mail should hold, then the rest is counted', () => {
    const many = Array.from({ length: 100 }, (_, i) => crashing(`pod-${i}`));
    const text = reportText(health(worldOf({ nodes, pods: many }), now), { context: '', now });
    expect(text).toContain('     and 40 more\n');
  });

  it('given nothing known, then it says so and nothing is called well', () => {
    const { text } = check(emptyWorld, now);
    expect(text).toMatch(/^loading: 0 pods\n/);
    expect(text).not.toMatch(/^ok/m);
  });
});

describe('one look at a live cluster', () => {
  const start = () => {
    let current: World = emptyWorld;
    const listeners = new Set<() => void>();
    const clock = new FakeClock(now);
    let running = true;
    return {
      clock,
      isRunning: () => running,
      show: (next: World) => {
        current = next;
        for (const listener of listeners) listener();
      },
      listening: () => listeners.size,
      deps: {
        clock,
        world: () => current,
        subscribe: (listener: () => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        needed: healthProbes,
        run: async (signal: AbortSignal) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          running = false;
        },
      },
    };
  };
  const forever = new AbortController().signal;

  it('given everything read, then it answers at once and leaves nothing running', async () => {
    const at = start();
    const result = runCheck(at.deps, {}, forever);
    await settle();
    at.show(world(well));
    expect((await result).code).toBe(0);
    expect([at.isRunning(), at.listening()]).toEqual([false, 0]);
  });

  it('given something that never comes, then it answers at the deadline what is missing', async () => {
    const at = start();
    const result = runCheck(at.deps, { deadline: seconds(5) }, forever);
    await settle();
    at.show(world(well, { pods: { kind: 'never' } }));
    await at.clock.advance(seconds(5));
    expect((await result).code).toBe(2);
    expect((await result).json.missing).toEqual([{ what: 'pods', why: 'not read yet' }]);
    expect(at.isRunning()).toBe(false);
  });

  it('given something forbidden, then it is not waited for', async () => {
    const at = start();
    const result = runCheck(at.deps, {}, forever);
    await settle();
    at.show(world(well, { pods: forbidden }));
    expect((await result).code).toBe(2);
  });

  it('given an abort, then it answers with what it has', async () => {
    const at = start();
    const stop = new AbortController();
    const result = runCheck(at.deps, {}, stop.signal);
    await settle();
    stop.abort();
    expect((await result).code).toBe(2);
  });

  it('given a feed that breaks, then that is thrown', async () => {
    const at = start();
    const run = () => Promise.reject(new Error('a bug'));
    await expect(runCheck({ ...at.deps, run }, {}, forever)).rejects.toThrow('a bug');
    expect(at.listening()).toBe(0);
  });

  it('given two namespaces of which one is still being read, then pods are not settled', () => {
    const seen = world(well);
    const slices = new Map(seen.slices);
    const fresh: Freshness = { kind: 'fresh', heard: now };
    const scopes = new Map<string, Freshness>([
      ['a', fresh],
      ['b', { kind: 'never' }],
    ]);
    slices.set(pods.id, { state: new Map(), scopes });
    expect(isSettled({ ...seen, slices }, pods)).toBe(false);
    expect(isSettled(seen, pods)).toBe(true);
  });
});
