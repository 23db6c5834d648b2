import type { SourceAlert } from '../../kernel/alert-fact.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import { groupText } from '../alertmanager/alert-groups.ts';
import {
  boundedPairs,
  boundedText,
  membersOf,
  nameKept,
  timeOf,
} from '../alertmanager/bounded-text.ts';

export interface Pushed {
  readonly status: 'firing' | 'resolved';
  readonly alert: SourceAlert;
}

/** One notification of an Alertmanager. */
export interface WebhookPayload {
  readonly alerts: readonly Pushed[];
  readonly groupKey: string;
  /** Alerts of the group that the sender left out. */
  readonly truncated: number;
}

const fingerprintForm = /^[0-9a-f]{16}$/;

const wrong = (message: string): Result<never> =>
  failed(failure('undecodable', 'read the notification', message));

const textLabels = (labels: unknown): labels is Readonly<Record<string, string>> =>
  typeof labels === 'object' &&
  labels !== null &&
  !Array.isArray(labels) &&
  Object.values(labels).every((value) => typeof value === 'string');

const pushedOf = (raw: unknown, at: number, group: string, receiver: string): Result<Pushed> => {
  const alert = membersOf(raw);
  const { status, labels, annotations = {} } = alert;
  if (status !== 'firing' && status !== 'resolved') {
    return wrong(`alerts[${at}].status is neither firing nor resolved`);
  }
  if (!textLabels(labels)) return wrong(`alerts[${at}].labels are no texts by name`);
  if (!textLabels(annotations)) return wrong(`alerts[${at}].annotations are no texts by name`);
  const said = alert.fingerprint;
  if (said !== undefined && (typeof said !== 'string' || !fingerprintForm.test(said))) {
    return wrong(`alerts[${at}].fingerprint is not 16 hex digits`);
  }
  return ok({
    status,
    alert: {
      fingerprint: said ?? fingerprint(labels),
      labels: boundedPairs(labels) ?? {},
      annotations: boundedPairs(annotations) ?? {},
      startsAt: timeOf(alert.startsAt),
      state: 'firing',
      silencedBy: [],
      inhibitedBy: [],
      mutedBy: [],
      receivers: receiver === '' ? [] : [receiver],
      group,
      generatorUrl: boundedText(alert.generatorURL),
    },
  });
};

/** A body as Alertmanager's webhook sends it, version 4. All of it or nothing: what is wrong is named. */
export const webhookPayload = (body: string): Result<WebhookPayload> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return wrong('the body is not JSON');
  }
  const { version, alerts, receiver, groupLabels, groupKey, truncatedAlerts } = membersOf(parsed);
  if (version !== '4') return wrong('version is not "4": this is no notification of Alertmanager');
  if (!Array.isArray(alerts)) return wrong('alerts is not a list');
  const group = groupText(groupLabels);
  const to = boundedText(receiver, nameKept);
  const taken: Pushed[] = [];
  for (const [at, raw] of alerts.entries()) {
    const pushed = pushedOf(raw, at, group, to);
    if (!pushed.ok) return pushed;
    taken.push(pushed.value);
  }
  const truncated =
    typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? Math.floor(truncatedAlerts) : 0;
  return ok({ alerts: taken, groupKey: boundedText(groupKey, nameKept), truncated });
};
