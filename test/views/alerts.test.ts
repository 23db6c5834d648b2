import { describe, expect, it } from 'vitest';
import { type AlertStream, emptyStream } from '../../src/findings/alert-stream.ts';
import { alertsContent } from '../../src/views/alerts.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText, lineWidth } from '../../src/views/parts/line.ts';
import { newSession, type Place, placeOf } from '../../src/views/session.ts';
import type { Content, ViewInput } from '../../src/views/view.ts';
import { badStream, streamItem, streamOf, streamSource } from '../support/alert-world.ts';
import { ago, minute, now } from '../support/objects.ts';
import { textOf } from '../support/scenes.ts';
import { worldOf } from '../support/world-of.ts';

const inputOf = (place: Place, width = 120): ViewInput => ({
  world: worldOf({}),
  session: newSession(place),
  place,
  now,
  width,
  height: 30,
  glyphs: unicodeGlyphs,
});

const shown = (stream: AlertStream, place = placeOf('alerts'), width = 120): Content =>
  alertsContent(stream, inputOf(place, width));

const rowOf = (content: Content, words: RegExp): string =>
  textOf(content)
    .split('\n')
    .find((l) => words.test(l)) ?? 'no such row';

describe('the stream', () => {
  it('given alerts of every state, then each section has its own, in the order of weight', () => {
    const titles = textOf(shown(badStream()))
      .split('\n')
      .filter((l) => l.startsWith('── '))
      .map((l) => l.replace(/─/g, '').trim());
    expect(titles).toEqual(['firing: 14', 'pending: 1', 'suppressed: 1', 'resolved: 1']);
  });

  it('given one with a runbook, then name, subject, age and the sign of the runbook stand in its line', () => {
    expect(rowOf(shown(badStream(), placeOf('alerts'), 80), /Insufficient/)).toBe(
      ' ✗ critical  etcdInsufficientMembers        payments                        5m ⎇',
    );
  });

  it('given a group, then it is one line with its number, and enter opens it with each in a line', () => {
    const folded = shown(badStream());
    expect(rowOf(folded, /CrashLooping/)).toMatch(/^ ✗ critical .*x12 +4m$/);
    const at = Array.from({ length: folded.rows.length }, (_, i) => i).find((i) =>
      lineText(folded.rows.line(i)).includes('x12'),
    );
    const open = folded.rows.target(at ?? -1)?.open;
    expect(open?.view).toBe('alerts');
    const group = shown(badStream(), placeOf('alerts', open?.args ?? {}));
    expect(group.rows.length).toBe(13);
    expect(group.title).toContain('alerts[12 of 17] KubePodCrashLooping');
  });

  it('given many of one name that no source groups, then they are one line too, and open together', () => {
    const pending = [0, 1, 2].map((i) =>
      streamItem('KubePodCrashLooping', { state: 'pending', subject: `pod-${i}` }),
    );
    const content = shown(streamOf(pending));
    expect(rowOf(content, /CrashLooping/)).toMatch(/^ … pending .*x3/);
    const open = content.rows.target(1)?.open;
    expect(shown(streamOf(pending), placeOf('alerts', open?.args ?? {})).rows.length).toBe(4);
  });

  it('given a group of different names, then what they share is told in words, and how the others are called', () => {
    const group = '{job="etcd"}';
    const members = [streamItem('A', { group }), streamItem('B', { group })];
    expect(rowOf(shown(streamOf(members)), / A /)).toMatch(/ A {2}etcd {2}\+ B /);
  });

  it('given silenced, inhibited and muted ones, then until when, by whom and by what', () => {
    const by = (state: Parameters<typeof streamItem>[1]) =>
      shown(streamOf([streamItem('X', { state: 'suppressed', ...state })]));
    expect(rowOf(shown(badStream()), /NodeClockSkew/)).toMatch(/^ ○ silenced .*until 23:00 by ops/);
    const inhibition = { kind: 'inhibition', source: 'am-0', by: 'ff', name: 'NodeDown' } as const;
    expect(rowOf(by({ suppressedBy: [inhibition] }), / X /)).toMatch(
      /○ inhibited .*inhibited by NodeDown/,
    );
    const mute = { kind: 'mute', source: 'am-0', interval: 'weekends' } as const;
    expect(rowOf(by({ suppressedBy: [mute] }), / X /)).toMatch(/○ muted .*muted by weekends/);
  });

  it('given flapping, stale, acknowledged and disputed ones, then each is told in words and by its sign', () => {
    const heard = { source: 'am-0', state: 'firing', fresh: false, since: null } as const;
    const content = shown(
      streamOf([
        streamItem('Flaps', { flaps: 3 }),
        streamItem('Old', { stale: true, says: [{ ...heard, heard: ago(2 * minute) }] }),
        streamItem('Mine', {
          severity: 'critical',
          acknowledged: {
            fingerprint: 'x',
            name: 'Mine',
            at: now,
            by: 'ana',
            note: '',
            withdrawn: false,
          },
        }),
        streamItem('Disputed', { disagreement: 'am-0 has it, am-1 dropped it 40s ago' }),
      ]),
    );
    expect(rowOf(content, /Flaps/)).toContain('flapping 3x');
    expect(rowOf(content, /Old/)).toMatch(/^ ◌ warning .*stale 2m/);
    expect(rowOf(content, /Mine/)).toMatch(/^ ○ critical .*ack by ana/);
    expect(rowOf(content, /Disputed/)).toContain('am-0 has it, am-1 dropped it 40s ago');
  });

  it('given sources, then each stands above with its age, and one that is not heard says why', () => {
    const sources = [
      streamSource('am-0'),
      streamSource('am-1', {
        tone: 'stale',
        text: 'unreachable: connection refused',
        heard: ago(2 * minute),
      }),
    ];
    const text = textOf(shown(streamOf([streamItem('X')], sources)));
    expect(text).toContain(' sources  am-0 0s  am-1 ◌ 2m');
    expect(text).toContain(' ◌ am-1: unreachable: connection refused');
  });

  it.each([40, 60, 80, 120, 200])('given %i columns, then no line is wider', (width) => {
    const content = shown(badStream(), placeOf('alerts'), width);
    const lines = Array.from({ length: content.rows.length }, (_, i) => content.rows.line(i));
    expect(Math.max(...[...content.head, ...lines].map(lineWidth))).toBeLessThanOrEqual(width);
  });
});

