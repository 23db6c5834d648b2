import type { SourceAlert } from '../../kernel/alert-fact.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import type { AlertRule } from '../../kernel/prometheus-fact.ts';
import {
  boundedPairs,
  boundedText,
  listOf,
  membersOf,
  nameKept,
  timeOf,
} from '../alertmanager/bounded-text.ts';
import type { SentLabels } from './sent-labels.ts';

export interface RulesRead {
  /** By fingerprint, firing and pending. */
  readonly alerts: ReadonlyMap<string, SourceAlert>;
  /** By key. */
  readonly rules: ReadonlyMap<string, AlertRule>;
  readonly unread: number;
}

const minute = 60_000;

/** Labels that are there: an empty one is none, for Prometheus as for Alertmanager. */
const textsOf = (labels: unknown): Readonly<Record<string, string>> | null => {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return null;
  const texts = Object.entries(labels).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '',
  );
  return Object.fromEntries(texts);
};

const withoutEmpty = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

/** An alert of a rule, as an Alertmanager will know it; null when it makes no sense or does not fire. */
const alertOf = (raw: unknown, { sent }: SentLabels): SourceAlert | 'idle' | null => {
  const { labels, annotations, state, activeAt } = membersOf(raw);
  const texts = textsOf(labels);
  if (texts === null) return null;
  if (state !== 'firing' && state !== 'pending') return 'idle';
  const told = withoutEmpty(sent(texts));
  return {
    fingerprint: fingerprint(told),
    labels: boundedPairs(told) ?? {},
    annotations: boundedPairs(annotations) ?? {},
    startsAt: timeOf(activeAt),
    state,
    silencedBy: [],
    inhibitedBy: [],
    mutedBy: [],
    receivers: [],
    group: '',
    generatorUrl: '',
  };
};

const healthOf = (health: unknown): AlertRule['health'] =>
  health === 'ok' || health === 'err' ? health : 'unknown';

const ruleOf = (raw: Readonly<Record<string, unknown>>, group: string, file: string, key: string) =>
  ({
    key,
    group,
    file,
    name: boundedText(raw.name, nameKept),
    labels: boundedPairs(raw.labels) ?? {},
    annotations: boundedPairs(raw.annotations) ?? {},
    health: healthOf(raw.health),
    lastError: boundedText(raw.lastError),
    lastEvaluation: Math.max(0, Math.floor(timeOf(raw.lastEvaluation) / minute) * minute),
  }) satisfies AlertRule;

/** Alerting rules and their alerts in an answer of `/api/v1/rules`. Null when it is no such answer. */
export const rulesAnswer = (answer: unknown, labels: SentLabels): RulesRead | null => {
  const { groups } = membersOf(membersOf(answer).data);
  if (!Array.isArray(groups)) return null;
  const alerts = new Map<string, SourceAlert>();
  const rules = new Map<string, AlertRule>();
  const times = new Map<string, number>();
  let unread = 0;
  for (const rawGroup of groups) {
    const { name, file, rules: inside } = membersOf(rawGroup);
    const group = boundedText(name, nameKept / 2);
    for (const raw of listOf(inside).map(membersOf)) {
      if (raw.type !== undefined && raw.type !== 'alerting') continue;
      const base = `${group}/${boundedText(raw.name, nameKept / 2 - 10)}`;
      const n = (times.get(base) ?? 0) + 1;
      times.set(base, n);
      const key = n === 1 ? base : `${base} ${n}`;
      rules.set(key, ruleOf(raw, group, boundedText(file, nameKept), key));
      for (const rawAlert of listOf(raw.alerts)) {
        const alert = alertOf(rawAlert, labels);
        if (alert === null) unread += 1;
        else if (alert !== 'idle' && alerts.get(alert.fingerprint)?.state !== 'firing') {
          alerts.set(alert.fingerprint, alert);
        }
      }
    }
  }
  return { alerts, rules, unread };
};
