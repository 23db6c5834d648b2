import { z } from 'zod';
import type { ApiResource } from '../../kernel/ports.ts';
import type { ApiClient } from './api-client.ts';
import type { Discovered, Unread } from './discovery.ts';
import { jsonOf } from './json-answer.ts';

/** Requests at a time: an old server may have a hundred group versions, and a low limit for clients. */
const atATime = 6;

const coreSchema = z.object({ versions: z.array(z.string()) });
const groupsSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      preferredVersion: z.object({ version: z.string() }).nullish(),
      versions: z.array(z.object({ version: z.string() })),
    }),
  ),
});
const names = z.array(z.string()).nullish();
const resourcesSchema = z.object({
  resources: z
    .array(
      z.object({
        name: z.string(),
        singularName: z.string().nullish(),
        namespaced: z.boolean(),
        kind: z.string(),
        verbs: names,
        shortNames: names,
      }),
    )
    .nullish(),
});

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Every group version that a plain `/api` or `/apis` document names, the preferred of a group first. */
export const groupVersionsOf = (document: unknown): readonly GroupVersion[] => {
  const core = coreSchema.safeParse(document);
  if (core.success) return core.data.versions.map((version) => ({ group: '', version }));
  const groups = groupsSchema.safeParse(document);
  if (!groups.success) return [];
  return groups.data.groups.flatMap(({ name, preferredVersion, versions }) => {
    const preferred = preferredVersion?.version ?? versions[0]?.version;
    const all = versions.map(({ version }) => version);
    const sorted = [...all.filter((v) => v === preferred), ...all.filter((v) => v !== preferred)];
    return sorted.map((version) => ({ group: name, version }));
  });
};

const readOne = async (
  client: Pick<ApiClient, 'request'>,
  { group, version }: GroupVersion,
  signal: AbortSignal,
): Promise<readonly ApiResource[] | Unread> => {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const answer = await jsonOf(client, { method: 'GET', path, accept: 'application/json' }, signal);
  if (!answer.ok) return { group, version, why: answer.failure.message };
  const parsed = resourcesSchema.safeParse(answer.value);
  if (!parsed.success) return { group, version, why: 'its list of resources cannot be read' };
  return (parsed.data.resources ?? []).map((r) => ({
    group,
    version,
    resource: r.name,
    kind: r.kind,
    namespaced: r.namespaced,
    singular: r.singularName ?? '',
    shortNames: r.shortNames ?? [],
    verbs: r.verbs ?? [],
  }));
};

/** Reads one list per group version. What fails is named, and the rest is kept. */
export const legacyDiscovery = async (
  client: Pick<ApiClient, 'request'>,
  document: unknown,
  signal: AbortSignal,
): Promise<Discovered> => {
  const wanted = groupVersionsOf(document);
  const read: (readonly ApiResource[] | Unread)[] = [];
  const queue = wanted.entries();
  const worker = async (): Promise<void> => {
    for (const [i, groupVersion] of queue) read[i] = await readOne(client, groupVersion, signal);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return {
    resources: read.flatMap((part) => ('why' in part ? [] : part)),
    unread: read.flatMap((part) => ('why' in part ? [part] : [])),
  };
};
