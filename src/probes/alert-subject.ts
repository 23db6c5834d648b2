import type { Labels } from '../kernel/alert-fact.ts';
import { oneLine } from './one-line.ts';

/** What an alert says that it is about. */
export interface Subject {
  /** For people: `payments/payment-gateway`, `node worker-7`, `10.0.0.1:9100`. */
  readonly text: string;
  /** Resource of the API server; null for `instance`: what is scraped there need not be in the cluster. */
  readonly resource: SubjectResource | null;
  /** '' where the resource has none, and where the labels do not say. */
  readonly namespace: string;
  readonly name: string;
}

export type SubjectResource =
  | 'pods'
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'replicasets'
  | 'cronjobs'
  | 'jobs'
  | 'horizontalpodautoscalers'
  | 'persistentvolumeclaims'
  | 'nodes'
  | 'services'
  | 'namespaces';

interface Sort {
  readonly label: string;
  readonly resource: SubjectResource | null;
  readonly namespaced: boolean;
  /** Before the name; '' where people know it by its name. */
  readonly prefix: string;
}

const namespaced = (label: string, resource: SubjectResource, prefix = ''): Sort => ({
  label,
  resource,
  namespaced: true,
  prefix,
});

const pod = namespaced('pod', 'pods');
const node: Sort = { label: 'node', resource: 'nodes', namespaced: false, prefix: 'node ' };
const instance: Sort = { label: 'instance', resource: null, namespaced: false, prefix: '' };

/** Labels that no scrape sets by itself. `job` is not among them: it is the scrape's; a Job stands in `job_name`. */
const told: readonly Sort[] = [
  namespaced('deployment', 'deployments'),
  namespaced('statefulset', 'statefulsets'),
  namespaced('daemonset', 'daemonsets'),
  namespaced('replicaset', 'replicasets'),
  namespaced('cronjob', 'cronjobs'),
  namespaced('job_name', 'jobs'),
  namespaced('horizontalpodautoscaler', 'horizontalpodautoscalers', 'hpa '),
  namespaced('persistentvolumeclaim', 'persistentvolumeclaims', 'pvc '),
];

/** Labels that a scrape sets too: where it was read, if nothing else is said. */
const places: readonly Sort[] = [
  node,
  instance,
  namespaced('service', 'services', 'service '),
  { label: 'namespace', resource: 'namespaces', namespaced: false, prefix: 'namespace ' },
];

/** Exporters that tell of other things than themselves: their own pod is the messenger. */
const messenger = /(?:^|-)(kube-state-metrics|node-exporter|windows-exporter)(?:-|$)/;

const own = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? oneLine(labels[name] ?? '') : '';

/** Where the labels of the scrape won over those of the metric, these stand in `exported_` ones. */
const read = (labels: Labels, sort: Sort): Subject | null => {
  const exported = own(labels, `exported_${sort.label}`);
  const name = exported || own(labels, sort.label);
  if (name === '') return null;
  const space = sort.namespaced
    ? (exported && own(labels, 'exported_namespace')) || own(labels, 'namespace')
    : '';
  const { resource, prefix } = sort;
  return {
    text: `${prefix}${space === '' ? '' : `${space}/`}${name}`,
    resource,
    namespace: space,
    name,
  };
};

const first = (labels: Labels, sorts: readonly Sort[]): Subject | null => {
  for (const sort of sorts) {
    const found = read(labels, sort);
    if (found !== null) return found;
  }
  return null;
};

/**
 * What an alert is about, by its labels; null when none says. A pod is the most that can be said, unless it is that of
 * an exporter which tells of others: then a workload, a claim or a node that is named comes first, and for an exporter
 * of nodes also the instance.
 */
export const subjectOf = (labels: Labels): Subject | null => {
  const found = read(labels, pod);
  const exporter = found === null ? null : messenger.exec(found.name);
  if (found !== null && exporter === null) return found;
  const named = first(labels, told);
  if (named !== null || found === null) return named ?? first(labels, places);
  const ofNodes = exporter?.[1] !== 'kube-state-metrics';
  // An alert of node-exporter's own scrape; a crash of its pod is told by another job.
  const scraped = ofNodes && own(labels, 'job').includes('exporter');
  return read(labels, node) ?? (scraped ? read(labels, instance) : null) ?? found;
};
