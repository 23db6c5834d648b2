import type { Standing, Subsystem } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Opening, PlainRow } from '../view.ts';
import type { Glyphs } from './glyphs.ts';
import { line, span, spread } from './line.ts';
import { sign } from './tone.ts';
import { ago } from './words.ts';

/** Where each subsystem is shown in full. */
const places: Readonly<Record<Subsystem, Opening>> = {
  api: { view: 'control-plane', args: {} },
  etcd: { view: 'etcd', args: {} },
  nodes: { view: 'explorer', args: { resource: 'nodes' } },
  pods: { view: 'explorer', args: { resource: 'pods' } },
  alerts: { view: 'alerts', args: {} },
};

/** What each subsystem is judged by, and how old that is. What has no evidence is never called well. */
export const evidenceLines = (
  standings: readonly Standing[],
  now: EpochMs,
  width: number,
  glyphs: Glyphs,
): readonly PlainRow[] =>
  standings.map((s) => ({
    key: `evidence/${s.subsystem}`,
    selectable: true,
    target: { open: places[s.subsystem], proof: { evidence: s.subsystem } },
    line: spread(
      line('  ', sign(s.tone, glyphs), ` ${s.subsystem.padEnd(8)}`, s.evidence),
      line(span(s.heard === null ? 'no evidence' : ago(now - s.heard), 'dim'), ' '),
      width,
    ),
  }));
