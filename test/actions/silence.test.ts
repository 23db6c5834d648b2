import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planSilence,
  type SceneAlert,
  type SceneSource,
  type SilenceScene,
  type SilenceWish,
  silenceMatchers,
} from '../../src/actions/silence.ts';
import { parseMatchers } from '../../src/kernel/matchers.ts';
import { epochMs, hours, milliseconds } from '../../src/kernel/units.ts';

import { alertOf, first, streamAfter } from '../findings/alert-scene.ts';

const now = epochMs(Date.UTC(2026, 10, 23, 21, 43, 0));

const alert = (labels: Record<string, string>, over: Partial<SceneAlert> = {}): SceneAlert => ({
  key: JSON.stringify(labels),
  kind: 'alert',
  name: labels.alertname ?? '',
  severity: 'warning',
  state: 'firing',
  subject: '',
  labels,
  ...over,
});
const source = (name: string, over: Partial<SceneSource> = {}): SceneSource => ({
  name,
  kind: 'alertmanager',
  cluster: name,
  tone: 'good',
  ...over,
});
const crash = alert({ alertname: 'Crash', namespace: 'payments', pod: 'a' });
const scene: SilenceScene = {
  items: [
    crash,
    alert({ alertname: 'Crash', namespace: 'payments', pod: 'b' }, { state: 'suppressed' }),
    alert({ alertname: 'Crash', namespace: 'web', pod: 'c' }),
    alert({ alertname: 'Crash', namespace: 'payments', pod: 'd' }, { state: 'resolved' }),
    alert({ alertname: 'Crash', namespace: 'payments' }, { kind: 'own' }),
    alert({ alertname: 'Disk', namespace: 'payments' }, { severity: 'critical' }),
  ],
  sources: [
    source('am-1', { cluster: 'am-0', tone: 'bad' }),
    source('am-0'),
    source('am-2', { cluster: 'am-0' }),
    source('eu-0'),
    source('prometheus', { kind: 'prometheus' }),
  ],
};

const matchers = (text: string) => {
  const read = parseMatchers(text);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
};
const wish = (over: Partial<SilenceWish> = {}): SilenceWish => ({
  matchers: matchers('alertname="Crash", namespace="payments"'),
  startsAt: null,
  duration: hours(2),
  author: 'ana',
  comment: 'upgrade of the gateway',
  ...over,
});
const plan = (over: Partial<SilenceWish> = {}, where: SilenceScene = scene) =>
  planSilence(wish(over), where, now, (text) => text);

