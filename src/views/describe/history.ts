import { keyOf } from '../../kernel/kind.ts';
import { sliceOf } from '../../kernel/world.ts';
import { events } from '../../probes/events.ts';
import { kindByResource } from '../../probes/index.ts';
import { documentOf } from '../documents.ts';
import { line, span } from '../parts/line.ts';
import { ageOf, clockUtc, count } from '../parts/words.ts';
import type { Session } from '../session.ts';
import type { ObjectRef } from '../view.ts';
import { item, type Pen, type Section, section } from './detail.ts';
import { type Happening, readEvents } from './event-list.ts';

/** Newest first; older ones are in the table of events and in the timeline. */
const eventsShown = 25;
const changesShown = 20;

/** Warnings about the object from the watch; the server's own list of it knows the normal ones too. */
const happenings = (ref: ObjectRef, session: Session, pen: Pen): readonly Happening[] => {
  const kind = kindByResource.get(ref.resource)?.ref.kind;
  const found = new Map<string, Happening>();
  const document = documentOf(session, 'events', ref);
  const listed = document?.kind === 'ready' ? readEvents(document.text) : null;
  for (const e of listed ?? []) found.set(e.uid, e);
  // The watch is newer than the list, which was read once.
  for (const e of sliceOf(pen.world, events).state.values()) {
    const { about } = e;
    if (about.name !== ref.name || about.namespace !== ref.namespace) continue;
    if (kind === undefined || about.kind === kind) found.set(e.uid, e);
  }
  return [...found.values()].sort((a, b) => b.lastSeen - a.lastSeen);
};

export const eventsSection = (ref: ObjectRef, session: Session, pen: Pen): readonly Section[] => {
  const all = happenings(ref, session, pen);
  const document = documentOf(session, 'events', ref);
  const right =
    document?.kind === 'ready'
      ? ''
      : document?.kind === 'loading'
        ? 'reading all'
        : 'warnings only';
  const details = all
    .slice(0, eventsShown)
    .map((e) =>
      item(
        pen,
        e.type === 'Normal' ? 'info' : 'warn',
        line(
          span(e.reason, 'title'),
          e.count > 1 ? `  x${count(e.count)}` : '',
          span(`  ${ageOf(e.lastSeen, pen.now)} ago  ${e.source}`, 'dim'),
        ),
        [e.message],
      ),
    );
  const left = all.length - details.length;
  const rest = left === 0 ? [] : [{ lines: [line('     ', span(`and ${left} older`, 'dim'))] }];
  return section('events', [...details, ...rest], right);
};

export const changesSection = (ref: ObjectRef, pen: Pen): readonly Section[] => {
  const key = keyOf(ref);
  const details = [];
  for (let i = pen.world.changes.length - 1; i >= 0 && details.length < changesShown; i -= 1) {
    const change = pen.world.changes[i];
    if (change === undefined || change.key !== key || change.probe !== ref.resource) continue;
    details.push(
      item(pen, change.tone, line(span(`${clockUtc(change.at, true)}  `, 'dim'), change.text)),
    );
  }
  return section('what changed', details, 'UTC');
};
