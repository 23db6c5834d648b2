import type { Standing, Subsystem } from '../../findings/finding.ts';
import { type EpochMs, minutes } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, line, lineWidth, span } from './line.ts';
import { sign, toneStyle } from './tone.ts';
import { age } from './words.ts';

const digits: Readonly<Record<Subsystem, string>> = {
  api: '1',
  etcd: '2',
  nodes: '3',
  pods: '4',
  alerts: '5',
};
// Until an alert source exists, the cell holds what the cluster itself warns about.
const names: Readonly<Record<Subsystem, string>> = {
  api: 'api',
  etcd: 'etcd',
  nodes: 'nodes',
  pods: 'pods',
  alerts: 'warnings',
};

/** What changed for better or worse within this time is counted. */
const recent = minutes(15);

/**
 * Line 2: one cell per subsystem, always in the same place; its digit opens it. Where that is too long, the room
 * between the cells gives way first, then the count at the end.
 */
export const stripLine = (
  standings: readonly Standing[],
  world: World,
  now: EpochMs,
  glyphs: Glyphs,
  columns: number,
): Line => {
  const cells = standings.map((s) => {
    const old = s.tone === 'stale' && s.heard !== null ? ` ${age(now - s.heard)}` : '';
    return line(
      span(digits[s.subsystem], 'key'),
      span(` ${names[s.subsystem]} `, 'dim'),
      sign(s.tone, glyphs),
      span(
        s.text === '' ? old : ` ${s.text}${old}`,
        toneStyle(s.tone === 'good' ? 'info' : s.tone),
      ),
    );
  });
  const lately = world.changes.filter((c) => c.tone !== 'info' && now - c.at < recent).length;
  const changes = line(span('6', 'key'), span(' changes', 'dim'));
  const counted = line(changes, span(lately === 0 ? '' : ` ${lately}`));
  const joined = (gap: string, last: Line): Line =>
    line(' ', ...cells.flatMap((cell) => [cell, gap]), last);
  const forms = [joined('  ', counted), joined(' ', counted), joined(' ', changes)];
  return forms.find((form) => lineWidth(form) <= columns) ?? joined(' ', changes);
};
