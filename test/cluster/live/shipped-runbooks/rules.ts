import type { RuleGroup } from '../../monitoring/prometheus.ts';

const watchdog: RuleGroup = {
  name: 'general.rules',
  rules: [{ alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } }],
};

/** A join with more than one match on both sides: what a second copy of kube-state-metrics does to rules. */
const failing: RuleGroup = {
  name: 'payments.rules',
  rules: [
    {
      record: 'payments:members:up',
      expr: 'etcd_server_has_leader * on (job) up{job="payments-etcd"}',
    },
  ],
};

export const standingRules: readonly RuleGroup[] = [watchdog, failing];
export const rulesWithoutWatchdog: readonly RuleGroup[] = [failing];
export const rulesThatWork: readonly RuleGroup[] = [watchdog];
