import type { Finding, Health } from '../findings/finding.ts';
import { health } from '../findings/health.ts';
import type { Change } from '../kernel/probe.ts';
import type { World } from '../kernel/world.ts';
import { events } from '../probes/events.ts';
import { proofKey } from './keymap.ts';
import { changeRow } from './parts/change-line.ts';
import { evidenceLines } from './parts/evidence-lines.ts';
import { findingDetail, findingRow, progressRow } from './parts/finding-line.ts';
import { cutLine, type Line, line, lineWidth, span, widthOf } from './parts/line.ts';
import { namespaceLines } from './parts/namespace-lines.ts';
import { proofLines } from './parts/proof-lines.ts';
import { many } from './parts/words.ts';
import { rule } from './parts/wrap.ts';
import { type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

/** From this width on, what is under the cursor is told in full beside the list. */
const sideBySide = 150;
const listWidth = 104;

/** What is broken, worst first; what the cluster warns about; what changed. All of it in one frame. */
export const home: View = {
  id: 'home',
  title: 'home',
  aliases: ['home', 'pulses', 'pu'],
  digit: '~',
  filtersIn: 'broken',
  keys: [proofKey],
  content: (input) => {
    const known = health(input.world, input.now);
    const wide = input.width >= sideBySide && known.findings.length > 0;
    const list = layout(known, input, wide ? listWidth : input.width);
    return {
      title: '',
      head: [],
      rows: rowsOf(wide ? beside(list, known, input) : list),
      empty: [],
    };
  },
};

/** A section knows how few lines make sense of it, and fills what it is given. */
interface Section {
  readonly least: number;
  readonly most: number;
  rows(room: number): readonly PlainRow[];
}

const layout = (known: Health, input: ViewInput, width: number): readonly PlainRow[] => {
  const broken = known.findings.filter((f) => f.subsystem !== 'alerts');
  const warnings = known.findings.filter((f) => f.subsystem === 'alerts');
  const sections = [
    ...(broken.length > 0
      ? [brokenSection(broken, width, input)]
      : [evidenceSection(known, width, input)]),
    ...(known.progress.length > 0
      ? [
          listSection(
            'in progress',
            known.progress.map((p) => progressRow(p, width, input.now, input.glyphs)),
            3,
            width,
            input,
          ),
        ]
      : []),
    ...(warnings.length > 0
      ? [
          listSection(
            `warnings: ${many(warnings.length, 'reason')}`,
            warnings.map((f) => findingRow(f, width, input.now, input.glyphs)),
            4,
            width,
            input,
          ),
        ]
      : []),
    ...changedSection(input, width),
    ...(broken.length > 0 ? [evidenceSection(known, width, input)] : []),
    namespaceSection(known, input, width),
  ];
  return fill(sections, input.height);
};

/** Every section gets its least in order, as long as there is room; what is left goes to the first that wants it. */
const fill = (sections: readonly Section[], height: number): readonly PlainRow[] => {
  const given: number[] = [];
  let left = height;
  for (const s of sections) {
    const n = s.least <= left ? s.least : 0;
    given.push(n);
    left -= n;
  }
  sections.forEach((s, i) => {
    const had = given[i] ?? 0;
    if (had === 0) return;
    const more = Math.min(left, s.most - had);
    given[i] = had + more;
    left -= more;
  });
  return sections.flatMap((s, i) => {
    const room = given[i] ?? 0;
    return room === 0 ? [] : s.rows(room);
  });
};

const title = (text: string, width: number, input: ViewInput, right = ''): PlainRow => ({
  key: `title/${text}`,
  line: rule(text, width, input.glyphs.rule, right),
});

const listSection = (
  name: string,
  rows: readonly PlainRow[],
  least: number,
  width: number,
  input: ViewInput,
): Section => ({
  least: 1 + Math.min(least, rows.length),
  most: 1 + rows.length,
  rows: (room) => [title(name, width, input), ...rows.slice(0, room - 1)],
});

const changedSection = (input: ViewInput, width: number): readonly Section[] => {
  const changes = notable(input.world).map((c) => changeRow(c, width, input.glyphs));
  return changes.length === 0 ? [] : [listSection('changed', changes, 4, width, input)];
};

const namespaceSection = (known: Health, input: ViewInput, width: number): Section => {
  const pods = known.standings.find((s) => s.subsystem === 'pods')?.tone;
  const fresh = pods !== 'stale' && pods !== 'unknown';
  const rows = namespaceLines(input.world, fresh, width, input.glyphs);
  return {
    ...listSection('namespaces', rows, 2, width, input),
    least: rows.length === 0 ? Number.POSITIVE_INFINITY : 4,
  };
};

const evidenceSection = (known: Health, width: number, input: ViewInput): Section => {
  const rows = evidenceLines(known.standings, input.now, width, input.glyphs);
  return { ...listSection('evidence', rows, rows.length, width, input) };
};

const brokenSection = (broken: readonly Finding[], width: number, input: ViewInput): Section => {
  const { now, glyphs } = input;
  const details = broken.filter((f) => f.detail !== '').length;
  return {
    least: Math.min(1 + broken.length + Math.min(details, 4), Math.max(5, input.height - 11)),
    most: 1 + broken.length + details,
    rows: (room) => {
      // Every finding gets its line before the first gets its message; messages go to the worst ones.
      const shown = broken.length + 1 <= room ? broken : broken.slice(0, room - 2);
      const hidden = broken.length - shown.length;
      let spare = room - 1 - shown.length - (hidden > 0 ? 1 : 0);
      const rows: PlainRow[] = [title('broken, worst first', width, input)];
      shown.forEach((finding, i) => {
        const next = shown[i + 1];
        rows.push(
          findingRow(
            finding,
            width,
            now,
            glyphs,
            finding.under !== null,
            next?.under === finding.under,
          ),
        );
        if (finding.detail === '' || spare <= 0) return;
        spare -= 1;
        rows.push({
          key: `${finding.key}/detail`,
          line: findingDetail(
            finding,
            width,
            glyphs,
            next?.under !== null && next?.under !== undefined,
          ),
        });
      });
      if (hidden > 0) {
        rows.push({
          key: 'more',
          selectable: true,
          line: line('   ', span(`${hidden} more`, 'here'), span(': enter shows all', 'dim')),
          target: { open: { view: 'broken', args: {} } },
        });
      }
      return rows;
    },
  };
};

/**
 * The latest change for better or worse of each object, newest first. What came and went, and the way there, is in
 * the timeline.
 */
const notable = (world: World): readonly Change[] => {
  const found = new Map<string, Change>();
  for (let i = world.changes.length - 1; i >= 0 && found.size < 40; i -= 1) {
    const change = world.changes[i];
    // Warning events have a section of their own, and most of them say what an object says already.
    if (change === undefined || change.tone === 'info' || change.probe === events.id) continue;
    const about = `${change.probe}/${change.key}`;
    if (!found.has(about)) found.set(about, change);
  }
  return [...found.values()];
};

/** The list at the left, the whole story of the finding under the cursor at the right. */
const beside = (
  list: readonly PlainRow[],
  known: Health,
  input: ViewInput,
): readonly PlainRow[] => {
  const can = list.filter((r) => r.selectable === true);
  const at = can.find((r) => r.key === input.place.cursor.key) ?? can[0];
  const finding = known.findings.find((f) => f.key === at?.key);
  const bar = ` ${input.glyphs.stem} `;
  const room = input.width - listWidth - widthOf(bar);
  const right =
    finding === undefined ? [] : proofLines(finding, input.world, input.now, room, input.glyphs);
  return Array.from({ length: input.height }, (_, i) => {
    const row = list[i] ?? { key: `pad/${i}`, line: [] };
    return { ...row, line: join(row.line, right[i] ?? [], bar) };
  });
};

const join = (left: Line, right: Line, bar: string): Line => {
  const l = cutLine(left, listWidth);
  return line(l, ' '.repeat(listWidth - lineWidth(l)), span(bar, 'dim'), right);
};
