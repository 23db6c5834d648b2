import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { probeId } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { ago, crashing, downNode, minute, node, now, pod } from '../support/objects.ts';
import { controlPlaneState, type Listed, linkState, worldOf } from '../support/world-of.ts';

const never: Freshness = { kind: 'never' };
const forbidden = (what: string): Freshness => ({
  kind: 'failing',
  since: ago(10),
  failure: failure('forbidden', `watch ${what}`, `${what} is forbidden`),
  heard: null,
});
const lost: Freshness = {
  kind: 'failing',
  since: ago(170),
  failure: failure('unreachable', 'watch pods', 'connect ECONNREFUSED'),
  heard: ago(3 * minute),
};

const well: Listed = { nodes: [node('worker-1'), node('worker-2')], pods: [pod('a'), pod('b')] };
const broken: Listed = { ...well, pods: [pod('a'), crashing('b')] };
const workloads = ['deployments', 'statefulsets', 'daemonsets'];
const all = (f: Freshness) =>
  Object.fromEntries(
    ['nodes', 'pods', 'events', 'control-plane', ...workloads].map((id) => [id, f]),
  );

const verdict = (
  listed: Listed,
  freshness: Readonly<Record<string, Freshness>> = {},
  states = {},
) => health(worldOf(listed, freshness, states), now).verdict;
const standing = (
  subsystem: string,
  listed: Listed,
  freshness: Readonly<Record<string, Freshness>> = {},
  states = {},
) =>
  health(worldOf(listed, freshness, states), now).standings.find((s) => s.subsystem === subsystem);

describe('the verdict', () => {
  it.each<[string, ReturnType<typeof verdict>, string, string]>([
    ['all is well', verdict(well), 'good', 'nothing broken'],
    ['a pod is broken', verdict(broken), 'bad', '1 broken, 1 pod not ready'],
    [
      'one node of seven is down',
      verdict({
        ...well,
        nodes: [...[1, 2, 3, 4, 5, 6].map((i) => node(`worker-${i}`)), downNode('worker-7')],
      }),
      'warn',
      'nothing down, 1 to look at',
    ],
    [
      'pods may not be read',
      verdict(well, { pods: forbidden('pods') }),
      'unknown',
      'could not tell: pods forbidden',
    ],
    [
      'nodes may not be read and a pod is broken',
      verdict(broken, { nodes: forbidden('nodes') }),
      'bad',
      '1 broken, 1 pod not ready; could not tell: nodes forbidden',
    ],
    ['nothing has been read yet', verdict({}, all(never)), 'unknown', 'loading: 0 pods'],
    [
      'half of the pods have been read',
      verdict(well, { pods: never }),
      'unknown',
      'loading: 2 pods',
    ],
    [
      'the server has never answered',
      verdict({}, all({ ...lost, heard: null })),
      'unknown',
      'could not tell: connect ECONNREFUSED',
    ],
    [
      'the server is gone for three minutes',
      verdict(broken, all(lost)),
      'stale',
      'last known 3m ago: 1 broken, 1 pod not ready',
    ],
    [
      'it was well when it was gone',
      verdict(well, all(lost)),
      'stale',
      'last known 3m ago: nothing broken',
    ],
    [
      'the heartbeats fail before the watches do',
      verdict(
        well,
        {},
        { link: linkState({ state: 'unhealthy', lastAnswer: ago(40), missed: 2, why: 'timeout' }) },
      ),
      'bad',
      'API server does not answer; 40s ago: nothing broken',
    ],
  ])('given that %s', (_, found, tone, text) => {
    expect(found).toEqual({ tone, text });
  });

  it('given a silence longer than the patience, then what is known is old', () => {
    const quiet: Freshness = { kind: 'fresh', heard: ago(5 * minute) };
    expect(verdict(well, { pods: quiet })).toEqual({
      tone: 'stale',
      text: 'last known 5m ago: nothing broken',
    });
  });

  it('given a watch that reconnects, then it is believed for ten seconds more, and then no more', () => {
    const gap = (seconds: number): Freshness => ({
      kind: 'stale',
      since: ago(seconds),
      why: 'reconnecting',
      heard: ago(seconds + 20),
    });
    expect(verdict(well, { pods: gap(5) }).tone).toBe('good');
    expect(verdict(well, { pods: gap(10) })).toEqual({
      tone: 'stale',
      text: 'last known 30s ago: nothing broken',
    });
  });

  it('given one namespace, then it speaks of no more, and does not ask for nodes', () => {
    const world = worldOf(well, { nodes: forbidden('nodes') });
    const slices = new Map(world.slices);
    const fresh = { kind: 'fresh', heard: ago(3) } as const;
    slices.set(probeId('pods'), {
      state: slices.get(probeId('pods'))?.state,
      scopes: new Map([['payments', fresh]]),
    });
    expect(health({ ...world, slices }, now).verdict).toEqual({
      tone: 'good',
      text: 'nothing broken in payments',
    });
  });
});

