import type { Labels } from '../kernel/alert-fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { keepSame, sameList } from '../kernel/same-data.ts';
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
import { clustersHeard } from './alert-judgement.ts';
import { alertLines } from './alert-lines.ts';
import { muteAlertmanagers } from './alert-mute.ts';
import { failingRules } from './alert-own.ts';
import { speaker } from './alert-says.ts';
import { alertSources, prometheusSources, streamSources } from './alert-sources.ts';
import { type AlertStream, emptyStream, type StreamItem } from './alert-stream.ts';
import { silencesOf } from './alert-suppression.ts';
import { downTargets } from './alert-targets.ts';
import { watchdogOf } from './alert-watchdog.ts';
import { placed, type Ranked, rankItems } from './alert-weight.ts';
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
const trimResolved = (ranked: readonly Ranked[], now: EpochMs): readonly Ranked[] => {
  let left = resolvedKept;
  const kept = ranked.filter(({ item }) => {
    if (item.state !== 'resolved') return true;
    left -= 1;
    return left >= 0 && now - (item.resolvedAt ?? 0) <= tombstoneAge;
  });
  return kept.length === ranked.length ? ranked : kept;
};

/** What the latest answer was made of: lines that are the same ones need not be put in order, grouped or counted again. */
interface Latest {
  readonly own: readonly StreamItem[];
  readonly ownLines: readonly Ranked[];
  readonly lines: readonly Ranked[];
  readonly ranked: readonly Ranked[];
  readonly shown: readonly Ranked[];
  readonly findings: readonly Finding[];
  readonly told: Pick<AlertStream, 'items' | 'groups' | 'counts'>;
}

const none: readonly never[] = [];
const nothing: Latest = {
  own: none,
  ownLines: none,
  lines: none,
  ranked: none,
  shown: none,
  findings: none,
  told: emptyStream,
};

/** Of whichever world was asked about last; any other world has the same answer, only later. */
let latest = nothing;

/** All lines in order, in groups and counted. */
const arrange = (
  alertLines: readonly Ranked[],
  own: readonly StreamItem[],
  findings: readonly Finding[],
  now: EpochMs,
): Latest['told'] => {
  const had = latest;
  const kept = keepSame(had.own, own, (item) => item.key);
  const ownLines = kept === had.own ? had.ownLines : kept.map((item) => placed(item, ''));
  const lines = [...alertLines, ...ownLines];
  const ranked = sameList(had.lines, lines) ? had.ranked : rankItems(lines, had.ranked);
  const rest = trimResolved(ranked, now);
  const shown = sameList(had.shown, rest) ? had.shown : rest;
  const same = shown === had.shown;
  const items = same ? had.told.items : shown.map(({ item }) => item);
  const told = {
    items,
    groups:
      same && findings === had.findings
        ? had.told.groups
        : groupItems(shown, findingsByKey(findings)),
    counts: same ? had.told.counts : countsOf(items),
  };
  latest = { own: kept, ownLines, lines, ranked, shown, findings, told };
  return told;
};

const assess = (world: World, now: EpochMs, findings: readonly Finding[]): AlertStream => {
  const told = sliceOf(world, alerts);
  const watched = sliceOf(world, prometheus);
  const sources = alertSources(told, now);
  const rules = prometheusSources(watched, now);
  const clusters = clustersHeard(sources);
  const beside = worldOf(world, findings);
  const events = eventFindings(findings);
  const { lines, watchdogs, covered } = alertLines({
    now,
    heard: sources.filter((s) => s.fresh),
    clusters,
    speak: speaker(sources, clusters),
    silences: silencesOf(sources, now),
    sources,
    rules,
    events,
    acknowledgements: stateOf(world, acknowledgements),
    world: beside,
    stamp: worldStamp(beside),
  });
  const open = (): readonly Labels[] =>
    lines.flatMap(({ item }) => (item.state === 'resolved' ? [] : [item.labels]));
  const watchdog = watchdogOf(watchdogs, sources, now);
  const own = [
    ...watchdog.items,
    ...muteAlertmanagers(sources),
    ...failingRules(rules),
    ...downTargets(rules, open),
    ...events.all.filter((f) => !covered.has(f)).map(eventItem),
  ];
  return {
    ...arrange(lines, own, findings, now),
    sources: streamSources(told, watched, sources, rules, now),
    watchdog: watchdog.state,
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
