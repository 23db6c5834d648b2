import { describe, expect, it } from 'vitest';
import type { World } from '../../src/kernel/world.ts';
import { home } from '../../src/views/home.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineWidth } from '../../src/views/parts/line.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import type { Content, Target } from '../../src/views/view.ts';
import { fingerprintOf, sourceAlert, withAlerts } from '../support/alert-world.ts';
import { wellMembers, withEtcd } from '../support/etcd-world.ts';
import { crashing, minute, node, now, owner, pod, workload } from '../support/objects.ts';
import { change, textOf } from '../support/scenes.ts';
import { alertedEvening } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const shown = (world: World, width = 80, height = 21, key = ''): Content => {
  const place = { ...placeOf('home'), cursor: { key, index: 0 } };
  const session = newSession(place);
  return home.content({ world, session, place, now, width, height, glyphs: unicodeGlyphs });
};

const titles = (content: Content): readonly string[] =>
  textOf(content)
    .split('\n')
    .filter((l) => l.startsWith('── '))
    .map((l) => l.replace(/─/g, '').trim().split(/ {2,}/)[0] ?? '');

const targets = (content: Content): ReadonlyMap<string, Target | null> =>
  new Map(
    Array.from({ length: content.rows.length }, (_, i) => i)
      .filter((i) => content.rows.selectable(i))
      .map((i) => [content.rows.key(i), content.rows.target(i)]),
  );

/** Much of everything: thirty workloads that crash, forty alerts, fifty changes. */
const crowded = (): World => {
  const names = Array.from({ length: 30 }, (_, i) => `shop-${i}`);
  const world = worldOf({
    nodes: [node('worker-1')],
    deployments: names.map((n) =>
      workload(n, { desired: 1, ready: 0, available: 0, uid: `d-${n}` }),
    ),
    replicasets: names.map((n) =>
      workload(`${n}-rs`, {
        uid: `uid-ReplicaSet-${n}-rs`,
        owner: { kind: 'Deployment', name: n, uid: `d-${n}` },
        ready: 0,
        available: 0,
      }),
    ),
    pods: names.map((n) =>
      crashing(`${n}-rs-x`, 'cannot connect to the database', {
        owner: owner('ReplicaSet', `${n}-rs`),
      }),
    ),
  });
  const alerts = Array.from({ length: 40 }, (_, i) =>
    sourceAlert(
      { alertname: `Alert${i}`, severity: 'warning', instance: `10.0.0.${i}:9100` },
      60 * i,
    ),
  );
  const changes = Array.from({ length: 50 }, (_, i) =>
    change({ key: `payments/shop${i}`, tone: 'bad', text: 'restarts 6 → 7' }),
  );
  return { ...withAlerts(world, 'am-0', alerts), changes };
};

const calm = (): World => {
  const world = withEtcd(
    worldOf({ nodes: [node('worker-1')], pods: [pod('api-0', { labels: {} })] }),
    wellMembers(),
  );
  const watchdog = sourceAlert({ alertname: 'Watchdog', severity: 'none' }, 90 * minute);
  return withAlerts(withAlerts(world, 'am-0', [watchdog]), 'am-1', [watchdog]);
};