describe('the standings', () => {
  it('given a healthy cluster, then each says what it is well by', () => {
    expect(
      health(worldOf(well), now).standings.map(
        (s) => `${s.subsystem} ${s.tone} ${s.text} | ${s.evidence}`,
      ),
    ).toEqual([
      'api good  | readyz 4 checks pass, v1.36.3, round trip 12 ms',
      'etcd good  | readyz of the API server: its etcd checks pass; members not asked',
      'nodes good 2/2 | 2 of 2 nodes ready',
      'pods good 2 | 2 of 2 pods well, 0 restarted in the last hour',
      'alerts unknown  | no alert source: name an Alertmanager or Prometheus, or let services be listed',
    ]);
  });

  it.each(['api', 'etcd', 'nodes', 'pods', 'alerts'])(
    'given nothing read yet, then %s is unknown',
    (subsystem) => {
      expect(standing(subsystem, {}, all(never))).toMatchObject({ tone: 'unknown', heard: null });
    },
  );

  it.each(['api', 'etcd', 'nodes', 'pods'])(
    'given old evidence, then %s is stale, with its age',
    (subsystem) => {
      const found = standing(subsystem, well, all(lost));
      expect(found?.tone).toBe('stale');
      // When it was heard is told once, and not within the text as well.
      expect(found?.text).toBe(standing(subsystem, well)?.text);
      expect(found?.heard).toBe(ago(3 * minute));
    },
  );

  it('given pods that may not be read, then the cell says so', () => {
    expect(standing('pods', well, { pods: forbidden('pods') })).toMatchObject({
      tone: 'unknown',
      text: 'forbidden',
    });
  });

  it('given a failed etcd check, then etcd is bad and the API server too', () => {
    const states = { 'control-plane': controlPlaneState({ etcd: '' }) };
    expect(standing('etcd', well, {}, states)?.tone).toBe('bad');
    expect(standing('api', well, {}, states)?.tone).toBe('bad');
  });

  it('given a readyz without etcd in it, then nothing is claimed about etcd', () => {
    const readyz = { ok: true, checks: new Map() };
    const states = { 'control-plane': { ...controlPlaneState(), readyz } };
    expect(standing('etcd', well, {}, states)?.tone).toBe('unknown');
  });

  it('given no node at all, then nodes are bad', () => {
    expect(standing('nodes', {})?.tone).toBe('bad');
  });

  it('given broken pods, then their number', () => {
    expect(standing('pods', broken)).toMatchObject({ tone: 'bad', text: '1' });
  });
});

describe('how it is remembered', () => {
  it('given the same world within ten seconds, then the answer is the same one', () => {
    const world = worldOf(broken);
    expect(health(world, epochMs(now + 9000))).toBe(health(world, now));
    expect(health(world, epochMs(now + 10_000))).not.toBe(health(world, now));
  });

  it('given a world in which only heartbeats are new, then the findings are the same ones', () => {
    const world = worldOf(broken);
    const later = { ...world, slices: new Map([...world.slices].map(([id, s]) => [id, { ...s }])) };
    expect(health(later, now).findings).toBe(health(world, now).findings);
  });

  it('given a silence, then a pod that was starting does not become broken by it', () => {
    const starting = pod('s', {
      status: 'ContainerCreating',
      phase: 'Pending',
      ready: 0,
      created: ago(3 * minute + 10),
      containers: [{ ...pod('x').containers[0]!, state: 'waiting', ready: false }],
    });
    const { counts } = health(worldOf({ ...well, pods: [starting] }, all(lost)), now);
    expect(counts.pods).toMatchObject({ starting: 1, unwell: 0 });
  });
});
