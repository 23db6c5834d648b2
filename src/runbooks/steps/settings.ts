import { hours, type Milliseconds, minutes, seconds } from '../../kernel/units.ts';
import type { Risk } from '../runbook.ts';

/** What counts where neither fence nor step says something else. */
export interface Settings {
  readonly timeout: Milliseconds;
  readonly risk: Risk;
  readonly since: Milliseconds;
  /** Whether the runbook has said it, which bounds its logs. */
  readonly sinceGiven: boolean;
  readonly tail: number;
  readonly image: string;
  /** '' is the one that is looked at. */
  readonly namespace: string;
}

export const ownSettings: Settings = {
  timeout: seconds(30),
  risk: 'read',
  since: minutes(30),
  sinceGiven: false,
  tail: 200,
  image: '',
  namespace: '',
};

/** A longer look back at logs is cut to this. */
export const sinceMost: Milliseconds = hours(24);
export const tailMost = 5000;
/** A step may not wait longer than this. */
export const timeoutMost: Milliseconds = hours(1);
