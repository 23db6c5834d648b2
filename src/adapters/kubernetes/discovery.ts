import { z } from 'zod';
import { failed, ok, type Result } from '../../kernel/failure.ts';
import type { ApiResource } from '../../kernel/ports.ts';
import { cleanText } from '../../kernel/redact.ts';
import type { ApiClient } from './api-client.ts';
import { legacyDiscovery } from './discovery-legacy.ts';
import { jsonOf } from './json-answer.ts';

/** A group version that is announced and cannot be read: most often an aggregated API whose server is down. */
export interface Unread {
  readonly group: string;
  readonly version: string;
  readonly why: string;
}

/** What a server serves, as far as it could be read. */
export interface Discovered {
  /** Groups in the server's order, the preferred version of each first; sub-resources as `pods/log`. */
  readonly resources: readonly ApiResource[];
  readonly unread: readonly Unread[];
}

// A server that cannot aggregate answers the same request with the plain document.
const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

const names = z.array(z.string()).nullish();
const served = {
  responseKind: z.object({ kind: z.string() }).nullish(),
  verbs: names,
};

const aggregatedSchema = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string().nullish() }).nullish(),
        versions: z
          .array(
            z.object({
              version: z.string(),
              freshness: z.string().nullish(),
              resources: z
                .array(
                  z.object({
                    ...served,
                    resource: z.string(),
                    scope: z.string().nullish(),
                    singularResource: z.string().nullish(),
                    shortNames: names,
                    subresources: z
                      .array(z.object({ ...served, subresource: z.string() }))
                      .nullish(),
                  }),
                )
                .nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

type Version = NonNullable<
  NonNullable<z.infer<typeof aggregatedSchema>['items']>[number]['versions']
>[number];

const resourcesOf = (group: string, { version, resources }: Version): readonly ApiResource[] =>
  (resources ?? []).flatMap((r) => {
    const common = { group, version, namespaced: r.scope === 'Namespaced' };
    const own: ApiResource = {
      ...common,
      resource: r.resource,
      kind: r.responseKind?.kind ?? '',
      singular: r.singularResource ?? '',
      shortNames: r.shortNames ?? [],
      verbs: r.verbs ?? [],
    };
    const below = (r.subresources ?? []).map((sub) => ({
      ...common,
      resource: `${r.resource}/${sub.subresource}`,
      kind: sub.responseKind?.kind ?? '',
      singular: '',
      shortNames: [],
      verbs: sub.verbs ?? [],
    }));
    return [own, ...below];
  });

/** An aggregated document as resources; null when it is something else. */
export const readAggregated = (document: unknown): Discovered | null => {
  const parsed = aggregatedSchema.safeParse(document);
  if (!parsed.success) return null;
  const resources: ApiResource[] = [];
  const unread: Unread[] = [];
  for (const { metadata, versions } of parsed.data.items ?? []) {
    const group = metadata?.name ?? '';
    for (const version of versions ?? []) {
      resources.push(...resourcesOf(group, version));
      if (version.freshness === 'Stale') {
        const why = 'its server does not answer; what is listed may be old or missing';
        unread.push({ group, version: version.version, why });
      }
    }
  }
  return { resources, unread };
};

const join = (parts: readonly Discovered[]): Discovered => ({
  resources: parts.flatMap((part) => part.resources),
  unread: parts.flatMap((part) => part.unread),
});

/**
 * Everything the server serves, with what could not be read. Two requests where the server aggregates, otherwise one
 * per group version. It only fails when nothing at all can be read.
 */
export const discoverAll = async (
  client: Pick<ApiClient, 'request'>,
  signal: AbortSignal,
): Promise<Result<Discovered>> => {
  const read = (path: string) => jsonOf(client, { method: 'GET', path, accept }, signal);
  const [core, groups] = await Promise.all([read('/api'), read('/apis')]);
  if (!core.ok && !groups.ok) return failed({ ...core.failure, op: 'discover' });
  const parts = await Promise.all(
    [core, groups].map(async (part, i): Promise<Discovered> => {
      if (!part.ok) {
        const group = i === 0 ? 'core' : 'all groups but the core';
        return { resources: [], unread: [{ group, version: '', why: part.failure.message }] };
      }
      return readAggregated(part.value) ?? (await legacyDiscovery(client, part.value, signal));
    }),
  );
  return ok(join(parts));
};

/** `discoverAll` for those who only want what there is. */
export const discover = async (
  client: Pick<ApiClient, 'request'>,
  signal: AbortSignal,
): Promise<Result<readonly ApiResource[]>> => {
  const all = await discoverAll(client, signal);
  return all.ok ? ok(all.value.resources) : all;
};

/** One line about what is missing, or null when nothing is. */
export const unreadText = (unread: readonly Unread[]): string | null =>
  unread.length === 0
    ? null
    : cleanText(
        unread
          .map(
            ({ group, version, why }) => `${group}${version === '' ? '' : `/${version}`}: ${why}`,
          )
          .join('; '),
      );