describe('a silence that is planned', () => {
  it('given a wish, when it is planned, then there is one request for each cluster, to the letter', () => {
    const { requests, refusals, warnings } = plan();
    expect(requests.map((r) => [r.cluster, r.sources])).toEqual([
      ['am-0', ['am-0', 'am-2', 'am-1']],
      ['eu-0', ['eu-0']],
    ]);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/api/v2/silences' });
    expect(requests[0]?.body).toEqual({
      matchers: [
        { name: 'alertname', value: 'Crash', isRegex: false, isEqual: true },
        { name: 'namespace', value: 'payments', isRegex: false, isEqual: true },
      ],
      startsAt: '2026-11-23T21:43:00.000Z',
      endsAt: '2026-11-23T23:43:00.000Z',
      createdBy: 'ana',
      comment: 'upgrade of the gateway',
    });
    expect(refusals).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('given alerts, when it is planned, then those that it would hide are counted, and only alerts that are open', () => {
    const { hides } = plan();
    expect(hides.count).toBe(2);
    expect(hides.listed.map((a) => a.labels.pod)).toEqual(['a', 'b']);
    const many = Array.from({ length: 150 }, (_, i) =>
      alert({ alertname: 'Crash', namespace: 'payments', pod: String(i) }),
    );
    const { count, listed } = plan({}, { ...scene, items: many }).hides;
    expect([count, listed.length]).toEqual([150, 100]);
  });

  it.each<[string, Partial<SilenceWish>]>([
    ['it has no matcher', { matchers: [] }],
    [
      'it matches everything: no matcher asks for a label to be there',
      { matchers: matchers('a=~".*"') },
    ],
    [
      'it matches everything: no matcher asks for a label to be there',
      { matchers: matchers('a="",b!="c"') },
    ],
    ['a matcher names no label', { matchers: matchers('""="x"') }],
    ['no pattern: pod', { matchers: [{ name: 'pod', value: '(', isRegex: true, isEqual: true }] }],
    ['it ends before it begins', { duration: milliseconds(0) }],
    ['it ends before it begins', { duration: milliseconds(Number.NaN) }],
    ['it lasts longer than 90 days', { duration: hours(24 * 365) }],
    ['it begins in the past', { startsAt: epochMs(now - 61_000) }],
    ['nobody is named who asks for it', { author: ' ' }],
    ['it has no comment: nobody would know why', { comment: '\n ' }],
    ['the comment is longer than 2000 characters', { comment: 'x'.repeat(2001) }],
  ])('given %s, when it is planned, then that is why it is refused', (why, over) => {
    expect(plan(over).refusals).toEqual([why]);
  });

  it('given several faults, when it is planned, then all are told at once', () => {
    const faults = plan({ matchers: [], comment: '' }, { items: [], sources: [] }).refusals;
    expect(faults).toEqual([
      'it has no matcher',
      'it has no comment: nobody would know why',
      'no Alertmanager is known that could keep it',
    ]);
  });

  it.each<[string, Partial<SilenceWish>]>([
    [
      'it lasts longer than 24 hours: whoever is on call next hears nothing',
      { duration: hours(25) },
    ],
    ['it hides nothing now', { matchers: matchers('alertname="Nobody"') }],
    ['it hides 1 critical alert', { matchers: matchers('alertname="Disk"') }],
    ['it hides alerts of 2 names', { matchers: matchers('namespace="payments"') }],
    ['it hides all 4 alerts', { matchers: matchers('alertname=~"Crash|Disk"') }],
    [
      'it may hide the Watchdog: nobody would notice that alerts do not arrive',
      { matchers: matchers('alertname!="Crash"') },
    ],
  ])('given %s, when it is planned, then it is warned of', (what, over) => {
    expect(plan(over).warnings).toContain(what);
    expect(plan(over).refusals.filter((r) => !r.startsWith('it matches'))).toEqual([]);
  });

  it('given a cluster that is not heard, when it is planned, then it is warned of', () => {
    const sources = [source('am-0'), source('eu-0', { tone: 'stale' })];
    expect(plan({}, { ...scene, sources }).warnings).toEqual(['eu-0 is not heard now']);
  });

  it('given an alert, when matchers are offered, then all of its labels, or its name and namespace', () => {
    const text = (breadth: 'all' | 'name') =>
      silenceMatchers(crash.labels, breadth).map((m) => `${m.name}=${m.value}`);
    expect(text('all')).toEqual(['alertname=Crash', 'namespace=payments', 'pod=a']);
    expect(text('name')).toEqual(['alertname=Crash', 'namespace=payments']);
    const { hides } = plan({ matchers: silenceMatchers(crash.labels, 'all') });
    expect(hides.listed).toEqual([crash]);
  });

  it('given the same wish, when it is planned again, then the digest is the same, and another for another', () => {
    const digest = plan().digest;
    expect(plan({}, { ...scene, sources: scene.sources.toReversed() }).digest).toBe(digest);
    const others: readonly Partial<SilenceWish>[] = [
      { comment: 'else' },
      { author: 'bo' },
      { duration: hours(3) },
      { startsAt: epochMs(now + 1) },
      { matchers: matchers('alertname="Crash", namespace=~"payments"') },
    ];
    expect(new Set(others.map((o) => plan(o).digest)).size).toBe(5);
    expect(others.map((o) => plan(o).digest)).not.toContain(digest);
  });

  it('given any text and time, when it is planned, then the body holds what was asked for', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        fc.double(),
        fc.string(),
        (labels, duration, comment) => {
          const all = silenceMatchers(labels, 'all');
          const made = plan({ matchers: all, duration: milliseconds(duration), comment });
          expect(made.requests[0]?.body.matchers).toEqual(all);
          expect(Date.parse(made.requests[0]?.body.endsAt ?? '')).not.toBeNaN();
        },
      ),
    );
  });

  it('given the stream of an Alertmanager, when a silence for it is planned, then it hides what is there', () => {
    const disk = alertOf({ alertname: 'Disk', severity: 'critical' });
    const stream = streamAfter([...first('am-0', 3, [disk, alertOf({ alertname: 'Crash' })])]);
    const made = plan({ matchers: silenceMatchers(disk.labels, 'all') }, stream);
    expect(made.hides.listed.map((a) => a.name)).toEqual(['Disk']);
    expect(made.requests.map((r) => r.sources)).toEqual([['am-0']]);
    expect(made.warnings).toEqual(['it hides 1 critical alert']);
  });
});
