import type { AlertStream, StreamItem, StreamSource } from '../../src/findings/alert-stream.ts';
import { emptyStream } from '../../src/findings/alert-stream.ts';
import type {
  AlertData,
  AlertSourceInfo,
  Labels,
  Silence,
  SourceAlert,
} from '../../src/kernel/alert-fact.ts';
import { type Entry, probeId } from '../../src/kernel/fact.ts';
import type { AnyProbe } from '../../src/kernel/probe.ts';
import { revision } from '../../src/kernel/units.ts';
import { foldWorld, type World } from '../../src/kernel/world.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { ago, minute } from './objects.ts';

const hash = (text: string): string => {
  let h = 0xcbf29ce484222325n;
  for (const c of text)
    h = BigInt.asUintN(64, (h ^ BigInt(c.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return h.toString(16).padStart(16, '0');
};

/** A fingerprint that is the same for the same labels, and unlike that of others. */
export const fingerprintOf = (labels: Labels): string =>
  hash(
    Object.entries(labels)
      .map(([k, v]) => `${k}=${v}`)
      .sort()
      .join(),
  );

/** An alert that one source tells, as it would come from an Alertmanager. */
export const sourceAlert = (
  labels: Labels,
  secondsAgo: number,
  over: Partial<SourceAlert> = {},
): SourceAlert => ({
  fingerprint: fingerprintOf(labels),
  labels,
  annotations: {},
  startsAt: ago(secondsAgo),
  state: 'firing',
  silencedBy: [],
  inhibitedBy: [],
  mutedBy: [],
  receivers: ['pager'],
  group: `{alertname="${labels.alertname ?? ''}"}`,
  generatorUrl: 'http://prometheus:9090/graph',
  ...over,
});

const sourceInfo: AlertSourceInfo = {
  kind: 'alertmanager',
  where: 'http://am:9093',
  version: '0.28.1',
  peers: ['am-0', 'am-1'],
  clusterStatus: 'ready',
  clockSkew: 0,
};

const alertFacts = (told: readonly SourceAlert[], silences: readonly Silence[]): AlertData[] => [
  { kind: 'source', id: 'source', source: sourceInfo },
  ...told.map((alert): AlertData => ({ kind: 'alert', id: `alert/${alert.fingerprint}`, alert })),
  ...silences.map((s): AlertData => ({ kind: 'silence', id: `silence/${s.id}`, silence: s })),
  {
    kind: 'listed',
    id: 'listed',
    fingerprints: told.map((a) => a.fingerprint),
    silences: silences.map((s) => s.id),
  },
];

/** A world in which this source has told these alerts too, through the probe itself. */
export const withAlerts = (
  world: World,
  source: string,
  told: readonly SourceAlert[],
  { secondsAgo = 4, silences = [] }: { secondsAgo?: number; silences?: readonly Silence[] } = {},
): World => {
  const at = ago(secondsAgo);
  const signals = [
    ...alertFacts(told, silences).map(
      (data) => ({ kind: 'observed', scope: source, data }) as const,
    ),
    { kind: 'synced', scope: source } as const,
  ];
  const entries = signals.map(
    (signal, i): Entry => ({
      rev: revision(world.rev + i + 1),
      at,
      fact: { ...signal, probe: probeId('alerts') },
    }),
  );
  const probes = new Map([[alerts.id, alerts as AnyProbe]]);
  return { ...foldWorld(probes, world, entries), at: world.at };
};

/** An item as the stream would hold it, for views alone. */
export const streamItem = (name: string, over: Partial<StreamItem> = {}): StreamItem => {
  const labels = { alertname: name, ...over.labels };
  return {
    key: fingerprintOf({ ...labels, subject: over.subject ?? '' }),
    kind: 'alert',
    name,
    severity: 'warning',
    state: 'firing',
    annotations: {},
    summary: '',
    subject: '',
    object: null,
    member: null,
    about: [],
    finding: null,
    since: ago(5 * minute),
    resolvedAt: null,
    says: [
      { source: 'am-0', state: 'firing', fresh: true, heard: ago(4), since: ago(5 * minute) },
      { source: 'am-1', state: 'firing', fresh: true, heard: ago(5), since: ago(5 * minute) },
    ],
    disagreement: '',
    note: '',
    stale: false,
    suppressedBy: [],
    flaps: 0,
    acknowledged: null,
    weight: 1,
    group: '',
    receivers: ['pager'],
    generatorUrl: '',
    proof: [],
    ...over,
    labels,
  };
};

export const streamSource = (name: string, over: Partial<StreamSource> = {}): StreamSource => ({
  name,
  kind: 'alertmanager',
  where: `http://${name}:9093`,
  version: '0.28.1',
  cluster: 'am-0 am-1',
  tone: 'good',
  text: '12 alerts',
  heard: ago(4),
  ...over,
});

const replicas: readonly StreamSource[] = [streamSource('am-0'), streamSource('am-1')];

/** A stream of these items, in this order, as two replicas tell it. */
export const streamOf = (
  items: readonly StreamItem[],
  sources: readonly StreamSource[] = replicas,
): AlertStream => {
  const byGroup = Map.groupBy(items, (i) => i.group);
  const firing = items.filter((i) => i.state === 'firing' && i.kind !== 'event');
  return {
    ...emptyStream,
    items,
    groups: [...byGroup].map(([key, members]) => ({ key, subject: '', items: members })),
    sources,
    counts: {
      critical: firing.filter((i) => i.severity === 'critical').length,
      warning: firing.filter((i) => i.severity === 'warning').length,
      info: firing.filter((i) => i.severity === 'info').length,
      pending: items.filter((i) => i.state === 'pending').length,
      suppressed: items.filter((i) => i.state === 'suppressed').length,
      resolved: items.filter((i) => i.state === 'resolved').length,
      acknowledged: items.filter((i) => i.acknowledged !== null).length,
      stale: items.filter((i) => i.stale).length,
    },
  };
};

const crashGroup = '{alertname="KubePodCrashLooping", namespace="payments"}';

/** The evening of the sketches: firing, folded, pending, silenced and over. */
export const badStream = (): AlertStream =>
  streamOf([
    streamItem('etcdInsufficientMembers', {
      severity: 'critical',
      subject: 'payments',
      labels: { severity: 'critical', job: 'etcd' },
      annotations: {
        summary: 'etcd cluster "payments": insufficient members (1).',
        runbook_url: 'https://runbooks.test/etcdInsufficientMembers',
      },
      summary: 'etcd cluster "payments": insufficient members (1).',
      member: { cluster: 'payments', member: 'etcd-1' },
      finding: 'etcd/payments',
    }),
    ...Array.from({ length: 12 }, (_, i) =>
      streamItem('KubePodCrashLooping', {
        severity: 'critical',
        group: crashGroup,
        subject: `payments/payment-gateway-${i}`,
        labels: { severity: 'critical', namespace: 'payments', pod: `payment-gateway-${i}` },
        since: ago(4 * minute + i),
      }),
    ),
    streamItem('KubeNodeNotReady', {
      subject: 'node worker-7',
      labels: { severity: 'warning', node: 'worker-7' },
      object: { resource: 'nodes', namespace: '', name: 'worker-7' },
      about: ['nodes//worker-7'],
      since: ago(6 * minute),
    }),
    streamItem('KubeDeploymentReplicasMismatch', {
      state: 'pending',
      subject: 'payments/payment-gateway',
      labels: { severity: 'warning' },
    }),
    streamItem('NodeClockSkew', {
      state: 'suppressed',
      subject: 'node worker-3',
      labels: { severity: 'warning', node: 'worker-3' },
      since: ago(120 * minute),
      suppressedBy: [
        {
          kind: 'silence',
          source: 'am-0',
          id: 's1',
          silence: {
            id: 's1',
            state: 'active',
            matchers: [{ name: 'node', value: 'worker-3', isRegex: false, isEqual: true }],
            author: 'ops',
            comment: 'ntp is being replaced',
            startsAt: ago(60 * minute),
            endsAt: ago(-77 * minute),
          },
        },
      ],
    }),
    streamItem('KubeQuotaExceeded', {
      state: 'resolved',
      subject: 'namespace web',
      resolvedAt: ago(3 * minute),
    }),
  ]);
