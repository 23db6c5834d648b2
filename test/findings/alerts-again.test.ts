import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStream } from '../../src/findings/alerts.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { type Entry, type ProbeId, probeId } from '../../src/kernel/fact.ts';
import type { AnyProbe } from '../../src/kernel/probe.ts';
import { type EpochMs, epochMs, revision } from '../../src/kernel/units.ts';
import { foldWorld, type World } from '../../src/kernel/world.ts';
import { acknowledgements } from '../../src/probes/acknowledgements.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { deployments } from '../../src/probes/deployments.ts';
import { pods } from '../../src/probes/pods.ts';
import { prometheus } from '../../src/probes/prometheus.ts';
import { now, owner, pod, workload } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';
import {
  acknowledges,
  alertOf,
  ends,
  fails,
  finding,
  fires,
  first,
  heard,
  prometheusFirst,
  prometheusHeard,
  rules,
  silenceOf,
  sourceInfo,
  type Told,
  tell,
} from './alert-scene.ts';

const probes: ReadonlyMap<ProbeId, AnyProbe> = new Map(
  [alerts, prometheus, acknowledgements, pods, deployments].map((p) => [p.id, p]),
);

const labelsOf = (n: number): Readonly<Record<string, string>> =>
  n === 0
    ? { alertname: 'Watchdog', severity: 'none' }
    : n === 1
      ? { alertname: 'Quota', severity: 'warning', namespace: 'shop' }
      : { alertname: `A${n % 3}`, severity: 'critical', namespace: 'shop', pod: `web-${n}` };

const alertNumber = (n: number, quiet: boolean, later: boolean) =>
  alertOf(labelsOf(n), {
    ...(quiet ? { state: 'suppressed', silencedBy: ['s-1'] } : {}),
    ...(later ? { startsAt: epochMs(now - 1000) } : {}),
  });

const objectStep = (probe: string, data: unknown): Told => [
  0,
  probe,
  { kind: 'observed', scope: '', data },
];

const podNumber = (i: number, set = 'web-1') =>
  pod(`web-${i}`, { namespace: 'shop', owner: owner('ReplicaSet', set) });

const n = fc.integer({ min: 0, max: 7 });
const am = fc.constantFrom('am-0', 'am-1');

const anyTold: fc.Arbitrary<Told> = fc.oneof(
  { weight: 4, arbitrary: am.map((name) => heard(name, 0)) },
  fc
    .tuple(am, n, fc.boolean(), fc.boolean())
    .map(([name, i, quiet, later]) => fires(name, 0, alertNumber(i, quiet, later))),
  fc.tuple(am, n).map(([name, i]) => ends(name, 0, alertNumber(i, false, false))),
  am.map((name) => fails(name, 0)),
  fc.tuple(am, fc.integer({ min: -600, max: 600 })).map(([name, left]) =>
    tell(name, 0, {
      kind: 'silence',
      id: 's-1',
      silence: silenceOf({
        endsAt: epochMs(now + left * 1000),
        matchers: [{ name: 'alertname', value: 'A2', isRegex: false, isEqual: true }],
      }),
    }),
  ),
  am.map((name) =>
    tell(name, 0, {
      kind: 'source',
      id: 'source',
      source: sourceInfo({ peers: ['am-0', 'am-1'], startedAt: epochMs(now - 5000) }),
    }),
  ),
  fc.constant(prometheusHeard('prom', 0)),
  n.map((i) =>
    rules('prom', 0, { kind: 'alert', id: `alert/${i}`, alert: alertNumber(i, false, false) }),
  ),
  { weight: 4, arbitrary: n.map((i) => acknowledges(0, alertNumber(i, false, false))) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(n, fc.boolean(), fc.constantFrom('web-1', 'db-1'))
      .map(([i, kept, set]) =>
        objectStep('pods', kept ? { put: podNumber(i, set) } : { del: `shop/web-${i}` }),
      ),
  },
  fc
    .integer({ min: 1, max: 9 })
    .map((desired) =>
      objectStep('deployments', { put: workload('web', { namespace: 'shop', desired }) }),
    ),
);

