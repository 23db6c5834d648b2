import type { Labels } from '../kernel/alert-fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, seconds } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { acknowledgements } from '../probes/acknowledgements.ts';
import { alerts, tombstoneAge } from '../probes/alerts.ts';
import { cronjobs } from '../probes/cronjobs.ts';
import { daemonsets } from '../probes/daemonsets.ts';
import { deployments } from '../probes/deployments.ts';
import { etcd } from '../probes/etcd.ts';
import { jobs } from '../probes/jobs.ts';
import { namespaces } from '../probes/namespaces.ts';
import { nodes } from '../probes/nodes.ts';
import { persistentvolumeclaims } from '../probes/persistentvolumeclaims.ts';
import { pods } from '../probes/pods.ts';
import { prometheus } from '../probes/prometheus.ts';
import { replicasets } from '../probes/replicasets.ts';
import { services } from '../probes/services.ts';
import { statefulsets } from '../probes/statefulsets.ts';
import { countsOf } from './alert-counts.ts';
import { etcdMembers } from './alert-etcd-link.ts';
import { eventFindings, eventItem } from './alert-events.ts';
import { groupItems } from './alert-groups.ts';
import { alertItem, type ItemContext } from './alert-item.ts';
import { clustersHeard, judgeVoices } from './alert-judgement.ts';
import { muteAlertmanagers } from './alert-mute.ts';
import { failingRules } from './alert-own.ts';
import { readingOf } from './alert-reading.ts';
import { speaker } from './alert-says.ts';
import { alertSources, prometheusSources, streamSources } from './alert-sources.ts';
import type { AlertStream, StreamItem } from './alert-stream.ts';
import { silencesOf } from './alert-suppression.ts';
import { downTargets } from './alert-targets.ts';
import { gatherVoices, type Voices } from './alert-voices.ts';
import { watchdogOf } from './alert-watchdog.ts';
import { rankItems, type Unranked } from './alert-weight.ts';
import { type AlertWorld, findingsByKey, worldStamp } from './alert-world.ts';
import type { Finding } from './finding.ts';

/** Ages and patience are looked at no finer than this. */
const step = seconds(5);
/** Resolved ones in the stream; the latest. */
const resolvedKept = 1000;

/** Probes whose state an answer rests on. Of those of the alerts it also rests on how they are heard. */
const objectProbes = {
  pods,
  nodes,
  deployments,
  replicasets,
  statefulsets,
  daemonsets,
  jobs,
  cronjobs,
  services,
  persistentvolumeclaims,
  namespaces,
} as const;

const stateOf = <State>(world: World, probe: Pick<Probe<never, State>, 'id' | 'empty'>): State =>
  sliceOf(world, probe).state;

const worldOf = (world: World, findings: readonly Finding[]): AlertWorld => ({
  pods: stateOf(world, pods),
  nodes: stateOf(world, nodes),
  deployments: stateOf(world, deployments),
  replicasets: stateOf(world, replicasets),
  statefulsets: stateOf(world, statefulsets),
  daemonsets: stateOf(world, daemonsets),
  jobs: stateOf(world, jobs),
  cronjobs: stateOf(world, cronjobs),
  services: stateOf(world, services),
  persistentvolumeclaims: stateOf(world, persistentvolumeclaims),
  namespaces: stateOf(world, namespaces),
  etcd: stateOf(world, etcd),
  findings,
});

/** Of those that are over, which stand last: the latest, and none that is too old though nothing new was told since. */
const trimResolved = (ranked: readonly Unranked[], now: EpochMs): readonly Unranked[] => {
  let left = resolvedKept;
  return ranked.filter(({ item }) => {
    if (item.state !== 'resolved') return true;
    left -= 1;
    return left >= 0 && now - (item.resolvedAt ?? 0) <= tombstoneAge;
  });
};

const alone = (item: StreamItem): Unranked => ({ item, top: '' });

const assess = (world: World, now: EpochMs, findings: readonly Finding[]): AlertStream => {
  const told = sliceOf(world, alerts);
  const watched = sliceOf(world, prometheus);
  const sources = alertSources(told, now);
  const rules = prometheusSources(watched, now);
  const heard = sources.filter((s) => s.fresh);
  const clusters = clustersHeard(sources);
  const beside = worldOf(world, findings);
  const voices = gatherVoices(sources, rules);
  const context: ItemContext = {
    now,
    speak: speaker(sources, clusters),
    silences: silencesOf(sources, now),
    voices,
    events: eventFindings(findings),
    acknowledgements: stateOf(world, acknowledgements),
    world: beside,
    stamp: worldStamp(beside),
  };
  const lines: Unranked[] = [];
  const watchdogs: Voices[] = [];
  const covered = new Set<Finding>();
  for (const one of voices.values()) {
    const first = one.alerts[0] ?? one.rules[0];
    if (first === undefined) continue;
    if (readingOf(first.alert).watchdog) {
      watchdogs.push(one);
      continue;
    }
    const judged = judgeVoices(one, heard, clusters, now);
    if (judged === null) continue;
    const made = alertItem(one, judged, context);
    for (const event of made.covers) covered.add(event);
    lines.push(made);
  }
  const open = (): readonly Labels[] =>
    lines.flatMap(({ item }) => (item.state === 'resolved' ? [] : [item.labels]));
  const watchdog = watchdogOf(watchdogs, sources, now);
  const own = [
    ...watchdog.items,
    ...muteAlertmanagers(sources),
    ...failingRules(rules),
    ...downTargets(rules, open),
    ...context.events.all.filter((f) => !covered.has(f)).map(eventItem),
  ];
  const ranked = trimResolved(rankItems([...lines, ...own.map(alone)]), now);
  const items = ranked.map(({ item }) => item);
  return {
    items,
    groups: groupItems(ranked, findingsByKey(findings)),
    sources: streamSources(told, watched, sources, rules, now),
    watchdog: watchdog.state,
    counts: countsOf(items),
  };
};

interface Remembered {
  readonly inputs: readonly unknown[];
  readonly stream: AlertStream;
}
/** By the state of the alerts: the latest answer for each. */
const answered = new WeakMap<object, Remembered>();

const inputsOf = (world: World, now: EpochMs, findings: readonly Finding[]): readonly unknown[] => {
  const told = sliceOf(world, alerts);
  const watched = sliceOf(world, prometheus);
  return [
    now,
    findings,
    told.state,
    told.scopes,
    watched.state,
    watched.scopes,
    stateOf(world, acknowledgements),
    ...Object.values(objectProbes).map((probe) => stateOf<unknown>(world, probe)),
    // Members answer every few seconds; what alerts are about depends on how they are called and reached.
    etcdMembers(stateOf(world, etcd)),
  ];
};

/**
 * What alerts at `now`, as all sources tell it together. `findings`: all of them, with the events that nothing explains
 * (subsystem `alerts`). Pure; remembered by the identity of what it reads and by `now` in steps of five seconds.
 */
export const alertStream = (
  world: World,
  now: EpochMs,
  findings: readonly Finding[],
): AlertStream => {
  const at = epochMs(Math.floor(now / step) * step);
  const inputs = inputsOf(world, at, findings);
  const key = sliceOf(world, alerts).state;
  const had = answered.get(key);
  if (had?.inputs.every((input, i) => input === inputs[i])) return had.stream;
  const stream = assess(world, at, findings);
  answered.set(key, { inputs, stream });
  return stream;
};
