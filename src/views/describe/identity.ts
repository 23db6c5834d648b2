import type { Slim } from '../../kernel/kind.ts';
import { line, span } from '../parts/line.ts';
import { toneStyle } from '../parts/tone.ts';
import { ageOf, clockUtc, dateUtc } from '../parts/words.ts';
import { nodeOf, ownersOf } from '../related.ts';
import type { ResourceTable } from '../resources/resource-table.ts';
import type { ObjectRef } from '../view.ts';
import { type Detail, field, fieldIf, item, type Pen, type Section, toObject } from './detail.ts';

/** Columns that are told elsewhere in a description. */
const elsewhere = new Set(['namespace', 'name', 'age', 'labels', 'status', 'ready', 'why', 'node']);

const cell = (table: ResourceTable<Slim>, id: string, object: Slim, pen: Pen): string => {
  const column = table.columns.find((c) => c.id === id);
  return column === undefined ? '' : column.value(object, pen);
};

/** How it is doing, in a sentence: `CrashLoopBackOff, 0/1 ready: exit 1: cannot connect`. */
const statusDetail = (table: ResourceTable<Slim>, object: Slim, pen: Pen): Detail => {
  const tone = table.tone(object);
  const ready = cell(table, 'ready', object, pen);
  const readyTitle = table.columns.find((c) => c.id === 'ready')?.title.toLowerCase();
  const state = [cell(table, 'status', object, pen), ready === '' ? '' : `${ready} ${readyTitle}`]
    .filter((part) => part !== '')
    .join(', ');
  const fallback = tone === 'good' ? 'well' : tone === 'info' ? 'known' : 'not well';
  const text = line(
    span(state === '' ? fallback : state, tone === 'good' ? 'plain' : toneStyle(tone)),
  );
  return item(pen, tone, text, [cell(table, 'why', object, pen)]);
};

const words = (ref: ObjectRef): string => `${ref.resource}/${ref.name}`;

/** Who it is, how it is doing, and whose it is. */
export const identitySection = (
  table: ResourceTable<Slim>,
  object: Slim,
  ref: ObjectRef,
  pen: Pen,
): Section => {
  const node = ref.resource === 'nodes' ? null : nodeOf(pen.world, ref);
  const labels = Object.entries(table.labels(object)).map(([key, value]) => `${key}=${value}`);
  return {
    title: `${table.singular} ${ref.name}`,
    details: [
      statusDetail(table, object, pen),
      ...fieldIf(pen, 'namespace', object.namespace),
      ...(object.created === 0
        ? []
        : [
            field(
              pen,
              'created',
              `${ageOf(object.created, pen.now)} ago, ${dateUtc(object.created as typeof pen.now)} ${clockUtc(object.created as typeof pen.now, true)} UTC`,
            ),
          ]),
      ...ownersOf(pen.world, ref).map((owner, i) =>
        field(pen, i === 0 ? 'owner' : `${'  '.repeat(i)}of`, words(owner), toObject(owner)),
      ),
      ...(node === null ? [] : [field(pen, 'node', node.name, toObject(node))]),
      ...labels.map((label, i) => field(pen, i === 0 ? 'labels' : '', label)),
      ...fieldIf(pen, 'uid', object.uid),
    ],
  };
};

/** Everything else that the kind's table tells, for kinds without sections of their own. */
export const columnsSection = (
  table: ResourceTable<Slim>,
  object: Slim,
  pen: Pen,
): readonly Section[] => {
  const details = table.columns
    .filter((c) => !elsewhere.has(c.id) && c.when?.(pen.world) !== false)
    .flatMap((c) => fieldIf(pen, c.title.toLowerCase(), c.value(object, pen)));
  return details.length === 0 ? [] : [{ title: 'details', details }];
};
