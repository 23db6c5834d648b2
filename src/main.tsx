import { isMainThread, workerData } from 'node:worker_threads';

// One bundled file is both threads: the one that watches the cluster and the one that paints.
const role = (workerData as { readonly role?: string } | null)?.role;

if (!isMainThread && role === 'ingest') {
  await import('./ingest.ts');
} else {
  const argv = process.argv.slice(2);
  const oneShot = ['record', 'recording', 'check', 'doctor', 'completion', 'help', '--list', '-h', '--help', '-V', '--version'];
  const paints = !argv.some((arg) => oneShot.includes(arg));
  // First of all: keys typed before raw mode would be echoed into the first frame.
  if (paints && process.stdin.isTTY && process.stdout.isTTY) {
    process.stdin.setRawMode(true);
  }
  const [{ runProgram }, { processIo }] = await Promise.all([
    import('./cli/program.ts'),
    import('./cli/io.ts'),
  ]);
  const code = await runProgram(argv, processIo());
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  // What is still open (a worker, a socket) has had its chance to end; an answer must not wait for it.
  process.exit(code);
}
