import type { Slim } from '../kernel/kind.ts';
import { isSmall, stepTo } from '../kernel/lineage.ts';
import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import type { Pod } from '../probes/pods.ts';
import { refText, resourceText } from './documents.ts';
import { type Matcher, matcherOf } from './filter.ts';
import { tableKeys } from './keymap.ts';
import { blockedLines, freshnessNotes } from './parts/freshness-notes.ts';
import { parseSelector, selects } from './parts/label-selector.ts';
import { cutLine, type Line, line, span } from './parts/line.ts';
import { type Column, layout, type RowContext } from './parts/table.ts';
import { headLine, rowLine } from './parts/table-lines.ts';
import { type Choice, type Chosen, choose, type RowMaker, rowMaker } from './parts/table-rows.ts';
import { type Source, sourceOf } from './parts/table-source.ts';
import { chooseAgain } from './parts/table-step.ts';
import { sign } from './parts/tone.ts';
import { count, many } from './parts/words.ts';
import { wrap } from './parts/wrap.ts';
import { podsOfObject } from './related.ts';
import type { ResourceTable } from './resources/resource-table.ts';
import type { Place, Session } from './session.ts';
import {
  type Content,
  type ObjectRef,
  type Rows,
  rowsOf,
  type View,
  type ViewInput,
} from './view.ts';

type Known = Extract<Source, { kind: 'known' }>;

/** Namespace that a table is about: its own, else the session's; '' for all and for what has none. */
export const namespaceOf = (place: Place, session: Session): string =>
  place.args.namespace ?? session.namespace;

/** `deployments/payments/gateway` back to a reference. */
const refOf = (text: string): ObjectRef => {
  const [resource = '', namespace = '', ...name] = text.split('/');
  return { resource, namespace, name: name.join('/') };
};

interface Narrowed {
  readonly belongs: (object: Slim) => boolean;
  /** What it was computed from: while this is the same, so is the answer. */
  readonly from: readonly unknown[];
  readonly note: string;
}

/** What belongs into this table by where it was opened from: a namespace, labels, the pods of something. */
const narrow = (world: World, place: Place, source: Known, namespace: string): Narrowed => {
  const { labels, of } = place.args;
  const selector = labels === undefined ? null : parseSelector(labels);
  const requirements = selector?.kind === 'selector' ? selector.requirements : [];
  const owner =
    of === undefined || source.table.resource !== 'pods' ? null : podsOfObject(world, refOf(of));
  const wholeCluster = namespace === '' || !source.table.namespaced;
  return {
    belongs: (object) =>
      (wholeCluster || object.namespace === namespace) &&
      (owner === null || owner.belongs(object as Pod)) &&
      (requirements.length === 0 || selects(requirements, source.table.labels(object))),
    from: [wholeCluster ? '' : namespace, labels, of, ...(owner?.from ?? [])],
    note: selector?.kind === 'invalid' ? `label selector: ${selector.why}` : '',
  };
};

const makers = new WeakMap<ResourceTable<Slim>, RowMaker<Slim>>();

const makerOf = (table: ResourceTable<Slim>): RowMaker<Slim> => {
  const known = makers.get(table);
  if (known !== undefined) return known;
  const made = rowMaker(table);
  makers.set(table, made);
  return made;
};

interface Remembered {
  readonly from: readonly unknown[];
  readonly chosen: Chosen<Slim>;
}

/** Several looks at the same objects: the table on screen and the few places one goes back to. */
const looksKept = 4;
const looks = new WeakMap<ReadonlyMap<string, Slim>, Remembered[]>();

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** From what was chosen of the objects before these, in the same way; null where there is no such thing. */
const goOn = (
  { table, objects }: Known,
  look: readonly unknown[],
  all: Choice<Slim>,
  context: RowContext,
): Chosen<Slim> | null => {
  const born = stepTo(objects);
  if (born === null || !isSmall(born.step, objects.size)) return null;
  const before = looks.get(born.from)?.find((one) => same(one.from, look));
  const moved = { ...born, to: objects };
  return before === undefined
    ? null
    : chooseAgain(table, makerOf(table), before.chosen, moved, all, context);
};

/** The chosen rows; computed once per state of the slice and way of looking at it. */
const chosenOf = (
  source: Known,
  narrowed: Narrowed,
  choice: Omit<Choice<Slim>, 'belongs'>,
  context: RowContext,
): Chosen<Slim> => {
  const { column, descending } = choice.sort;
  const order = column.volatile === true ? column.from?.(context.world) : undefined;
  const from = [
    ...narrowed.from,
    source.table,
    choice.matcher,
    choice.faults,
    choice.wide,
    column,
    descending,
    order,
  ];
  const kept = looks.get(source.objects) ?? [];
  const found = kept.find((look) => same(look.from, from));
  if (found !== undefined) return found.chosen;
  const all = { ...choice, belongs: narrowed.belongs };
  const chosen =
    goOn(source, from, all, context) ??
    choose(source.table, makerOf(source.table), source.objects, all, context);
  looks.set(source.objects, [{ from, chosen }, ...kept].slice(0, looksKept));
  return chosen;
};

const sortOf = (table: ResourceTable<Slim>, place: Place): Choice<Slim>['sort'] => {
  const wanted = table.columns.find((c) => c.id === place.sort?.column);
  if (wanted !== undefined) {
    return { column: wanted, descending: place.sort?.descending === true };
  }
  const first = table.columns.find((c) => c.id === table.sortedBy) ?? table.columns[0];
  return { column: first as Column<Slim>, descending: false };
};

