import type { Rule, RuleGroup } from '../../monitoring/prometheus.ts';

/** How long each condition lasts before its alert fires, in seconds. */
export interface AlertDelays {
  readonly membersDown: number;
  readonly insufficientMembers: number;
  readonly noLeader: number;
  readonly crashLooping: number;
  readonly nodeNotReady: number;
}

/** As they are told: far shorter than in production, where minutes pass, so that a story fits in minutes. */
export const toldDelays: AlertDelays = {
  membersDown: 20,
  insufficientMembers: 30,
  noLeader: 20,
  crashLooping: 20,
  nodeNotReady: 5,
};

export const testedDelays: AlertDelays = {
  membersDown: 2,
  insufficientMembers: 2,
  noLeader: 2,
  crashLooping: 2,
  nodeNotReady: 2,
};

/** The commit of the repository of rules and runbooks that an alert came from. */
export const RULES_COMMIT = '4d1f0a9c27be';
const RUNBOOKS = 'https://runbooks.example/payments';

interface AlertText {
  readonly alert: string;
  readonly expr: string;
  readonly seconds?: number;
  readonly severity: 'critical' | 'warning' | 'none';
  readonly summary: string;
  readonly description: string;
  readonly runbook?: string;
}

const rule = ({
  alert,
  expr,
  seconds,
  severity,
  summary,
  description,
  runbook,
}: AlertText): Rule => ({
  alert,
  expr,
  ...(seconds === undefined ? {} : { for: `${seconds}s` }),
  labels: { severity },
  annotations: {
    summary,
    description,
    ...(runbook ? { runbook_url: `${RUNBOOKS}/${runbook}`, commit: RULES_COMMIT } : {}),
  },
});

const etcdRules = (delays: AlertDelays) => [
  rule({
    alert: 'etcdMembersDown',
    expr: 'sum without (instance, pod) (up{job=~".*etcd.*"} == bool 0) > 0',
    seconds: delays.membersDown,
    severity: 'warning',
    summary: 'Members of an etcd cluster do not answer.',
    description: '{{ $labels.job }}: {{ $value }} of its members do not answer.',
    runbook: 'etcd-members-down.md',
  }),
  rule({
    alert: 'etcdInsufficientMembers',
    expr: 'sum without (instance, pod) (up{job=~".*etcd.*"} == bool 1) < (count without (instance, pod) (up{job=~".*etcd.*"}) + 1) / 2',
    seconds: delays.insufficientMembers,
    severity: 'critical',
    summary: 'An etcd cluster has too few members for a quorum.',
    description:
      '{{ $labels.job }}: {{ $value }} members are left, not enough to agree on anything. Writes fail.',
    runbook: 'etcd-quorum-lost.md',
  }),
  rule({
    alert: 'etcdNoLeader',
    expr: 'etcd_server_has_leader{job=~".*etcd.*"} == 0',
    seconds: delays.noLeader,
    severity: 'critical',
    summary: 'A member of an etcd cluster has no leader.',
    description:
      '{{ $labels.job }}: {{ $labels.pod }} ({{ $labels.instance }}) knows of no leader.',
    runbook: 'etcd-quorum-lost.md',
  }),
];

// What crash-loops runs in between: the window bridges that, or the alert would begin anew each time.
const CRASH_WINDOW = '20s';

const kubernetesRules = (delays: AlertDelays) => [
  rule({
    alert: 'KubePodCrashLooping',
    expr: `max_over_time(kube_pod_container_status_waiting_reason{job="kube-state-metrics",reason="CrashLoopBackOff"}[${CRASH_WINDOW}]) >= 1`,
    seconds: delays.crashLooping,
    severity: 'warning',
    summary: 'A pod crash-loops.',
    description:
      '{{ $labels.namespace }}/{{ $labels.pod }}: container {{ $labels.container }} waits in {{ $labels.reason }}.',
    runbook: 'pod-crash-looping.md',
  }),
  rule({
    alert: 'KubeNodeNotReady',
    expr: 'kube_node_status_condition{job="kube-state-metrics",condition="Ready",status="true"} == 0',
    seconds: delays.nodeNotReady,
    severity: 'warning',
    summary: 'A node is not ready.',
    description: '{{ $labels.node }} has not been ready for a while.',
    runbook: 'node-not-ready.md',
  }),
];

const watchdog = rule({
  alert: 'Watchdog',
  expr: 'vector(1)',
  severity: 'none',
  summary: 'Always fires.',
  description: 'It fires as long as alerts get through from Prometheus to Alertmanager.',
});

/** Rules for Prometheus, in the manner of kube-prometheus. */
export const alertRules = (delays: AlertDelays): readonly RuleGroup[] => [
  { name: 'etcd', rules: etcdRules(delays) },
  { name: 'kubernetes-apps', rules: kubernetesRules(delays) },
  { name: 'general', rules: [watchdog] },
];
