import { describe, expect, it } from 'vitest';
import type { AlertStream } from '../../src/findings/alert-stream.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import { silenceContent } from '../../src/views/silence.ts';
import type { Content } from '../../src/views/view.ts';
import { badStream, streamItem, streamOf, streamSource } from '../support/alert-world.ts';
import { boardWithNotes } from '../support/board.ts';
import { now } from '../support/objects.ts';
import { textOf } from '../support/scenes.ts';
import { alertedEvening } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const shown = (stream: AlertStream, args: Readonly<Record<string, string>>): Content => {
  const place = placeOf('silence', args);
  const session = newSession(place);
  const world = worldOf({});
  return silenceContent(stream, {
    world,
    session,
    place,
    now,
    width: 100,
    height: 50,
    glyphs: unicodeGlyphs,
  });
};

const stream = badStream();
const crash = stream.items.find((i) => i.name === 'KubePodCrashLooping')?.key ?? '';
const text = (args: Readonly<Record<string, string>>, of = stream) => textOf(shown(of, args));

describe('a silence before it is sent', () => {
  it('given an alert, then matchers, end, what it hides and the request are there, and that s goes on', () => {
    const all = text({ alert: crash });
    expect(all).toContain('s asks for it: guards are asked, and you agree or not');
    expect(all).toContain('amtool silence add --alertmanager.url=http://am-0:9093 --duration=2h');
    expect(all).toMatch(/matchers +\{alertname="KubePodCrashLooping", namespace="payments", pod=/);
    expect(all).toMatch(/── for how long ─+ until 23:43 UTC ──/);
    expect(all).toContain('── it would hide 1 alert ');
    expect(all).toMatch(/POST +\/api\/v2\/silences {2}to am-0 or am-1/);
    const body = all.slice(all.indexOf('\n   {\n') + 1).replace(/^ {3}/gm, '');
    expect(JSON.parse(body)).toMatchObject({
      startsAt: '2026-11-23T21:43:00.000Z',
      endsAt: '2026-11-23T23:43:00.000Z',
      matchers: expect.arrayContaining([
        { name: 'alertname', value: 'KubePodCrashLooping', isRegex: false, isEqual: true },
      ]),
    });
  });

  it('given its name and namespace only, then all of its kind there would be hidden', () => {
    const all = text({ alert: crash, breadth: 'name' });
    expect(all).toContain('{alertname="KubePodCrashLooping", namespace="payments"}');
    expect(all).toContain('it would hide 12 alerts');
    expect(all).toContain('▲ it hides 12 critical alerts');
  });

  it('given a group, then its labels are the matchers', () => {
    const all = text({ group: '{alertname="KubePodCrashLooping", namespace="payments"}' });
    expect(all).toContain('it would hide 12 alerts');
  });

  it('given a day, then its end has a date; given a length that is not offered, then it is the usual one', () => {
    expect(text({ alert: crash, hours: '24' })).toContain('until 2026-11-24 21:43 UTC');
    expect(text({ alert: crash, hours: '9000' })).toContain('until 23:43 UTC');
  });

  it('given alerts of other names, no matcher, or no Alertmanager, then that is said', () => {
    const mixed = streamOf([
      streamItem('A', { labels: { team: 'x' } }),
      streamItem('B', { labels: { team: 'x' } }),
    ]);
    expect(text({ group: '{team="x"}' }, mixed)).toContain('it hides alerts of 2 names');
    expect(text({ group: '' }, mixed)).toContain('it has no matcher');
    expect(text({ group: '{team!="y"}' }, mixed)).toContain('it matches everything');
    const sources = [streamSource('prom', { kind: 'prometheus' })];
    expect(text({ group: '{team="x"}' }, streamOf(mixed.items, sources))).toContain(
      'no Alertmanager is known that could keep it',
    );
  });

  it('given two replicas of one Alertmanager, then one of them is asked, the one that is heard', () => {
    const sources = [
      streamSource('am-0', { tone: 'stale', text: 'unreachable' }),
      streamSource('am-1'),
    ];
    const posts = text({ alert: crash }, streamOf(stream.items, sources)).match(/POST .*/g);
    expect(posts).toEqual([expect.stringContaining('to am-1 or am-0')]);
  });

  it('given a value with a quote in it, then it is not put into a command', () => {
    const evil = streamItem('A', { labels: { x: "'; rm -rf /; '" } });
    const elsewhere = text({ alert: evil.key }, streamOf([evil]))
      .split('\n')
      .filter((l) => /amtool|--comment/.test(l))
      .join(' ');
    expect(elsewhere).not.toContain('rm -rf');
  });

  it('given no alert, then it says how to get here', () => {
    expect(text({})).toContain('s on an alert shows');
    expect(text({ alert: 'gone' })).toContain('not known any more');
  });

  it('given another length under the cursor, when enter is pressed, then it is chosen, and esc leads back to the alerts', () => {
    const { press, place, board, session } = boardWithNotes({ world: alertedEvening() });
    press('5', 's');
    const depth = session.get().stack.length;
    for (let i = 0; i < 40 && !place().args.hours; i += 1) press('j', 'enter');
    expect(place()).toMatchObject({ view: 'silence' });
    expect(board.text(120, 40)).toMatch(/hours? {2}chosen/);
    expect(session.get().stack.length).toBe(depth);
    press('esc');
    expect(place().view).toBe('alerts');
  });
});
