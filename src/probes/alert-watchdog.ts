import type { Labels } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';

/** The alert that always fires, so that its absence tells that the way to people is broken. */
export const isWatchdog = (labels: Labels): boolean =>
  /^(watchdog|dead[-_ ]?mans?[-_ ]?(switch|snitch))$/i.test(
    labelOf(labels, 'alertname').slice(0, 40),
  );
