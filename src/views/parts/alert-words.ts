import type { StreamItem, Suppression } from '../../findings/alert-stream.ts';
import { absurd } from '../../kernel/absurd.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { AnyTone } from './tone.ts';
import { ageOf, clockUtc, dateUtc } from './words.ts';

/** One sign for all that is to be known of an alert: whether it is over, told to nobody, old, taken care of, or bad. */
export const alertTone = (item: StreamItem): AnyTone => {
  switch (item.state) {
    case 'resolved':
      return 'good';
    case 'suppressed':
      return 'muted';
    case 'pending':
      return item.stale ? 'stale' : 'progress';
    case 'firing':
      if (item.stale) return 'stale';
      if (item.acknowledged !== null) return 'muted';
      return severityTone(item);
    default:
      return absurd(item.state);
  }
};

export const severityTone = ({ severity, kind }: StreamItem): AnyTone =>
  severity === 'critical' ? 'bad' : severity === 'warning' || kind === 'event' ? 'warn' : 'info';

const suppressed = (by: readonly Suppression[]): string => {
  const kinds = new Set(by.map((s) => s.kind));
  if (kinds.has('silence')) return 'silenced';
  if (kinds.has('inhibition')) return 'inhibited';
  return 'muted';
};

/** How it stands, in a word: its severity while it fires. */
export const alertWord = (item: StreamItem): string => {
  if (item.state === 'suppressed') return suppressed(item.suppressedBy);
  return item.state === 'firing' ? item.severity : item.state;
};

/** `23:00`, with the date where that is another day. */
export const untilText = (at: EpochMs, now: EpochMs): string =>
  dateUtc(at) === dateUtc(now) ? clockUtc(at) : `${dateUtc(at)} ${clockUtc(at)}`;

/** Why nobody is told, in short: `until 23:00 by ops`. */
export const suppressionText = (s: Suppression, now: EpochMs): string => {
  switch (s.kind) {
    case 'silence':
      return s.silence === null
        ? 'silenced'
        : `until ${untilText(s.silence.endsAt as EpochMs, now)} by ${s.silence.author}`;
    case 'inhibition':
      return `inhibited by ${s.name === '' ? s.by : s.name}`;
    case 'mute':
      return `muted by ${s.interval}`;
    default:
      return absurd(s);
  }
};

/** When any source last told it; 0 when none ever did. One that is silent told it until then, if ever. */
export const heardOfAlert = (item: StreamItem): number =>
  Math.max(0, ...item.says.map((s) => (s.state === 'silent' ? s.since : s.heard) ?? 0));

/** What else is to be known at a glance, the gravest first. `members`: how many the line stands for, in words. */
export const alertFlags = (item: StreamItem, now: EpochMs, members = ''): readonly string[] => {
  const heard = heardOfAlert(item);
  const by = item.suppressedBy[0];
  return [
    members,
    item.acknowledged === null ? '' : `ack by ${item.acknowledged.by}`,
    item.stale ? `stale${heard > 0 ? ` ${ageOf(heard, now)}` : ''}` : '',
    item.flaps > 0 ? `flapping ${item.flaps}x` : '',
    item.disagreement,
    item.state === 'suppressed' && by !== undefined ? suppressionText(by, now) : '',
    item.note,
  ].filter((flag) => flag !== '');
};

const runbookKeys = ['runbook_url', 'runbook'] as const;
const commitKeys = ['commit', 'git_commit', 'revision', 'runbook_commit'] as const;

const own = (map: Readonly<Record<string, string>>, keys: readonly string[]): string =>
  keys.map((key) => (Object.hasOwn(map, key) ? (map[key] ?? '') : '')).find((v) => v !== '') ?? '';

/** Where its runbook is; '' when nobody says. */
export const runbookOf = ({ annotations }: Pick<StreamItem, 'annotations'>): string =>
  own(annotations, runbookKeys);

/** The commit that the runbook or the rule is of, from an annotation or from a URL that is pinned to one; '' when none is. */
export const commitOf = ({ annotations, labels }: StreamItem): string => {
  const said = own(annotations, commitKeys) || own(labels, commitKeys);
  if (said !== '') return said;
  return /\/([0-9a-f]{40}|[0-9a-f]{64})(?:\/|$)/.exec(runbookOf({ annotations }))?.[1] ?? '';
};
