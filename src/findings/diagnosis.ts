import type { EpochMs } from '../kernel/units.ts';
import { census } from './census.ts';
import { type ControlPlane, controlPlaneProblems } from './control-plane-problem.ts';
import { foldEvents } from './event-fold.ts';
import { factsOf, type Observed } from './facts.ts';
import type { Counts, Finding, Progress } from './finding.ts';
import { jobProblems } from './job-problem.ts';
import { nodeProblems } from './node-problem.ts';
import { rank } from './rank.ts';
import { serviceProblems } from './service-problem.ts';
import { storageProblems } from './storage-problem.ts';
import { workloadProblems } from './workload-problem.ts';

/** What the objects say, all rules applied. How far that can be trusted is decided elsewhere. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly progress: readonly Progress[];
  readonly counts: Counts;
}

export const diagnose = (
  observed: Observed & ControlPlane,
  asOf: EpochMs,
  podsKnown: boolean,
): Diagnosis => {
  const facts = factsOf(observed, asOf, podsKnown);
  const pods = census(facts);
  const nodes = nodeProblems(facts, pods);
  const workloads = workloadProblems(facts, pods);
  const storage = storageProblems(facts, pods);
  const workloadFindings = workloads.findings.map((f) => heldByClaim(f, storage.causes));
  const own = serviceProblems(facts, pods, [
    ...controlPlaneProblems(observed, facts),
    ...nodes.findings,
    ...workloadFindings,
    ...jobProblems(facts, pods),
    ...storage.findings,
  ]);
  const explained = new Set([...own.map((f) => f.key), ...workloads.progress.map((p) => p.key)]);
  return {
    findings: rank([...hang(own), ...foldEvents(facts, explained)]),
    progress: workloads.progress.toSorted((a, b) => b.since - a.since),
    counts: { pods: pods.counts, nodes: nodes.counts },
  };
};

/** The scheduler names the claim it waits for, and that claim has no volume: the claim is the cause. */
const heldByClaim = (f: Finding, causes: ReadonlyMap<string, string>): Finding => {
  const cause = causes.get(f.key);
  return cause === undefined || !f.reason.includes('volume claim') ? f : { ...f, under: cause };
};

/** A cause is as bad as the worst of what it causes, and weighs as much as all of it. */
const hang = (findings: readonly Finding[]): readonly Finding[] => {
  const children = Map.groupBy(
    findings.filter((f) => f.under !== null),
    (f) => f.under,
  );
  if (children.size === 0) return findings;
  const lift = (f: Finding): Finding => {
    const below = (children.get(f.key) ?? []).map(lift);
    if (below.length === 0) return f;
    return {
      ...f,
      tone: below.some((c) => c.tone === 'bad') ? 'bad' : f.tone,
      weight: below.reduce((sum, c) => sum + c.weight, f.weight),
    };
  };
  return findings.map(lift);
};
