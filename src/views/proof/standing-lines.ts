import type { Standing, Subsystem } from '../../findings/finding.ts';
import { absurd } from '../../kernel/absurd.ts';
import { type Freshness, freshnessAt } from '../../kernel/freshness.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { sliceOf } from '../../kernel/world.ts';
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
import { blank, type Line, line, span, spread } from '../parts/line.ts';
import { type AnyTone, sign } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

/** What a subsystem is judged by. */
const sources: Readonly<Record<Subsystem, readonly AnyProbe[]>> = {
  api: [link, controlPlane],
  etcd: [etcd, controlPlane],
  nodes: [nodes, leases],
  pods: [pods, deployments, replicasets, statefulsets, daemonsets],
  alerts: [alerts, prometheus, acknowledgements, events],
};

const told = (
  f: Freshness,
  { now }: ViewInput,
): { readonly tone: AnyTone; readonly text: string; readonly heard: number | null } => {
  switch (f.kind) {
    case 'never':
      return { tone: 'unknown', text: 'not read to the end yet', heard: null };
    case 'fresh':
      return { tone: 'good', text: 'fresh', heard: f.heard };
    case 'stale':
      return { tone: 'stale', text: `stale for ${ageOf(f.since, now)}: ${f.why}`, heard: f.heard };
    case 'failing':
      return {
        tone: f.heard === null ? 'unknown' : 'stale',
        text: `cannot be read for ${ageOf(f.since, now)}: ${f.failure.message}`,
        heard: f.heard,
      };
    default:
      return absurd(f);
  }
};

/** A user with two hundred namespaces has as many scopes; the first tell it. */
const scopesKept = 12;

const sourceLines = (probe: AnyProbe, input: ViewInput): readonly Line[] => {
  const { world, now, glyphs, width } = input;
  const scopes = [...sliceOf(world, probe).scopes];
  if (scopes.length === 0) {
    const text = ` ${probe.title}: nothing heard`;
    return [line('  ', sign('unknown', glyphs), span(text, 'dim'))];
  }
  const shown = scopes.slice(0, scopesKept).map(([scope, f]) => {
    const { tone, text, heard } = told(freshnessAt(f, now, probe.patience), input);
    const where = scope === '' ? probe.title : `${probe.title} ${scope}`;
    return spread(
      line('  ', sign(tone, glyphs), ` ${where}: `, text),
      line(span(heard === null ? 'never heard ' : `${ago(now - heard)} `, 'dim')),
      width,
    );
  });
  const left = scopes.length - shown.length;
  return left === 0 ? shown : [...shown, line('    ', span(`and ${left} more`, 'dim'))];
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
