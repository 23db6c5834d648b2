import type { Intent } from '../kernel/act.ts';
import type { ActEffects } from '../views/act/effects.ts';
import type { LogEffects } from '../views/logs/effects.ts';
import { isLogsAction } from '../views/logs/flow.ts';

/** What an act in `begin` is, where it is about logs: they have a screen of their own. */
export const withLogs = (act: ActEffects, logs: LogEffects): ActEffects => ({
  ...act,
  begin: (intent) =>
    isLogsAction(intent.action) ? logs.open(followed(intent)) : act.begin(intent),
});

/** What is there, and what comes: a screen follows until it is left, or for as long as the policy has it. */
const followed = (intent: Intent): Intent =>
  intent.action === 'logs' && intent.args.newest === undefined && intent.args.loki === undefined
    ? { ...intent, args: { follow: 'yes', ...intent.args } }
    : intent;
