import type { EpochMs } from '../kernel/units.ts';
import { census } from './census.ts';
import { factsOf, type Observed } from './facts.ts';
import type { Counts, Finding, Progress } from './finding.ts';
import { nodeProblems } from './node-problem.ts';
import { rank } from './rank.ts';
import { workloadProblems } from './workload-problem.ts';

/** What the objects say, all rules applied. How far that can be trusted is decided elsewhere. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly progress: readonly Progress[];
  readonly counts: Counts;
}

export const diagnose = (observed: Observed, asOf: EpochMs, podsKnown: boolean): Diagnosis => {
  const facts = factsOf(observed, asOf, podsKnown);
  const pods = census(facts);
  const nodes = nodeProblems(facts, pods);
  const workloads = workloadProblems(facts, pods);
  const findings = hang([...nodes.findings, ...workloads.findings]);
  return {
    findings: rank(findings),
    progress: workloads.progress.toSorted((a, b) => b.since - a.since),
    counts: { pods: pods.counts, nodes: nodes.counts },
  };
};

/** A cause is as bad as the worst of what it causes, and weighs as much as all of it. */
const hang = (findings: readonly Finding[]): readonly Finding[] => {
  const parents = new Map<string, Finding[]>();
  for (const f of findings) {
    if (f.under !== null) parents.set(f.under, [...(parents.get(f.under) ?? []), f]);
  }
  if (parents.size === 0) return findings;
  return findings.map((f) => {
    const children = parents.get(f.key);
    if (children === undefined) return f;
    return {
      ...f,
      tone: children.some((c) => c.tone === 'bad') ? 'bad' : f.tone,
      weight: children.reduce((sum, c) => sum + c.weight, f.weight),
    };
  });
};
