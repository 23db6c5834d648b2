import { describe, expect, it } from 'vitest';
import type { EtcdReport } from '../../src/findings/etcd-report.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { World } from '../../src/kernel/world.ts';
import { etcdContent, etcdView } from '../../src/views/etcd.ts';
import { memberContent } from '../../src/views/etcd-member.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineWidth } from '../../src/views/parts/line.ts';
import { newSession, type Place, placeOf } from '../../src/views/session.ts';
import type { Content, ViewInput } from '../../src/views/view.ts';
import { etcdReport, lostReport, memberReport, memberState } from '../support/etcd-reports.ts';
import { clusterFact, memberInfo, told, withEtcd } from '../support/etcd-world.ts';
import { now } from '../support/objects.ts';
import { contentOf, textOf, withScopes } from '../support/scenes.ts';
import { worldOf } from '../support/world-of.ts';

const inputOf = (place: Place, width = 120, world: World = worldOf({})): ViewInput => ({
  world,
  session: newSession(place),
  place,
  now,
  width,
  height: 30,
  glyphs: unicodeGlyphs,
});

const panel = (report: EtcdReport, width = 120): string =>
  textOf(etcdContent([report], inputOf(placeOf('etcd'), width)));

const member = (report: EtcdReport, key: string, width = 120): string =>
  textOf(
    memberContent(
      [report],
      inputOf(placeOf('etcd-member', { cluster: report.name, member: key }), width),
    ),
  );

const rowOf = (text: string, start: RegExp): string =>
  text.split('\n').find((l) => start.test(l)) ?? 'no such row';

const widest = (content: Content): number => {
  const rows = Array.from({ length: content.rows.length }, (_, i) => content.rows.line(i));
  return Math.max(...[...content.head, ...rows, ...content.empty].map(lineWidth));
};

