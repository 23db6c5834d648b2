import type { Standing, Subsystem } from '../../findings/finding.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { acknowledgements } from '../../probes/acknowledgements.ts';
import { alerts } from '../../probes/alerts.ts';
import { controlPlane } from '../../probes/control-plane.ts';
import { daemonsets } from '../../probes/daemonsets.ts';
import { deployments } from '../../probes/deployments.ts';
import { etcd } from '../../probes/etcd.ts';
import { events } from '../../probes/events.ts';
import { leases } from '../../probes/leases.ts';
import { link } from '../../probes/link.ts';
import { nodes } from '../../probes/nodes.ts';
import { pods } from '../../probes/pods.ts';
import { prometheus } from '../../probes/prometheus.ts';
import { replicasets } from '../../probes/replicasets.ts';
import { statefulsets } from '../../probes/statefulsets.ts';
import { blank, type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';
import { sourceLines } from './source-lines.ts';

/** What a subsystem is judged by. */
const sources: Readonly<Record<Subsystem, readonly AnyProbe[]>> = {
  api: [link, controlPlane],
  etcd: [etcd, controlPlane],
  nodes: [nodes, leases],
  pods: [pods, deployments, replicasets, statefulsets, daemonsets],
  alerts: [alerts, prometheus, acknowledgements, events],
};

/** How a subsystem stands, by what, and how old that is. */
export const standingLines = (standing: Standing, input: ViewInput): readonly Line[] => {
  const { glyphs, width } = input;
  return [
    line(' ', sign(standing.tone, glyphs), ' ', span(standing.subsystem, 'title')),
    ...wrap(standing.evidence, width - 4, 6).map((text) => line('   ', text)),
    blank,
    rule('based on', width, glyphs.rule),
    ...sources[standing.subsystem].flatMap((probe) => sourceLines(probe, input)),
  ];
};