describe('the first screen', () => {
  it('given much of everything at 80x24, then what is broken, alerts and changes are there, and evidence gives way', () => {
    for (const height of [20, 21]) {
      const content = shown(crowded(), 80, height);
      expect(content.rows.length).toBeLessThanOrEqual(height);
      expect(titles(content)).toEqual([
        'broken, worst first',
        expect.stringMatching(/^alerts: 40 firing/),
        'changed',
      ]);
    }
  });

  it('given much of everything and more room, then all of the evidence is there too', () => {
    const text = textOf(shown(crowded(), 120, 36));
    expect(text.match(/^ {2}[✓✗▲?◌] (?:api|etcd|nodes|pods|alerts) /gm)?.length).toBe(5);
  });

  it('given a cause with a long story, then all of it is told before other messages, and before evidence', () => {
    const text = textOf(shown(alertedEvening(), 80, 20));
    const lines = text.split('\n');
    const at = lines.findIndex((l) => l.includes('✗ etcd payments'));
    expect(lines[at + 1]).toMatch(/^ {4}etcd-1 lost its data: /);
    expect(text).not.toMatch(/\d+ more/);
    expect(text).not.toContain('── evidence');
  });

  it('given nothing but what is to be looked at, then it is not called broken', () => {
    const world = worldOf({ nodes: [node('worker-1', { unschedulable: true })], pods: [] });
    const warned = withAlerts(world, 'am-0', [
      sourceAlert({ alertname: 'A', severity: 'warning' }, 60),
    ]);
    expect(titles(shown(warned))).not.toContain('broken, worst first');
  });

  it('given more than fits, then how many more there are is a line that opens all of them', () => {
    const open = targets(shown(crowded(), 120, 40));
    expect(open.get('more/broken')?.open?.view).toBe('broken');
    expect(open.get('more/alerts')?.open?.view).toBe('alerts');
    expect(textOf(shown(crowded()))).toMatch(/^ {3}\d+ more: enter shows all$/m);
  });

  it('given more room, then every part grows, not only the first', () => {
    const rows = (height: number) => {
      const keys = [...targets(shown(crowded(), 120, height)).keys()];
      return ['stream/', 'change/'].map((p) => keys.filter((k) => k.startsWith(p)).length);
    };
    const [alerts = 0, changes = 0] = rows(21);
    const [moreAlerts = 0, moreChanges = 0] = rows(57);
    expect(moreAlerts).toBeGreaterThan(alerts);
    expect(moreChanges).toBeGreaterThan(changes);
  });

  it('given a calm cluster, then the evidence comes first, with the leader, the margin and the watchdog', () => {
    const text = textOf(shown(calm(), 120));
    expect(titles(shown(calm(), 120))[0]).toBe('evidence');
    expect(text).toMatch(/✓ etcd +.*leader etcd-0, term 7/);
    expect(text).toMatch(/✓ alerts +.*Watchdog seen/);
  });

  it('given two Alertmanagers of which one is not heard, then their ages stand in the title of the alerts', () => {
    const title = textOf(shown(alertedEvening()))
      .split('\n')
      .find((l) => l.includes('── alerts'));
    expect(title).toMatch(/am-0 0s {2}am-1 ◌ 2m ──$/);
  });

  it('given the same thing for many pods of a workload, then it is one line with how many', () => {
    const changes = ['x7k2p', 'q9wlz', '4crcm'].map((pod) =>
      change({ key: `payments/gateway-7d9f8c6b5-${pod}`, tone: 'bad', text: 'exit 1' }),
    );
    const other = change({ key: 'web/shop-6c9f7d4b8-zz7vd', tone: 'bad', text: 'exit 2' });
    const text = textOf(shown({ ...worldOf({}), changes: [...changes, other] }, 80, 21));
    expect(text.match(/^ ✗ 21:42:00 .*$/gm)).toEqual([
      ' ✗ 21:42:00  web/shop-6c9f7d4b8-zz7vd  exit 2',
      ' ✗ 21:42:00  payments/gateway x3  exit 1',
    ]);
  });

  it.each([
    ['a finding', /^workload\/payments/, 'describe'],
    ['an etcd cluster', /^etcd\/payments$/, 'etcd'],
    ['an alert', /^stream\/alert\//, 'alert'],
    ['a change', /^change\/.*payment-gateway/, 'describe'],
    ['evidence of etcd', /^evidence\/etcd$/, 'etcd'],
    ['evidence of the API server', /^evidence\/api$/, 'control-plane'],
  ])('given %s under the cursor, then enter leads to it, and p to its proof', (_, key, view) => {
    const all = targets(shown(alertedEvening(), 120, 57));
    const found = [...all].find(([k]) => key.test(k));
    expect(found?.[1]?.open?.view).toBe(view);
    expect(Object.keys(found?.[1]?.proof ?? {}).length).toBeGreaterThan(0);
  });

  it('given any line that can be selected, then it opens something and has a proof, but for what leads to more', () => {
    for (const world of [alertedEvening(), crowded(), calm()]) {
      for (const [key, target] of targets(shown(world, 120, 57))) {
        expect(target?.open, key).toBeDefined();
        if (!key.startsWith('more/')) expect(target?.proof, key).toBeDefined();
      }
    }
  });

  it('given an alert that is firing, then it can be acknowledged from its line', () => {
    const target = [...targets(shown(alertedEvening(), 120, 57))].find(([k]) =>
      k.startsWith('stream/alert/'),
    )?.[1];
    expect(target?.alerts?.().length).toBe(1);
    expect(target?.alerts?.()[0]?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it('given 200 columns, then the story of the alert under the cursor stands beside the list', () => {
    const labels = { alertname: 'KubeNodeNotReady', severity: 'warning', node: 'worker-7' };
    const key = `stream/alert/${fingerprintOf(labels)}`;
    const content = shown(alertedEvening(), 200, 57, key);
    const text = textOf(content);
    expect(text).toMatch(/│ . KubeNodeNotReady/);
    expect(text).toMatch(/│ ── who says so/);
    expect(text).toMatch(/│ .*am-1 .*not heard now/);
    const lines = Array.from({ length: content.rows.length }, (_, i) => content.rows.line(i));
    expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(200);
  });

  it.each([
    [40, 7],
    [60, 10],
    [100, 21],
  ])('given %i columns and %i lines, then it is no larger than that', (width, height) => {
    const { rows } = shown(alertedEvening(), width, height);
    expect(rows.length).toBeLessThanOrEqual(height);
    expect(rows.length).toBeGreaterThan(1);
  });
});
