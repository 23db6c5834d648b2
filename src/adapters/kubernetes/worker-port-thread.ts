import { Worker } from 'node:worker_threads';
import type { FromWorker, IngestData, IngestThread } from './worker-port.ts';

/**
 * A small young generation: objects are read, compared and dropped, so collecting often and little costs less
 * memory than it costs time. The old generation bounds what a cluster can make us hold, not what we need.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 };

/** A thread that loads its code, and watches once it is told what. */
interface Spawned {
  readonly worker: Worker;
  /** Why it ended before anybody listened. */
  ended: string | null;
}

const spawn = (url: URL): Spawned => {
  const spawned: Spawned = {
    worker: new Worker(url, { resourceLimits, workerData: 'ingest' }),
    ended: null,
  };
  spawned.worker.on('error', (error) => {
    spawned.ended ??= error instanceof Error ? error.message : String(error);
  });
  spawned.worker.on('exit', (code) => {
    spawned.ended ??= `it exited with ${code}`;
  });
  return spawned;
};

let spare: Spawned | null = null;

/**
 * Lets the thread that will be started next load its code already, while the rest of the program is loaded.
 * Imports nothing of ours, so that it can be called before anything else.
 */
export const prepareIngestThread = (url: URL): void => {
  spare ??= spawn(url);
};

/** Starts the thread that watches the cluster. */
export const startIngestThread = (url: URL, data: IngestData): IngestThread => {
  const spawned = spare ?? spawn(url);
  spare = null;
  const { worker } = spawned;
  worker.postMessage(data);
  let over = false;
  return {
    post: (message) => worker.postMessage(message),
    listen: (heard, ended) => {
      const end = () => {
        if (over) return;
        over = true;
        ended(spawned.ended ?? 'for no reason it told');
      };
      worker.on('message', (message: FromWorker) => {
        if (!over) heard(message);
      });
      worker.on('error', end);
      worker.on('exit', end);
      if (spawned.ended !== null) queueMicrotask(end);
    },
    terminate: async () => {
      over = true;
      await worker.terminate();
    },
  };
};

/**
 * Where the worker's code is: the bundled file itself, which is told its role, or `ingest.ts` beside the main module
 * that runs from source.
 * @param main `import.meta.url` of the program's main module.
 */
export const ingestUrl = (main: string): URL =>
  /\.tsx?$/.test(new URL(main).pathname) ? new URL('./ingest.ts', main) : new URL(main);
