import { z } from 'zod';
import { everywhere, probeId } from '../kernel/fact.ts';
import type { ApiResource } from '../kernel/ports.ts';
import type { Probe } from '../kernel/probe.ts';
import { minutes, seconds } from '../kernel/units.ts';

/** Definitions come and go by hand, not by the minute. */
const every = minutes(5);
/** While it cannot be read. */
const retry = seconds(30);
/** Far more than any cluster serves; a broken aggregated API must not fill the memory. */
export const resourcesKept = 2000;

export type Served = readonly ApiResource[];

const text = z.string().max(253);
const schema: z.ZodType<Served> = z
  .array(
    z.object({
      group: text,
      version: text,
      resource: text,
      kind: text,
      namespaced: z.boolean(),
      shortNames: z.array(text).max(32),
      singular: text,
      verbs: z.array(text).max(64),
    }),
  )
  .max(resourcesKept);

/** Key of a resource in commands and references: its plural, with the group where it has one. */
export const resourceKey = (r: Pick<ApiResource, 'group' | 'resource'>): string =>
  r.group === '' ? r.resource : `${r.resource}.${r.group}`;

/** What can be listed and watched, once per resource: the version that the server prefers. */
export const listed = (all: Served): Served => {
  const byKey = new Map<string, ApiResource>();
  for (const r of all) {
    // Sub-resources have a slash in their name, and are no objects of their own.
    if (r.resource.includes('/') || !r.verbs.includes('list') || !r.verbs.includes('watch'))
      continue;
    if (!byKey.has(resourceKey(r))) byKey.set(resourceKey(r), r);
    if (byKey.size >= resourcesKept) break;
  }
  return [...byKey.values()];
};

/** Everything that the server serves as objects, preferred versions only: for command mode. */
export const discovery: Probe<Served, Served> = {
  id: probeId('discovery'),
  title: 'served resources',
  patience: minutes(15),
  schema,
  empty: [],
  fold: (state, batch) => ({ state: batch.at(-1)?.data ?? state, changes: [] }),
  save: (state) => state,
  load: (saved) => saved as Served,
  observe: async ({ clock, kubernetes }, emit, signal) => {
    let told = '';
    while (!signal.aborted) {
      const found = await kubernetes.discover(signal);
      if (signal.aborted) return;
      if (found.ok) {
        const resources = listed(found.value);
        const text = JSON.stringify(resources);
        if (text !== told) emit([{ kind: 'observed', scope: everywhere, data: resources }]);
        told = text;
        emit([{ kind: 'synced', scope: everywhere }]);
      } else emit([{ kind: 'failed', scope: everywhere, failure: found.failure }]);
      await clock.sleep(found.ok ? every : retry, signal);
    }
  },
};
