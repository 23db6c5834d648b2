/** Anything that came as JSON. */
export type Json = Readonly<Record<string, unknown>>;

export const jsonOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const countOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** `5d`, `3h`, `12m`, `40s` between then and now; '' when it is not told. */
export const ageText = (from: unknown, now: number): string => {
  const at = typeof from === 'string' ? Date.parse(from) : Number.NaN;
  if (Number.isNaN(at)) return '';
  const s = Math.max(0, Math.floor((now - at) / 1000));
  if (s >= 86_400) return `${Math.floor(s / 86_400)}d`;
  if (s >= 3600) return `${Math.floor(s / 3600)}h`;
  return s >= 60 ? `${Math.floor(s / 60)}m` : `${s}s`;
};

type Row = Readonly<Record<string, string>>;

const conditionOf = (status: Json): string => {
  const conditions = listOf(status.conditions).map(jsonOf);
  for (const type of ['Failed', 'Ready', 'Available', 'Complete', 'Established']) {
    const found = conditions.find((c) => c.type === type);
    if (found === undefined) continue;
    if (found.status === 'True') return type;
    if (type !== 'Failed') return `not ${type}`;
  }
  return '';
};

const podRow = (spec: Json, status: Json): Row => {
  const states = [...listOf(status.initContainerStatuses), ...listOf(status.containerStatuses)].map(
    jsonOf,
  );
  const main = listOf(status.containerStatuses).map(jsonOf);
  const why = states
    .map((c) => jsonOf(c.state))
    .flatMap((s) => [textOf(jsonOf(s.waiting).reason), textOf(jsonOf(s.terminated).reason)])
    .find((reason) => reason !== '' && reason !== 'Completed' && reason !== 'PodInitializing');
  return {
    READY: `${main.filter((c) => c.ready === true).length}/${listOf(spec.containers).length}`,
    STATUS: why ?? (textOf(status.reason) || textOf(status.phase)),
    RESTARTS: String(main.reduce((sum, c) => sum + countOf(c.restartCount), 0)),
    NODE: textOf(spec.nodeName),
  };
};

const nodeRow = (spec: Json, status: Json): Row => ({
  STATUS: `${conditionOf(status)}${spec.unschedulable === true ? ', cordoned' : ''}`,
  VERSION: textOf(jsonOf(status.nodeInfo).kubeletVersion),
});

const workloadRow = (spec: Json, status: Json): Row => ({
  READY: `${countOf(status.readyReplicas)}/${spec.replicas === undefined ? 1 : countOf(spec.replicas)}`,
});

const daemonSetRow = (_: Json, status: Json): Row => ({
  READY: `${countOf(status.numberReady)}/${countOf(status.desiredNumberScheduled)}`,
});

const otherRow = (_: Json, status: Json): Row => ({
  STATUS: textOf(status.phase) || conditionOf(status),
});

const eventRow = (object: Json, now: number): Row => {
  const about = jsonOf(object.involvedObject ?? object.regarding);
  return {
    LAST: ageText(object.lastTimestamp ?? object.eventTime, now),
    TYPE: textOf(object.type),
    REASON: textOf(object.reason),
    OBJECT: `${textOf(about.kind)}/${textOf(about.name)}`,
    MESSAGE: textOf(object.message ?? object.note).replace(/\s+/g, ' '),
  };
};

const byResource: Readonly<Record<string, (spec: Json, status: Json) => Row>> = {
  pods: podRow,
  nodes: nodeRow,
  deployments: workloadRow,
  statefulsets: workloadRow,
  replicasets: workloadRow,
  daemonsets: daemonSetRow,
};

/** What a table shows of an object, by column, in the order of the columns. */
export const objectCells = (resource: string, object: unknown, now: number): Row => {
  const fields = jsonOf(object);
  const { namespace, name, creationTimestamp } = jsonOf(fields.metadata);
  if (resource === 'events') return { NAMESPACE: textOf(namespace), ...eventRow(fields, now) };
  const row = Object.hasOwn(byResource, resource) ? byResource[resource] : undefined;
  return {
    NAMESPACE: textOf(namespace),
    NAME: textOf(name),
    ...(row ?? otherRow)(jsonOf(fields.spec), jsonOf(fields.status)),
    AGE: ageText(creationTimestamp, now),
  };
};
