import { describe, expect, it } from 'vitest';
import { viewsWith } from '../../src/cli/views.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import type { World } from '../../src/kernel/world.ts';
import { tableScope } from '../../src/probes/tables.ts';
import { changeKey } from '../../src/views/parts/change-proof.ts';
import { lineWidth } from '../../src/views/parts/line.ts';
import { kindTables } from '../../src/views/resources/index.ts';
import { type Place, placeOf } from '../../src/views/session.ts';
import type { View } from '../../src/views/view.ts';
import { fingerprintOf, sourceAlert, withAlerts } from '../support/alert-world.ts';
import { clusterFact, memberInfo, told, withEtcd } from '../support/etcd-world.ts';
import { ago, crashing, pod } from '../support/objects.ts';
import { contentOf, frameOf, withFreshness, withScopes } from '../support/scenes.ts';
import { alertedEvening, crashLabels } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const certificates = 'certificates.cert-manager.io';

/** The bad evening, with etcd and alerts, and a table of a resource that has no kind here. */
const evening = (): World => {
  const base = alertedEvening();
  const row = (name: string, ready: string) => ({
    uid: name,
    name,
    namespace: 'web',
    created: ago(3600),
    cells: [name, ready, `${name}-tls`, '60m'],
  });
  const rows = [row('shop', 'True'), row('api', 'False')];
  const state = new Map([
    [
      tableScope(certificates, ''),
      {
        columns: ['Name', 'Ready', 'Secret', 'Age'].map((name) => ({
          name,
          priority: 0,
          type: 'string',
        })),
        rows: new Map(rows.map((r) => [`web/${r.name}`, r])),
      },
    ],
  ]);
  const slices = new Map(base.slices);
  const discovery = [...slices].find(([id]) => id === 'discovery');
  if (discovery === undefined) throw new Error('the evening has no discovery');
  slices.set('tables' as (typeof discovery)[0], {
    state,
    scopes: new Map([[certificates, { kind: 'fresh', heard: ago(3) }]]),
  });
  return { ...base, slices };
};

const hostileText = `\u001b[31mred\u001b[0m\u202Eevil\u2066\u0007\r\n${'x'.repeat(10_000)}\u0000שלום`;

const hostileLabels = {
  alertname: hostileText.slice(0, 900),
  pod: hostileText.slice(0, 900),
  namespace: '__proto__',
  constructor: 'x',
};
const hostileAlert = sourceAlert(hostileLabels, 300, {
  annotations: { summary: hostileText.slice(0, 4000), runbook_url: hostileText.slice(0, 4000) },
  group: hostileText.slice(0, 900),
  receivers: [hostileText.slice(0, 900)],
});

/** Names and messages that nobody should send. */
const hostile = (): World => {
  const name = hostileText.slice(0, 900);
  const member = memberInfo(0, {
    key: name,
    name,
    clientUrls: [name],
    pod: { namespace: name, name, node: name },
    dataDir: name,
  });
  const facts = told(
    4,
    clusterFact([member], {
      cluster: name,
      problems: [failure('broken', name, name, { hint: name })],
    }),
    {
      kind: 'down',
      id: 'status',
      cluster: name,
      member: name,
      failure: failure('broken', name, name),
    },
  );
  const world = worldOf({
    pods: [
      crashing(hostileText, hostileText, {
        node: hostileText,
        labels: { [hostileText]: hostileText },
      }),
      pod('漢字の名前👩‍💻-e\u0301', { namespace: 'ns', status: hostileText }),
    ],
  });
  return withAlerts(withEtcd(world, facts), name, [hostileAlert]);
};

const failing = (kind: 'forbidden' | 'unreachable', message: string): Freshness => ({
  kind: 'failing',
  since: ago(300),
  heard: kind === 'forbidden' ? null : ago(310),
  failure: failure(kind, 'watch', message, { hint: 'try another context' }),
});

const worlds: readonly (readonly [string, () => World])[] = [
  ['fresh', evening],
  ['never heard of', () => withFreshness(evening(), null)],
  ['loading', () => withFreshness(evening(), { kind: 'never' })],
  [
    'stale',
    () =>
      withFreshness(evening(), {
        kind: 'stale',
        since: ago(120),
        why: 'watch connection lost',
        heard: ago(130),
      }),
  ],
  [
    'failing',
    () => withFreshness(evening(), failing('unreachable', 'connect ECONNREFUSED 10.0.0.1:6443')),
  ],
  [
    'forbidden',
    () =>
      withFreshness(
        worldOf({}),
        failing('forbidden', 'User "dev" cannot list resource at the cluster scope'),
      ),
  ],
  [
    'mixed',
    () =>
      withScopes(
        evening(),
        'pods',
        new Map([
          ['payments', { kind: 'fresh', heard: ago(3) }],
          ['kube-system', failing('forbidden', hostileText)],
        ]),
      ),
  ],
  ['empty', () => worldOf({})],
  ['hostile', hostile],
];

const objectPlaces: readonly Place[] = [
  ...kindTables.map((t) => t.resource),
  certificates,
  'nothings',
].flatMap((resource) => {
  const world = evening();
  const slice = [...world.slices].find(([id]) => id === resource)?.[1];
  const first =
    [...((slice?.state ?? new Map([['web/shop', 0]])) as Map<string, unknown>).keys()][0] ??
    'web/none';
  const [namespace, name] = first.includes('/') ? first.split('/') : ['', first];
  const args = { resource, namespace: namespace ?? '', name: name ?? '' };
  return [
    placeOf('explorer', { resource }),
    placeOf('explorer', { resource }, 'a[b'),
    { ...placeOf('explorer', { resource, namespace: 'web' }), wide: true, faults: true },
    placeOf('describe', args),
    placeOf('yaml', args, 'e'),
  ];
});

