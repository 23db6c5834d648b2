import type { EpochMs } from '../kernel/units.ts';
import type { Diagnosis } from './diagnosis.ts';
import { withinText } from './evidence.ts';
import type { Finding, Standing, Subsystem } from './finding.ts';
import { heardOf, type Trust } from './trust.ts';
import { ageText, countText, some } from './words.ts';

/** What a subsystem says when its evidence is fresh. */
export type Saying = Pick<Standing, 'tone' | 'text' | 'evidence'>;

/** A saying, as far as its evidence carries: never well, and never bad, without fresh evidence. */
export const standing = (
  subsystem: Subsystem,
  trust: Trust,
  saying: Saying,
  now: EpochMs,
): Standing => {
  const heard = heardOf(trust);
  switch (trust.kind) {
    case 'fresh':
      return { subsystem, ...saying, heard };
    case 'stale':
      return {
        subsystem,
        tone: 'stale',
        text: `${saying.text} ${ageText(now - trust.heard)}`.trim(),
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

const worst = (findings: readonly Finding[], subsystem: Subsystem): Standing['tone'] => {
  let tone: Standing['tone'] = 'good';
  for (const f of findings) {
    if (f.subsystem !== subsystem) continue;
    if (f.tone === 'bad') return 'bad';
    tone = 'warn';
  }
  return tone;
};

export const podsSaying = (
  { counts, findings }: Diagnosis,
  within: readonly string[] | null,
): Saying => {
  const { all, well, starting, unwell, restarted } = counts.pods;
  const tone = worst(findings, 'pods');
  const parts = [
    `${countText(well)} of ${some(all, 'pod')} well${withinText(within)}`,
    ...(starting > 0 ? [`${countText(starting)} starting`] : []),
    ...(unwell > 0 ? [`${countText(unwell)} not ready`] : []),
    `${countText(restarted)} restarted in the last hour`,
  ];
  return {
    tone: tone === 'good' && unwell > 0 ? 'warn' : tone,
    text: countText(unwell > 0 ? unwell : all),
    evidence: parts.join(', '),
  };
};

export const nodesSaying = ({ counts, findings }: Diagnosis): Saying => {
  const { all, ready, cordoned } = counts.nodes;
  return {
    // A cluster without a node runs nothing, and nothing can say so but this.
    tone: all === 0 ? 'bad' : worst(findings, 'nodes'),
    text: `${countText(ready)}/${countText(all)}`,
    evidence: `${countText(ready)} of ${some(all, 'node')} ready${cordoned > 0 ? `, ${countText(cordoned)} cordoned` : ''}`,
  };
};

/** Until there is a source of alerts, the warning events of the cluster stand for them. */
export const alertsSaying = ({ findings }: Diagnosis): Saying => {
  const n = findings.filter((f) => f.subsystem === 'alerts').length;
  return {
    tone: n > 0 ? 'warn' : 'good',
    text: countText(n),
    evidence:
      n > 0
        ? `${some(n, 'warning event')} that nothing above explains; no alert source`
        : 'no unexplained warning events; no alert source',
  };
};
