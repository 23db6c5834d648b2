import { describe, expect, it } from 'vitest';
import { emptyStream, type StreamItem } from '../../src/findings/alert-stream.ts';
import { streamStanding } from '../../src/findings/stream-standing.ts';
import { unexplained } from '../../src/findings/unexplained.ts';
import { type Known, verdictOf } from '../../src/findings/verdict.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { ago, now } from '../support/objects.ts';

const item = (over: Partial<StreamItem> = {}): StreamItem => ({
  key: 'f1',
  kind: 'alert',
  name: 'NodeClockSkew',
  severity: 'critical',
  state: 'firing',
  labels: {},
  annotations: {},
  summary: 'clocks differ',
  subject: 'worker-3',
  object: null,
  member: null,
  about: [],
  finding: null,
  since: ago(300),
  resolvedAt: null,
  says: [],
  disagreement: '',
  note: '',
  stale: false,
  suppressedBy: [],
  flaps: 0,
  acknowledged: null,
  weight: 12,
  group: '',
  receivers: [],
  generatorUrl: '',
  proof: [],
  ...over,
});
const stream = (items: readonly StreamItem[]) => ({ ...emptyStream, items });
const ack = { fingerprint: 'f1', name: 'x', at: now, by: 'ana', note: '', withdrawn: false };
const counts = {
  pods: { all: 9, well: 9, starting: 0, unwell: 0, restarted: 0 },
  nodes: { all: 1, ready: 1, cordoned: 0 },
};
const fresh = [['pods', { kind: 'fresh', heard: ago(3) }]] as const;
const verdict = (items: readonly StreamItem[], findings: Known['findings'] = []) => {
  const alone = unexplained(stream(items));
  const known = {
    findings: [...findings, ...alone.findings],
    counts,
    unexplained: alone,
    unasked: [],
  };
  return verdictOf(known, fresh, null, now);
};

describe('alerts that nothing explains', () => {
  it.each<[string, readonly StreamItem[], string, string]>([
    ['a critical one', [item()], 'bad', 'nothing down, 1 critical alert unexplained'],
    [
      'warnings',
      [item({ severity: 'warning' }), item({ key: 'f2', severity: 'warning' })],
      'warn',
      'nothing down, 2 alerts unexplained',
    ],
    [
      'one that somebody takes care of',
      [item({ acknowledged: ack })],
      'warn',
      'nothing down, 1 alert unexplained',
    ],
    ['one that a finding explains', [item({ finding: 'node/worker-3' })], 'good', 'nothing broken'],
    ['one that is silenced', [item({ state: 'suppressed' })], 'good', 'nothing broken'],
    ['one that is over', [item({ state: 'resolved' })], 'good', 'nothing broken'],
    ['one that is pending', [item({ state: 'pending' })], 'good', 'nothing broken'],
    ['an event', [item({ kind: 'event' })], 'good', 'nothing broken'],
    ['one that is only informing', [item({ severity: 'info' })], 'good', 'nothing broken'],
  ])('given %s', (_, items, tone, text) => {
    expect(verdict(items)).toEqual({ tone, text });
  });

  it('given many of one name, then they are one line, with the worst of them', () => {
    const many = [1, 2, 3].map((n) => item({ key: `f${n}`, weight: n, since: ago(n * 60) }));
    expect(unexplained(stream(many)).findings).toMatchObject([
      {
        key: 'alert/f3',
        tone: 'bad',
        weight: 3,
        since: ago(180),
        title: 'NodeClockSkew',
        reason: 'x3, alerts that nothing explains',
        opens: { view: 'alert', args: { key: 'f3' } },
      },
    ]);
  });
});

describe('the standing of alerts', () => {
  const source = (name: string, over = {}) => ({
    name,
    kind: 'alertmanager' as const,
    where: 'http://am',
    version: '0.28.1',
    cluster: name,
    tone: 'good' as const,
    text: '',
    heard: ago(4),
    ...over,
  });
  const counted = { ...emptyStream.counts, critical: 3, warning: 2, pending: 2, suppressed: 1 };

  it('given no source, then nothing is known, and what would fill it is said', () => {
    const found = streamStanding(emptyStream, []);
    expect(found).toMatchObject({ tone: 'unknown', text: '', heard: null });
    expect(found.evidence).toContain('name an Alertmanager or Prometheus');
  });

  it('given alerts, then they are counted by how bad they are', () => {
    const all = { ...emptyStream, sources: [source('am-0'), source('am-1')], counts: counted };
    expect(streamStanding(all, [])).toEqual({
      subsystem: 'alerts',
      tone: 'bad',
      text: '✗3 ▲2',
      evidence: '5 firing, 3 critical, 2 pending, 1 silenced or inhibited; through am-0, am-1',
      heard: ago(4),
    });
  });

  it('given nothing that fires, then a zero', () => {
    const quiet = { ...emptyStream, sources: [source('am-0')] };
    expect(streamStanding(quiet, [])).toMatchObject({ tone: 'good', text: '0' });
  });

  it('given one of two sources that is not heard, then it is not called well', () => {
    const lost = source('am-1', { tone: 'stale', text: 'no answer', heard: ago(120) });
    const found = streamStanding({ ...emptyStream, sources: [source('am-0'), lost] }, []);
    expect(found.tone).toBe('warn');
    expect(found.evidence).toContain('not heard: am-1 (no answer)');
  });

  it('given that no source is heard any more, then it is stale, with what was known', () => {
    const lost = source('am-0', { tone: 'bad', text: 'unreachable', heard: ago(120) });
    const found = streamStanding({ ...emptyStream, sources: [lost], counts: counted }, []);
    expect(found).toMatchObject({ tone: 'stale', text: '✗3 ▲2', heard: epochMs(ago(120)) });
    expect(found.evidence).toMatch(/^last known: 5 firing/);
  });

  it('given a Prometheus that is heard, then what Alertmanagers said last is as old as they are', () => {
    const prom = source('prom', { kind: 'prometheus', heard: ago(2) });
    const lost = (name: string, at: number) =>
      source(name, { tone: 'bad', text: 'unreachable', heard: ago(at) });
    const heardAt = (sources: (typeof emptyStream)['sources']) =>
      streamStanding({ ...emptyStream, sources, counts: counted }, []).heard;
    expect(heardAt([lost('am-0', 120), lost('am-1', 90), prom])).toBe(ago(90));
    expect(heardAt([source('am-0', { tone: 'unknown', heard: null }), prom])).toBeNull();
    expect(heardAt([prom])).toBe(ago(2));
  });

  it('given a source that was never heard, then nothing is known', () => {
    const lost = source('am-0', { tone: 'unknown', text: 'not asked yet', heard: null });
    expect(streamStanding({ ...emptyStream, sources: [lost] }, [])).toMatchObject({
      tone: 'unknown',
      text: '',
    });
  });
});
