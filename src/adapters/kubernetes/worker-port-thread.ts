import { Worker } from 'node:worker_threads';
import type { FromWorker, IngestData, IngestThread } from './worker-port.ts';

/**
 * A small young generation: objects are read, compared and dropped, so collecting often and little costs less
 * memory than it costs time. The old generation bounds what a cluster can make us hold, not what we need.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 };

/**
 * Starts the thread that watches the cluster.
 * Imports nothing of ours, so that it can be started before the rest of the program is loaded.
 */
export const startIngestThread = (url: URL, data: IngestData): IngestThread => {
  const worker = new Worker(url, { workerData: data, resourceLimits });
  let over = false;
  return {
    post: (message) => worker.postMessage(message),
    listen: (heard, ended) => {
      const end = (why: string) => {
        if (over) return;
        over = true;
        ended(why);
      };
      worker.on('message', (message: FromWorker) => {
        if (!over) heard(message);
      });
      worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => end(`it exited with ${code}`));
    },
    terminate: async () => {
      over = true;
      await worker.terminate();
    },
  };
};

/**
 * Where the worker's code is: the bundled file itself, or `ingest.ts` beside the module that runs from source.
 * @param main `import.meta.url` of the program's main module.
 */
export const ingestUrl = (main: string): URL =>
  /\.tsx?$/.test(new URL(main).pathname) ? new URL('./ingest.ts', main) : new URL(main);