const about = finding('workload/shop/deployments/web', { weight: 40 });
const event = finding('event/FailedMount/x', {
  subsystem: 'alerts',
  object: { resource: 'pods', namespace: 'shop', name: 'web-2' },
});
const none: readonly Finding[] = [];
/** Mostly as before: the more is as before, the less is made anew. */
const anyFindings = fc.oneof(
  { weight: 9, arbitrary: fc.constant(none) },
  fc.constantFrom<readonly Finding[]>([about], [about, event], [event]),
);

const anyMoment = fc.record({
  after: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0, 1, 5) }, fc.constantFrom(10, 60, 400)),
  told: fc.array(anyTold, { maxLength: 2 }),
  findings: anyFindings,
});

/** They are one Alertmanager, and agree. */
const gossip = { peers: ['am-0', 'am-1'] };
const someAlerts = [1, 2, 3, 4, 5].map((i) => alertNumber(i, false, false));

const began: World = foldWorld(
  probes,
  worldOf({
    pods: [
      ...[0, 1, 2, 3, 4, 5].map((i) => podNumber(i)),
      ...Array.from({ length: 20 }, (_, i) => pod(`other-${i}`, { namespace: 'shop' })),
    ],
    namespaces: [{ ...pod('shop'), namespace: '' }],
    replicasets: [
      workload('web-1', { namespace: 'shop', owner: owner('Deployment', 'web') }),
      workload('db-1', { namespace: 'shop', owner: owner('Deployment', 'db') }),
    ],
    deployments: [workload('web', { namespace: 'shop', desired: 3 })],
  }),
  [
    ...first('am-0', 0, someAlerts, gossip),
    ...first('am-1', 0, someAlerts, gossip),
    ...prometheusFirst('prom', 0, [alertNumber(2, false, false)]),
  ].map(
    ([, probe, signal], i): Entry => ({
      rev: revision(i + 1),
      at: now,
      fact: { probe: probeId(probe), ...signal },
    }),
  ),
);

interface Asked {
  readonly world: World;
  readonly at: EpochMs;
  readonly findings: readonly Finding[];
}

describe('alerts that are judged again', () => {
  it('given anything that may happen, when they are judged on from before, then it is as if they were judged anew', () => {
    fc.assert(
      fc.property(fc.array(anyMoment, { minLength: 1, maxLength: 12 }), (moments) => {
        let at = now;
        let world = began;
        const asked: Asked[] = [];
        const streams = moments.map(({ after, told, findings }) => {
          at = epochMs(at + after * 1000);
          world = foldWorld(
            probes,
            world,
            told.map(
              ([, probe, signal], i): Entry => ({
                rev: revision(world.rev + i + 1),
                at,
                fact: { probe: probeId(probe), ...signal },
              }),
            ),
          );
          asked.push({ world, at, findings });
          return alertStream(world, at, findings);
        });
        const anew = asked.map((a) => {
          // A copy shares nothing with what is remembered.
          const copy = structuredClone(a);
          return alertStream(copy.world, copy.at, copy.findings);
        });
        expect(streams).toEqual(anew);
      }),
      { numRuns: 400 },
    );
  });

  it('given an answer in which nothing is new, then the items, groups and counts are the same objects', () => {
    const hear = (world: World, at: EpochMs): World =>
      foldWorld(probes, world, [
        {
          rev: revision(world.rev + 1),
          at,
          fact: { kind: 'heard', probe: alerts.id, scope: 'am-0' },
        },
        {
          rev: revision(world.rev + 2),
          at,
          fact: { kind: 'heard', probe: alerts.id, scope: 'am-1' },
        },
      ]);
    const findings: readonly Finding[] = [];
    const before = alertStream(began, now, findings);
    const later = epochMs(now + 5000);
    const after = alertStream(hear(began, later), later, findings);
    expect(after).not.toBe(before);
    expect(after.items).toBe(before.items);
    expect(after.groups).toBe(before.groups);
    expect(after.counts).toBe(before.counts);
    expect(after.sources[0]?.heard).toBe(later);
  });
});