const hostilePlaces: readonly Place[] = [
  placeOf('explorer', { resource: 'pods' }, 'x'),
  placeOf('describe', { resource: 'pods', namespace: 'payments', name: hostileText }),
  placeOf('describe', { resource: hostileText, namespace: hostileText, name: hostileText }),
  placeOf('yaml', { resource: 'pods', namespace: 'payments', name: hostileText }),
  placeOf('explorer', { resource: hostileText, of: hostileText, labels: hostileText }),
];

const oneMember = { cluster: 'payments', member: 'etcd-1' };
const badAlert = { key: fingerprintOf(crashLabels(1)) };

/** Places of etcd and of alerts, with what they are opened with. */
const newPlaces: readonly Place[] = [
  placeOf('etcd', { cluster: 'payments' }),
  placeOf('etcd-member', oneMember),
  placeOf('etcd-member', { cluster: hostileText.slice(0, 900), member: hostileText.slice(0, 900) }),
  { ...placeOf('alerts', {}, 'severity="critical"'), quiet: true },
  placeOf('alerts', {}, 'severity="'),
  placeOf('alerts', { group: '{alertname="KubePodCrashLooping"}' }, 'payment'),
  placeOf('alert', badAlert),
  placeOf('alert', { key: hostileAlert.fingerprint }),
  placeOf('silence', { alert: badAlert.key }),
  placeOf('silence', { alert: hostileAlert.fingerprint, hours: '24', breadth: 'name' }),
  placeOf('silence', { group: '{alertname="KubePodCrashLooping"}', hours: 'x' }),
  placeOf('silence', { group: hostileText.slice(0, 900) }),
  placeOf('proof', { alert: badAlert.key }),
  placeOf('proof', { alert: hostileAlert.fingerprint }),
  placeOf('proof', { etcd: 'payments' }),
  placeOf('proof', { etcd: hostileText.slice(0, 900) }),
  ...['api', 'etcd', 'nodes', 'pods', 'alerts'].map((evidence) => placeOf('proof', { evidence })),
  ...evening().changes.map((c) => placeOf('proof', { change: changeKey(c) })),
];

const views = viewsWith(() => []);
const places: readonly Place[] = [
  ...views
    .filter((v) => !['explorer', 'describe', 'yaml'].includes(v.id))
    .map((v) => placeOf(v.id)),
  ...newPlaces,
  ...objectPlaces,
  ...hostilePlaces,
];

const viewOf = (place: Place): View => {
  const found = views.find((v) => v.id === place.view);
  if (found === undefined) throw new Error(`no view ${place.view}`);
  return found;
};

// Text that says a value was missing where nobody thought it could be.
const holes = /\bNaN\b|\bundefined\b|\[object |\bInfinity\b|Invalid Date/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not come
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const tidy = new Set([
  'explorer',
  'describe',
  'yaml',
  'aliases',
  'home',
  'etcd',
  'etcd-member',
  'alerts',
  'alert',
  'silence',
  'proof',
]);

const nameOf = ({ view, args, filter }: Place): string =>
  `${view} ${Object.values(args).join(' ').slice(0, 40)} ${filter}`.replace(/[^ -~]/g, '?');

describe.each(worlds)('views of a world that is %s', (_, worldNow) => {
  const world = worldNow();

  it.each([60, 80, 120, 200])(
    'given %i columns, when every place is painted, then lines fit and have no holes',
    (width) => {
      for (const place of places) {
        const content = contentOf(viewOf(place), world, place, { width });
        const frame = frameOf(content);
        expect(holes.exec(frame)?.[0], nameOf(place)).toBeUndefined();
        expect(control.exec(frame)?.[0], nameOf(place)).toBeUndefined();
        // The screen cuts whatever is too wide; a table that relies on it hides what it was made to show.
        if (!tidy.has(place.view)) continue;
        const lines = [...content.head, ...content.empty];
        for (let i = 0; i < content.rows.length; i += 1) lines.push(content.rows.line(i));
        const widest = Math.max(0, ...lines.map(lineWidth));
        expect(widest, nameOf(place)).toBeLessThanOrEqual(width);
      }
    },
  );

  it('given the same input, when every place is painted twice, then it is the same', () => {
    const again = worldNow();
    for (const place of places) {
      const frame = frameOf(contentOf(viewOf(place), world, place));
      expect(frameOf(contentOf(viewOf(place), again, place)), nameOf(place)).toBe(frame);
    }
  });

  it('given rows, when they are asked for, then keys are apart, found again, and nothing is empty without a reason', () => {
    for (const place of places) {
      const { rows, empty, head } = contentOf(viewOf(place), world, place);
      const keys = Array.from({ length: rows.length }, (_, i) => rows.key(i));
      expect(new Set(keys).size, nameOf(place)).toBe(keys.length);
      expect(
        keys.map((key) => rows.indexOf(key)),
        nameOf(place),
      ).toEqual([...keys.keys()]);
      if (rows.length === 0) expect(empty.length + head.length, nameOf(place)).toBeGreaterThan(0);
    }
  });
});
