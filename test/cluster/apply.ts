import { type ApiClient, ApiError, type ApiObject } from './api-client.ts';
import { waitFor } from './wait.ts';

/** Any Kubernetes object; only what addresses it is required. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface Applier {
  /** Server-side apply, in the order given. Waits for a CRD or a service account that is on its way. */
  readonly apply: (objects: readonly Manifest[], signal?: AbortSignal) => Promise<void>;
  /** Deletes without waiting for finalizers or grace; what is already gone is fine. */
  readonly remove: (objects: readonly Manifest[], signal?: AbortSignal) => Promise<void>;
  /** The object as the server has it now. */
  readonly read: (object: Manifest) => Promise<ApiObject>;
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

// "serviceaccount not found": a new namespace gets its default account a moment later.
const willPass = (error: unknown): boolean =>
  error instanceof ApiError &&
  ((error.code === 403 && /serviceaccount .* not found/i.test(error.message)) ||
    error.code === 404 ||
    error.code === 429 ||
    (error.code === 500 && /timed out|etcd/i.test(error.message)));

export const createApplier = (api: ApiClient): Applier => {
  const known = new Map<string, readonly Resource[]>();

  const resourceOf = async ({ apiVersion, kind }: Manifest): Promise<Resource> => {
    const search = (resources: readonly Resource[] | undefined) =>
      resources?.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    const cached = search(known.get(apiVersion));
    if (cached) return cached;
    return waitFor(
      { until: `the server knows ${apiVersion} ${kind}`, timeoutMs: 15_000 },
      async () => {
        const { resources } = await api.request(groupPath(apiVersion));
        known.set(apiVersion, resources);
        return search(resources);
      },
    );
  };

  const pathOf = async (object: Manifest): Promise<string> => {
    const { name, namespaced } = await resourceOf(object);
    const namespace = namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
    return `${groupPath(object.apiVersion)}${namespace}/${name}/${object.metadata.name}`;
  };

  const applyOne = async (object: Manifest, signal?: AbortSignal): Promise<void> => {
    const path = `${await pathOf(object)}?fieldManager=midwatch-cluster&force=true`;
    let lasting: unknown;
    await waitFor(
      {
        until: `${object.kind} ${object.metadata.name} is accepted`,
        timeoutMs: 15_000,
        hopeless: () => (lasting ? String(lasting) : undefined),
      },
      async () => {
        try {
          await api.request(path, {
            method: 'PATCH',
            body: object,
            contentType: 'application/apply-patch+yaml',
            ...(signal ? { signal } : {}),
          });
          return true;
        } catch (error) {
          if (!willPass(error)) lasting = error;
          throw error;
        }
      },
      signal,
    );
  };

  return {
    apply: async (objects, signal) => {
      for (const object of objects) await applyOne(object, signal);
    },
    remove: async (objects, signal) => {
      for (const object of objects) {
        const path = `${await pathOf(object)}?gracePeriodSeconds=0&propagationPolicy=Background`;
        await api
          .request(path, { method: 'DELETE', ...(signal ? { signal } : {}) })
          .catch((error: unknown) => {
            if (!(error instanceof ApiError && error.code === 404)) throw error;
          });
      }
    },
    read: async (object) => api.request(await pathOf(object)),
  };
};
