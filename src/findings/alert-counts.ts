import type { AlertStream, StreamItem } from './alert-stream.ts';

type Counts = AlertStream['counts'];

/** Firing ones by severity, the others by state; events are no alerts. */
export const countsOf = (items: readonly StreamItem[]): Counts => {
  const counts = {
    critical: 0,
    warning: 0,
    info: 0,
    pending: 0,
    suppressed: 0,
    resolved: 0,
    acknowledged: 0,
    stale: 0,
  };
  for (const item of items) {
    if (item.kind === 'event') continue;
    if (item.state !== 'firing') counts[item.state] += 1;
    else if (item.severity !== 'none') counts[item.severity] += 1;
    if (item.state === 'resolved') continue;
    if (item.acknowledged !== null) counts.acknowledged += 1;
    if (item.stale) counts.stale += 1;
  }
  return counts;
};
