import { type Event, events } from '../../probes/events.ts';
import type { Column } from '../parts/table.ts';
import { ageOf, count } from '../parts/words.ts';
import { resourceOfKind } from '../related.ts';
import type { ObjectRef } from '../view.ts';
import { fromProbe, type KindTable, namespaceColumn } from './resource-table.ts';

/** `pod/payment-gateway-1` */
export const aboutText = (e: Event): string => `${e.about.kind.toLowerCase()}/${e.about.name}`;

/** The object that an event is about, where its kind is known here. */
export const aboutOf = (e: Event): ObjectRef | null => {
  const resource = resourceOfKind(e.about.kind);
  return resource === null ? null : { resource, namespace: e.about.namespace, name: e.about.name };
};

const columns: readonly Column<Event>[] = [
  {
    id: 'age',
    title: 'LAST',
    align: 'right',
    min: 4,
    max: 4,
    rank: 0,
    volatile: true,
    sort: (e) => -e.lastSeen,
    value: (e, { now }) => ageOf(e.lastSeen, now),
  },
  namespaceColumn,
  { id: 'status', title: 'REASON', min: 8, max: 28, rank: 0, value: (e) => e.reason },
  { id: 'name', title: 'OBJECT', min: 14, max: 60, rank: 0, value: aboutText },
  {
    id: 'restarts',
    title: 'COUNT',
    align: 'right',
    min: 5,
    max: 7,
    rank: 2,
    largestFirst: true,
    sort: (e) => -e.count,
    value: (e) => `x${count(e.count)}`,
  },
  { id: 'source', title: 'SOURCE', min: 6, max: 24, rank: 30, wide: true, value: (e) => e.source },
  { id: 'node', title: 'HOST', min: 6, max: 30, rank: 31, wide: true, value: (e) => e.host },
  { id: 'why', title: 'MESSAGE', min: 16, max: 160, rank: 0, flex: true, value: (e) => e.message },
];

export const eventTable: KindTable<Event> = {
  ...fromProbe(events, 'ev'),
  singular: 'event',
  columns,
  sortedBy: 'age',
  tone: (e) => (e.type === 'Normal' ? 'info' : 'warn'),
  open: (e) => {
    const about = aboutOf(e);
    return about === null
      ? { view: 'describe', args: { resource: 'events', namespace: e.namespace, name: e.name } }
      : { view: 'describe', args: { ...about } };
  },
  about: (e) => aboutOf(e) ?? { resource: 'events', namespace: e.namespace, name: e.name },
};
