import type { Manifest } from '../../apply.ts';
import { namespaceOf } from '../../workloads.ts';
import type { Lab } from './lab.ts';

/** Applies objects, after the namespace that they are in. */
export const inNamespace =
  (namespace: string, ...objects: readonly Manifest[]) =>
  ({ cluster }: Lab): Promise<void> =>
    cluster.apply([namespaceOf(namespace), ...objects]);