describe('the panel of an etcd cluster', () => {
  it('given a lost quorum, then the verdict comes first, then each member in words, then why', () => {
    const lines = panel(lostReport()).split('\n');
    expect(lines[0]).toMatch(/^── etcd payments ─+ heard just now ──$/);
    expect(lines[1]).toBe(' ✗ quorum lost: 1 of 3 members, writes stopped');
    expect(lines[2]).toContain('one member short; 3 voters, quorum 2; no leader known, term 9');
    expect(lines[4]).toMatch(/^ ▲ etcd-0 +healthy, no leader +follower .* 48 213 +0 +1\.17 GiB/);
    expect(lines[5]).toMatch(/^ ✗ etcd-1 +lost its data +follower +1 +3 +48 210 +20 KiB/);
    expect(lines[6]).toMatch(/^ ✗ etcd-2 +unreachable: connection refused +– .* 4m$/);
    expect(lines[7]).toBe('   all 3 members');
    expect(lines[8]).toMatch(/^── why ─+$/);
    expect(lines[9]).toMatch(/^ ✗ etcd-1 lost its data: index 48 213 → 3.* 4m$/);
    expect(lines[10]).toMatch(/^ +cluster id 8e9e… \(others: cdf8…\) +etcd 4m ago$/);
  });

  it('given what others see and where they differ, then each stands in a line of its own', () => {
    const text = panel(lostReport());
    expect(text).toMatch(/^ ✗ endpoints: kube-system\/payments-etcd has no ready endpoint$/m);
    expect(text).toMatch(/^ ▲ static pods: etcd-1 is running/m);
    expect(text).toMatch(/^── they do not agree ─+\n ▲ pod kube-system\/etcd-1 is Ready/m);
  });

  it.each([80, 100, 120, 160, 200])(
    'given %i columns, then no line is wider, and what must stay stays',
    (width) => {
      const content = etcdContent([lostReport()], inputOf(placeOf('etcd'), width));
      expect(widest(content)).toBeLessThanOrEqual(width);
      const heads = rowOf(textOf(content), /^ {3}member/);
      for (const title of ['member', 'state', 'role', 'lag', 'db', 'quota', 'seen']) {
        expect(heads).toContain(title);
      }
    },
  );

  it('given more room, then more columns, up to everything that is measured', () => {
    const titles = (width: number) =>
      rowOf(panel(lostReport(), width), /^ {3}member/)
        .trim()
        .split(/\s{2,}| (?=[a-z]+ ?[a-z]*$)/);
    expect(titles(120).length).toBeGreaterThan(titles(80).length);
    const all = rowOf(panel(lostReport(), 200), /^ {3}member/);
    for (const title of [
      'term',
      'index',
      'unapplied',
      'in use',
      'free',
      'fsync p99',
      'commit p99',
      'peer rtt',
      'version',
      'answers',
    ]) {
      expect(all).toContain(title);
    }
    expect(rowOf(panel(lostReport(), 200), /etcd-0/)).toMatch(/█░░░░░░░ +15 %.*▁▁▃▁✗▁▅▁ +2 ms/);
  });

  it('given a member that does not answer, then nothing it said before stands there as if it were so now', () => {
    const row = rowOf(panel(lostReport(), 200), /etcd-2/);
    expect(row).not.toMatch(/GiB|48 213|%/);
  });

  it('given a report that is old, then its members carry the sign of age', () => {
    const old = memberReport(0, { tone: 'stale', words: 'not heard: last known healthy' });
    expect(
      rowOf(panel(etcdReport({ tone: 'stale', members: [old] })), / etcd-0 .*not heard/),
    ).toMatch(/^ ◌ /);
  });

  it('given an alarm that the words do not tell, then it is told, and the quota is not calm', () => {
    const full = memberReport(0, { tone: 'bad', alarms: ['NOSPACE'], used: 1.1 });
    const content = etcdContent([etcdReport({ members: [full] })], inputOf(placeOf('etcd')));
    const row = content.rows.indexOf('payments/member/etcd-0');
    const spans = content.rows.line(row);
    expect(textOf(content)).toContain('healthy, NOSPACE');
    expect(spans.find((s) => s.text.includes('110 %'))?.style).toBe('bad');
  });

  it('given a certificate that cannot be read, then file, user and what to set are there', () => {
    const problem = failure(
      'misconfigured',
      'read certificates',
      '/etc/kubernetes/pki/etcd/healthcheck-client.key may not be read by user 1000',
      { hint: 'set ETCDCTL_KEY to a key that you may read' },
    );
    const world = withEtcd(
      worldOf({}),
      told(4, clusterFact([memberInfo(0)], { problems: [problem] })),
    );
    const known = [...world.slices.values()].some(
      ({ state }) => state instanceof Map && state.has('payments'),
    );
    const text = textOf(
      etcdContent(known ? [etcdReport()] : [], inputOf(placeOf('etcd'), 80, world)),
    );
    expect(text).toContain('healthcheck-client.key may not be read by user 1000');
    expect(text).toContain('set ETCDCTL_KEY');
  });

  it('given several clusters, then each has its part, and one can be asked for alone', () => {
    const reports = [lostReport(), etcdReport({ name: 'main' })];
    const both = etcdContent(reports, inputOf(placeOf('etcd')));
    expect(both.title).toBe('etcd[2]');
    expect(textOf(both)).toMatch(/── etcd payments[\s\S]*── etcd main/);
    const one = etcdContent(reports, inputOf(placeOf('etcd', { cluster: 'main' })));
    expect(one.title).toBe('etcd main');
    expect(textOf(one)).not.toContain('payments');
  });

  it('given a member under the cursor, then enter leads to it and keys of actions know its URL', () => {
    const { rows } = etcdContent([lostReport()], inputOf(placeOf('etcd')));
    const target = rows.target(rows.indexOf('payments/member/etcd-1'));
    expect(target).toMatchObject({
      open: { view: 'etcd-member', args: { cluster: 'payments', member: 'etcd-1' } },
      object: { resource: 'etcd-members', namespace: 'payments', name: 'etcd-1' },
      facts: { url: 'https://10.88.0.2:2379', memberId: '91bc3c398fb3c146' },
      proof: { etcd: 'payments' },
    });
  });
});

