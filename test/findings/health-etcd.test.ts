import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { probeId } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { epochMs, minutes, revision } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import {
  clusterFact,
  downFact,
  memberInfo,
  metricsFact,
  quorumLost,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
  withEtcd,
} from '../support/etcd-world.ts';
import { crashing, node, now, pod } from '../support/objects.ts';
import { controlPlaneState, worldOf } from '../support/world-of.ts';

const listed = { nodes: [node('worker-1')], pods: [pod('a')] };
const world = (facts: TimedFacts, states = {}): World =>
  withEtcd(worldOf(listed, {}, states), facts);
const etcdOf = (w: World, at = now) => health(w, at).standings.find((s) => s.subsystem === 'etcd');
const passes = 'readyz of the API server: its etcd checks pass';

describe('the standing of etcd', () => {
  it('given members, then they are counted, with leader, term, room and margin', () => {
    expect(etcdOf(world(wellMembers()))).toMatchObject({
      tone: 'good',
      text: '3/3',
      evidence: 'leader etcd-0, term 7, 15 % of quota, margin 1',
    });
  });

  it('given two clusters, then the worse one is told', () => {
    const other = [
      ...told(60, clusterFact([memberInfo(0, { pod: null })], { cluster: 'b' })),
      ...told(4, { ...statusFact(0), cluster: 'b' } as never),
    ];
    const found = health(world([...other, ...quorumLost()]), now);
    expect(found.standings[1]).toMatchObject({
      tone: 'bad',
      text: '1/3',
      evidence: `payments: quorum lost: 1 of 3 members, writes stopped; worst of 2 clusters; ${passes}`,
    });
    expect(found.etcd.map((r) => `${r.name} ${r.tone}`)).toEqual(['payments bad', 'b good']);
    expect(found.findings.map((f) => f.title)).toEqual(['etcd payments']);
  });

  it('given another cluster that is well while readyz of the own one fails, then etcd is bad', () => {
    const states = { 'control-plane': controlPlaneState({ etcd: '' }) };
    expect(etcdOf(world(wellMembers(), states))).toMatchObject({ tone: 'bad', text: '3/3' });
  });

  it('given a silence, then it is stale, and never well', () => {
    expect(etcdOf(world(wellMembers()), epochMs(now + minutes(5)))).toMatchObject({
      tone: 'stale',
      text: '3/3',
    });
  });

  it('given that pods of etcd may not be listed, then readyz stands for it, and says why', () => {
    const w = worldOf(listed);
    const forbidden = failure('forbidden', 'list pods', 'pods is forbidden in kube-system');
    const slices = new Map(w.slices).set(probeId('etcd'), {
      state: new Map(),
      scopes: new Map([['', { kind: 'failing', since: now, failure: forbidden, heard: null }]]),
    });
    expect(etcdOf({ ...w, slices })).toMatchObject({
      tone: 'good',
      evidence: `${passes}; members not asked: pods is forbidden in kube-system`,
    });
  });

  it('given members that wait to be asked, then nothing is claimed', () => {
    const facts = told(2, clusterFact([0, 1, 2].map((n) => memberInfo(n))));
    expect(etcdOf(world(facts))).toMatchObject({ tone: 'unknown', text: '0/3' });
  });
});

describe('the verdict on an etcd that nobody here can ask', () => {
  const why = 'no certificates to ask etcd with';
  const barred = failure('misconfigured', 'find certificates for etcd', why);
  const wrongCa = failure('unreachable', 'etcd status', 'unable to verify the first certificate');
  const members = [0, 1, 2].map((n) => memberInfo(n));
  const facts = (failed = barred): TimedFacts => [
    ...told(60, clusterFact(members)),
    ...told(4, ...members.map((_, n) => downFact(n, failed))),
  ];
  const verdictOf = (w: World) => health(w, now).verdict;

  it('given nothing else that is broken, then that is not all that is said', () => {
    expect(verdictOf(world(facts()))).toEqual({
      tone: 'unknown',
      text: `nothing broken; etcd payments cannot be asked: ${why}`,
    });
    expect(verdictOf(world(facts(wrongCa)))).toEqual({
      tone: 'unknown',
      text: 'nothing broken; etcd payments cannot be asked: unable to verify the first certificate',
    });
  });

  it('given something that is broken, then that comes first, and it is as bad as before', () => {
    const sick = withEtcd(worldOf({ ...listed, pods: [crashing('a')] }), facts());
    expect(verdictOf(sick)).toEqual({
      tone: 'bad',
      text: `1 broken, 1 pod not ready; etcd payments cannot be asked: ${why}`,
    });
  });

  it('given two of which none can be asked for the same reason, then it is said once', () => {
    const other = [
      ...told(60, clusterFact([memberInfo(0)], { cluster: 'main' })),
      ...told(4, { ...downFact(0, barred), cluster: 'main' } as never),
    ];
    expect(verdictOf(world([...facts(), ...other])).text).toMatch(
      new RegExp(`; etcd \\w+, etcd \\w+ cannot be asked: ${why}$`),
    );
  });

  it('given one member that answers, or its metrics, then nothing is missing', () => {
    expect(verdictOf(world([...facts(), ...told(3, statusFact(0))])).text).toBe('nothing broken');
    const metrics = told(2, ...members.map((_, n) => metricsFact(n)));
    expect(verdictOf(world([...facts(), ...metrics])).text).toBe('nothing broken');
  });

  it('given members that are not asked yet, then nothing is said of them', () => {
    expect(verdictOf(world(told(2, clusterFact(members)))).text).toBe('nothing broken');
  });
});

describe('what is judged again', () => {
  const later = (w: World, ...facts: Parameters<typeof told>[1][]): World =>
    withEtcd({ ...w, rev: revision(w.rev + 100) }, told(1, ...facts));

  it('given an answer that says the same, then the findings are the same ones, and the report is new', () => {
    const w = world(quorumLost());
    const next = later(w, statusFact(0, { leader: '', term: 9, index: 48_300 }));
    expect(health(next, now).findings).toBe(health(w, now).findings);
    expect(health(next, now).etcd[0]?.members[0]?.state.status?.index).toBe(48_300);
  });

  it('given an answer that says something else, then the findings are made anew', () => {
    const w = world(wellMembers());
    const next = later(w, statusFact(1, { leader: '' }));
    expect(health(w, now).findings).toEqual([]);
    expect(health(next, now).findings.map((f) => f.tone)).toEqual(['warn']);
  });

  it('given pods that change, then etcd is told beside them as before', () => {
    const facts = quorumLost();
    const sick = withEtcd(worldOf({ ...listed, pods: [crashing('a')] }), facts);
    expect(health(sick, now).verdict).toEqual({ tone: 'bad', text: '2 broken, 1 pod not ready' });
  });
});
