import { keyOf } from '../kernel/kind.ts';
import { plainText } from '../kernel/text.ts';
import { alertsSection } from './describe/alerts-section.ts';
import { type Pen, rowsOfSections, type Section } from './describe/detail.ts';
import { changesSection, eventsSection } from './describe/history.ts';
import { columnsSection, identitySection } from './describe/identity.ts';
import { sectionsOfKind } from './describe/kinds.ts';
import { refOfArgs, refText, resourceText } from './documents.ts';
import { matcherOf } from './filter.ts';
import { objectKeys } from './keymap.ts';
import { blockedLines, freshnessNotes } from './parts/freshness-notes.ts';
import { cutLine, type Line, line, span } from './parts/line.ts';
import { mark } from './parts/mark.ts';
import { type Source, sourceOf } from './parts/table-source.ts';
import { sign } from './parts/tone.ts';
import { count } from './parts/words.ts';
import {
  type Content,
  type ObjectRef,
  type PlainRow,
  rowsOf,
  type View,
  type ViewInput,
} from './view.ts';

type Known = Extract<Source, { kind: 'known' }>;

const sectionsOf = (
  source: Known,
  ref: ObjectRef,
  input: ViewInput,
  pen: Pen,
): readonly Section[] => {
  const { table, objects } = source;
  const object = objects.get(keyOf(ref));
  const alerts = alertsSection({ kind: 'object', ...ref }, pen);
  const history = [...eventsSection(ref, input.session, pen), ...changesSection(ref, pen)];
  if (object === undefined) return [...alerts, ...history];
  const { columns, sections } = sectionsOfKind(ref.resource);
  return [
    identitySection(table, object, ref, pen),
    ...alerts,
    ...(columns ? columnsSection(table, object, pen) : []),
    ...sections(object, ref, pen),
    ...history,
  ];
};

/** An object may be gone and still be what one looks for: its changes and warnings stay. */
const goneNote = (source: Known, ref: ObjectRef, pen: Pen): readonly Line[] => {
  if (source.objects.has(keyOf(ref))) return [];
  const { table, scopes } = source;
  const settled = scopes.length > 0 && scopes.every((s) => s.freshness.kind === 'fresh');
  const text = settled
    ? `${table.singular} ${refText(ref)} does not exist, or not any more`
    : `nothing is known of ${table.singular} ${refText(ref)}`;
  return [line(' ', sign(settled ? 'muted' : 'unknown', pen.glyphs), span(` ${text}`, 'warn'))];
};

const marked = (rows: readonly PlainRow[], filter: string) => {
  const matcher = matcherOf(filter);
  if (!matcher.active) return { rows, found: null };
  let found = 0;
  const out = rows.map((row) => {
    const m = mark(row.line, matcher);
    found += m.found;
    return { ...row, line: m.line };
  });
  return { rows: out, found };
};

const content = (input: ViewInput): Content => {
  const { world, place, now, width, glyphs } = input;
  const ref = refOfArgs(place.args);
  const pen: Pen = { world, now, width, glyphs };
  const source = sourceOf(world, ref.resource, ref.namespace, now);
  const title = `${resourceText(ref)}/${refText(ref)}`;
  if (source.kind === 'unserved') {
    const why = source.looked ? 'the server does not serve' : 'nothing is known of';
    const empty = [cutLine(line(`   ${why} ${resourceText(ref)}`), width)];
    return { title, head: [], rows: rowsOf([]), empty };
  }
  const notes = freshnessNotes(source.table.title, source.scopes, source.objects.size, now, glyphs);
  const sections = sectionsOf(source, ref, input, pen);
  const { rows, found } = marked(rowsOfSections(sections, pen), place.filter);
  const head = [...(source.objects.size > 0 ? notes : []), ...goneNote(source, ref, pen)];
  const blocked = blockedLines(source.table.title, source.scopes, glyphs, width) ?? [];
  return {
    title: found === null ? title : `${title} </${plainText(place.filter)}> ${count(found)} found`,
    head: head.map((l) => cutLine(l, width)),
    rows: rowsOf(rows),
    empty: blocked.map((l) => cutLine(l, width)),
  };
};

/** All that is known of one object. Arguments: `resource`, `namespace`, `name`. */
export const describe: View = {
  id: 'describe',
  title: 'one object',
  aliases: [],
  keys: objectKeys,
  content,
};
