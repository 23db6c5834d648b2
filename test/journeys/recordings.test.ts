import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { home } from '../../src/views/home.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import { openPlay, type Play } from '../support/play.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/journeys/recordings.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';
const recordings = join(import.meta.dirname, '../../recordings');
const frames = join(import.meta.dirname, 'frames');

/** So long after a mark one sees what it is about. */
const later = 10;
const alertsFire = 'the alerts fire: no quorum, members down, the gateway crash-loops';

/** The line of the keys is left out: which there are is no matter of what happened, and is kept with the terminal. */
const kept = (name: string, screen: string): void => {
  const frame = `${screen.split('\n').slice(0, -1).join('\n')}\n`;
  const path = join(frames, `${name}.txt`);
  if (update) {
    mkdirSync(frames, { recursive: true });
    writeFileSync(path, frame);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(frame);
};

const names = readdirSync(recordings)
  .filter((name) => name.endsWith('.mwr'))
  .map((name) => name.slice(0, -4))
  .sort();

const opened: Play[] = [];
const openNamed = (name: string): Play => {
  const play = openPlay(join(recordings, `${name}.mwr`));
  opened.push(play);
  return play;
};
afterAll(() => {
  for (const play of opened) play.close();
});

describe.each(names)('%s', (name) => {
  const play = openNamed(name);

  it('given a recording that is shipped, then its story is told by marks', () => {
    expect(play.marks.length).toBeGreaterThan(0);
  });

  it.each(play.marks.map((mark, i) => [mark.label, i] as const))(
    'given "%s", then the first screen is as it was kept, no larger than it may be, and without what nobody can read',
    (label, i) => {
      const frame = play.frame({ label, later }, 80, 24);
      const lines = frame.split('\n');
      expect(lines).toHaveLength(24);
      expect(frame).not.toMatch(/undefined|NaN|\[object|\\u00|"level":|\{job=/);
      expect(frame).not.toMatch(/^ {3}\d+ more: /m);
      kept(`${name}-${i + 1}-home-80x24`, frame);
    },
  );

  it('given the marks and the moments of it, then there are no more than one can step through', () => {
    const { moments, marks } = play;
    expect(moments.filter((m) => m.kind === 'mark').map((m) => m.change.text)).toEqual(
      marks.map((m) => m.label),
    );
    expect(moments.length).toBeLessThan(80);
  });
});

describe('etcd-21-43, when the alerts fire', () => {
  const play = openNamed('etcd-21-43');
  const at = { label: alertsFire, later };

  it('given 80 columns and 24 lines, then who is hurt, who lost what, and what follows is all there', () => {
    const lines = play.frame(at, 80, 24).split('\n');
    const body = lines.slice(2).join('\n');
    expect(lines[0]).toMatch(/^ prod-eu {2}1 cause, 12 pods not ready +REPLAY /);
    expect(lines[3]).toMatch(
      /✗ etcd payments {2}1\/3 {2}quorum lost: 1 of 3 members, writes stopped/,
    );
    expect(lines.slice(4, 6).join(' ').replace(/[│ ]+/g, ' ')).toContain(
      'payments-1, payments-2 lost their data: started on an empty data directory, db was 96 KiB, after real-1 rebooted',
    );
    expect(body).toMatch(/├✗ payments\/payment-gateway {2}0\/10 {2}CrashLoopBackOff, exit 1/);
    expect(body).toMatch(/│ {2}failed to connect to etcd: context deadline exceeded/);
    expect(body).toMatch(/└✗ kube-system\/payments-etcd {2}0\/3 {2}no ready endpoints/);
    expect(body).toMatch(/✗ critical {2}etcdNoLeader +etcd payments {2}\+ etcdInsufficientMembe/);
    expect(body).toContain('KubePodCrashLooping fires x10: payments/payment-gateway');
    expect(body).not.toMatch(/\d+ more/);
    expect(body).not.toContain('── evidence');
    // The pods of the members are the members.
    expect(body).not.toMatch(/[├└]✗ kube-system\/etcd-payments-/);
  });

  it('given it opens there, then the mark that it opens at says what one sees', () => {
    expect(play.frame({ label: alertsFire, later: 0 }, 80, 24)).toContain(
      `◆ 08:08:23  ${alertsFire}`,
    );
  });

  it('given enough room, then all evidence and the namespaces are there too', () => {
    const frame = play.frame(at, 120, 40);
    expect(frame).toMatch(/── evidence/);
    expect(frame.match(/^ {2}[✓✗▲?◌] (?:api|etcd|nodes|pods|alerts) /gm)).toHaveLength(5);
    expect(frame).toMatch(/▲ payments +20\/30/);
    kept('etcd-21-43-alerts-fire-home-120x40', frame);
    kept('etcd-21-43-alerts-fire-home-200x60', play.frame(at, 200, 60));
  });

  it('given the alerts, then groups are told in words, and a source that answers is well', () => {
    const frame = play.frame(at, 120, 40, ['5']);
    expect(frame).toMatch(
      /etcdNoLeader +etcd payments {2}\+ etcdInsufficientMembers, etcdMembersDown/,
    );
    expect(frame).toMatch(/sources {2}alertmanager \d+s {2}prometheus \d+s$/m);
    kept('etcd-21-43-alerts-fire-alerts-120x40', frame);
  });

  it('given etcd, then each member and why is told', () => {
    const frame = play.frame(at, 120, 40, ['2']);
    expect(frame).toMatch(/payments-1 lost its data, CrashLoopBackOff/);
    expect(frame).toMatch(/payments-2 lost its data, CrashLoopBackOff/);
    kept('etcd-21-43-alerts-fire-etcd-120x40', frame);
  });

  it('given its beginning and its end, then nothing is broken, and nothing is said twice', () => {
    const first = play.frame({ seconds: 5 }, 80, 24);
    expect(first).toMatch(/prod-eu {2}nothing broken/);
    expect(first.split('\n')[2]).toMatch(/^── evidence/);
    expect(first).toMatch(/✓ alerts {2}no alert fires; Watchdog seen through alertmanager +/);
    const last = play.frame('end', 80, 24);
    expect(last).toMatch(/prod-eu {2}nothing down, 1 to look at/);
    expect(last).toMatch(/── to look at/);
    kept('etcd-21-43-begin-home-80x24', first);
    kept('etcd-21-43-end-home-80x24', last);
  });

  it('given the same world again, then what was worked out is kept: a frame asks for no fact anew', () => {
    const world = play.world(at);
    const now = world.at;
    let read = 0;
    const counted = {
      ...world,
      slices: new Proxy(world.slices, {
        get: (target, key) => {
          if (key === 'get') read += 1;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    };
    const paint = () => {
      const place = placeOf('home');
      const { rows } = home.content({
        world: counted,
        session: newSession(place),
        place,
        now,
        width: 80,
        height: 20,
        glyphs: unicodeGlyphs,
      });
      return Array.from({ length: rows.length }, (_, i) => lineText(rows.line(i))).join('\n');
    };
    const text = paint();
    const first = read;
    expect(text).toContain('etcd payments');
    read = 0;
    expect(paint()).toBe(text);
    // The namespaces are counted from the pods and the deployments; all else is remembered by the world.
    expect(read).toBeLessThanOrEqual(first / 4);
  });
});
