import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/probes/pods.ts';
import { podKind } from '../../src/probes/pods.ts';
import { fixture, slimItems } from '../adapters/kubernetes/wire/fixtures.ts';
import { slimmed } from './objects.ts';

const pods = (slimItems(podKind) as readonly Pod[]).filter((pod) => pod.namespace === 'states');

const rows = fixture('pods.kubectl.txt').toString().trim().split('\n');

/** NAME READY STATUS RESTARTS, where the last may be `7 (2d18h ago)`. */
const row = /^(\S+)\s+(\S+)\s+(\S+)\s+(\d+)(?: \((\S+) ago\))?\s+\S+$/;

const columns = rows.map((text) => {
  const [, name = '', ready, status, restarts, ago] = row.exec(text) ?? [];
  return { name, ready, status, restarts, restarted: ago !== undefined };
});

describe('the columns of kubectl', () => {
  it('given every recorded pod, when compared, then kubectl has a row for it', () => {
    expect(columns.map((c) => c.name).sort()).toEqual(pods.map((p) => p.name).sort());
    expect(columns.length).toBeGreaterThan(30);
  });

  it.each(columns)(
    'given pod $name, when slimmed, then it is $ready $status $restarts',
    (expected) => {
      const pod = pods.find((p) => p.name === expected.name)!;
      expect({
        name: pod.name,
        ready: `${pod.ready}/${pod.total}`,
        status: pod.status,
        restarts: String(pod.restarts),
        restarted: pod.lastRestart !== null,
      }).toEqual(expected);
    },
  );
});

const byName = (name: string): Pod => pods.find((p) => p.name === name)!;

describe('podKind.slim', () => {
  it('given a pod with everything, when slimmed, then what the kubelet and the scheduler count is there', () => {
    expect(byName('everything')).toMatchObject({
      claims: ['data'],
      priorityClass: 'system-node-critical',
      readinessGates: ['example.com/registered'],
      hostNetwork: true,
      message: 'Umlaute: äöü, and a → arrow',
      // The init container that wants two cores, next to no sidecar yet, needs more than all others together.
      requests: { cpu: 2000, memory: 1024 ** 3 },
      limits: { cpu: 1000, memory: 256 * 1024 ** 2 },
    });
    expect(byName('everything').containers.map((c) => [c.name, c.kind])).toEqual([
      ['warm', 'init'],
      ['proxy', 'sidecar'],
      ['main', 'main'],
      ['second', 'main'],
    ]);
  });

  it('given a pod with a password in its environment, when slimmed, then it is nowhere', () => {
    expect(fixture('pods.json').toString()).toContain('never-shown');
    expect(JSON.stringify(pods)).not.toContain('never-shown');
  });

  it('given a pod that crashes, when slimmed, then it says how each run ended', () => {
    expect(byName('crash-loop').containers[0]).toMatchObject({
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      restarts: 7,
      last: { exitCode: 1, reason: 'Error', message: 'connection refused: db:5432' },
    });
  });

  it('given a pod that fits nowhere, when slimmed, then it has the words of the scheduler', () => {
    expect(byName('unschedulable').conditions).toEqual([
      expect.objectContaining({
        type: 'PodScheduled',
        reason: 'Unschedulable',
        message: expect.stringMatching(/^0\/2 nodes are available/),
      }),
    ]);
    expect(byName('gated').nominated).toBe('fixed-1');
  });

  it('given conditions, when slimmed, then only those that are amiss are kept', () => {
    expect(byName('running').conditions).toEqual([]);
    // False is as it should be for this one; the control plane has taken it back.
    expect(byName('no-longer-disrupted').conditions).toEqual([]);
    const disrupted = { type: 'DisruptionTarget', status: 'True', reason: 'Evicted', message: '' };
    expect(slimmed(podKind, { status: { conditions: [disrupted] } }).conditions).toMatchObject([
      disrupted,
    ]);
  });

  it('given a debug container, when slimmed, then it is one of the containers', () => {
    expect(byName('running').containers.map((c) => [c.name, c.kind, c.state])).toEqual([
      ['main', 'main', 'running'],
      ['debugger', 'ephemeral', 'unknown'],
    ]);
  });

  it('given a message of 30 kB with escapes in it, when slimmed, then it is short and plain', () => {
    const message = `\u001b[31mfailed\u001b[0m\n${'x'.repeat(30_000)}`;
    const pod = slimmed(podKind, { status: { message } });
    expect(pod.message).toMatch(/^failed x+…$/);
    expect(pod.message.length).toBeLessThanOrEqual(600);
  });
});
