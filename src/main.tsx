import { setFlagsFromString } from 'node:v8';
import { isMainThread, workerData } from 'node:worker_threads';
import { ingestUrl, prepareIngestThread } from './adapters/kubernetes/worker-port-thread.ts';

const oneShot = [
  'record',
  'recording',
  'check',
  'doctor',
  'logs',
  'debug',
  'audit',
  'policy',
  'approve',
  'completion',
  'help',
  '--list',
  '-h',
  '--help',
  '-V',
  '--version',
];

const run = async (argv: readonly string[]): Promise<number> => {
  // Of both threads. What is read is used once and dropped: collecting it often and little takes less memory, and no
  // more time, than letting it pile up. The second one holds the heap at 1.4 times of what is in use: under 200
  // changes a second 190 MB instead of 220 to 280, for half a per cent of a core.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=40');
  const paints =
    !argv.some((arg) => oneShot.includes(arg)) && process.stdin.isTTY && process.stdout.isTTY;
  // First of all: keys typed before raw mode would be echoed into the first frame.
  if (paints) process.stdin.setRawMode(true);
  // A replay must not even have a thread that could reach a cluster.
  if (paints && !argv.includes('replay')) prepareIngestThread(ingestUrl(import.meta.url));
  const [{ runProgram }, { processIo }] = await Promise.all([
    import('./cli/program.ts'),
    import('./cli/io.ts'),
  ]);
  const code = await runProgram(argv, processIo());
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  return code;
};

// One bundled file is both threads: the one that watches the cluster and the one that paints.
if (!isMainThread && workerData === 'ingest') {
  await import('./ingest.ts');
} else {
  // What is still open (a worker, a socket) has had its chance to end; an answer must not wait for it.
  process.exit(await run(process.argv.slice(2)));
}
