import type { AlertData, Labels, Silence, SourceAlert } from '../../src/kernel/alert-fact.ts';
import type { Change, Observed } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { type AlertSourceState, type AlertsState, alerts } from '../../src/probes/alerts.ts';

export const start = Date.UTC(2026, 10, 23, 21, 43);

export const crash: Labels = {
  alertname: 'KubePodCrashLooping',
  namespace: 'payments',
  pod: 'payment-gateway-7d9f-x2',
  severity: 'critical',
};

export const alertOf = (fingerprint: string, more: Partial<SourceAlert> = {}): SourceAlert => ({
  fingerprint,
  labels: crash,
  annotations: {},
  startsAt: start - 60_000,
  state: 'firing',
  silencedBy: [],
  inhibitedBy: [],
  mutedBy: [],
  receivers: ['pager'],
  group: '',
  generatorUrl: '',
  ...more,
});

export const alert = (fingerprint: string, more: Partial<SourceAlert> = {}): AlertData => ({
  kind: 'alert',
  id: `alert/${fingerprint}`,
  alert: alertOf(fingerprint, more),
});
export const gone = (fingerprint: string): AlertData => ({
  kind: 'gone',
  id: `alert/${fingerprint}`,
  fingerprint,
});
export const silence = (id: string, author: string): AlertData => {
  const told: Silence = {
    id,
    state: 'active',
    matchers: [],
    author,
    comment: '',
    startsAt: start,
    endsAt: start + 3_600_000,
  };
  return { kind: 'silence', id: `silence/${id}`, silence: told };
};
export const listed = (
  fingerprints: readonly string[],
  silences: readonly string[] = [],
): AlertData => ({ kind: 'listed', id: 'listed', fingerprints, silences });
export const left: AlertData = { kind: 'left', id: 'source' };
export const source = (
  clusterStatus = 'ready',
  more: {
    readonly kind?: 'alertmanager' | 'webhook';
    readonly version?: string;
    /** Seconds from the start of the scene. */
    readonly startedAt?: number;
  } = {},
): AlertData => ({
  kind: 'source',
  id: 'source',
  source: {
    kind: more.kind ?? 'alertmanager',
    where: 'http://am-0',
    version: more.version ?? '0.28.1',
    peers: [],
    clusterStatus,
    clockSkew: null,
    ...(more.startedAt === undefined ? {} : { startedAt: start + more.startedAt * 1000 }),
  },
});

/** When, in seconds from the start, who, and what. */
export type Saying = readonly [at: number, scope: string, data: AlertData];

export const observedAlerts = (
  all: readonly Saying[],
  settled = true,
  from = 0,
): readonly Observed<AlertData>[] =>
  all.map(([at, scope, data], i) => ({
    rev: revision(from + i + 1),
    at: epochMs(start + at * 1000),
    scope,
    data,
    settled,
  }));

/** Two replicas that were read and had nothing. */
const begin: readonly Saying[] = [
  [0, 'am-0', source()],
  [0, 'am-0', listed([])],
  [0, 'am-1', source()],
  [0, 'am-1', listed([])],
];
export const begun: AlertsState = alerts.fold(alerts.empty, observedAlerts(begin, false)).state;

export interface ToldAlerts {
  readonly state: AlertsState;
  readonly changes: readonly Change[];
  readonly lines: readonly string[];
  of(name: string): AlertSourceState;
}

export const toldAlerts = (...all: readonly Saying[]): ToldAlerts => {
  const { state, changes } = alerts.fold(begun, observedAlerts(all, true, begin.length));
  return {
    state,
    changes,
    lines: changes.map(({ tone, text }) => `${tone}: ${text}`),
    of: (name) => {
      const found = state.get(name);
      if (found === undefined) throw new Error(`no source ${name}`);
      return found;
    },
  };
};