const targetOf = (table: ResourceTable<Slim>, object: Slim) => {
  const { namespace, name } = object;
  const self: ObjectRef = { resource: table.resource, namespace, name };
  return {
    open: table.open?.(object) ?? { view: 'describe', args: { ...self } },
    object: table.about?.(object) ?? self,
  };
};

const titleOf = (source: Known, place: Place, namespace: string, chosen: Chosen<Slim>): string => {
  const { table } = source;
  const where = table.namespaced ? `(${namespace === '' ? 'all' : namespace})` : '';
  const shown = chosen.rows.length;
  const numbers =
    shown === chosen.total ? count(shown) : `${count(shown)} of ${count(chosen.total)}`;
  const of = place.args.of === undefined ? null : refOf(place.args.of);
  return [
    `${table.title}${where}[${numbers}]`,
    of === null ? '' : `of ${resourceText(of)}/${refText({ ...of, namespace: '' })}`,
    place.args.labels === undefined ? '' : `<-l ${plainText(place.args.labels)}>`,
    place.filter === ''
      ? ''
      : `<${place.filter.startsWith('-') ? '' : '/'}${plainText(place.filter)}>`,
    place.faults ? '<faults>' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
};

/** Why there are no rows, and what would bring some. */
const emptyOf = (
  input: ViewInput,
  source: Known,
  chosen: Chosen<Slim>,
  namespace: string,
): readonly Line[] => {
  const { place, glyphs, width } = input;
  const { table } = source;
  if (chosen.total > 0) {
    if (place.filter !== '') {
      const among = place.faults ? 'failing ' : '';
      return [
        line(
          `   no ${among}${table.singular} matches ${plainText(place.filter)}; esc clears the filter`,
        ),
      ];
    }
    const all = many(chosen.total, table.singular, table.title);
    return [line(' ', sign('good', glyphs), ` none of ${all} is failing; z shows all`)];
  }
  const blocked = blockedLines(table.title, source.scopes, glyphs, width);
  if (blocked !== null) return blocked;
  if (place.args.of !== undefined) {
    const of = refOf(place.args.of);
    return [
      line(
        `   no ${table.title} belong to ${resourceText(of)}/${refText({ ...of, namespace: '' })}`,
      ),
    ];
  }
  if (place.args.labels !== undefined) {
    return [line(`   no ${table.singular} has the labels ${plainText(place.args.labels)}`)];
  }
  return table.namespaced && namespace !== ''
    ? [line(`   no ${table.title} in ${namespace}; 0 shows all namespaces`)]
    : [line(`   no ${table.title} in this cluster`)];
};

const lazyRows = (source: Known, chosen: Chosen<Slim>, paint: (i: number) => Line): Rows => ({
  length: chosen.rows.length,
  key: (i) => chosen.rows[i]?.key ?? '',
  selectable: (i) => i >= 0 && i < chosen.rows.length,
  target: (i) => {
    const row = chosen.rows[i];
    return row === undefined ? null : targetOf(source.table, row.object);
  },
  line: paint,
  indexOf: chosen.indexOf,
});

const unserved = (resource: string, looked: boolean, input: ViewInput): Content => ({
  title: resourceText({ resource }),
  head: [],
  rows: rowsOf([]),
  empty: wrap(
    looked
      ? `the server serves no ${resourceText({ resource })}; : and ctrl-a list what it does serve`
      : `waiting to hear whether the server serves ${resourceText({ resource })}`,
    input.width - 3,
  ).map((text) => line(`   ${text}`)),
});

const noteLines = (matcher: Matcher, narrowed: Narrowed): readonly Line[] =>
  [matcher.note, narrowed.note]
    .filter((note) => note !== '')
    .map((note) => line('   ', span(note, 'warn')));

const content = (input: ViewInput): Content => {
  const { world, session, place, now, width, glyphs } = input;
  const resource = place.args.resource ?? 'pods';
  const namespace = namespaceOf(place, session);
  const source = sourceOf(world, resource, namespace, now);
  if (source.kind === 'unserved') return unserved(resource, source.looked, input);
  const { table } = source;
  const context: RowContext = { world, now, glyphs };
  const narrowed = narrow(world, place, source, namespace);
  const matcher = matcherOf(place.filter);
  const { faults, wide } = place;
  const sort = sortOf(table, place);
  const chosen = chosenOf(source, narrowed, { matcher, faults, wide, sort }, context);
  const columns = table.columns.filter(
    (c) =>
      (c.id !== 'namespace' || (table.namespaced && namespace === '')) && c.when?.(world) !== false,
  );
  const options = { width, wide, sorted: sort.column.id };
  const shape = layout(columns, chosen.natural, options);
  const notes = freshnessNotes(table.title, source.scopes, chosen.total, now, glyphs);
  const paint = (i: number): Line => {
    const row = chosen.rows[i];
    return row === undefined ? [] : cutLine(rowLine(table, row, shape, matcher, context), width);
  };
  const empty = chosen.rows.length > 0 ? [] : emptyOf(input, source, chosen, namespace);
  const head =
    chosen.rows.length > 0
      ? [...notes, ...noteLines(matcher, narrowed), headLine(shape, sort, glyphs)]
      : [...noteLines(matcher, narrowed), ...(chosen.total > 0 ? notes : [])];
  return {
    title: titleOf(source, place, namespace, chosen),
    head: head.map((l) => cutLine(l, width)),
    rows: lazyRows(source, chosen, paint),
    empty: empty.map((l) => cutLine(l, width)),
  };
};

/** The table of any kind of object. Arguments: `resource`, and optionally `namespace`, `labels`, `of`. */
export const explorer: View = {
  id: 'explorer',
  title: 'objects of a kind',
  aliases: [],
  keys: tableKeys,
  content,
};