describe('no etcd at all', () => {
  const empty = (world: World) =>
    textOf(contentOf(etcdView, world, placeOf('etcd'), { width: 80 }));

  it('given nothing heard, then it says what is looked for, what to set, and what the API server says', () => {
    const text = empty(worldOf({}));
    expect(text).toContain('nothing has been heard of etcd yet');
    expect(text).toContain('component=etcd');
    expect(text).toContain('--etcd-endpoints');
    expect(text).toContain('readyz etcd-readiness passes');
  });

  it('given a search that was refused, then the refusal and its hint are there', () => {
    const why = failure('forbidden', 'find etcd', 'pods is forbidden in kube-system', {
      hint: 'name the endpoints in the configuration',
    });
    const world = withScopes(
      worldOf({}, {}, { etcd: new Map() }),
      'etcd',
      new Map([['', { kind: 'failing', since: now, heard: null, failure: why } as const]]),
    );
    expect(empty(world)).toMatch(/pods is forbidden in kube-system[\s\S]*name the endpoints/);
  });

  it('given a search that found none, then it says so', () => {
    expect(empty(worldOf({}, {}, { etcd: new Map() }))).toContain('no etcd was found');
  });
});

describe('one member', () => {
  it('given one that lost its data, then ids, places, what it had and what is wrong are there', () => {
    const text = member(lostReport(), 'etcd-1');
    for (const part of [
      '91bc3c398fb3c146 (10501334649042878790)',
      'https://10.88.0.2:2379',
      'https://10.88.0.2:2380',
      'kube-system/etcd-1',
      'worker-7',
      '/var/lib/etcd',
      'index 48 213 → 3, db 1.17 GiB → 20 KiB',
      'etcd-1 lost its data',
      '8 GiB',
      'fsync p99',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('etcd-2 does not answer');
  });

  it('given its pod under the cursor, then enter leads to the pod, and elsewhere keys are about the member', () => {
    const place = placeOf('etcd-member', { cluster: 'payments', member: 'etcd-1' });
    const { rows } = memberContent([lostReport()], inputOf(place));
    const targets = Array.from({ length: rows.length }, (_, i) => rows.target(i));
    expect(targets.some((t) => t?.open?.args.resource === 'pods')).toBe(true);
    expect(targets.filter((t) => t?.object?.resource === 'etcd-members').length).toBeGreaterThan(9);
  });

  it('given one that does not answer, then what it said last is told with its age', () => {
    expect(member(lostReport(), 'etcd-2')).toMatch(/── log ─+ last known, 4m old ──/);
  });

  it('given slow disks and a clock that is off, then the limits are named', () => {
    const state = memberState(0, { clockSkew: 4200 });
    const slow = { ...state, metrics: { ...state.metrics, fsyncP99: 31 } } as typeof state;
    const text = member(etcdReport({ members: [memberReport(0, { state: slow })] }), 'etcd-0');
    expect(text).toContain('31 ms, above 10 ms');
    expect(text).toContain('4 s from ours');
  });

  it('given a member or cluster that is gone, then it says so', () => {
    expect(member(lostReport(), 'etcd-9')).toContain('nothing is known of a member etcd-9');
    const hostile = member(etcdReport({ name: 'x\u001b[2J' }), 'y\u202e');
    expect([...hostile].filter((c) => c === '\u001b' || c === '\u202e')).toEqual([]);
  });
});

describe('bars', () => {
  it('given the signs of ASCII, then bars are made of those', () => {
    const input = { ...inputOf(placeOf('etcd'), 200), glyphs: asciiGlyphs };
    expect(textOf(etcdContent([etcdReport()], input))).toMatch(/#\.{7} +15 %.*__-_x_=_/);
  });
});
