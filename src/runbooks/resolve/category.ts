import type { Labels } from '../../kernel/alert-fact.ts';
import { labelOf } from '../../kernel/matchers.ts';

const byName: readonly (readonly [RegExp, string])[] = [
  [/^etcd/i, 'etcd'],
  [
    /^(?:KubeAPI|KubeScheduler|KubeControllerManager|KubeAggregated|KubeClientCert|KubeVersion)/,
    'control-plane',
  ],
  [/^(?:KubeNode|Node|KubeletDown|Kubelet)/, 'node'],
  [/^(?:KubePersistentVolume|PVC)/, 'storage'],
  [/^(?:CoreDNS|KubeProxy|Network)/i, 'network'],
  [/^(?:Prometheus|Alertmanager|TargetDown|Watchdog|Thanos)/, 'monitoring'],
];

const byLabel: readonly (readonly [string, string])[] = [
  ['persistentvolumeclaim', 'storage'],
  ['pod', 'workload'],
  ['deployment', 'workload'],
  ['statefulset', 'workload'],
  ['daemonset', 'workload'],
  ['job_name', 'workload'],
  ['node', 'node'],
];

/**
 * Kinds of an alert, the narrowest first, for a runbook that says `category:` of itself. By fixed rules on its name and
 * labels; `general` is the last.
 */
export const categoriesOf = (labels: Labels): readonly string[] => {
  const name = labelOf(labels, 'alertname');
  const named = byName.filter(([pattern]) => pattern.test(name)).map(([, kind]) => kind);
  const etcd = /etcd/.test(labelOf(labels, 'job')) ? ['etcd'] : [];
  const told = byLabel.filter(([label]) => labelOf(labels, label) !== '').map(([, kind]) => kind);
  return [...new Set([...named, ...etcd, ...told, 'general'])];
};
