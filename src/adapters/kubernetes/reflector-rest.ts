import type { Clock, Random } from '../../kernel/clock.ts';
import { type Milliseconds, milliseconds, seconds } from '../../kernel/units.ts';
import type { ApiClient } from './api-client.ts';
import type { Reach } from './reach.ts';
import type { Outcome } from './reflector-plan.ts';

/** What a reflector works with. */
export interface Effects {
  readonly client: Pick<ApiClient, 'request'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly reach?: Reach;
}

/** When the server is back, watches that wait for it go on within this time, not all in one moment. */
const spread = seconds(0.5);

/** Waits; no longer than until the server is back, where that is what it waits for. Says when a connection broke. */
export const rest = async (
  { clock, random, reach }: Effects,
  wait: Milliseconds,
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> => {
  if (outcome.kind === 'lost') reach?.say('doubted');
  if (wait <= 0) return;
  const answered = outcome.kind === 'refused' && outcome.status < 500 && !outcome.expired;
  if (reach === undefined || answered) return clock.sleep(wait, signal);
  if (await reach.sleepUnless('regained', clock, wait, signal)) {
    await clock.sleep(milliseconds(random() * spread), signal);
  }
};
