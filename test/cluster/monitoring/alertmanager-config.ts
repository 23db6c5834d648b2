/** The part of Alertmanager's configuration that tests vary; written as JSON, which is YAML. */
export type AlertmanagerConfig = Readonly<Record<string, unknown>>;

/** Groups at once, tells nobody, and has warnings keep quiet where something critical is the cause. */
export const defaultAlertmanagerConfig: AlertmanagerConfig = {
  route: {
    receiver: 'nobody',
    group_by: ['alertname', 'namespace'],
    group_wait: '1s',
    group_interval: '5s',
    repeat_interval: '1h',
    routes: [{ receiver: 'on-call', matchers: ['severity="critical"'] }],
  },
  receivers: [{ name: 'nobody' }, { name: 'on-call' }],
  inhibit_rules: [
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity=~"warning|info"'],
      equal: ['namespace', 'alertname'],
    },
  ],
};
