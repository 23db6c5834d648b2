import type { Manifest } from '../apply.ts';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';
import { FAILURE_LABEL } from '../kwok.ts';
import { simulatedPlacement } from '../simulated-load.ts';
import { namespaceOf } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

// Bare pods: a deployment would replace each evicted one by the next, without end.
const pods: readonly Manifest[] = [0, 1, 2].map((index) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `batch-import-${index}`,
    namespace: CHAOS_NAMESPACE,
    labels: { app: 'batch-import', [FAILURE_LABEL]: 'evicted' },
  },
  spec: { ...simulatedPlacement, containers: [{ name: 'import', image: BUSYBOX_IMAGE }] },
}));

/** Always simulated: a kubelet evicts for want of memory or disk, and the machine's are not ours to use up. */
export const evicted: ChaosCase = {
  name: 'evicted',
  summary: 'three pods evicted because their (simulated) node ran out of memory',
  needs: 'any',
  apply: (cluster) => cluster.apply([namespaceOf(CHAOS_NAMESPACE), ...pods]),
  undo: (cluster) => cluster.remove(pods),
};
