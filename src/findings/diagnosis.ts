import type { EpochMs } from '../kernel/units.ts';
import { type Mentions, mentionsOf } from './cause-mention.ts';
import { census } from './census.ts';
import { foldEvents } from './event-fold.ts';
import { type Facts, factsOf, type Observed } from './facts.ts';
import type { Counts, Finding, Progress } from './finding.ts';
import { jobProblems } from './job-problem.ts';
import { nodeProblems } from './node-problem.ts';
import { serviceProblems } from './service-problem.ts';
import { storageProblems } from './storage-problem.ts';
import { workloadProblems } from './workload-problem.ts';

/** What the objects say, all rules about them applied. How far that can be trusted is decided elsewhere. */
export interface Diagnosis {
  /** In no order yet. */
  readonly findings: readonly Finding[];
  /** Warning events that none of the findings explains, folded. */
  readonly events: readonly Finding[];
  readonly progress: readonly Progress[];
  readonly counts: Counts;
  /** For those who look for causes beyond the objects. */
  readonly facts: Facts;
  readonly mentions: Mentions;
  /** Services without a ready endpoint, and the key of the finding about the pods behind them. */
  readonly dead: ReadonlyMap<string, string>;
}

export const diagnose = (observed: Observed, asOf: EpochMs, podsKnown: boolean): Diagnosis => {
  const facts = factsOf(observed, asOf, podsKnown);
  const pods = census(facts);
  const nodes = nodeProblems(facts, pods);
  const workloads = workloadProblems(facts, pods);
  const storage = storageProblems(facts, pods);
  const workloadFindings = workloads.findings.map((f) => heldByClaim(f, storage.causes));
  const { findings, dead } = serviceProblems(facts, pods, [
    ...nodes.findings,
    ...workloadFindings,
    ...jobProblems(facts, pods),
    ...storage.findings,
  ]);
  const explained = new Set([
    ...findings.map((f) => f.key),
    ...workloads.progress.map((p) => p.key),
  ]);
  return {
    findings,
    events: foldEvents(facts, explained),
    progress: workloads.progress.toSorted((a, b) => b.since - a.since),
    counts: { pods: pods.counts, nodes: nodes.counts },
    facts,
    mentions: mentionsOf(pods),
    dead,
  };
};

/** The scheduler names the claim it waits for, and that claim has no volume: the claim is the cause. */
const heldByClaim = (f: Finding, causes: ReadonlyMap<string, string>): Finding => {
  const cause = causes.get(f.key);
  return cause === undefined || !f.reason.includes('volume claim') ? f : { ...f, under: cause };
};
