import { type Failure, failure } from '../../kernel/failure.ts';
import type { ApiClient } from './api-client.ts';
import { pageSize } from './reflector-pages.ts';

export const metadataOnly =
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

export type NamespacesSeen =
  | { readonly kind: 'listed'; readonly names: readonly string[] }
  /** The user may not list namespaces. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface NamePage {
  readonly names: readonly string[];
  readonly next: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const pageOf = (text: string): NamePage | null => {
  try {
    const list: unknown = JSON.parse(text);
    if (!isObject(list) || !Array.isArray(list.items)) return null;
    const meta = list.metadata;
    const names = list.items.flatMap((item: unknown) => {
      const name = isObject(item) && isObject(item.metadata) ? item.metadata.name : null;
      return typeof name === 'string' ? [name] : [];
    });
    const next = isObject(meta) && typeof meta.continue === 'string' ? meta.continue : '';
    return { names, next };
  } catch {
    return null;
  }
};

/** Names of all namespaces, if the user may see them. */
export const listNamespaces = async (
  client: Pick<ApiClient, 'request'>,
  signal: AbortSignal,
): Promise<NamespacesSeen> => {
  const op = 'list namespaces';
  const names: string[] = [];
  let next = '';
  do {
    const path = `/api/v1/namespaces?limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
    const result = await client.request({ method: 'GET', path, accept: metadataOnly }, signal);
    if (!result.ok) return { kind: 'failed', failure: result.failure };
    const { status } = result.value;
    const text = await result.value.text();
    if (status === 401 || status === 403) return { kind: 'forbidden' };
    const page = status === 200 ? pageOf(text) : null;
    if (page === null) {
      return {
        kind: 'failed',
        failure: failure('undecodable', op, `unexpected answer, status ${status}`, { status }),
      };
    }
    names.push(...page.names);
    next = page.next;
  } while (next !== '' && !signal.aborted);
  return { kind: 'listed', names };
};

/** True when a list of the collection is allowed now. */
export const mayList = async (
  client: Pick<ApiClient, 'request'>,
  path: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const request = { method: 'GET', path: `${path}?limit=1`, accept: metadataOnly } as const;
  const result = await client.request(request, signal);
  if (!result.ok) return false;
  await result.value.text();
  return result.value.status === 200;
};
