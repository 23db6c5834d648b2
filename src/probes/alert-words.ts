import type { SourceAlert } from '../kernel/alert-fact.ts';
import type { Tone } from '../kernel/probe.ts';
import { subjectOf } from './alert-subject.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { oneLine } from './one-line.ts';

const label = ({ labels }: Pick<SourceAlert, 'labels'>, name: string): string =>
  Object.hasOwn(labels, name) ? oneLine(labels[name] ?? '') : '';

const tones: Readonly<Record<string, Tone>> = {
  critical: 'bad',
  page: 'bad',
  p1: 'bad',
  warning: 'warn',
  warn: 'warn',
};

/** How loud its severity is. What is neither critical nor a warning is told quietly. */
const toneOf = (alert: SourceAlert): Tone => {
  const severity = label(alert, 'severity').toLowerCase();
  return Object.hasOwn(tones, severity) ? (tones[severity] ?? 'info') : 'info';
};

export const alertName = (alert: Pick<SourceAlert, 'labels'>): string =>
  label(alert, 'alertname') || 'alert without a name';

const about = (alert: SourceAlert, what: string): string =>
  withDetail(`${alertName(alert)} ${what}`, subjectOf(alert.labels)?.text ?? '');

/** `by ana` of those whose silence it is; '' where nobody is known. */
const by = (author: string): string => (oneLine(author) === '' ? '' : ` by ${oneLine(author)}`);

export const fires = (alert: SourceAlert, again: boolean, silencedBy: string | null): Part => {
  const text = about(alert, again ? 'fires again' : 'fires');
  return silencedBy === null
    ? part(toneOf(alert), text)
    : part('info', `${text}, silenced${by(silencedBy)}`);
};

export const resolved = (alert: SourceAlert): Part => part('good', about(alert, 'resolved'));

export const silenced = (alert: SourceAlert, author: string): Part =>
  part('info', about(alert, `silenced${by(author)}`));

export const unsilenced = (alert: SourceAlert, author: string): Part =>
  part('info', about(alert, `no longer silenced${by(author)}`));
