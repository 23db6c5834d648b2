import type { Labels, SourceAlert } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import { type Subject, subjectOf } from '../probes/alert-subject.ts';
import { isWatchdog } from '../probes/alert-watchdog.ts';
import { brief } from '../probes/meta.ts';
import type { Severity } from './alert-stream.ts';

/** What one alert says by itself, in the words that are shown. */
export interface Reading {
  readonly name: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly subject: Subject | null;
  readonly watchdog: boolean;
}

const severities: ReadonlyMap<string, Severity> = new Map([
  ...['critical', 'crit', 'page', 'p0', 'p1', 'emergency', 'fatal'].map(
    (word) => [word, 'critical'] as const,
  ),
  ...['warning', 'warn'].map((word) => [word, 'warning'] as const),
  ...['info', 'informational', 'notice'].map((word) => [word, 'info'] as const),
  ['none', 'none'],
]);

/** What has no severity, or one that nobody here knows, is worth a look. */
export const severityOf = (labels: Labels): Severity =>
  severities.get(labelOf(labels, 'severity').slice(0, 40).trim().toLowerCase()) ?? 'warning';

export const nameOf = (labels: Labels): string =>
  brief(labelOf(labels, 'alertname')) || 'alert without a name';

const summaryOf = (annotations: Labels): string =>
  brief(labelOf(annotations, 'summary')) ||
  brief(labelOf(annotations, 'description')) ||
  brief(labelOf(annotations, 'message'));

const readings = new WeakMap<SourceAlert, Reading>();

/** Remembered by alert: nearly all of them are the same from one answer to the next. */
export const readingOf = (alert: SourceAlert): Reading => {
  const had = readings.get(alert);
  if (had !== undefined) return had;
  const { labels, annotations } = alert;
  const reading = {
    name: nameOf(labels),
    severity: severityOf(labels),
    summary: summaryOf(annotations),
    subject: subjectOf(labels),
    watchdog: isWatchdog(labels),
  };
  readings.set(alert, reading);
  return reading;
};
