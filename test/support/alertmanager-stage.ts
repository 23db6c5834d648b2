import { readFileSync } from 'node:fs';
import { alertmanagerSource } from '../../src/adapters/alertmanager/alertmanager-source.ts';
import { openHttp } from '../../src/adapters/http/open-http.ts';
import type { AlertData } from '../../src/kernel/alert-fact.ts';
import { failed, failure } from '../../src/kernel/failure.ts';
import { noTls } from '../../src/kernel/source-target.ts';
import { seconds } from '../../src/kernel/units.ts';
import { FakeClock } from './fake-clock.ts';
import { type NudgedAttention, nudgedAttention } from './nudged-attention.ts';
import { json, type ScriptedMonitoring, startScriptedMonitoring } from './scripted-monitoring.ts';
import { type ToldSignals, toldSignals } from './told-signals.ts';

/** The body of a recorded answer. */
export const recordedAnswer = (path: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')).body;

export const groupsPath = '/api/v2/alerts/groups';

export const hex = (n: number): string => n.toString(16).padStart(16, '0');
/** An alert as Alertmanager writes it. */
export const rawAlert = (n: number, more: object = {}) => ({
  fingerprint: hex(n),
  labels: { alertname: 'Down', pod: `p${n}` },
  annotations: {},
  startsAt: '2026-11-20T02:00:00.000Z',
  endsAt: '2026-11-20T04:00:00.000Z',
  updatedAt: '2026-11-20T03:00:00.000Z',
  receivers: [{ name: 'hook' }],
  status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
  generatorURL: 'http://prometheus/graph',
  ...more,
});
export const rawGroup = (receiver: string, labels: object, ...alerts: unknown[]) => ({
  labels,
  receiver: { name: receiver },
  alerts,
});

/** One scripted Alertmanager called `main`, and the source that asks it, in time that passes only when told to. */
export interface AlertmanagerStage {
  readonly server: ScriptedMonitoring;
  readonly clock: FakeClock;
  readonly attention: NudgedAttention;
  /** From the first call on. */
  readonly told: ToldSignals<AlertData>;
  watch(): void;
  /** Rounds of questions so far. */
  rounds(): number;
  roundEnds(n: number): Promise<void>;
  /** Lets one more round happen, `wait` seconds later. */
  nextRound(wait?: number): Promise<void>;
  close(): Promise<void>;
}

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));

export const alertmanagerStage = async (
  clock: FakeClock = new FakeClock(),
): Promise<AlertmanagerStage> => {
  const server = await startScriptedMonitoring();
  server.answers.set(groupsPath, json([]));
  server.answers.set('/api/v2/silences', json([]));
  server.answers.set('/api/v2/status', json(recordedAnswer('alertmanager/01-status.json')));
  const attention = nudgedAttention();
  const target = {
    name: 'main',
    way: { kind: 'direct', url: server.url },
    auth: { kind: 'none' },
    tls: noTls,
  } as const;
  const source = alertmanagerSource({
    settings: { alertmanagers: [target], discover: false },
    kubernetes: { get: async () => nowhere },
    open: (to) =>
      openHttp(to, {
        api: { request: async () => nowhere },
        forward: async () => nowhere,
        clock,
        version: 'test',
      }),
    clock,
    random: () => 1,
    attention,
  });
  let told: ToldSignals<AlertData> | null = null;
  const rounds = () => server.requests.filter((path) => path === groupsPath).length;
  const stage: AlertmanagerStage = {
    server,
    clock,
    attention,
    get told() {
      if (told === null) throw new Error('nothing is watched yet');
      return told;
    },
    watch: () => {
      told = toldSignals(source);
    },
    rounds,
    roundEnds: (n) =>
      stage.told.until(`round ${n} has ended`, () => rounds() >= n && attention.resting === 1),
    nextRound: async (wait = 4.8) => {
      const n = rounds();
      await stage.roundEnds(n);
      await clock.advance(seconds(wait));
      await stage.roundEnds(n + 1);
    },
    close: async () => {
      await told?.stop();
      await server.close();
    },
  };
  return stage;
};
