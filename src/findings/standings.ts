import type { LinkState } from '../probes/link.ts';
import type { ControlPlane } from './control-plane-problem.ts';
import { withinText } from './evidence.ts';
import type { Counts, Finding, Standing, Subsystem } from './finding.ts';
import { heardOf, type Trust } from './trust.ts';
import { countText, some } from './words.ts';

/** What the sayings are made of. */
export interface Told {
  readonly findings: readonly Finding[];
  readonly counts: Counts;
}

/** What a subsystem says when its evidence is fresh. */
export type Saying = Pick<Standing, 'tone' | 'text' | 'evidence'>;

/** A saying, as far as its evidence carries: never well, and never bad, without fresh evidence. */
export const standing = (subsystem: Subsystem, trust: Trust, saying: Saying): Standing => {
  const heard = heardOf(trust);
  switch (trust.kind) {
    case 'fresh':
      return { subsystem, ...saying, heard };
    case 'stale':
      return {
        subsystem,
        tone: 'stale',
        text: saying.text,
        evidence: `last known: ${saying.evidence}; ${trust.why}`,
        heard,
      };
    case 'unknown':
      return {
        subsystem,
        tone: 'unknown',
        text: trust.why === 'forbidden' ? 'forbidden' : '',
        evidence: trust.why,
        heard,
      };
  }
};

export const worstTone = (findings: readonly Finding[], subsystem: Subsystem): Standing['tone'] => {
  let tone: Standing['tone'] = 'good';
  for (const f of findings) {
    if (f.subsystem !== subsystem) continue;
    if (f.tone === 'bad') return 'bad';
    tone = 'warn';
  }
  return tone;
};

export const podsSaying = (
  { counts, findings }: Told,
  within: readonly string[] | null,
): Saying => {
  const { all, well, starting, unwell, restarted } = counts.pods;
  const tone = worstTone(findings, 'pods');
  const parts = [
    `${countText(well)} of ${some(all, 'pod')} well${withinText(within)}`,
    ...(starting > 0 ? [`${countText(starting)} starting`] : []),
    ...(unwell > 0 ? [`${countText(unwell)} not ready`] : []),
    `${countText(restarted)} restarted in the last hour`,
  ];
  // A few that start are everyday; while most of them do, nobody is served.
  const mostStart = starting > well;
  return {
    tone: tone === 'good' && (unwell > 0 || mostStart) ? 'warn' : tone,
    text: unwell > 0 ? countText(unwell) : mostStart ? `${well}/${all}` : countText(all),
    evidence: parts.join(', '),
  };
};

export const nodesSaying = ({ counts, findings }: Told): Saying => {
  const { all, ready, cordoned } = counts.nodes;
  const tone = worstTone(findings, 'nodes');
  return {
    // A cluster without a node runs nothing, and nothing can say so but this.
    tone: all === 0 ? 'bad' : tone === 'good' && ready < all ? 'warn' : tone,
    text: `${countText(ready)}/${countText(all)}`,
    evidence: `${countText(ready)} of ${some(all, 'node')} ready${cordoned > 0 ? `, ${countText(cordoned)} cordoned` : ''}`,
  };
};

const roundTripText = (link: LinkState): string =>
  link.roundTrip === null ? '' : `, round trip ${Math.round(link.roundTrip.smoothed)} ms`;

export const apiSaying = (
  { findings }: Told,
  { link, controlPlane: { readyz, version } }: ControlPlane,
): Saying => {
  const failing = [...(readyz?.checks.values() ?? [])].filter((c) => !c.ok).length;
  const checks = readyz === null ? 0 : readyz.checks.size;
  const ready =
    readyz?.ok === true
      ? `readyz ${checks === 0 ? 'passes' : `${some(checks, 'check')} pass`}`
      : `readyz fails ${failing} of ${some(checks, 'check')}`;
  return {
    tone: readyz?.ok === true ? worstTone(findings, 'api') : 'bad',
    text: '',
    evidence: `${ready}${version === '' ? '' : `, ${version}`}${roundTripText(link)}`,
  };
};

/** The link is ours; when it is down nothing of the API server can be called well or broken but that. */
export const apiStanding = (trust: Trust, saying: Saying, link: LinkState): Standing =>
  link.state === 'unhealthy'
    ? {
        subsystem: 'api',
        tone: 'bad',
        text: 'no answer',
        evidence: `${some(link.missed, 'heartbeat')} missed: ${link.why}`,
        heard: link.lastAnswer,
      }
    : standing('api', trust, saying);