describe('filters over alerts', () => {
  const filtered = (filter: string) => shown(badStream(), placeOf('alerts', {}, filter));

  it.each([
    ['severity="critical"', 13],
    ['{severity="warning", node!=""}', 2],
    ['alertname=~"Kube.*", severity!=critical', 3],
    ['crashloop', 12],
    ['worker-7', 1],
    ['!crashloop', 5],
    ['-l node=worker-3', 1],
  ])('given /%s, then %i are left', (filter, left) => {
    expect(filtered(filter).title).toContain(`alerts[${left} of 17]`);
  });

  it('given a matcher that is not finished, then the column of the mistake is named and all are shown', () => {
    const content = filtered('severity="crit');
    expect(content.title).toContain('alerts[17]');
    expect(content.head.map(lineText).join('\n')).toMatch(/not filtered, column \d+: /);
  });

  it('given a filter that nothing matches, then it says so', () => {
    expect(textOf(filtered('zzz'))).toContain('none of 17 alerts matches; esc clears the filter');
  });
});

describe('what somebody has taken care of', () => {
  const ack = { fingerprint: 'x', name: 'X', at: now, by: 'ana', note: '', withdrawn: false };
  const stream = streamOf([streamItem('Mine', { acknowledged: ack }), streamItem('Open')]);

  it('given H, then it is left out, and how many are is told', () => {
    const content = shown(stream, { ...placeOf('alerts'), quiet: true });
    expect(textOf(content)).toContain('1 acknowledged are hidden; H shows them');
    expect(textOf(content)).not.toContain('Mine');
  });

  it('given nothing else, then it says that all is acknowledged', () => {
    const only = streamOf(stream.items.slice(0, 1));
    expect(textOf(shown(only, { ...placeOf('alerts'), quiet: true }))).toContain(
      'all that fires is acknowledged; H shows it',
    );
  });

  it('given a group in which one is acknowledged, then another speaks for it', () => {
    const members = [
      streamItem('G', { group: 'g', subject: 'a', acknowledged: ack }),
      streamItem('G', { group: 'g', subject: 'b' }),
    ];
    expect(rowOf(shown(streamOf(members)), /x2/)).toMatch(/^ ▲ warning/);
  });
});

describe('an empty stream', () => {
  it('given no source, then it says what was looked for and what to set', () => {
    expect(textOf(shown(emptyStream, placeOf('alerts'), 80))).toMatch(
      /\? no alert source is known[\s\S]*--alertmanager/,
    );
  });

  it('given sources that are not heard, then it does not say that nothing fires', () => {
    const dark = streamOf([], [streamSource('am-0', { tone: 'stale', text: 'unreachable' })]);
    expect(textOf(shown(dark))).toContain('what fires is not known');
  });

  it('given a source that is heard, then nothing fires', () => {
    expect(textOf(shown(streamOf([])))).toContain('✓ nothing fires');
  });
});

describe('five thousand alerts', () => {
  const many = streamOf(
    Array.from({ length: 5000 }, (_, i) =>
      streamItem(`Alert${i}`, { subject: `ns/pod-${i}`, labels: { pod: `pod-${i}` } }),
    ),
  );

  it('given frame after frame, then the rows are built once, and painted where they are seen', () => {
    const first = shown(many);
    const again = shown(many, { ...placeOf('alerts'), top: 4000 });
    expect(first.rows.length).toBe(5001);
    expect(again.rows.indexOf).toBe(first.rows.indexOf);
    expect(lineText(again.rows.line(4999))).toContain('ns/pod-4998');
    expect(again.rows.indexOf(again.rows.key(4999))).toBe(4999);
  });
});
