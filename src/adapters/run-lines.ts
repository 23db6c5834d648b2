import { boundedEvidence } from '../kernel/bounded-evidence.ts';
import { cleanse } from '../kernel/redact.ts';
import { type RunFact, runFactSchema } from '../kernel/run-fact.ts';
import { cutToSchema } from './cut-to-schema.ts';
import { jsonLines } from './json-lines.ts';

const bounded = (fact: RunFact): RunFact => {
  if (fact.kind !== 'output') return fact;
  const evidence = boundedEvidence(fact.evidence);
  return evidence === fact.evidence ? fact : { ...fact, evidence };
};

/** The same within its bounds, printable, and without what looks like a secret. What replaces a secret may be longer. */
const cleaned = (fact: RunFact, checked: boolean): RunFact => {
  const clean = bounded(cleanse(fact).value);
  return checked && clean === fact ? fact : cutToSchema(runFactSchema, clean);
};

export const runLines = jsonLines(runFactSchema, cleaned);
