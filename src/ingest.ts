import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemRandom } from './adapters/clock.ts';
import { serveIngest } from './adapters/kubernetes/ingest-worker.ts';
import type { IngestData } from './adapters/kubernetes/worker-port.ts';
import { kindByResource } from './probes/index.ts';

// The thread that watches the cluster. It ends with the thread that started it.
const { flags, version, first } = workerData as IngestData;
if (parentPort === null) throw new Error('ingest runs in a worker only');
await serveIngest(
  parentPort,
  {
    flags,
    version,
    first,
    env: process.env,
    clock: systemClock,
    random: systemRandom,
    kinds: kindByResource,
  },
  new AbortController().signal,
);
