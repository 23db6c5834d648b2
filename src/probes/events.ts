import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { int, metadata, msg, type Read, str, time } from '../kernel/shape.ts';
import { epochMs } from '../kernel/units.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { brief, meta, metaSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  involvedObject: msg(2, {
    kind: str(1),
    namespace: str(2),
    name: str(3),
    uid: str(4),
    fieldPath: str(7),
  }),
  reason: str(3),
  message: str(4),
  source: msg(5, { component: str(1), host: str(2) }),
  firstTimestamp: time(6),
  lastTimestamp: time(7),
  count: int(8),
  type: str(9),
  eventTime: time(10),
  series: msg(11, { count: int(1), lastObservedTime: time(2) }),
  reportingComponent: str(14),
  reportingInstance: str(15),
} as const;

export const eventSchema = metaSchema.extend({
  type: z.string(),
  about: z.object({
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    /** e.g. `spec.containers{main}` */
    fieldPath: z.string(),
  }),
  reason: z.string(),
  message: z.string(),
  /** How often, by whichever of its two counters the reporter uses; at least 1. */
  count: countSchema,
  firstSeen: epochSchema,
  lastSeen: epochSchema,
  /** Who reports it: `kubelet`, `default-scheduler`. */
  source: z.string(),
  /** The node or replica of the reporter; '' when it does not say. */
  host: z.string(),
});
export type Event = Parsed<typeof eventSchema>;

const slim = (e: Read<typeof fields>): Event => {
  const base = meta(e.metadata);
  const about = e.involvedObject ?? {};
  const first = e.firstTimestamp ?? e.eventTime ?? base.created;
  return {
    ...base,
    type: e.type ?? '',
    about: {
      kind: about.kind ?? '',
      namespace: about.namespace ?? '',
      name: about.name ?? '',
      uid: about.uid ?? '',
      fieldPath: about.fieldPath ?? '',
    },
    reason: e.reason ?? '',
    message: brief(e.message),
    count: Math.max(1, e.count ?? 0, e.series?.count ?? 0),
    firstSeen: epochMs(first),
    lastSeen: epochMs(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? first),
    source: e.source?.component ?? e.reportingComponent ?? '',
    host: e.source?.host ?? e.reportingInstance ?? '',
  };
};

const decade = (count: number): number => Math.floor(Math.log10(Math.max(1, count)));

/** New ones, and at the 10th, 100th, … time. The server forgets events after an hour: that is no news. */
const change = (before: Event | undefined, after: Event | undefined): Part | null => {
  if (after === undefined || after.type === 'Normal') return null;
  const again = before !== undefined && before.uid === after.uid;
  if (again && decade(after.count) <= decade(before.count)) return null;
  const often = after.count > 1 ? ` ×${after.count}` : '';
  const about = after.about.name === '' ? '' : `${after.about.kind} ${after.about.name} `;
  return part('warn', withDetail(`${about}${after.reason}${often}`, after.message));
};

export const eventKind: ObjectKind<Event, typeof fields> = {
  ref: { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true },
  // Normal events are nine in ten and say what the objects themselves say.
  fieldSelector: 'type!=Normal',
  fields,
  slim,
  schema: eventSchema,
  change,
};

export const events = objectProbe<Event>(eventKind);
