import type { Finding, Health } from '../findings/finding.ts';
import { health } from '../findings/health.ts';
import { alertsSection, isAlarmed } from './home/alerts-section.ts';
import { brokenSection } from './home/broken-section.ts';
import { fill, listSection, type Section } from './home/section.ts';
import { alertKeys } from './keymap.ts';
import { changeRow } from './parts/change-line.ts';
import { evidenceLines } from './parts/evidence-lines.ts';
import { progressRow } from './parts/finding-line.ts';
import { cutLine, type Line, line, lineWidth, span, widthOf } from './parts/line.ts';
import { namespaceLines } from './parts/namespace-lines.ts';
import { notable } from './parts/notable.ts';
import { proofOf } from './proof/proof-of.ts';
import { type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

/** From this width on, what is under the cursor is told in full beside the list. */
const sideBySide = 150;
const listWidth = 104;

/** What is broken, worst first; what alerts; what changed; what all of it rests on. In one frame. */
export const home: View = {
  id: 'home',
  title: 'home',
  aliases: ['home', 'pulses', 'pu'],
  digit: '~',
  filtersIn: 'broken',
  // `s` is the key of debug on a pod, and an alert is silenced where one looks at alerts.
  keys: alertKeys.filter((b) => b.command !== 'silence' && b.command !== 'about'),
  content: (input) => {
    const known = health(input.world, input.now);
    const wide = input.width >= sideBySide;
    const list = layout(known, wide ? { ...input, width: listWidth } : input);
    return {
      title: '',
      head: [],
      rows: rowsOf(wide ? beside(list, input) : list),
      empty: [],
    };
  },
};

/**
 * Who gets room first when there is little; the order on the screen is another. What all of it rests on is shown in
 * what is left while something is broken: the strip says it in short, and `p` in full.
 */
const importance = ['broken', 'alerts', 'changed', 'evidence', 'in progress', 'namespaces'];
const calmly = ['evidence', 'broken', 'alerts', 'changed', 'in progress', 'namespaces'];

/** Alerts that nothing explains stand among what is broken when they are for now; all others have their own part. */
const isBroken = (f: Finding): boolean =>
  f.subsystem !== 'alerts' || (f.opens?.view === 'alert' && f.tone === 'bad');

const layout = (known: Health, input: ViewInput): readonly PlainRow[] => {
  const broken = known.findings.filter(isBroken);
  const alerts = alertsSection(known.alerts, input);
  const calm = broken.length === 0 && !isAlarmed(known.alerts);
  const evidence = evidenceSection(known, !calm, input);
  const sections = [
    ...(calm ? [evidence] : []),
    ...(broken.length > 0 ? [brokenSection(broken, known.alerts, input)] : []),
    ...(alerts === null ? [] : [alerts]),
    ...progressSection(known, input),
    ...changedSection(input),
    ...(calm ? [] : [evidence]),
    ...namespaceSection(known, input),
  ];
  return fill(sections, calm ? calmly : importance, input.height);
};

const progressSection = ({ progress }: Health, input: ViewInput): readonly Section[] => {
  const { width, now, glyphs } = input;
  const rows = progress.map((p) => progressRow(p, width, now, glyphs));
  return rows.length === 0 ? [] : [listSection('in progress', rows, 2, input, { spare: true })];
};

const changedSection = (input: ViewInput): readonly Section[] => {
  const changes = notable(input.world)
    .slice(0, input.height)
    .map((group) => changeRow(group, input.width, input.glyphs));
  return changes.length === 0 ? [] : [listSection('changed', changes, 2, input, { enough: 4 })];
};

const namespaceSection = (known: Health, input: ViewInput): readonly Section[] => {
  const pods = known.standings.find((s) => s.subsystem === 'pods')?.tone;
  const fresh = pods !== 'stale' && pods !== 'unknown';
  const rows = namespaceLines(input.world, fresh, input.width, input.glyphs);
  if (rows.length === 0) return [];
  const section = listSection('namespaces', rows, 2, input, { spare: true });
  return [{ ...section, least: Math.min(4, section.most) }];
};

const evidenceSection = (known: Health, spare: boolean, input: ViewInput): Section => {
  const rows = evidenceLines(known.standings, input.now, input.width, input.glyphs);
  return listSection('evidence', rows, rows.length, input, { spare });
};

/** The list at the left, the whole story of what is under the cursor at the right. */
const beside = (list: readonly PlainRow[], input: ViewInput): readonly PlainRow[] => {
  const can = list.filter((r) => r.selectable === true);
  const at = can.find((r) => r.key === input.place.cursor.key) ?? can[0];
  const bar = ` ${input.glyphs.stem} `;
  const room = input.width - listWidth - widthOf(bar);
  const args = at?.target?.proof;
  const right = args === undefined ? [] : proofOf(args, { ...input, width: room });
  return Array.from({ length: input.height }, (_, i) => {
    const row = list[i] ?? { key: `pad/${i}`, line: [] };
    return { ...row, line: join(row.line, cutLine(right[i] ?? [], room), bar) };
  });
};

const join = (left: Line, right: Line, bar: string): Line => {
  const l = cutLine(left, listWidth);
  return line(l, ' '.repeat(listWidth - lineWidth(l)), span(bar, 'dim'), right);
};
