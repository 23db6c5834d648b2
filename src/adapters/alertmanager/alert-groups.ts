import { alertTextKept, type SourceAlert } from '../../kernel/alert-fact.ts';
import { clip, type PlainText } from '../../kernel/text.ts';
import {
  boundedNames,
  boundedPairs,
  boundedText,
  listOf,
  membersOf,
  nameKept,
  timeOf,
} from './bounded-text.ts';

export interface AlertsRead {
  /** By fingerprint, in the order of the answer. */
  readonly alerts: ReadonlyMap<string, SourceAlert>;
  /** Alerts of the answer that make no sense. */
  readonly unread: number;
}

/** Fingerprints are ids and parts of keys: anything else in their place is no alert. */
const fingerprintForm = /^[0-9a-f]{1,64}$/;

/** `{a="b", c="d"}`, sorted, as Alertmanager writes it. */
export const groupText = (labels: unknown): string => {
  const pairs = Object.entries(boundedPairs(labels) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return '';
  const text = pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
  // Its parts are plain, and so is what was put around them.
  return clip(`{${text}}` as PlainText, alertTextKept);
};

const states: Readonly<Record<string, SourceAlert['state']>> = {
  active: 'firing',
  suppressed: 'suppressed',
  unprocessed: 'unprocessed',
};

const namesIn = (receivers: unknown): readonly string[] =>
  boundedNames(listOf(receivers).map((receiver) => membersOf(receiver).name));

/** An alert of `/api/v2/alerts` or of a group; null when it makes no sense. */
export const alertOf = (raw: unknown, group: string, receiver: string): SourceAlert | null => {
  const alert = membersOf(raw);
  const labels = boundedPairs(alert.labels);
  const { fingerprint } = alert;
  if (labels === null || typeof fingerprint !== 'string' || !fingerprintForm.test(fingerprint)) {
    return null;
  }
  const status = membersOf(alert.status);
  const own = namesIn(alert.receivers);
  return {
    fingerprint,
    labels,
    annotations: boundedPairs(alert.annotations) ?? {},
    startsAt: timeOf(alert.startsAt),
    // A state of a later version: it is there, so it fires until it is said to be over.
    state: states[String(status.state)] ?? 'firing',
    silencedBy: boundedNames(status.silencedBy),
    inhibitedBy: boundedNames(status.inhibitedBy),
    mutedBy: boundedNames(status.mutedBy),
    receivers: receiver === '' || own.includes(receiver) ? own : boundedNames([...own, receiver]),
    group,
    generatorUrl: boundedText(alert.generatorURL),
  };
};

/**
 * The same alert out of two groups: it goes to the receivers of both, and is muted only where both are. The smaller
 * text of the two groups stands for both, whatever their order in the answer.
 */
const merged = (a: SourceAlert, b: SourceAlert): SourceAlert => {
  const heard = [a, b].find((one) => one.state !== 'suppressed') ?? a;
  return {
    ...a,
    state: heard.state,
    mutedBy: heard.state === 'suppressed' ? boundedNames([...a.mutedBy, ...b.mutedBy]) : [],
    receivers: boundedNames([...a.receivers, ...b.receivers]),
    group: a.group <= b.group ? a.group : b.group,
  };
};

/** The alerts in an answer of `/api/v2/alerts/groups`, each once. Null when it is no such answer. */
export const alertGroups = (answer: unknown): AlertsRead | null => {
  if (!Array.isArray(answer)) return null;
  const alerts = new Map<string, SourceAlert>();
  let unread = 0;
  for (const rawGroup of answer) {
    const { labels, receiver, alerts: inside } = membersOf(rawGroup);
    if (!Array.isArray(inside)) {
      unread += 1;
      continue;
    }
    const group = groupText(labels);
    const to = boundedText(membersOf(receiver).name, nameKept);
    for (const raw of inside) {
      const alert = alertOf(raw, group, to);
      if (alert === null) {
        unread += 1;
        continue;
      }
      const before = alerts.get(alert.fingerprint);
      alerts.set(alert.fingerprint, before === undefined ? alert : merged(before, alert));
    }
  }
  return { alerts, unread };
};
