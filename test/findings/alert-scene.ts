import type { AlertStream, StreamItem } from '../../src/findings/alert-stream.ts';
import { alertStream } from '../../src/findings/alerts.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Acknowledgement } from '../../src/kernel/acknowledgement.ts';
import type {
  AlertData,
  AlertSourceInfo,
  Silence,
  SourceAlert,
} from '../../src/kernel/alert-fact.ts';
import { type Entry, type ProbeId, probeId, type Signal } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { AnyProbe } from '../../src/kernel/probe.ts';
import type { PrometheusData, PrometheusInfo } from '../../src/kernel/prometheus-fact.ts';
import { type EpochMs, revision } from '../../src/kernel/units.ts';
import { foldWorld, type World } from '../../src/kernel/world.ts';
import { acknowledgements } from '../../src/probes/acknowledgements.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { prometheus } from '../../src/probes/prometheus.ts';
import { ago, now } from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const probes: ReadonlyMap<ProbeId, AnyProbe> = new Map(
  [alerts, prometheus, acknowledgements].map((p) => [p.id, p]),
);

/** Something that is told, `ago` seconds before now. */
export type Told = readonly [ago: number, probe: string, signal: Signal<unknown>];

export const sourceInfo = (over: Partial<AlertSourceInfo> = {}): AlertSourceInfo => ({
  kind: 'alertmanager',
  where: 'http://am.test',
  version: '0.28.1',
  peers: [],
  clusterStatus: 'ready',
  clockSkew: 0,
  ...over,
});

/** An alert that began ten minutes ago; its fingerprint is made of its labels. */
export const alertOf = (
  labels: Readonly<Record<string, string>>,
  over: Partial<SourceAlert> = {},
): SourceAlert => ({
  fingerprint: Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`)
    .join(),
  labels,
  annotations: {},
  startsAt: ago(600),
  state: 'firing',
  silencedBy: [],
  inhibitedBy: [],
  mutedBy: [],
  receivers: ['on-call'],
  group: '',
  generatorUrl: '',
  ...over,
});

export const silenceOf = (over: Partial<Silence> = {}): Silence => ({
  id: 's-1',
  state: 'active',
  matchers: [{ name: 'alertname', value: 'Quiet', isRegex: false, isEqual: true }],
  author: 'ana',
  comment: 'maintenance',
  startsAt: ago(3600),
  endsAt: ago(-7200),
  ...over,
});

const say = (scope: string, data: unknown): Signal => ({ kind: 'observed', scope, data });

/** A source that answers for the first time, with everything it has. */
export const first = (
  name: string,
  seconds: number,
  all: readonly SourceAlert[],
  info: Partial<AlertSourceInfo> = {},
  silences: readonly Silence[] = [],
): readonly Told[] => [
  tell(name, seconds, { kind: 'source', id: 'source', source: sourceInfo(info) }),
  ...all.map((alert) => fires(name, seconds, alert)),
  ...silences.map((silence) =>
    tell(name, seconds, { kind: 'silence', id: `silence/${silence.id}`, silence }),
  ),
  tell(name, seconds, {
    kind: 'listed',
    id: 'listed',
    fingerprints: all.map((a) => a.fingerprint),
    silences: silences.map((s) => s.id),
  }),
  [seconds, 'alerts', { kind: 'synced', scope: name }],
];

export const tell = (name: string, seconds: number, data: AlertData): Told => [
  seconds,
  'alerts',
  say(name, data),
];

export const fires = (name: string, seconds: number, alert: SourceAlert): Told =>
  tell(name, seconds, { kind: 'alert', id: `alert/${alert.fingerprint}`, alert });

export const ends = (name: string, seconds: number, { fingerprint }: SourceAlert): Told =>
  tell(name, seconds, { kind: 'gone', id: `alert/${fingerprint}`, fingerprint });

export const heard = (name: string, seconds = 3): Told => [
  seconds,
  'alerts',
  { kind: 'heard', scope: name },
];

export const fails = (name: string, seconds: number): Told => [
  seconds,
  'alerts',
  {
    kind: 'failed',
    scope: name,
    failure: failure('unreachable', 'read alerts', 'connection refused'),
  },
];

const prometheusInfo = (over: Partial<PrometheusInfo>): PrometheusInfo => ({
  where: 'http://prometheus.test',
  version: '3.1.0',
  rules: 10,
  targets: 12,
  targetsUp: 12,
  alertmanagers: [],
  externalLabels: {},
  clockSkew: 0,
  ...over,
});

export const rules = (name: string, seconds: number, data: PrometheusData): Told => [
  seconds,
  'prometheus',
  say(name, data),
];

export const prometheusFirst = (
  name: string,
  seconds: number,
  all: readonly SourceAlert[],
  info: Partial<PrometheusInfo> = {},
): readonly Told[] => [
  rules(name, seconds, { kind: 'info', id: 'info', info: prometheusInfo(info) }),
  ...all.map((alert) =>
    rules(name, seconds, { kind: 'alert', id: `alert/${alert.fingerprint}`, alert }),
  ),
  [seconds, 'prometheus', { kind: 'synced', scope: name }],
];

export const prometheusHeard = (name: string, seconds = 3): Told => [
  seconds,
  'prometheus',
  { kind: 'heard', scope: name },
];

export const acknowledges = (
  seconds: number,
  { fingerprint }: SourceAlert,
  over: Partial<Acknowledgement> = {},
): Told => [
  seconds,
  'acknowledgements',
  say('', {
    fingerprint,
    name: 'X',
    at: ago(seconds),
    by: 'ana',
    note: 'on it',
    withdrawn: false,
    ...over,
  } satisfies Acknowledgement),
];

/** The world after all that was told, in the order of time. */
export const worldAfter = (
  told: readonly Told[],
  listed: Listed = {},
  states: Readonly<Record<string, unknown>> = {},
): World => {
  const entries = told
    .toSorted(([a], [b]) => b - a)
    .map(
      ([seconds, probe, signal], i) =>
        ({
          rev: revision(i + 1),
          at: ago(seconds),
          fact: { probe: probeId(probe), ...signal },
        }) satisfies Entry,
    );
  return foldWorld(probes, worldOf(listed, {}, states), entries);
};

export const streamAfter = (
  told: readonly Told[],
  listed: Listed = {},
  findings: readonly Finding[] = [],
  states: Readonly<Record<string, unknown>> = {},
  at: EpochMs = now,
): AlertStream => alertStream(worldAfter(told, listed, states), at, findings);

/** The only alert of a stream, whatever else is in it. */
export const only = (stream: AlertStream): StreamItem => {
  const [item, ...more] = stream.items.filter((i) => i.kind === 'alert');
  if (item === undefined || more.length > 0)
    throw new Error(`${more.length + 1} alerts: ${JSON.stringify(stream.items.map((i) => i.key))}`);
  return item;
};

export const names = (stream: AlertStream): readonly string[] => stream.items.map((i) => i.name);

export const finding = (key: string, over: Partial<Finding> = {}): Finding => ({
  key,
  subsystem: 'pods',
  tone: 'bad',
  title: 't',
  reason: 'r',
  detail: '',
  ready: null,
  weight: 1,
  since: ago(100),
  object: null,
  proof: [],
  under: null,
  ...over,
});
