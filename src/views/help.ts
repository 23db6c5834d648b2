import { type Action, catalogue } from '../actions/catalogue.ts';
import { type Binding, globalKeys, liveKeys, replayKeys } from './keymap.ts';
import type { Glyphs } from './parts/glyphs.ts';
import { blank, fit, type Line, line, span } from './parts/line.ts';
import { rule, wrap } from './parts/wrap.ts';
import type { View } from './view.ts';

const groups: readonly (readonly [Binding['group'], string])[] = [
  ['move', 'move'],
  ['look', 'look'],
  ['sort', 'sort'],
  ['go', 'go to'],
  ['replay', 'replay'],
  ['program', 'program'],
];

const keyColumn = 18;

/**
 * Every key that works in a view, made from the key map itself, and the actions.
 * @param why Why an action would be refused here, in the words of whoever refuses it; '' when nothing is known of that.
 */
export const helpLines = (
  view: View,
  replay: boolean,
  width: number,
  glyphs: Glyphs,
  why: (action: Action) => string,
): readonly Line[] => {
  const glyph = glyphs.rule;
  const bindings = [...view.keys, ...(replay ? replayKeys : liveKeys), ...globalKeys];
  const seen = new Set<string>();
  const out: Line[] = [];
  for (const [group, title] of groups) {
    const mine = bindings.filter((b) => {
      const fresh = b.group === group && !seen.has(b.command);
      if (fresh) seen.add(b.command);
      return fresh;
    });
    if (mine.length === 0) continue;
    out.push(rule(title, width, glyph));
    out.push(
      ...columnsOf(
        mine.map((b) => entry(b.keys.join(' '), b.label)),
        width,
      ),
    );
  }
  out.push(rule('filter', width, glyph));
  out.push(
    ...columnsOf(
      [
        entry('/crash', 'regular expression'),
        entry('/!ok', 'not'),
        entry('/-l app=x', 'labels'),
        entry('/-f pymt', 'fuzzy'),
      ],
      width,
    ),
  );
  out.push(rule('command', width, glyph));
  out.push(
    ...columnsOf(
      [
        entry(':po payments', 'pods there'),
        entry(':deploy', 'any resource'),
        entry(':po app=x', 'by label'),
        entry(':po @ctx', 'other cluster'),
        entry(':ns', 'namespaces'),
        entry(':broken', 'all findings'),
        entry(':acts', 'what was done'),
        entry(':debugs', 'debug shells left'),
        entry(':break-glass', 'open what is closed'),
      ],
      width,
    ),
  );
  out.push(...actionLines(width, glyphs, why));
  out.push(blank, line(' ', span('esc or ? closes this', 'dim')));
  return out;
};

const actionEntry = (action: Action, closed: boolean): Line =>
  entry(
    action.keys.length === 0 ? `:${action.aliases[0] ?? action.id}` : action.keys.join(' '),
    action.title,
    closed,
  );

/** Actions that may be asked for, then the others under what refuses them: one reason is said once. */
const actionLines = (
  width: number,
  glyphs: Glyphs,
  why: (action: Action) => string,
): readonly Line[] => {
  const byReason = Map.groupBy(catalogue, why);
  const open = byReason.get('') ?? [];
  const refused = [...byReason].filter(([reason]) => reason !== '');
  return [
    rule('actions: each is shown before it is done', width, glyphs.rule),
    ...columnsOf(
      open.map((a) => actionEntry(a, false)),
      width,
    ),
    ...refused.flatMap(([reason, actions]) => [
      ...wrap(span(reason).text, width - 4).map((text, i) =>
        line(' ', span(i === 0 ? glyphs.bad : ' ', 'bad'), ' ', span(text)),
      ),
      ...columnsOf(
        actions.map((a) => actionEntry(a, true)),
        width,
      ),
    ]),
  ];
};

const entry = (keys: string, label: string, closed = false): Line =>
  line(
    ' ',
    span(fit(keys, keyColumn - 1), closed ? 'dim' : 'key'),
    span(label, closed ? 'dim' : 'plain'),
  );

const entryWidth = 38;

const columnsOf = (entries: readonly Line[], width: number): readonly Line[] => {
  const n = Math.max(1, Math.floor(width / entryWidth));
  const perColumn = Math.ceil(entries.length / n);
  return Array.from({ length: perColumn }, (_, row) =>
    line(
      ...Array.from(
        { length: n },
        (_unused, column) => entries[column * perColumn + row] ?? blank,
      ).flatMap((e, i, all) => (i === all.length - 1 ? [e] : [padded(e)])),
    ),
  );
};

const padded = (l: Line): Line => {
  const width = l.reduce((sum, s) => sum + s.text.length, 0);
  return line(l, ' '.repeat(Math.max(0, entryWidth - width)));
};
