import { parentPort } from 'node:worker_threads';
import { systemClock, systemRandom } from './adapters/clock.ts';
import { serveIngest } from './adapters/kubernetes/ingest-worker.ts';
import type { IngestData } from './adapters/kubernetes/worker-port.ts';
import { kindByResource } from './probes/index.ts';

// The thread that watches the cluster. It ends with the thread that started it.
const parent = parentPort;
if (parent === null) throw new Error('ingest runs in a worker only');
// The first message says what to watch; whatever follows is for the one who serves.
parent.once('message', ({ flags, version, first, sources }: IngestData) => {
  void serveIngest(
    parent,
    {
      flags,
      version,
      first,
      sources,
      env: process.env,
      clock: systemClock,
      random: systemRandom,
      kinds: kindByResource,
    },
    new AbortController().signal,
  );
});
