import { hash } from 'node:crypto';
import { type AlertData, alertsKept, type SourceAlert } from '../../kernel/alert-fact.ts';
import { boundedNames } from '../alertmanager/bounded-text.ts';
import type { WebhookPayload } from './webhook-payload.ts';

interface Held {
  readonly digest: string;
  readonly receivers: readonly string[];
}

/** Alerts beyond those that are kept, and groups that were sent in part, are remembered as far as this. */
const countedMost = 100_000;
const groupsMost = 10_000;

const withoutReceivers = ({ receivers: _, group: __, ...alert }: SourceAlert): string =>
  hash('sha1', JSON.stringify(alert), 'base64');

/** The alerts that have been pushed and not resolved: at most `alertsKept`, and a count of the others. */
export class PushedAlerts {
  readonly #held = new Map<string, Held>();
  readonly #beyond = new Set<string>();
  /** Alerts that the sender left out, by group. */
  readonly #truncated = new Map<string, number>();
  #left = 0;

  get fingerprints(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** What is new in a notification. Two Alertmanagers of a pair push the same: the second time nothing is. */
  take({ alerts, groupKey, truncated }: WebhookPayload): readonly AlertData[] {
    const data: AlertData[] = [];
    for (const { status, alert } of alerts) {
      const told = status === 'firing' ? this.#fires(alert) : this.#isOver(alert.fingerprint);
      if (told !== null) data.push(told);
    }
    this.#truncated.delete(groupKey);
    if (truncated > 0 && this.#truncated.size < groupsMost) {
      this.#truncated.set(groupKey, truncated);
    }
    const left = [...this.#truncated.values()].reduce((sum, n) => sum + n, this.#beyond.size);
    if (left !== this.#left) data.push({ kind: 'cut', id: 'cut', left });
    this.#left = left;
    return data;
  }

  #fires(alert: SourceAlert): AlertData | null {
    const { fingerprint } = alert;
    const before = this.#held.get(fingerprint);
    if (before === undefined && this.#held.size >= alertsKept) {
      if (this.#beyond.size < countedMost) this.#beyond.add(fingerprint);
      return null;
    }
    this.#beyond.delete(fingerprint);
    const receivers = boundedNames([...(before?.receivers ?? []), ...alert.receivers]);
    const digest = withoutReceivers(alert);
    this.#held.set(fingerprint, { digest, receivers });
    return before?.digest === digest && before.receivers.length === receivers.length
      ? null
      : { kind: 'alert', id: `alert/${fingerprint}`, alert: { ...alert, receivers } };
  }

  #isOver(fingerprint: string): AlertData | null {
    this.#beyond.delete(fingerprint);
    return this.#held.delete(fingerprint)
      ? { kind: 'gone', id: `alert/${fingerprint}`, fingerprint }
      : null;
  }
}
