import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Does the work while pods are changed at the rate; `achieved` is the rate it came to. */
export const withChurn = async <T>(
  kubeconfig: string,
  rate: number,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly achieved: number }> => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'churn.ts'), kubeconfig, String(rate)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    if ((await said.next()).done === true) throw new Error('the changes could not begin');
    const value = await work();
    child.kill('SIGTERM');
    return { value, achieved: Number((await said.next()).value) };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
};
