import type { Finding, Health } from '../findings/finding.ts';
import { health } from '../findings/health.ts';
import type { Change } from '../kernel/probe.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { proofKey } from './keymap.ts';
import { changeRow } from './parts/change-line.ts';
import { findingDetail, findingLine } from './parts/finding-line.ts';
import { type Line, line, span, spread, widthOf } from './parts/line.ts';
import { proofLines } from './parts/proof-lines.ts';
import { sign } from './parts/tone.ts';
import { ago, many } from './parts/words.ts';
import { rule } from './parts/wrap.ts';
import { type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

/** From this width on, what is under the cursor is told in full beside the list. */
const sideBySide = 150;
const listWidth = 100;

/** What is broken, worst first; what the cluster warns about; what changed. All of it in one frame. */
export const home: View = {
  id: 'home',
  title: 'home',
  aliases: ['home', 'pulses', 'pu'],
  digit: '~',
  keys: [proofKey],
  content: (input) => {
    const known = health(input.world, input.now);
    const wide = input.width >= sideBySide;
    const list = layout(known, input, wide ? listWidth : input.width);
    const rows = wide ? beside(list, known, input) : list;
    return { title: '', head: [], rows: rowsOf(rows), empty: [] };
  },
};

const layout = (known: Health, input: ViewInput, width: number): readonly PlainRow[] => {
  const broken = known.findings.filter((f) => f.subsystem !== 'alerts');
  const warnings = known.findings.filter((f) => f.subsystem === 'alerts');
  const changes = notable(input.world);
  const height = input.height;
  const wellBelow = broken.length === 0 ? known.standings.length + 1 : 0;
  // Warnings and changes keep a few lines whatever is broken; what is broken takes the rest.
  const warnRoom =
    warnings.length === 0 ? 0 : 1 + Math.min(warnings.length, broken.length === 0 ? 8 : 4);
  const changeRoom = changes.length === 0 ? 0 : 1 + Math.min(changes.length, 4);
  const brokenRoom = Math.max(5, height - warnRoom - changeRoom - wellBelow);
  const rows: PlainRow[] = [];
  if (broken.length > 0) rows.push(...brokenRows(broken, brokenRoom, width, input));
  else rows.push(...evidenceRows(known, width, input));
  if (warnings.length > 0) {
    const room = Math.min(
      warnings.length,
      Math.max(warnRoom - 1, height - rows.length - changeRoom - 1),
    );
    rows.push(title(`warnings: ${many(warnings.length, 'reason')}`, width, input));
    rows.push(...warnings.slice(0, room).map((f) => findingRow(f, width, input)));
  }
  if (changes.length > 0) {
    rows.push(title('changed', width, input));
    rows.push(
      ...changes
        .slice(0, Math.max(1, height - rows.length))
        .map((c) => changeRow(c, width, input.glyphs)),
    );
  }
  return rows;
};

const title = (text: string, width: number, input: ViewInput): PlainRow => ({
  key: `title/${text}`,
  line: rule(text, width, input.glyphs.rule),
});

const findingRow = (finding: Finding, width: number, input: ViewInput): PlainRow => ({
  key: finding.key,
  selectable: true,
  line: findingLine(finding, width, input.now, input.glyphs),
  target: {
    ...(finding.object === null
      ? { open: { view: 'proof', args: { finding: finding.key } } }
      : { open: { view: 'describe', args: finding.object }, object: finding.object }),
  },
});

const brokenRows = (
  broken: readonly Finding[],
  room: number,
  width: number,
  input: ViewInput,
): readonly PlainRow[] => {
  const rows: PlainRow[] = [title('broken, worst first', width, input)];
  // Every finding gets a line before the first gets its message; messages then go to the worst ones.
  const shown = broken.length + 1 <= room ? broken : broken.slice(0, room - 2);
  let spare = room - 1 - shown.length - (shown.length < broken.length ? 1 : 0);
  for (const finding of shown) {
    rows.push(findingRow(finding, width, input));
    if (finding.detail === '' || spare <= 0) continue;
    spare -= 1;
    rows.push({ key: `${finding.key}/detail`, line: findingDetail(finding, width, input.glyphs) });
  }
  if (shown.length < broken.length) {
    rows.push({
      key: 'more',
      selectable: true,
      line: line(
        '   ',
        span(`${broken.length - shown.length} more`, 'here'),
        span(': enter shows all', 'dim'),
      ),
      target: { open: { view: 'broken', args: {} } },
    });
  }
  return rows;
};

/** A healthy cluster shows what it is healthy by; what has no evidence is never called well. */
const evidenceRows = (known: Health, width: number, input: ViewInput): readonly PlainRow[] => [
  title('evidence', width, input),
  ...known.standings.map((s) => ({
    key: `evidence/${s.subsystem}`,
    line: spread(
      line('  ', sign(s.tone, input.glyphs), ` ${s.subsystem.padEnd(8)}`, s.evidence),
      line(span(heardText(s.heard, input.now), 'dim'), ' '),
      width,
    ),
  })),
];

const heardText = (heard: EpochMs | null, now: EpochMs): string =>
  heard === null ? 'no evidence' : ago(now - heard);

const notable = (world: World): readonly Change[] => {
  const found: Change[] = [];
  for (let i = world.changes.length - 1; i >= 0 && found.length < 40; i -= 1) {
    const change = world.changes[i];
    if (change !== undefined && change.tone !== 'info') found.push(change);
  }
  return found;
};

/** The list at the left, the whole story of the finding under the cursor at the right. */
const beside = (
  list: readonly PlainRow[],
  known: Health,
  input: ViewInput,
): readonly PlainRow[] => {
  const at =
    list.find((r) => r.key === input.place.cursor.key && r.selectable === true) ??
    list.find((r) => r.selectable === true);
  const finding = known.findings.find((f) => f.key === at?.key);
  const bar = ` ${input.glyphs.stem} `;
  const right =
    finding === undefined
      ? []
      : proofLines(
          finding,
          input.world,
          input.now,
          input.width - listWidth - widthOf(bar),
          input.glyphs,
        );
  const length = Math.max(list.length, Math.min(right.length, input.height));
  return Array.from({ length }, (_, i) => {
    const row = list[i] ?? { key: `pad/${i}`, line: [] };
    return { ...row, line: join(row.line, right[i] ?? [], bar) };
  });
};

const join = (left: Line, right: Line, bar: string): Line =>
  line(spread(left, [], listWidth), span(bar, 'dim'), right);
